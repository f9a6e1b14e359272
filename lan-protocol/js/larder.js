// Larder's browser SDK: one connection to the hub of a store, kept up for ever.
//
//   const hub = connect({ url: 'ws://hub:8080/ws/v1', token, client: 'kiosk-web 0.1.0' });
//   hub.on('live', (live) => ...);                 // also once at once
//   const stop = hub.follow('menu', (view, { seq, at, fresh }) => ...);
//   const { number } = await hub.command('order.place', { service: 'takeaway', lines });
//
// Life: from connect() to hub.close(). Runs in a page, a worker, or node with a WebSocket given.
// Limits: kMaxPending commands at once; beyond that command() rejects with `overloaded`.
import { Outbox } from './outbox.js';
import { reducers } from './reducers.js';
import { openStorage } from './storage.js';
import { Topic } from './topic.js';
export { LarderError } from './outbox.js';
export { commandId } from './ids.js';
export { memoryStorage, openStorage } from './storage.js';

const kStaleMs = 3000; // PROTOCOL.md section 5; the hub's hello may say otherwise
const kAbandonMs = 6000; // a socket silent for so long is dead, whatever TCP believes
const kTickMs = 250;
const kKeepMs = 300; // how soon a changed view is on disk
const kBackoffFirstMs = 250;
const kBackoffMaxMs = 5000;
// Closes after which the hub does not want this client back until a person acts.
const kRefusals = { 4401: 'unauthorized', 4403: 'revoked', 4001: 'replaced' };

export function connect(options) {
  return new Hub(options);
}

// The wait before attempt n (from 0): full jitter.
export function backoffMs(attempt, random = Math.random) {
  return random() * Math.min(kBackoffMaxMs, kBackoffFirstMs * 2 ** Math.min(attempt, 16));
}

// Hub: what a screen knows of the hub. Not made directly; see connect().
class Hub {
  constructor({ url, token, client = 'larder-js', WebSocket, storage, random, clock }) {
    this.url = url;
    this.token = token;
    this.client = client;
    this.WebSocket_ = WebSocket ?? globalThis.WebSocket;
    this.storage_ = storage ?? openStorage('larder');
    this.random_ = random ?? Math.random;
    // `steady` never jumps; `wall` is what a person's watch says. Both in ms.
    this.clock_ = clock ?? { steady: () => performance.now(), wall: () => Date.now() };
    this.listeners_ = new Map();
    this.topics_ = new Map();
    this.outbox_ = new Outbox({
      send: (message) => this.send_(message),
      changed: () => this.tell_('pending', this.pending),
      clock: this.clock_,
    });
    this.hello = null; // the hub's hello: store, name, zone, currency
    this.device = null; // the hub's welcome: role, station, thresholds, accent
    this.socket_ = null;
    this.attempt_ = 0;
    this.heardSteady_ = null; // of the last message on this connection, steady ms
    this.clockOffset_ = null; // hub ms minus steady ms
    this.seq_ = 0;
    this.epoch_ = 0;
    this.staleMs_ = kStaleMs;
    this.isWelcome_ = false;
    this.refusal_ = null;
    this.isClosed_ = false;
    this.startedWall_ = this.clock_.wall();
    this.heardWall_ = null;
    this.live = this.liveNow_();
    this.restored_ = this.restore_();
    this.ticker_ = setInterval(() => this.tick_(), kTickMs);
    this.restored_.then(() => this.open_());
  }

  // -- what an app calls ---------------------------------------------------------------------

  // name: 'live', 'hello', 'device', 'pending'. Calls f at once with what is known. Answers a stop.
  on(name, f) {
    if (!this.listeners_.has(name)) this.listeners_.set(name, new Set());
    this.listeners_.get(name).add(f);
    const known = { live: this.live, hello: this.hello, device: this.device, pending: this.pending };
    if (known[name]) f(known[name]);
    return () => this.listeners_.get(name).delete(f);
  }

  // onView(view, { epoch, seq, at, fresh }): at once with what was kept, then at every change.
  follow(name, onView) {
    const topic = this.topic_(name);
    topic.followers.add(onView);
    if (topic.view !== undefined) this.show_(topic, onView);
    if (this.isWelcome_ && !topic.isSubscribed && !topic.isAsking) this.subscribe_(topic);
    return () => topic.followers.delete(onView);
  }

  // Resolves with the hub's result. Sent again with the same id after every reconnect until it is
  // answered, so it may stay open for long; `onUnknown` is called once when the answer is
  // `patienceMs` late: the outcome is not known, and the SDK is still trying.
  command(verb, args = {}, { id, patienceMs, onUnknown } = {}) {
    return this.outbox_.command(verb, args, { id, patienceMs, onUnknown });
  }

  // Not sent again; rejects with `unavailable` when no answer comes in `timeoutMs`.
  query(verb, args = {}, { timeoutMs } = {}) {
    return this.outbox_.query(verb, args, { timeoutMs });
  }

  // Stops sending a command again. It may have happened: its promise rejects with `abandoned`.
  abandon(id) {
    this.outbox_.abandon(id);
  }

  // Commands without an answer yet: [{ id, verb, args, state: 'waiting'|'sent'|'unknown', since }].
  get pending() {
    return this.outbox_.pending();
  }

  // The hub's time in ms since 1970; follows the tablet's steady clock between heartbeats.
  serverNow() {
    if (this.clockOffset_ === null) return this.clock_.wall() + (this.keptWallOffset_ ?? 0);
    return this.clock_.steady() + this.clockOffset_;
  }

  // After a refusal: try again, with a new token if one is given.
  retry({ token } = {}) {
    if (token !== undefined) this.token = token;
    this.refusal_ = null;
    this.attempt_ = 0;
    this.dropSocket_();
    this.open_();
    this.refreshLive_();
  }

  close() {
    this.isClosed_ = true;
    clearInterval(this.ticker_);
    clearTimeout(this.reopen_);
    this.keepNow_();
    this.dropSocket_();
    this.outbox_.close();
  }

  // -- connection ----------------------------------------------------------------------------

  open_() {
    clearTimeout(this.reopen_);
    if (this.isClosed_ || this.refusal_ || this.socket_) return;
    let socket;
    try {
      socket = new this.WebSocket_(this.url, 'larder.v1');
    } catch {
      this.reopenLater_();
      return;
    }
    this.socket_ = socket;
    this.openedSteady_ = this.clock_.steady();
    this.heardSteady_ = null;
    socket.onmessage = ({ data }) => socket === this.socket_ && this.received_(data);
    socket.onclose = ({ code }) => socket === this.socket_ && this.closed_(code);
    socket.onerror = () => {}; // a close follows, with all that a browser tells
  }

  closed_(code) {
    this.socket_ = null;
    this.disconnected_();
    if (kRefusals[code]) this.refuse_(kRefusals[code]);
    else this.reopenLater_();
    this.refreshLive_();
  }

  dropSocket_() {
    const socket = this.socket_;
    this.socket_ = null;
    if (!socket) return;
    this.disconnected_();
    try {
      socket.close();
    } catch {
      // Already closing.
    }
  }

  disconnected_() {
    this.isWelcome_ = false;
    for (const topic of this.topics_.values()) topic.disconnected();
    this.outbox_.disconnected();
    this.showAll_();
  }

  reopenLater_() {
    clearTimeout(this.reopen_);
    this.reopen_ = setTimeout(() => this.open_(), backoffMs(this.attempt_, this.random_));
    this.attempt_ += 1;
  }

  refuse_(reason) {
    this.refusal_ = reason;
    this.outbox_.refuse(reason);
    this.refreshLive_();
  }

  send_(message) {
    if (!this.isWelcome_ || this.socket_?.readyState !== 1) return false;
    this.socket_.send(JSON.stringify(message));
    return true;
  }

  // -- messages ------------------------------------------------------------------------------

  received_(data) {
    let message;
    try {
      message = JSON.parse(data);
    } catch {
      this.dropSocket_();
      this.reopenLater_();
      return;
    }
    this.heardSteady_ = this.clock_.steady();
    if (this.isWelcome_) this.heardWall_ = this.clock_.wall();
    this.dispatch_(message);
    this.refreshLive_();
  }

  dispatch_(message) {
    switch (message.type) {
      case 'hello':
        return this.greeted_(message);
      case 'welcome':
        return this.welcomed_(message);
      case 'heartbeat':
        return this.heartbeat_(message);
      case 'snapshot':
      case 'resumed':
        return this.answered_(message);
      case 'events':
        return this.events_(message.events);
      case 'reply':
        return this.reply_(message);
      case 'error':
        if (message.code === 'unauthorized') this.refuse_('unauthorized');
        return undefined;
      default:
        return undefined; // a newer hub may say more
    }
  }

  greeted_(hello) {
    this.hello = hello;
    this.staleMs_ = (hello.stale_after_s ?? 3) * 1000;
    this.setTime_(hello.at);
    this.advance_(hello);
    for (const topic of this.topics_.values()) topic.greeted(hello);
    const auth = { type: 'auth', token: this.token ?? '', client: this.client, protocol: 1 };
    if (this.witness_?.epoch) auth.witness = this.witness_;
    this.socket_.send(JSON.stringify(auth));
    this.keep_('hello', hello);
    this.tell_('hello', hello);
  }

  welcomed_(welcome) {
    this.isWelcome_ = true;
    this.attempt_ = 0;
    this.heardWall_ = this.clock_.wall();
    this.device = welcome;
    this.keep_('device', welcome);
    this.tell_('device', welcome);
    for (const topic of this.topics_.values()) if (topic.followers.size) this.subscribe_(topic);
    this.outbox_.connected();
  }

  heartbeat_(message) {
    this.setTime_(message.at);
    this.advance_(message);
    for (const topic of this.topics_.values()) {
      if (topic.heartbeat(message) === 'gap') this.subscribe_(topic);
    }
  }

  answered_(message) {
    const topic = this.topics_.get(message.topic);
    if (!topic || message.id !== topic.askedWith) return;
    if (message.type === 'snapshot') topic.snapshot(message);
    else topic.resumed(message);
    this.advance_(message);
    this.showTo_(topic);
    this.keepSoon_();
  }

  events_(list) {
    for (const topic of this.topics_.values()) {
      let outcome;
      try {
        outcome = topic.events(list);
      } catch (error) {
        // A view that no event can be applied to is not worth keeping.
        console.error(`larder: topic ${topic.name} is read anew`, error);
        topic.epoch = 0;
        outcome = 'gap';
      }
      if (outcome === 'gap') this.subscribe_(topic);
      if (outcome === 'same') continue;
      this.showTo_(topic);
      this.keepSoon_();
    }
    const newest = list.at(-1);
    if (newest) this.advance_(newest);
  }

  reply_(message) {
    const topic = [...this.topics_.values()].find((each) => each.askedWith === message.id);
    if (topic) {
      topic.isAsking = false; // refused: this role may not follow it
      topic.refused = message.error;
      return;
    }
    this.outbox_.reply(message);
  }

  setTime_(at) {
    if (typeof at === 'number') this.clockOffset_ = at / 1000 - this.clock_.steady();
  }

  advance_({ epoch, seq }) {
    if (epoch === undefined) return;
    this.epoch_ = epoch;
    this.seq_ = seq;
    const seen = this.witness_;
    if (seen && (seen.epoch > epoch || (seen.epoch === epoch && seen.seq >= seq))) return;
    this.witness_ = { epoch, seq };
    this.keepSoon_();
  }

  // -- topics --------------------------------------------------------------------------------

  topic_(name) {
    let topic = this.topics_.get(name);
    if (topic) return topic;
    if (!reducers[name]) throw new Error(`no topic ${name}`);
    topic = new Topic(name, reducers[name]);
    topic.followers = new Set();
    this.topics_.set(name, topic);
    topic.ready = this.storage_.get(`topic/${name}`).then((kept) => {
      if (!topic.restore(kept)) return;
      if (this.hello && this.isWelcome_) topic.greeted(this.hello);
      this.showTo_(topic);
    });
    return topic;
  }

  async subscribe_(topic) {
    topic.isAsking = true;
    await topic.ready;
    if (!this.isWelcome_) return;
    this.asked_ = (this.asked_ ?? 0) + 1;
    topic.askedWith = `s${this.asked_}`;
    this.send_({ type: 'subscribe', id: topic.askedWith, ...topic.subscription() });
  }

  showTo_(topic) {
    for (const onView of topic.followers) this.show_(topic, onView);
  }

  show_(topic, onView) {
    if (topic.view === undefined) return;
    const fresh = this.live.state === 'live' && topic.isCaughtUp;
    const seq = Math.max(topic.position, topic.last);
    topic.shownFresh = fresh;
    onView(topic.view, { epoch: topic.epoch, seq, at: topic.at, fresh });
  }

  showAll_() {
    for (const topic of this.topics_.values()) this.showTo_(topic);
  }

  // -- live ----------------------------------------------------------------------------------

  liveNow_() {
    const state = this.stateNow_();
    const link = state === 'live' ? '' : 'device-hub';
    const last = this.heardWall_;
    // Since when nothing was heard; a page that never heard the hub counts from its own start.
    const since = state === 'live' ? null : (last ?? this.startedWall_);
    const { seq_: seq, epoch_: epoch, refusal_: reason } = this;
    return { state, since, seq, epoch, link, lastHeartbeatAt: last, reason };
  }

  stateNow_() {
    if (this.refusal_) return 'refused';
    const now = this.clock_.steady();
    const isHeard = this.heardSteady_ !== null && now - this.heardSteady_ < this.staleMs_;
    if (this.isWelcome_ && isHeard) return 'live';
    const isYoung = this.clock_.wall() - this.startedWall_ < this.staleMs_;
    return this.heardWall_ === null && isYoung ? 'connecting' : 'stale';
  }

  refreshLive_() {
    const next = this.liveNow_();
    const was = this.live;
    this.live = next;
    const keys = Object.keys(next);
    if (keys.every((key) => next[key] === was[key])) return;
    this.tell_('live', next);
    if (next.state !== was.state) this.showAll_();
  }

  tick_() {
    const silent = this.clock_.steady() - (this.heardSteady_ ?? this.openedSteady_ ?? 0);
    if (this.socket_ && silent > kAbandonMs) {
      this.dropSocket_();
      this.reopenLater_();
    }
    this.outbox_.tick();
    this.refreshLive_();
  }

  tell_(name, value) {
    for (const f of this.listeners_.get(name) ?? []) f(value);
  }

  // -- what is kept over a reload ------------------------------------------------------------

  async restore_() {
    const kept = await Promise.race([
      Promise.all(['hello', 'device', 'witness'].map((key) => this.storage_.get(key))),
      new Promise((resolve) => setTimeout(() => resolve([]), 1000)),
    ]);
    const [hello, device, witness] = kept;
    this.witness_ = witness?.seen;
    this.keptWallOffset_ = witness?.wallOffset;
    if (witness?.heardWall && this.heardWall_ === null) this.heardWall_ = witness.heardWall;
    if (witness?.seen) [this.epoch_, this.seq_] = [witness.seen.epoch, witness.seen.seq];
    if (hello) this.tell_('hello', (this.hello = hello));
    if (device) this.tell_('device', (this.device = device));
    this.refreshLive_();
  }

  keep_(key, value) {
    this.storage_.set(key, value);
  }

  keepSoon_() {
    if (this.keeping_) return;
    this.keeping_ = setTimeout(() => this.keepNow_(), kKeepMs);
  }

  keepNow_() {
    clearTimeout(this.keeping_);
    this.keeping_ = null;
    const wallOffset = this.serverNow() - this.clock_.wall();
    this.keep_('witness', { seen: this.witness_, heardWall: this.heardWall_, wallOffset });
    for (const topic of this.topics_.values()) {
      if (topic.view === undefined || topic.keptSeq === topic.last) continue;
      topic.keptSeq = topic.last;
      this.keep_(`topic/${topic.name}`, topic.kept());
    }
  }
}
