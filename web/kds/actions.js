// What a cook can do, each as a command to the hub. Nothing is shown as done before the hub says
// so; a command on its way is marked on its ticket (see waitingFor).
import { signal } from '../shared/ui.js';
import { pick, t } from '../shared/i18n.js';
import { toast, toastError } from '../shared/components.js';

const kHandOverMs = 4000; // an order handed over cannot come back, so it waits this long for "undo"

export class Actions {
  constructor(shop) {
    this.shop_ = shop;
    this.last_ = null; // what undo takes back: { order, station, until }
    this.leaving = signal(new Map()); // order id -> timer, orders about to be handed over
  }

  bump({ order, ticket }) {
    const said = t('said.bumped', { number: order.number });
    return this.work_('ticket.bump', order, ticket.station, {}, said);
  }

  check({ order, ticket }, index) {
    const line = ticket.lines[index];
    const said = t(line.done ? 'said.unchecked' : 'said.checked', { name: pick(line.name) });
    const args = { index, done: !line.done };
    return this.work_('ticket.check', order, ticket.station, args, said);
  }

  recall({ order, ticket }) {
    const said = t('said.recalled', { number: order.number });
    return this.work_('ticket.recall', order, ticket.station, {}, said);
  }

  async work_(verb, { order, number }, station, args, said) {
    const late = () => toast(t('error.unknown'), { key: order });
    try {
      await this.shop_.hub.command(verb, { order, station, ...args }, { onUnknown: late });
    } catch (error) {
      toastError(error);
      return;
    }
    this.offerUndo_({ order, station, number }, said);
  }

  offerUndo_(what, said) {
    const ms = (this.shop_.device.value?.undo_s ?? 10) * 1000;
    this.last_ = { ...what, until: performance.now() + ms };
    const action = { label: t('action.undo'), run: () => this.undo() };
    toast(said, { action, ms, key: 'undo' });
  }

  async undo() {
    const last = this.last_;
    if (last?.stop) return last.stop();
    if (!last || performance.now() > last.until) return toast(t('said.nothing-to-undo'));
    this.last_ = null;
    const { order, station, number } = last;
    try {
      await this.shop_.hub.command('ticket.undo', { order, station });
      return toast(t('said.undone', { number }), { key: 'undo' });
    } catch (error) {
      return toastError(error);
    }
  }

  // The whole order leaves the pass.
  handOver({ order }) {
    if (this.leaving.value.has(order.order)) return;
    const timer = setTimeout(() => this.serve_(order), kHandOverMs);
    this.leaving.value = new Map(this.leaving.value).set(order.order, timer);
    const stop = () => {
      clearTimeout(timer);
      this.stay_(order.order);
      toast(t('said.undone', { number: order.number }), { key: 'undo' });
    };
    this.last_ = { stop };
    const action = { label: t('action.undo'), run: stop };
    toast(t('said.handed-over', { number: order.number }), { action, ms: kHandOverMs, key: 'undo' });
  }

  async serve_({ order }) {
    this.last_ = null;
    try {
      await this.shop_.hub.command('order.serve', { order });
    } catch (error) {
      toastError(error);
    }
    this.stay_(order);
  }

  stay_(order) {
    const next = new Map(this.leaving.value);
    next.delete(order);
    this.leaving.value = next;
  }

  async mark(sku, name, status) {
    try {
      await this.shop_.hub.command('stock.mark', { sku, status });
      toast(t(status === 'sold_out' ? 'said.sold-out' : 'said.back', { name }), { key: `86/${sku}` });
    } catch (error) {
      toastError(error);
    }
  }
}

// The command on its way for this order and station: '', 'waiting' or 'unknown'.
export function waitingFor(pending, order, station) {
  const mine = pending.filter(
    ({ args }) => args.order === order && (!station || !args.station || args.station === station),
  );
  if (mine.length === 0) return '';
  return mine.some(({ state }) => state === 'unknown') ? 'unknown' : 'waiting';
}
