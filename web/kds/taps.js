// Taps on a ticket: one opens it or checks a line, two quick ones bump it. The single tap waits
// until it is clear that no second follows; the keyboard does not wait.
const kDoubleMs = 280;
const kCalmMs = 350; // after a bump the next ticket moves under the finger

export class Taps {
  constructor({ single, double }) {
    this.single_ = single;
    this.double_ = double;
    this.first_ = null; // { key, timer }
    this.quietUntil_ = 0;
  }

  // what: { open }, { line } or { bump }; event: the click (detail 0 when it is a key).
  tap(entry, what, event) {
    if (event.detail !== 0 && event.timeStamp < this.quietUntil_) return;
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
    this.forget_();
    const timer = setTimeout(() => {
      this.first_ = null;
      this.single_(entry, what);
    }, kDoubleMs);
    this.first_ = { key: entry.key, timer };
  }

  act_(entry, what, event) {
    if (!what.bump) return this.single_(entry, what);
    this.quietUntil_ = event.timeStamp + kCalmMs;
    return this.double_(entry);
  }

  forget_() {
    clearTimeout(this.first_?.timer);
    this.first_ = null;
  }
}
