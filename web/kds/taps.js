// Taps on a ticket: one opens it or checks a line, two quick ones bump it. The single tap waits
// until it is clear that no second follows; the keyboard does not wait.
const kDoubleMs = 280;
// After a bump the next ticket moves under the finger: a tap there, so soon, was meant for the one
// that left.
const kCalmMs = 350;
const kSamePlacePx = 48;

export class Taps {
  constructor({ single, double }) {
    this.single_ = single;
    this.double_ = double;
    this.first_ = null; // { key, now, timer }
    this.bumped_ = null; // { x, y, at }
  }

  // what: { open }, { line } or { bump }; event: the click (detail 0 when it is a key).
  tap(entry, what, event) {
    if (event.detail !== 0 && this.isLeftOver_(event)) return;
    if (what.bump || event.detail === 0) {
      this.forget_();
      this.act_(entry, what, event);
      return;
    }
    if (this.first_?.key === entry.key) {
      this.forget_();
      this.act_(entry, { bump: true }, event);
      return;
    }
    this.first_?.now(); // a tap on another ticket: the one before was single
    const now = () => {
      this.forget_();
      this.single_(entry, what);
    };
    this.first_ = { key: entry.key, now, timer: setTimeout(now, kDoubleMs) };
  }

  act_(entry, what, event) {
    if (!what.bump) return this.single_(entry, what);
    const { clientX: x, clientY: y, timeStamp: at } = event;
    this.bumped_ = { x, y, at };
    return this.double_(entry);
  }

  isLeftOver_({ clientX, clientY, timeStamp }) {
    if (!this.bumped_) return false;
    const { x, y, at } = this.bumped_;
    return timeStamp - at < kCalmMs && Math.hypot(clientX - x, clientY - y) < kSamePlacePx;
  }

  forget_() {
    clearTimeout(this.first_?.timer);
    this.first_ = null;
  }
}
