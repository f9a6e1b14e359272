// Topic: what a client holds of one topic, and the rules of PROTOCOL.md section 5 that keep it
// whole. No socket and no clock: the connection feeds messages in and asks what to send.
import { kSnapshotEvents } from './reducers.js';

// A kept view from another shape of reducers is thrown away.
export const kViewShape = 2; // 2: leases move the levels
const kPatienceBeats = 3;

export class Topic {
  constructor(name, reduce) {
    this.name = name;
    this.reduce = reduce;
    this.view = undefined; // nothing known yet
    this.epoch = 0;
    this.last = 0; // the topic's last event that is in the view
    this.position = 0; // the place in the journal up to which the view is known to be whole
    this.at = 0; // hub time of the view, microseconds
    this.hub = '';
    this.target = 0; // `last` at which the view has caught up
    this.isAsking = false; // subscribe sent, neither snapshot nor resumed seen
    this.isSubscribed = false;
    this.gaps = 0; // since the last snapshot, on this connection
    this.beatsBehind = 0; // heartbeats since `resumed` with the missing events not all here
  }

  // True when the view shows what the hub said last, as far as this client can know.
  get isCaughtUp() {
    return this.isSubscribed && !this.isAsking && this.last >= this.target;
  }

  disconnected() {
    this.isAsking = false;
    this.isSubscribed = false;
    this.gaps = 0;
  }

  // Another hub, or the same one with less than was seen: what is held continues nothing there.
  greeted(hello) {
    const isOther = this.hub !== '' && this.hub !== `${hello.store}/${hello.hub}`;
    const isBehind = hello.epoch === this.epoch && hello.seq < this.last;
    if (isOther || isBehind || hello.epoch !== this.epoch) this.epoch = 0;
    this.hub = `${hello.store}/${hello.hub}`;
  }

  // The subscribe to send now. Twice a gap on one connection: ask for the whole view.
  subscription() {
    this.isAsking = true;
    const canResume = this.view !== undefined && this.epoch > 0 && this.gaps < 2;
    const since = { epoch: this.epoch, seq: Math.max(this.position, this.last) };
    return canResume ? { topic: this.name, since } : { topic: this.name };
  }

  snapshot(message) {
    this.view = message.view;
    this.epoch = message.epoch;
    this.last = message.last;
    this.target = message.last;
    this.position = message.seq;
    this.at = message.at ?? this.at;
    this.isAsking = false;
    this.isSubscribed = true;
    this.gaps = 0;
  }

  resumed(message) {
    this.target = message.last;
    this.isAsking = false;
    this.isSubscribed = true;
    if (message.last <= this.last) this.position = Math.max(this.position, message.seq);
  }

  // 'same' when nothing is new, 'changed', or 'gap' when events are missing.
  events(list) {
    if (!this.isSubscribed || this.isAsking) return 'same';
    let changed = false;
    for (const event of list) {
      const prev = event.prev?.[this.name];
      if (prev === undefined) continue;
      if (event.epoch !== this.epoch) return this.gap();
      if (event.seq <= this.last) continue;
      if (prev !== this.last) return this.gap();
      this.view = this.reduce(this.view, event);
      this.last = event.seq;
      this.position = Math.max(this.position, event.seq);
      this.at = event.at;
      changed = true;
      if (kSnapshotEvents.has(event.event)) {
        this.epoch = 0;
        return 'gap';
      }
    }
    return changed ? 'changed' : 'same';
  }

  heartbeat(message) {
    if (!this.isSubscribed || this.isAsking) return 'same';
    const last = message.last?.[this.name];
    if (message.epoch !== this.epoch) return this.gap();
    if (last === undefined) return 'same';
    // A heartbeat may overtake the events that `resumed` announced: they get three beats to come.
    if (this.last < this.target && ++this.beatsBehind <= kPatienceBeats) return 'same';
    this.beatsBehind = 0;
    if (last > this.last) return this.gap();
    this.position = Math.max(this.position, message.seq);
    this.at = message.at;
    return 'same';
  }

  gap() {
    this.gaps += 1;
    return 'gap';
  }

  kept() {
    const { view, epoch, last, position, at, hub } = this;
    return { shape: kViewShape, view, epoch, last, position, at, hub };
  }

  restore(kept) {
    if (kept?.shape !== kViewShape || this.view !== undefined) return false;
    const { view, epoch, last, position, at, hub } = kept;
    Object.assign(this, { view, epoch, last, position, at, hub });
    return view !== undefined;
  }
}
