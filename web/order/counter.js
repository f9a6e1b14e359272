// Counter: what the pages of one guest share, in the shape that the kiosk's menu and cart know.
// Lives as long as the page.
import { computed, effect, signal } from '../shared/ui.js';
import { addLine, cartCount, cartDemand, cartProblems, cartTotal, replaceLine } from '../shared/ordering/cart.js';
import { startChoice } from '../shared/ordering/choices.js';
import { indexMenu } from '../shared/ordering/menu_index.js';
import { indexLevels } from '../shared/ordering/sellable.js';
import { makeCheckout } from './checkout.js';
import { kEmpty, keepSession, loadSession, newToken, withCart, withGuest } from './session.js';

const kLookMs = 1000;
const kLookCalmMs = 10_000;
const kCalm = new Set(['served', 'rejected', 'late']);

export const levelsOf = (stock) =>
  indexLevels(
    (stock ?? []).map(({ skuId, status, type, availableQty }) => ({ sku: skuId, status, type, available: availableQty ?? 0 })),
    'online_order',
  );

export function makeCounter(line) {
  const session = signal(loadSession(line.store));
  const sheet = signal(null);
  const replacing = signal(null);
  const asksName = signal(false);
  const left = signal(0); // ms of the lock
  const index = computed(() => indexMenu(line.menu.value, 'online_order'));
  const levels = computed(() => levelsOf(line.stock.value?.stock));
  const total = computed(() => cartTotal(index.value, session.value.lines));
  const order = makeCheckout({ ask: line.ask, session, newToken, total: () => total.value, refresh: line.takeMenu });
  effect(() => keepSession(line.store, session.value));
  // With the step itself: a lock that was just taken is never shown as over.
  effect(() => (left.value = session.value.lock ? order.remainingMs() : 0));
  const set = (changes) => (session.value = { ...session.value, ...withCart(session.value, changes) });

  const counter = {
    line,
    session,
    sheet,
    replacing,
    asksName,
    left,
    index,
    levels,
    total,
    order,
    set,
    // The kiosk's cart knows one next step: here it is the guest's name, then the lock.
    checkout: { enter: () => (asksName.value = true) },
    hasMenu: computed(() => line.menu.value !== null && line.stock.value !== null),
    isPaused: computed(() => line.live.value.state !== 'live'),
    isStoreAway: computed(() => line.stock.value?.isLive === false),
    count: computed(() => cartCount(session.value.lines)),
    problems: computed(() => problemsOf(index.value, levels.value, session.value)),

    open(item, inCart) {
      sheet.value = { item, choice: inCart ?? startChoice(index.value, levels.value, item), key: inCart?.key };
    },
    take(choice) {
      const place = sheet.value.key ?? replacing.value;
      const { lines } = session.value;
      set({ lines: place ? replaceLine(lines, place, choice) : addLine(lines, choice), notice: null });
      sheet.value = null;
      replacing.value = null;
    },
    goPay({ name, note }) {
      asksName.value = false;
      set(withGuest(session.value, name, note));
      return order.enter();
    },
    again() {
      const { name } = session.value;
      session.value = { ...kEmpty, name };
    },
  };
  keepLooking(counter);
  return counter;
}

function keepLooking({ line, session, order, left }) {
  let lookAt = 0;
  setInterval(() => {
    const { step, order: paid } = session.value;
    if (step === 'checkout') {
      const before = left.value;
      left.value = order.remainingMs();
      if (before > 0 && left.value === 0) lookAt = 0;
    }
    if (step === 'menu' || performance.now() < lookAt || document.hidden) return;
    lookAt = performance.now() + (kCalm.has(paid?.stage) ? kLookCalmMs : kLookMs);
    order.look();
  }, 250);
  addEventListener('pagehide', order.left);
  addEventListener('pageshow', (event) => event.persisted && order.look());
  // The menu first: what is asked again is asked with the prices of now.
  const stop = effect(() => {
    if (line.menu.value === null) return;
    queueMicrotask(() => stop());
    queueMicrotask(() => order.resume());
  });
}

// What is wrong with the cart by the page's own view, and what the relay said before the view knew.
function problemsOf(index, levels, session) {
  if (index.items.length === 0) return [];
  const mine = session.lock ? countedOnly(levels, cartDemand(index, session.lines)) : new Map();
  const problems = cartProblems(index, levels, session.lines, mine);
  const { kind, sku, left } = session.notice ?? {};
  if (kind !== 'sold_out' || !sku || problems.length > 0) return problems;
  const lines = session.lines.filter((line) => cartDemand(index, [line]).has(sku));
  if (left > 0 && lines.length > 0) {
    const wanted = cartDemand(index, session.lines).get(sku);
    return [{ key: lines.at(-1).key, problems: [wanted > left ? { kind: 'short', sku, left, wanted } : { kind: 'refused', sku }] }];
  }
  return lines.map(({ key }) => ({ key, problems: [{ kind: 'refused', sku }] }));
}

// A lock keeps units that somebody counts.
function countedOnly(levels, demand) {
  return new Map([...demand].filter(([sku]) => levels.get(sku)?.type === 'limited'));
}
