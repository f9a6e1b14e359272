// Outbox: commands on their way to the hub. A command keeps its id until it is answered and is
// sent again after every reconnect; the hub answers the same id with the same bytes and does
// nothing twice. Lives as long as its connection's owner; nothing here survives a reload (an app
// that must, keeps the id and gives it again).
import { commandId } from './ids.js';

const kMaxPending = 64;
const kPatienceMs = 5000;
const kQueryTimeoutMs = 10000;
const kTriesWhenBusy = 6;
const kAskRecoveryMs = 2000;
// Refusals that are not kept by the hub: the same id may be sent again.
const kPassing = new Set(['rate_limited', 'overloaded', 'busy']);

export class LarderError extends Error {
  constructor({ code, message, ...rest }) {
    super(message ?? code);
    this.name = 'LarderError';
    this.code = code;
    Object.assign(this, rest); // sku, order, line, retry_ms, outcome
  }
}

export class Outbox {
  constructor({ send, changed, clock }) {
    this.send_ = send;
    this.changed_ = changed;
    this.clock_ = clock;
    this.entries_ = new Map(); // id -> entry, in the order they were asked
  }

  command(verb, args, { id = commandId(), patienceMs = kPatienceMs, onUnknown } = {}) {
    const same = this.entries_.get(id);
    if (same) return same.promise;
    return this.add_({ type: 'command', id, verb, args, patienceMs, onUnknown });
  }

  query(verb, args, { timeoutMs = kQueryTimeoutMs } = {}) {
    return this.add_({ type: 'query', id: commandId(), verb, args, timeoutMs });
  }

  // A message that is neither: answered once, given up when it is late, never sent again. A PIN
  // stays no longer in here than that takes.
  ask(message, { timeoutMs = kQueryTimeoutMs } = {}) {
    return this.add_({ type: 'query', id: commandId(), message, timeoutMs });
  }

  add_(entry) {
    if (this.entries_.size >= kMaxPending) {
      const message = 'Too many requests wait for the hub';
      return Promise.reject(new LarderError({ code: 'overloaded', message, outcome: 'refused' }));
    }
    entry.promise = new Promise((resolve, reject) => Object.assign(entry, { resolve, reject }));
    entry.state = 'waiting';
    entry.askedSteady = this.clock_.steady();
    entry.since = this.clock_.wall();
    entry.tries = 0;
    this.entries_.set(entry.id, entry);
    this.transmit_(entry);
    this.changed_();
    return entry.promise;
  }

  transmit_(entry) {
    const { type, id, verb, args, message } = entry;
    if (message && entry.wasSent) return;
    if (!this.send_(message ? { ...message, id } : { type, id, verb, args })) return;
    entry.wasSentBefore = entry.wasSent;
    entry.wasSent = true;
    if (entry.state === 'waiting') entry.state = 'sent';
  }

  connected() {
    for (const entry of this.entries_.values()) this.transmit_(entry);
    this.changed_();
  }

  disconnected() {
    for (const entry of this.entries_.values()) {
      entry.retryAt = undefined;
      if (entry.type === 'command' && entry.state === 'sent') entry.state = 'waiting';
    }
  }

  reply(message) {
    const entry = this.entries_.get(message.id);
    if (!entry) return;
    if (message.ok) {
      this.settle_(entry, () => entry.resolve(message.result ?? {}));
      return;
    }
    const error = message.error ?? { code: 'unavailable' };
    // It may have been done before the hub lost what it is recovering now: asked again until it is
    // out of it, with the same id.
    if (entry.type === 'command' && error.code === 'in_recovery' && entry.wasSentBefore) {
      entry.retryAt = this.clock_.steady() + kAskRecoveryMs;
      return;
    }
    if (entry.type === 'command' && kPassing.has(error.code) && entry.tries < kTriesWhenBusy) {
      entry.tries += 1;
      const wait = error.retry_ms ?? 200 * 2 ** entry.tries * (0.5 + Math.random());
      entry.retryAt = this.clock_.steady() + wait;
      return;
    }
    this.settle_(entry, () => entry.reject(new LarderError({ ...error, outcome: 'refused' })));
  }

  tick() {
    const now = this.clock_.steady();
    for (const entry of [...this.entries_.values()]) {
      if (entry.retryAt !== undefined && now >= entry.retryAt) {
        entry.retryAt = undefined;
        this.transmit_(entry);
      }
      const waited = now - entry.askedSteady;
      if (entry.type === 'query') {
        if (waited >= entry.timeoutMs) this.fail_(entry, 'unavailable', 'The hub did not answer');
      } else if (waited >= entry.patienceMs && entry.state !== 'unknown') {
        entry.state = 'unknown';
        entry.onUnknown?.();
        this.changed_();
      }
    }
  }

  abandon(id) {
    const entry = this.entries_.get(id);
    if (entry) this.fail_(entry, 'abandoned', 'Given up before the hub answered');
  }

  refuse(reason) {
    for (const entry of [...this.entries_.values()]) {
      this.fail_(entry, reason, 'The hub refuses this device');
    }
  }

  close() {
    for (const entry of [...this.entries_.values()]) this.fail_(entry, 'closed', 'Closed');
  }

  // Without an answer: what was sent may have happened, what was not sent has not.
  fail_(entry, code, message) {
    const outcome = entry.wasSent ? 'unknown' : 'not_sent';
    this.settle_(entry, () => entry.reject(new LarderError({ code, message, outcome })));
  }

  settle_(entry, finish) {
    this.entries_.delete(entry.id);
    finish();
    this.changed_();
  }

  pending() {
    return [...this.entries_.values()]
      .filter((entry) => entry.type === 'command')
      .map(({ id, verb, args, state, since }) => ({ id, verb, args, state, since }));
  }
}
