// Checkout: from the cart to a number. Holds the stock, places the order, and survives every way in
// which an answer may be late. No page in here; `session` is anything with a `value`.
// One order has one command id from the first try to its answer, over reloads too.
import { cartRequest } from '../shared/ordering/cart.js';
import { afterHoldRefused, afterOrderRefused } from './refusals.js';

export function makeCheckout({ hub, session, newId, wall = () => Date.now() }) {
  const set = (changes) => (session.value = { ...session.value, ...changes });
  let holding = null; // the id of the hold.place that is on its way

  // Sets the cart's stock aside; the guest sees for how long, and the hub's own total. The notice
  // comes with the hold: it may say what the order costs now.
  async function enter(notice = null) {
    if (holding) return;
    const id = newId();
    holding = id;
    set({ isHolding: true, notice: null });
    try {
      const held = await hub.command('hold.place', { lines: cartRequest(session.value.lines) }, { id });
      if (holding !== id) return;
      set({ step: 'checkout', isHolding: false, hold: held, notice, touchedAt: wall() });
    } catch (error) {
      if (holding !== id) return;
      set({ step: 'menu', isHolding: false, hold: null, notice: afterHoldRefused(error) });
    } finally {
      if (holding === id) holding = null;
    }
  }

  // Back to the menu, or the guest left: what was held is free for others at once. A hold whose
  // answer never came ends by itself.
  function release(changes = { step: 'menu' }) {
    const { hold } = session.value;
    if (holding) hub.abandon(holding);
    holding = null;
    if (hold) hub.command('hold.release', { hold: hold.hold }).catch(() => {});
    set({ hold: null, isHolding: false, ...changes });
  }

  // how: 'card' with a payment, or 'counter' without.
  function place(how, payment) {
    const { hold, service, table, lines, order } = session.value;
    if (order || !hold) return Promise.resolve();
    const args = { service, lines: cartRequest(lines), hold: hold.hold, expected_total: hold.total };
    if (service === 'dine_in') args.table = table;
    if (payment) args.payment = payment;
    set({ step: 'sending', order: { id: newId(), args, how }, isUnknown: false, isBusy: false, notice: null });
    return ask();
  }

  // Sends the order that the session holds, the first time or again.
  async function ask() {
    const { order } = session.value;
    if (!order) return;
    set({ isBusy: false });
    const onUnknown = () => session.value.order?.id === order.id && set({ isUnknown: true });
    try {
      const result = await hub.command('order.place', order.args, { id: order.id, onUnknown });
      if (session.value.order?.id === order.id) placed(order, result);
    } catch (error) {
      if (session.value.order?.id === order.id) await refused(error);
    }
  }

  function placed(order, result) {
    const { service, table } = session.value;
    const done = { number: result.number, total: result.total, how: order.how, service, table, at: wall() };
    set({ step: 'done', done, order: null, hold: null, lines: [], isUnknown: false, notice: null });
  }

  async function refused(error) {
    const { next, notice } = afterOrderRefused(error);
    if (next === 'unknown') return set({ isUnknown: true });
    if (next === 'again') return set({ isBusy: true });
    if (next === 'hold') {
      set({ order: null, hold: null, isUnknown: false, step: 'checkout' });
      return enter(notice);
    }
    set({ order: null, isUnknown: false });
    release({ step: 'menu', notice });
    return undefined;
  }

  return { enter, release, place, ask };
}
