// Desk: what the pages of one till share. The ticket being written, the views it follows, and the
// commands on their way. Lives as long as the page.
import { commandId } from '../../lan-protocol/js/larder.js';
import { computed, effect, signal } from '../shared/ui.js';
import { language, t } from '../shared/i18n.js';
import { toast } from '../shared/components.js';
import { money, quantity } from '../shared/format.js';
import { addLine, cartProblems, cartRequest, cartTotal, replaceLine } from '../shared/ordering/cart.js';
import { choiceProblems, startChoice } from '../shared/ordering/choices.js';
import { indexMenu, itemState } from '../shared/ordering/menu_index.js';
import { indexLevels } from '../shared/ordering/sellable.js';
import { mostSold } from '../shared/ordering/sales.js';
import { skuName } from '../shared/ordering/words.js';
import { pick } from '../shared/i18n.js';
import { makeKept } from './kept_commands.js';
import { takenOff } from './discount.js';
import { besideStock } from './override.js';
import { channelName, placeWords, refusalWords } from './words.js';

const kChannel = 'pos';
const kTicketKey = 'larder.till.ticket';
const kKeptKey = 'larder.till.commands';
const kNewTicket = Object.freeze({ service: 'takeaway', table: '', lines: [], note: '', discount: null, sending: '', error: '', refused: '', override: '' });
const kTouchEveryMs = 10000; // how often a till that is used says so
const kRefundMs = 15000; // what is to be given back stands longer than a word

export function makeDesk(shop) {
  const menuView = shop.follow('menu');
  const ordersView = shop.follow('orders');
  const stockView = shop.follow('stock');
  const ticket = signal(loadTicket());
  const sheet = signal(null); // the item being chosen: { item, choice, key? }
  const done = signal(null); // the order taken last: { number, change, how }
  const kept = signal([]);
  const page = signal('order');
  const favourites = signal([]);
  const staff = signal({ staff: [], signed_in: null, idle_s: 0, reason: '' }); // the hub's word
  const unseen = signal([]); // sold out, and not shown everywhere: the hub's word
  const signIn = signal(null); // the sheet: { permission?, then? }
  const me = computed(() => staff.value.signed_in);
  const index = computed(() => indexMenu(menuView.value.view?.menu, kChannel));
  const levels = computed(() => indexLevels(stockView.value.view?.stock ?? menuView.value.view?.stock, kChannel));
  const orders = computed(() => ordersView.value.view?.orders ?? []);
  effect(() => localStorage.setItem(kTicketKey, JSON.stringify(ticket.value)));
  // In the order of the menu, and never while a ticket is written: a tile does not move away under
  // a finger.
  effect(() => {
    const most = new Set(mostSold(index.value, orders.value).map((item) => item.id));
    const isWriting = ticket.value.lines.length > 0 && favourites.peek().length > 0;
    if (!isWriting) favourites.value = index.value.items.filter((item) => most.has(item.id));
  });

  // Who let it be sold in spite of the stock saw these lines and no others.
  const set = (changes) => (ticket.value = { ...ticket.value, error: '', refused: '', ...(changes.lines && { override: '' }), ...changes });
  const commands = makeKept({
    hub: shop.hub,
    store: { get: () => localStorage.getItem(kKeptKey), set: (text) => localStorage.setItem(kKeptKey, text) },
    newId: commandId,
    changed: (entries) => (kept.value = entries),
    settled,
  });
  kept.value = commands.entries;

  function settled({ id, verb, note }, { result, error }) {
    const isMine = ticket.value.sending === id;
    if (error) {
      const words = refusalWords(error, error.sku && skuName(index.value, error.sku, language.value), verb);
      if (isMine) set({ sending: '', error: words, refused: error.code });
      else toast(t('refused', { what: note.label, why: words }), { kind: 'bad', ms: 10000 });
      return;
    }
    if (note.kind === 'place') {
      if (isMine) ticket.value = { ...kNewTicket };
      if (isMine) done.value = { number: result.number, how: note.how, change: note.change, where: note.where, override: note.override };
      else toast(t('done.late', { n: result.number, what: note.label }), { ms: 10000 });
    } else if (note.said) {
      const back = result.refund && !note.isPaidElsewhere ? ` ${t('said.refund', { price: desk.price(result.refund) })}` : '';
      const shrink = (result.pending_shrink ?? []).map(({ channel, quantity: n }) => ` ${t('said.shrink', { channel: channelName(channel), n: quantity(n) })}`).join('');
      toast(note.said + back + shrink, { action: undoOf(note), ms: back || shrink ? kRefundMs : 6000, key: note.key });
    }
  }

  // A dish that is sold out goes on the ticket, marked, for somebody who may sell it all the same. A
  // store that has named nobody has nobody who may.
  const overrideOf = (item, quantity) =>
    staff.value.staff.length > 0 && {
      label: t('tile.anyway'),
      run() {
        const choice = { ...startChoice(index.value, levels.value, item), quantity };
        const missing = besideStock([{ problems: choiceProblems(index.value, levels.value, choice) }]);
        if (item.skus.length > 1 || missing.length > 0) sheet.value = { item, choice, isForced: true };
        else desk.take(choice);
      },
    };

  // A toast's way back, where the note names the command that undoes it.
  const undoOf = ({ undo }) => undo && { label: t('action.undo'), run: () => desk.act(undo.verb, undo.args, { said: undo.said }) };

  const desk = {
    shop,
    ticket,
    sheet,
    done,
    kept,
    page,
    index,
    levels,
    orders,
    stockView,
    oversells: computed(() => stockView.value.view?.oversells ?? []),
    ordersView,
    staff,
    unseen,
    signIn,
    me,
    set,
    hasMenu: computed(() => menuView.value.view !== null),
    isLive: computed(() => shop.live.value.state === 'live'),
    favourites,
    cost: computed(() => cartTotal(index.value, ticket.value.lines)), // before the discount
    off: computed(() => takenOff(ticket.value.discount, desk.cost.value)),
    total: computed(() => desk.cost.value - desk.off.value),
    problems: computed(() => (index.value.items.length ? cartProblems(index.value, levels.value, ticket.value.lines) : [])),
    price: (minor) => money(minor, index.value.currency),

    // One tap: on the ticket at once when nothing must be chosen, else the sheet.
    tap(item, { sku, quantity = 1 } = {}) {
      if (ticket.value.sending) return;
      if (itemState(index.value, levels.value, item) === 'sold_out') {
        toast(t('tile.out', { name: pick(item.name) }), { kind: 'bad', key: 'sold-out', action: overrideOf(item, quantity) });
        return;
      }
      const start = startChoice(index.value, levels.value, item);
      const choice = { ...start, quantity, sku: sku ?? start.sku };
      const isOpen = !sku && item.skus.length > 1;
      if (isOpen || choiceProblems(index.value, levels.value, choice).length > 0) sheet.value = { item, choice };
      else desk.take(choice);
    },
    take(choice, key) {
      const { lines } = ticket.value;
      set({ lines: key ? replaceLine(lines, key, choice) : addLine(lines, choice) });
      sheet.value = null;
      done.value = null;
    },
    // Places the ticket: paid with `payment`, or fired unpaid.
    place({ payment, how, change = 0 }) {
      const { service, table, lines, note, discount, sending, override } = ticket.value;
      if (sending || lines.length === 0) return;
      const total = desk.total.value;
      const args = { service, lines: cartRequest(lines), expected_total: total };
      if (service === 'dine_in') args.table = table.trim();
      if (note.trim()) args.note = note.trim();
      if (discount) args.discount = discount;
      if (override) args.override = true;
      if (payment) args.payment = payment;
      else args.fire = true;
      const where = placeWords(ticket.value);
      const label = t('label.order', { where, price: desk.price(total) });
      set({ sending: commands.send('order.place', args, { kind: 'place', label, how, change, where, override }) });
    },
    // The answer is late and the next guest waits: the order goes on by itself, listed at the top.
    setAside: () => (ticket.value = { ...kNewTicket }),
    clear: () => (ticket.value = { ...kNewTicket }),
    // Runs it when whoever is here may, else asks for a PIN first. The hub has the last word.
    need(permission, run) {
      const may = staff.value.staff.length === 0 || me.value?.permissions.includes(permission);
      if (may) run();
      else signIn.value = { permission, then: run };
    },
    // By name and PIN even when somebody is signed in: whoever walked by may not be who it was.
    prove: (permission, run) => (signIn.value = { permission, then: run }),
    // '' when it went well, else why not.
    async signInAs(who, pin) {
      const { permission, then } = signIn.value;
      try {
        await shop.hub.signIn(who, pin);
      } catch (error) {
        return pinWords(error);
      }
      if (permission && !me.value?.permissions.includes(permission)) return t('staff.may-not', { name: me.value?.name ?? '' });
      signIn.value = null;
      then?.();
      return '';
    },
    signOut: () => shop.hub.signOut().catch((error) => toast(pinWords(error), { kind: 'bad' })),
    act: (verb, args, note) => commands.send(verb, args, { kind: 'act', ...note }),
  };

  shop.hub.on('staff', (word) => {
    const was = me.value;
    staff.value = word;
    const { override, sending } = ticket.value;
    if (override && !sending && word.signed_in?.name !== override) set({ override: '' });
    if (was && !word.signed_in && word.reason) toast(t(`staff.out.${word.reason}`, { name: was.name }), { ms: 10000 });
  });
  shop.hub.on('unseen', (changes) => (unseen.value = changes));
  let touched = 0;
  const touch = () => {
    if (!me.value || Date.now() - touched < kTouchEveryMs) return;
    touched = Date.now();
    shop.hub.touch();
  };
  for (const kind of ['pointerdown', 'keydown']) addEventListener(kind, touch, { passive: true });
  shop.hub.on('live', ({ state }) => state === 'live' && commands.resume());
  commands.resume();
  return desk;
}

function pinWords(error) {
  if (error.code === 'unauthorized') return t('staff.wrong');
  if (error.code === 'rate_limited') return t('staff.wait', { n: Math.ceil((error.retry_ms ?? 1000) / 1000) });
  return refusalWords(error);
}

// A ticket whose order was answered in the meantime (the page was closed) starts anew with the next.
function loadTicket() {
  try {
    const kept = { ...kNewTicket, ...JSON.parse(localStorage.getItem(kTicketKey) ?? '{}') };
    const waits = (localStorage.getItem(kKeptKey) ?? '').includes(`"${kept.sending}"`);
    if (kept.sending && !waits) return { ...kNewTicket };
    if (!kept.sending) kept.override = ''; // it was for who stood here
    return Array.isArray(kept.lines) ? kept : { ...kNewTicket };
  } catch {
    return { ...kNewTicket };
  }
}
