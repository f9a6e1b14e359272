// FakeHub: speaks larder.v1 well enough to try the SDK and to photograph the screens: a menu, a
// kitchen, stock, one journal with prev per topic, answers kept per command id. It is no judge of
// anything: the claim `screens` runs against the real hub. It can be told to misbehave: to swallow
// events, to fall silent, to hang up, to answer late.
import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';
import { extname, join, normalize } from 'node:path';
import { WebSocketServer } from 'ws';

const kTypes = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.json': 'application/json',
  '.webmanifest': 'application/manifest+json',
};
const kPolicy =
  "default-src 'self'; connect-src 'self' ws:; img-src 'self' data:; style-src 'self'";
const kTopics = {
  'menu.imported': ['menu', 'stock'],
  'stock.changed': ['menu', 'stock'],
  'order.accepted': ['kitchen', 'orders'],
  'ticket.changed': ['kitchen', 'orders'],
  'order.served': ['kitchen', 'orders'],
  'order.cancelled': ['kitchen', 'orders'],
  'order.voided': ['kitchen', 'orders', 'menu', 'stock'],
  'order.placed': ['orders'],
  'order.paid': ['orders'],
  'lease.granted': ['menu', 'stock'],
  'day.opened': ['menu', 'kitchen', 'orders', 'stock'],
};

export class FakeHub {
  constructor({ menu, web, devices = {}, port = 0, hub = 'h-fake', epoch = 1, beatMs = 1000 }) {
    Object.assign(this, { menu, web, devices, port, hub, epoch, beatMs });
    this.journal = [];
    this.last = {};
    this.answers = new Map();
    this.state = { orders: [], bumped: {}, levels: new Map() };
    this.sessions = new Set();
    this.received = []; // every message of every client, for the tests
    this.isSilent = false;
    this.isFull = false; // its disk is
    this.isShut = false; // hangs up on whoever comes
    this.canResume = true;
    this.swallowed = 0; // events to keep from the screens, to make a gap
    this.answerDelayMs = 0;
    this.dropReplies = 0;
  }

  get seq() {
    return this.journal.length;
  }
  get now() {
    return Date.now() * 1000;
  }
  get url() {
    return `ws://127.0.0.1:${this.port}/ws/v1`;
  }
  get origin() {
    return `http://127.0.0.1:${this.port}`;
  }

  async start() {
    this.server = createServer((request, response) => this.file(request, response));
    this.sockets = new WebSocketServer({
      server: this.server,
      path: '/ws/v1',
      handleProtocols: (set) => set.has('larder.v1') && 'larder.v1',
    });
    this.sockets.on('connection', (socket) => this.opened(socket));
    await new Promise((done) => this.server.listen(this.port, '127.0.0.1', done));
    this.port = this.server.address().port;
    this.beating = setInterval(() => this.beat(), this.beatMs);
    return this;
  }

  async stop() {
    clearInterval(this.beating);
    for (const { socket } of this.sessions) socket.terminate();
    this.server.closeAllConnections();
    await new Promise((done) => this.server.close(done));
  }

  hangUp(code) {
    for (const { socket } of [...this.sessions]) code ? socket.close(code) : socket.terminate();
  }

  async file({ url }, response) {
    let path = normalize(decodeURIComponent(new URL(url, 'http://x').pathname));
    if (path.endsWith('/')) path += 'index.html';
    try {
      const bytes = await readFile(join(this.web ?? '/nonexistent', path));
      const type = kTypes[extname(path)] ?? 'application/octet-stream';
      response.writeHead(200, { 'content-type': type, 'content-security-policy': kPolicy });
      response.end(bytes);
    } catch {
      response.writeHead(404).end();
    }
  }

  opened(socket) {
    if (this.isShut) return socket.terminate();
    const session = { socket, topics: new Map(), device: null };
    this.sessions.add(session);
    socket.on('close', () => this.sessions.delete(session));
    socket.on('message', (text) => this.message(session, JSON.parse(text)));
    const { hub, epoch, seq, now: at } = this;
    this.tell(session, {
      ...{ type: 'hello', protocol: 1, store: 's1', hub, name: 'Sample store', epoch, seq, at },
      ...{ zone: 'Europe/Berlin', currency: 'EUR', heartbeat_s: 1, stale_after_s: 3 },
      version: '0.0.0',
    });
  }

  tell({ socket }, message) {
    if (!this.isSilent) socket.send(JSON.stringify(message));
  }

  beat() {
    const { epoch, seq, now: at, last } = this;
    for (const session of this.sessions) {
      const storage = this.isFull ? { storage: 'full' } : {};
      if (session.device) this.tell(session, { type: 'heartbeat', epoch, seq, at, last, ...storage, ...(this.cloud && { cloud: this.cloud }), ...(this.recovery && { recovery: this.recovery }), ...(this.head && { head: this.head }) });
    }
  }

  message(session, message) {
    this.received.push(message);
    if (message.type === 'auth') return this.auth(session, message);
    if (message.type === 'subscribe') return this.subscribe(session, message);
    if (message.type === 'command') {
      const answer = () => this.command(session, message);
      return this.answerDelayMs ? setTimeout(answer, this.answerDelayMs) : answer();
    }
    return undefined;
  }

  auth(session, { token }) {
    const device = this.devices[token];
    if (!device) {
      this.tell(session, { type: 'error', code: 'unauthorized', message: 'Unknown token' });
      session.socket.close(4401);
      return;
    }
    session.device = device.device;
    const rules = { undo_s: 10, late_s: 300, very_late_s: 480, accent: '#c2410c' };
    this.tell(session, { type: 'welcome', station: '', ...rules, ...device });
    this.beat();
  }

  subscribe(session, { id, topic, since }) {
    const { epoch, seq, now: at } = this;
    const last = this.last[topic] ?? 0;
    session.topics.set(topic, true);
    if (since && since.epoch === epoch && since.seq <= seq && this.canResume) {
      this.tell(session, { type: 'resumed', id, topic, epoch, seq, last });
      const missed = this.journal.filter((e) => e.seq > since.seq && topic in e.prev);
      if (missed.length) this.tell(session, { type: 'events', events: missed });
      return;
    }
    const view = structuredClone(this.view(topic));
    this.tell(session, { type: 'snapshot', id, topic, epoch, seq, last, at, view });
  }

  view(topic) {
    const stock = [...this.state.levels.values()];
    if (topic === 'menu') return { menu: this.menu, stock };
    if (topic === 'stock') return { stock, holds: [] };
    if (topic === 'kitchen') return { orders: this.state.orders, bumped: this.state.bumped };
    return { orders: [] };
  }

  emit(event, body, { cmd = '', by = '', at = this.now } = {}) {
    const seq = this.journal.length + 1;
    const prev = {};
    for (const topic of kTopics[event]) {
      prev[topic] = this.last[topic] ?? 0;
      this.last[topic] = seq;
    }
    const full = { epoch: this.epoch, seq, prev, at, cmd, by, event, body: structuredClone(body) };
    this.journal.push(full);
    if (this.swallowed > 0) {
      this.swallowed -= 1;
      return full;
    }
    for (const session of this.sessions) {
      if (Object.keys(prev).some((t) => session.topics.has(t))) {
        this.tell(session, { type: 'events', events: [full] });
      }
    }
    return full;
  }

  // An order in the kitchen: lines [{ station, name, quantity, options, note }].
  fire({ number = this.state.orders.length + 1, lines, agoS = 0, note = '', ...rest }) {
    const stations = [...new Set(lines.map((line) => line.station))];
    const tickets = stations.map((station) => ({
      station,
      lines: lines
        .map((line, i) => ({ options: [], note: '', quantity: 1, ...line, line: i + 1, done: false }))
        .filter((line) => line.station === station)
        .map(({ station: _, ...line }) => ({ sku: line.name.en, ...line })),
      ...{ bumped: false, bumped_at: 0, last_action: 'none', last_index: 0, done_before: [] },
      acted_at: 0,
    }));
    const order = `20261121-${String(number).padStart(4, '0')}`;
    const head = { channel: 'kiosk', service: 'takeaway', table: '', ...rest };
    const body = { order, number, ...head, note, tickets, state: 'accepted' };
    const at = this.now - agoS * 1e6;
    const { tickets: t, ...flat } = body;
    this.state.orders.push({ ...flat, reason: '', fired_at: at, tickets: structuredClone(t) });
    this.emit('order.accepted', body, { at });
    return order;
  }

  end(id, state, reason) {
    const order = this.state.orders.find((each) => each.order === id);
    Object.assign(order, { state, reason });
    this.emit(`order.${state}`, { order: id, reason, by: 'till-1', movements: [] });
  }

  command(session, { id, verb, args }) {
    if (!this.answers.has(id)) this.answers.set(id, this.decide(session, id, verb, args));
    if (this.dropReplies > 0) {
      this.dropReplies -= 1;
      return;
    }
    const { epoch, seq } = this;
    this.tell(session, { type: 'reply', id, epoch, seq, ...this.answers.get(id) });
  }

  decide(session, cmd, verb, args) {
    const refuse = (code, message) => ({ ok: false, error: { code, message } });
    if (verb === 'stock.mark') {
      const known = { sku: args.sku, type: 'unlimited', status: 'available', available: 0, held: 0 };
      const before = this.state.levels.get(args.sku) ?? known;
      const after = { ...before, status: args.status };
      this.state.levels.set(args.sku, after);
      this.emit('stock.changed', { movement: { kind: 'mark', before, after }, by: session.device }, { cmd });
      return { ok: true, result: {} };
    }
    if (!verb.startsWith('ticket.')) return refuse('unknown_verb', verb);
    const stack = this.state.bumped[args.station] ?? [];
    const order = this.state.orders.find((o) => o.order === (args.order ?? stack.at(-1)));
    const ticket = order?.tickets.find((each) => each.station === args.station);
    if (!ticket) return refuse('not_found', 'No such ticket');
    return this.work(order, ticket, verb.slice(7), args, { cmd, by: session.device });
  }

  work(order, ticket, verb, args, origin) {
    const before = ticket.lines.map((line) => line.done);
    let [action, undo] = [{ bump: 'bumped', recall: 'recalled' }[verb], false];
    if (verb === 'check') action = args.done ? 'checked' : 'unchecked';
    if (verb === 'undo') [action, undo] = [ticket.last_action, true];
    const isBumped = undo ? action === 'recalled' : action === 'bumped' || (verb === 'check' && ticket.bumped);
    if (verb === 'check') ticket.lines[args.index].done = args.done;
    if (verb === 'bump') for (const line of ticket.lines) line.done = true;
    if (undo) ticket.lines.forEach((line, i) => (line.done = ticket.done_before[i]));
    Object.assign(ticket, { bumped: isBumped, bumped_at: isBumped ? this.now : 0, acted_at: this.now });
    Object.assign(ticket, { last_action: undo ? 'none' : action, done_before: before });
    const others = (this.state.bumped[ticket.station] ?? []).filter((id) => id !== order.order);
    this.state.bumped[ticket.station] = isBumped ? [...others, order.order] : others;
    order.state = order.tickets.every((each) => each.bumped) ? 'ready' : 'preparing';
    const done = ticket.lines.map((line) => line.done);
    const { order: id, state } = order;
    const body = { order: id, station: ticket.station, action, undo, index: args.index ?? 0, done };
    this.emit('ticket.changed', { ...body, bumped: isBumped, state, by: origin.by }, origin);
    return { ok: true, result: { order: id, state } };
  }
}
