// Memory: what a screen keeps over a reload: the hub's hello and welcome, the highest event seen
// (witness.js), when the hub was last heard, and the view of each topic. Written kKeepMs after a
// change at the latest, so that a busy kitchen does not write at every event.

const kKeepMs = 300;
const kQuietMs = 10000; // when nothing but heartbeats came
const kRestoreMs = 1000; // a disk slower than this does not delay the connection

export class Memory {
  constructor({ storage, hub }) {
    this.storage_ = storage;
    this.hub_ = hub;
    this.keptLast_ = new Map();
  }

  async restore() {
    const reading = Promise.all(['hello', 'device', 'seen'].map((key) => this.storage_.get(key)));
    const late = new Promise((resolve) => setTimeout(resolve, kRestoreMs, []));
    const [hello, device, seen] = await Promise.race([reading, late]);
    Object.assign(this, { hello, device, ...seen }); // seen, heardWall, wallOffset
  }

  topic(name) {
    return this.storage_.get(`topic/${name}`);
  }

  keep(key, value) {
    this.storage_.set(key, value);
  }

  keepSoon() {
    this.keeping_ ??= setTimeout(() => this.keepNow(), kKeepMs);
  }

  keepLater() {
    if (this.hub_.clock_.steady() - (this.keptAt_ ?? 0) >= kQuietMs) this.keepSoon();
  }

  keepNow() {
    clearTimeout(this.keeping_);
    this.keeping_ = undefined;
    const { witness_: witness, heardWall_: heardWall, clock_: clock, topics_: topics } = this.hub_;
    if (heardWall === null) return;
    this.keptAt_ = clock.steady();
    this.keep('seen', { seen: witness.kept(), heardWall, wallOffset: this.hub_.serverNow() - clock.wall() });
    for (const topic of topics) {
      const mark = `${topic.epoch}/${topic.last}`;
      if (topic.view === undefined || this.keptLast_.get(topic.name) === mark) continue;
      this.keptLast_.set(topic.name, mark);
      this.keep(`topic/${topic.name}`, topic.kept());
    }
  }
}
