// Seen: tells the hub what this screen has shown of what can be sold, once it is painted: at most
// every 200 ms, and nothing twice on one connection. A page that nobody can see paints nothing, so
// it says nothing.
const kEveryMs = 200;
const kTold = new Set(['menu', 'stock']);

// After the frame in which what was just applied is on the glass; where there is none, at once.
function afterPaint(run) {
  if (typeof requestAnimationFrame === 'function') requestAnimationFrame(() => setTimeout(run, 0));
  else setTimeout(run, 0);
}

export class Seen {
  constructor({ send, clock, paint = afterPaint }) {
    this.send_ = send;
    this.clock_ = clock;
    this.paint_ = paint;
    this.applied_ = new Map(); // by topic: in the page, not painted
    this.painted_ = new Map(); // not told
    this.told_ = new Map();
    this.isPainting_ = false;
    this.timer_ = null;
    this.lastMs_ = -Infinity;
  }

  // The view of a topic was handed to those who show it.
  shown(topic, epoch, seq) {
    if (!kTold.has(topic) || epoch === 0) return;
    this.applied_.set(topic, { epoch, seq });
    if (this.isPainting_) return;
    this.isPainting_ = true;
    this.paint_(() => this.wasPainted_());
  }

  // The next connection knows nothing of what was told on this one.
  disconnected() {
    this.told_.clear();
    this.applied_.clear();
    this.painted_.clear();
  }

  close() {
    clearTimeout(this.timer_);
    this.isClosed_ = true;
  }

  wasPainted_() {
    this.isPainting_ = false;
    for (const [topic, place] of this.applied_) this.painted_.set(topic, place);
    this.applied_.clear();
    if (this.timer_ !== null || this.isClosed_) return;
    const wait = this.lastMs_ + kEveryMs - this.clock_.steady();
    if (wait <= 0) this.tell_();
    else this.timer_ = setTimeout(() => this.tell_(), wait);
  }

  tell_() {
    this.timer_ = null;
    for (const [topic, { epoch, seq }] of this.painted_) {
      const told = this.told_.get(topic);
      if (told?.epoch === epoch && told.seq >= seq) continue;
      this.told_.set(topic, { epoch, seq });
      this.lastMs_ = this.clock_.steady();
      this.send_({ type: 'seen', topic, epoch, seq });
    }
    this.painted_.clear();
  }
}
