// Larder's browser SDK: one connection to the hub of a store, kept up for ever.
//
//   const hub = connect({ url: 'ws://hub:8080/ws/v1', token, client: 'kiosk-web 0.1.0' });
//   hub.on('live', (live) => ...);                 // also at once
//   const stop = hub.follow('menu', (view, { seq, at, fresh }) => ...);
//   const { number } = await hub.command('order.place', { service: 'takeaway', lines });
//
// Life: from connect() to hub.close(). Runs in a page, a worker, or node with a WebSocket given.
// Limits: 64 commands and queries at once; beyond that they reject with `overloaded`.
import { Connection } from './connection.js';
import { commandId } from './ids.js';
import { Memory } from './memory.js';
import { Outbox } from './outbox.js';
import { Seen } from './seen.js';
import { openStorage } from './storage.js';
import { Topics } from './topics.js';
import { Witness } from './witness.js';
export { backoffMs } from './connection.js';
export { commandId } from './ids.js';
export { LarderError } from './outbox.js';
export { memoryStorage, openStorage } from './storage.js';

const kStaleMs = 3000; // the hub's hello may say otherwise
const kTickMs = 250;
// Closes after which the hub does not want this client back until a person acts.
const kRefusals = { 4401: 'unauthorized', 4403: 'revoked', 4001: 'replaced' };
// `steady` never jumps; `wall` is what a person's watch says. Both in ms.
const kClock = { steady: () => performance.now(), wall: () => Date.now() };

export function connect(options) {
  return new Hub(options);
}

// Hub: what a screen knows of the hub. Made by connect().
class Hub {
  constructor({ url, token, client = 'larder-js', WebSocket, storage, random, paint, clock = kClock }) {
    this.token = token;
    this.client = client;
    this.hello = null; // the hub's hello: store, name, zone, currency
    this.device = null; // the hub's welcome: role, station, thresholds, accent
    this.staff = null; // at a till: who may sign in, and who is (PROTOCOL.md section 11)
    this.clock_ = clock;
    this.listeners_ = new Map();
    this.connection_ = new Connection({
      url,
      WebSocket: WebSocket ?? globalThis.WebSocket,
      clock,
      random: random ?? Math.random,
      received: (message) => this.received_(message),
      lost: (code) => this.lost_(code),
    });
    this.outbox_ = new Outbox({
      send: (message) => this.isWelcome_ && this.connection_.send(message),
      changed: () => this.tell_('pending', this.pending),
      clock,
    });
    this.seen_ = new Seen({ send: (message) => this.connection_.send(message), clock, paint });
    this.memory_ = new Memory({ storage: storage ?? openStorage('larder'), hub: this });
    this.topics_ = new Topics({
      send: (message) => this.connection_.send(message),
      kept: (name) => this.memory_.topic(name),
      isLive: () => this.stateNow_() === 'live',
      shown: (name, epoch, seq) => this.seen_.shown(name, epoch, seq),
    });
    this.isWelcome_ = false;
    this.refusal_ = null;
    this.staleMs_ = kStaleMs;
    this.clockOffset_ = null; // hub ms minus steady ms
    this.epoch_ = 0;
    this.seq_ = 0;
    this.witness_ = new Witness(); // the highest ever seen
    this.startedWall_ = clock.wall();
    this.heardWall_ = null;
    this.greeting_ = null; // the hello of this connection
    this.storage = 'ok'; // 'full': the hub takes nothing new
    this.recovery = { why: '' }; // why: the hub does not trust its books and sells nothing
    this.cloud = { lost: '', since: 0 }; // lost: 'internet' or 'relay' while the hub cannot reach the cloud
    this.unseen = []; // at a till: what is sold out and not shown everywhere (PROTOCOL.md section 12)
    this.live = this.liveNow_();
    this.ticker_ = setInterval(() => this.tick_(), kTickMs);
    this.memory_.restore().then(() => this.restored_());
  }

  // -- what an app calls ---------------------------------------------------------------------

  // name: 'live', 'hello', 'device', 'staff', 'pending', 'storage', 'recovery', 'cloud', 'unseen'. Calls f at once with what is known. Answers a stop.
  on(name, f) {
    if (!this.listeners_.has(name)) this.listeners_.set(name, new Set());
    this.listeners_.get(name).add(f);
    const known = this[name];
    if (known) f(known);
    return () => this.listeners_.get(name).delete(f);
  }

  // onView(view, { epoch, seq, at, fresh }): at once with what was kept, then at every change.
  follow(name, onView) {
    return this.topics_.follow(name, onView);
  }

  // Resolves with the hub's result. Sent again with the same id after every reconnect until it is
  // answered, so it may stay open for long; `onUnknown` is called once when the answer is
  // `patienceMs` late: the outcome is not known, and the SDK is still trying.
  command(verb, args = {}, { id, patienceMs, onUnknown } = {}) {
    return this.outbox_.command(verb, args, { id, patienceMs, onUnknown });
  }

  // Not sent again once it is late; rejects with `unavailable` when no answer comes in `timeoutMs`.
  query(verb, args = {}, { timeoutMs } = {}) {
    return this.outbox_.query(verb, args, { timeoutMs });
  }

  // At a till: somebody signs in with their PIN, or out. `staff` tells who is, afterwards.
  signIn(staff, pin) {
    return this.outbox_.ask({ type: 'sign_in', staff, pin });
  }

  signOut() {
    return this.outbox_.ask({ type: 'sign_out' });
  }

  // Somebody is there: whoever is signed in stays so for a while longer.
  touch() {
    this.connection_.send({ type: 'ping', id: commandId() });
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
    if (this.clockOffset_ !== null) return this.clock_.steady() + this.clockOffset_;
    return this.clock_.wall() + (this.memory_.wallOffset ?? 0);
  }

  // After a refusal: try again, with a new token if one is given.
  retry({ token } = {}) {
    if (token !== undefined) this.token = token;
    this.refusal_ = null;
    this.connection_.stop();
    this.connection_.settled();
    this.connection_.open();
    this.refreshLive_();
  }

  // Writes what is not on disk yet; a page calls it when it is hidden.
  keepNow() {
    this.memory_.keepNow();
  }

  close() {
    this.isClosed_ = true;
    clearInterval(this.ticker_);
    this.keepNow();
    this.connection_.stop();
    this.seen_.close();
    this.outbox_.close();
  }

  // -- messages ------------------------------------------------------------------------------

  received_(message) {
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
      case 'staff':
        this.staff = message;
        return this.tell_('staff', message);
      case 'unseen':
        return this.setFact_('unseen', message.changes);
      case 'heartbeat':
        return this.heartbeat_(message);
      case 'snapshot':
      case 'resumed':
        return this.subscribed_(message);
      case 'events':
        return this.events_(message.events);
      case 'reply':
        return this.reply_(message);
      case 'error':
        return message.code === 'unauthorized' ? this.refuse_('unauthorized') : undefined;
      default:
        return undefined; // a newer hub may say more
    }
  }

  greeted_(hello) {
    this.hello = this.greeting_ = hello;
    this.staleMs_ = (hello.stale_after_s ?? 3) * 1000;
    this.setTime_(hello.at);
    this.topics_.greeted(hello);
    const auth = { type: 'auth', token: this.token ?? '', client: this.client, protocol: 1 };
    Object.assign(auth, this.witness_.said(hello.hub));
    this.advance_(hello);
    this.connection_.send(auth);
    this.memory_.keep('hello', hello);
    this.tell_('hello', hello);
  }

  welcomed_(welcome) {
    this.isWelcome_ = true;
    this.setFact_('unseen', []); // the hub says it anew when there is any
    this.connection_.settled();
    this.heardWall_ = this.clock_.wall();
    this.device = welcome;
    this.memory_.keep('device', welcome);
    this.tell_('device', welcome);
    this.topics_.welcomed();
    this.outbox_.connected();
  }

  heartbeat_(message) {
    this.setTime_(message.at);
    this.advance_(message);
    this.setFact_('storage', message.storage ?? 'ok');
    this.setFact_('cloud', message.cloud ?? { lost: '', since: 0 });
    this.setFact_('recovery', message.recovery ?? { why: '' });
    this.topics_.heartbeat(message);
    this.memory_.keepLater();
  }

  setFact_(name, value) {
    if (JSON.stringify(value) === JSON.stringify(this[name])) return;
    this.tell_(name, (this[name] = value));
  }

  subscribed_(message) {
    if (!this.topics_.subscribed(message)) return;
    this.advance_(message);
    this.topics_.show(message.topic);
    this.memory_.keepSoon();
  }

  events_(list) {
    this.topics_.events(list);
    if (list.length) this.advance_(list.at(-1));
    this.memory_.keepSoon();
  }

  reply_(message) {
    if (!this.topics_.refused(message)) this.outbox_.reply(message);
  }

  lost_(code) {
    this.isWelcome_ = false;
    this.greeting_ = null;
    this.topics_.disconnected();
    this.outbox_.disconnected();
    this.seen_.disconnected();
    this.hasFailed_ = true;
    if (kRefusals[code]) this.refuse_(kRefusals[code]);
    if (this.isClosed_) return;
    this.topics_.show();
    this.refreshLive_();
  }

  refuse_(reason) {
    if (this.refusal_) return;
    this.refusal_ = reason;
    this.connection_.stop();
    this.outbox_.refuse(reason);
    this.refreshLive_();
  }

  setTime_(at) {
    if (typeof at === 'number') this.clockOffset_ = at / 1000 - this.clock_.steady();
  }

  advance_(message) {
    if (message.epoch === undefined) return;
    [this.epoch_, this.seq_] = [message.epoch, message.seq];
    if (this.witness_.saw(this.greeting_?.hub, message)) this.memory_.keepSoon();
  }

  // -- live ----------------------------------------------------------------------------------

  liveNow_() {
    const state = this.stateNow_();
    const heard = this.heardWall_;
    return {
      state,
      // Since when nothing was heard; a page that never heard the hub counts from its own start.
      since: state === 'live' ? null : (heard ?? this.startedWall_),
      seq: this.seq_,
      epoch: this.epoch_,
      link: state === 'live' ? '' : 'device-hub',
      lastHeartbeatAt: heard,
      reason: this.refusal_,
    };
  }

  stateNow_() {
    if (this.refusal_) return 'refused';
    const heard = this.connection_.heardSteady;
    const isHeard = heard !== null && this.clock_.steady() - heard < this.staleMs_;
    if (this.isWelcome_ && isHeard) return 'live';
    const isYoung = this.clock_.wall() - this.startedWall_ < this.staleMs_;
    return isYoung && !this.wasLive_ && !this.hasFailed_ ? 'connecting' : 'stale';
  }

  refreshLive_() {
    const was = this.live;
    const next = this.liveNow_();
    if (next.state === 'live') this.wasLive_ = true;
    if (Object.keys(next).every((key) => next[key] === was[key])) return;
    this.live = next;
    this.tell_('live', next);
    if (next.state === was.state) return;
    this.keepNow();
    this.topics_.show();
  }

  tick_() {
    this.connection_.tick();
    this.outbox_.tick();
    this.refreshLive_();
  }

  tell_(name, value) {
    for (const f of this.listeners_.get(name) ?? []) f(value);
  }

  // What an earlier page on this device saw, before the first socket is opened.
  restored_() {
    if (this.isClosed_) return;
    const { hello, device, seen, heardWall } = this.memory_;
    this.heardWall_ = heardWall ?? null;
    const { epoch, seq } = this.witness_.restore(seen, hello?.hub);
    if (epoch) [this.epoch_, this.seq_] = [epoch, seq];
    if (hello) this.tell_('hello', (this.hello = hello));
    if (device) this.tell_('device', (this.device = device));
    this.refreshLive_();
    this.connection_.open();
  }
}
