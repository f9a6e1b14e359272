// Topics: what a screen follows, each with its view and who looks at it, and what the hub is asked so
// that the views stay whole. No socket and no clock: the hub's side feeds messages in.
// Life: as long as its hub. A topic that was followed once is kept up for good.
import { reducers } from './reducers.js';
import { Topic } from './topic.js';

export class Topics {
  // send(message); kept(name) -> what an earlier page held of it; isLive(); shown(name, epoch, seq)
  constructor({ send, kept, isLive, shown }) {
    Object.assign(this, { send_: send, kept_: kept, isLive_: isLive, shown_: shown });
    this.topics_ = new Map();
    this.isWelcome_ = false;
    this.greeting_ = null; // the hello of this connection
    this.asked_ = 0;
  }

  [Symbol.iterator]() {
    return this.topics_.values();
  }

  follow(name, onView) {
    const topic = this.topic_(name);
    topic.followers.add(onView);
    this.show_(topic, onView);
    if (this.isWelcome_ && !topic.isSubscribed && !topic.isAsking) this.subscribe_(topic);
    return () => topic.followers.delete(onView);
  }

  greeted(hello) {
    this.greeting_ = hello;
    for (const topic of this) topic.greeted(hello);
  }

  welcomed() {
    this.isWelcome_ = true;
    for (const topic of this) this.subscribe_(topic);
  }

  disconnected() {
    this.isWelcome_ = false;
    this.greeting_ = null;
    for (const topic of this) topic.disconnected();
  }

  heartbeat(message) {
    for (const topic of this) if (topic.heartbeat(message) === 'gap') this.subscribe_(topic);
  }

  // A snapshot or a resumed; false when nobody waits for it.
  subscribed(message) {
    const topic = this.topics_.get(message.topic);
    if (!topic || message.id !== topic.askedWith) return false;
    if (message.type === 'snapshot') topic.snapshot(message);
    else topic.resumed(message);
    return true;
  }

  events(list) {
    for (const topic of this) {
      const before = topic.last;
      let outcome;
      try {
        outcome = topic.events(list);
      } catch (error) {
        // A view that an event cannot be applied to is not worth keeping.
        console.error(`larder: topic ${topic.name} is read anew`, error);
        topic.epoch = 0;
        outcome = 'gap';
      }
      if (outcome === 'gap') this.subscribe_(topic);
      if (topic.last !== before || outcome === 'gap') this.showAll_(topic);
    }
  }

  // This role may not follow it. False when the answer is to something else.
  refused({ id }) {
    const topic = [...this].find((each) => each.askedWith === id);
    if (topic) topic.isAsking = false;
    return Boolean(topic);
  }

  // To everybody who looks: all of them, or one by its name.
  show(name) {
    for (const topic of this) if (name === undefined || topic.name === name) this.showAll_(topic);
  }

  topic_(name) {
    let topic = this.topics_.get(name);
    if (topic) return topic;
    if (!reducers[name]) throw new Error(`no topic ${name}`);
    topic = new Topic(name, reducers[name]);
    topic.followers = new Set();
    this.topics_.set(name, topic);
    topic.ready = this.kept_(name).then((kept) => {
      if (!topic.restore(kept)) return;
      if (this.greeting_) topic.greeted(this.greeting_);
      this.showAll_(topic);
    });
    return topic;
  }

  async subscribe_(topic) {
    this.asked_ += 1;
    const id = `s${this.asked_}`;
    topic.askedWith = id;
    topic.isAsking = true;
    await topic.ready;
    if (topic.askedWith !== id || !this.isWelcome_) return;
    this.send_({ type: 'subscribe', id, ...topic.subscription() });
  }

  showAll_(topic) {
    for (const onView of topic.followers) this.show_(topic, onView);
    const isShown = this.isWelcome_ && topic.isSubscribed && topic.followers.size > 0;
    if (isShown) this.shown_(topic.name, topic.epoch, Math.max(topic.position, topic.last));
  }

  show_(topic, onView) {
    if (topic.view === undefined) return;
    const fresh = this.isLive_() && topic.isCaughtUp;
    const seq = Math.max(topic.position, topic.last);
    onView(topic.view, { epoch: topic.epoch, seq, at: topic.at, fresh });
  }
}
