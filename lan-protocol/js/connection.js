// Connection: one WebSocket at a time to one address, opened again for ever with full jitter.
// Knows nothing of the messages but that they have the shape of a hub's. Told to stop, it stays stopped until open().
import { isHubMessage } from './shape.js';

const kAbandonMs = 6000; // a socket silent for so long is dead, whatever TCP believes
const kBackoffFirstMs = 250;
const kBackoffMaxMs = 5000;

// The wait before attempt n (from 0): a random time in [0, min(5 s, 0.25 s x 2^n)].
export function backoffMs(attempt, random = Math.random) {
  return random() * Math.min(kBackoffMaxMs, kBackoffFirstMs * 2 ** Math.min(attempt, 16));
}

// Null when it is nothing that a hub says.
function read(data) {
  try {
    const message = JSON.parse(data);
    return isHubMessage(message) ? message : null;
  } catch {
    return null;
  }
}

export class Connection {
  // received(message), lost(closeCode): after lost() the connection opens again unless stop() was
  // called in it.
  constructor({ url, WebSocket, clock, random, received, lost }) {
    this.url = url;
    this.WebSocket_ = WebSocket;
    this.clock_ = clock;
    this.random_ = random;
    this.received_ = received;
    this.lost_ = lost;
    this.socket_ = null;
    this.attempt_ = 0;
    this.isStopped_ = false;
    this.heardSteady = null; // when this socket's last message came, steady ms
  }

  open() {
    clearTimeout(this.reopening_);
    this.isStopped_ = false;
    if (this.socket_) return;
    let socket;
    try {
      socket = new this.WebSocket_(this.url, 'larder.v1');
    } catch {
      this.reopenLater_();
      return;
    }
    this.socket_ = socket;
    this.openedSteady_ = this.clock_.steady();
    this.heardSteady = null;
    socket.onmessage = ({ data }) => socket === this.socket_ && this.message_(data);
    socket.onclose = ({ code }) => socket === this.socket_ && this.gone_(code);
    socket.onerror = () => {}; // a close follows, with all that a browser tells
  }

  // The other side knows us: the next wait is a short one again.
  settled() {
    this.attempt_ = 0;
  }

  send(message) {
    if (this.socket_?.readyState !== 1) return false;
    this.socket_.send(JSON.stringify(message));
    return true;
  }

  // Gives the socket up; a new one follows unless stopped.
  drop() {
    const socket = this.socket_;
    if (!socket) return;
    this.gone_(1006);
    try {
      socket.close();
    } catch {
      // Already closing.
    }
  }

  stop() {
    this.isStopped_ = true;
    clearTimeout(this.reopening_);
    this.drop();
  }

  tick() {
    const silent = this.clock_.steady() - (this.heardSteady ?? this.openedSteady_ ?? 0);
    if (this.socket_ && silent > kAbandonMs) this.drop();
  }

  message_(data) {
    const message = read(data);
    if (!message) {
      this.drop(); // whoever speaks like this is no hub, or no longer well
      return;
    }
    this.heardSteady = this.clock_.steady();
    this.received_(message);
  }

  gone_(code) {
    this.socket_ = null;
    this.heardSteady = null;
    this.lost_(code);
    if (!this.isStopped_) this.reopenLater_();
  }

  reopenLater_() {
    clearTimeout(this.reopening_);
    const wait = backoffMs(this.attempt_, this.random_);
    this.attempt_ += 1;
    this.reopening_ = setTimeout(() => this.open(), wait);
  }
}
