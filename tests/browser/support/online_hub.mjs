// OnlineHub: a fake hub with orders that were sold online, which with a real one needs a relay and a
// broker. A till accepts or rejects them; what is accepted is fired.
import { FakeHub } from './fake_hub.mjs';

const kNobody = { type: 'staff', staff: [], signed_in: null, idle_s: 180, reason: '' };

export class OnlineHub extends FakeHub {
  constructor(options) {
    super(options);
    this.bills = [];
    this.holdAnswers = false; // takes commands and says nothing
  }

  auth(session, message) {
    super.auth(session, message);
    if (session.device?.role === 'till') this.tell(session, kNobody);
  }

  view(topic) {
    return topic === 'orders' ? { orders: this.bills } : super.view(topic);
  }

  // lines: [{ sku, name, quantity, options, note, price }]
  sellOnline({ number, agoS = 0, source = 'online_order', guest = '', note = '', external = '', lines }) {
    const at = this.now - agoS * 1e6;
    const full = lines.map(({ price = 590, quantity = 1, ...line }, i) => ({
      ...{ line: i + 1, station: 'grill', options: [], parts: [], note: '', quantity, unit_price: price, total: price * quantity },
      ...line,
    }));
    const total = full.reduce((sum, line) => sum + line.total, 0);
    const order = {
      ...{ order: `20261121-${String(number).padStart(4, '0')}`, number, day: 20261121, channel: 'online_order', service: 'takeaway' },
      ...{ table: '', device: '', menu_version: 1, lines: full, total, note, state: 'placed', paid: false, payment: null, reason: '' },
      ...{ placed_at: at, fired_at: 0, closed_at: 0, demand: [], tickets: [], source },
      ...(external && { external }),
      ...(guest && { guest }),
    };
    this.emit('order.placed', { order }, { at });
    const payment = { tender: 'card', amount: total, reference: 'web' };
    this.bills.push({ ...order, state: 'paid', paid: true, payment });
    this.emit('order.paid', { order: order.order, payment, state: 'paid' }, { at });
    return order.order;
  }

  command(session, message) {
    if (!this.holdAnswers) super.command(session, message);
  }

  decide(session, cmd, verb, args) {
    const order = this.bills.find((each) => each.order === args.order);
    if (!order || !['order.accept', 'order.void'].includes(verb)) return super.decide(session, cmd, verb, args);
    if (order.state !== 'paid') return { ok: false, error: { code: 'bad_state', message: `Order ${order.number} is ${order.state}` } };
    return verb === 'order.accept' ? this.accept(order) : this.reject(order, args, session);
  }

  accept(order) {
    order.state = 'accepted';
    this.fire(order);
    return { ok: true, result: { order: order.order, state: 'accepted' } };
  }

  reject(order, { reason, restock }, { device: by }) {
    Object.assign(order, { state: 'voided', reason, restock });
    this.emit('order.voided', { order: order.order, reason, by, movements: [] });
    return { ok: true, result: { order: order.order, state: 'voided', refund: order.total } };
  }
}
