// Counter: what the pages of one kiosk share. The guest's session, the menu as this channel sees
// it, and what a touch may do. Lives as long as the page.
import { commandId } from '../../lan-protocol/js/larder.js';
import { computed, effect, signal } from '../shared/ui.js';
import { language, setLanguage } from '../shared/i18n.js';
import { addLine, cartCount, cartDemand, cartProblems, cartTotal, replaceLine } from '../shared/ordering/cart.js';
import { startChoice } from '../shared/ordering/choices.js';
import { indexMenu } from '../shared/ordering/menu_index.js';
import { indexLevels } from '../shared/ordering/sellable.js';
import { makeCheckout } from './checkout.js';
import { kEmpty, keepSession, loadSession } from './session.js';

const kChannel = 'kiosk';

export function makeCounter(shop) {
  const held = shop.follow('menu');
  const session = signal(loadSession());
  const sheet = signal(null); // the item being chosen: { item, choice, key? }
  const replacing = signal(null); // the cart line that the next dish takes the place of
  const index = computed(() => indexMenu(held.value.view?.menu, kChannel));
  const levels = computed(() => indexLevels(held.value.view?.stock, kChannel));
  const checkout = makeCheckout({ hub: shop.hub, session, newId: commandId });
  const houseLanguage = language.value;
  effect(() => keepSession(session.value));

  const set = (changes) => (session.value = { ...session.value, ...changes, touchedAt: Date.now() });

  const counter = {
    shop,
    session,
    sheet,
    replacing,
    index,
    levels,
    checkout,
    set,
    hasMenu: computed(() => held.value.view !== null),
    isPaused: computed(() => shop.live.value.state !== 'live' || shop.storage.value === 'full' || shop.recovery?.value.why),
    total: computed(() => cartTotal(index.value, session.value.lines)),
    count: computed(() => cartCount(session.value.lines)),
    problems: computed(() => problemsOf(index.value, levels.value, session.value)),

    open(item, line) {
      const choice = line ?? startChoice(index.value, levels.value, item);
      sheet.value = { item, choice, key: line?.key };
    },
    take(choice) {
      const { key } = sheet.value;
      const place = key ?? replacing.value;
      const { lines } = session.value;
      set({ lines: place ? replaceLine(lines, place, choice) : addLine(lines, choice), notice: null });
      sheet.value = null;
      replacing.value = null;
    },
    // Everything back to the welcome page, in the house's language.
    reset() {
      const { hold } = session.value;
      sheet.value = null;
      replacing.value = null;
      if (hold || session.value.isHolding) checkout.release(kEmpty);
      session.value = { ...kEmpty };
      setLanguage(houseLanguage);
    },
  };
  if (session.value.order) checkout.ask();
  return counter;
}

// What is wrong with the cart by the screen's own view, and what the hub said before the view knew.
function problemsOf(index, levels, session) {
  if (index.items.length === 0) return [];
  const mine = session.hold ? countedOnly(levels, cartDemand(index, session.lines)) : new Map();
  const problems = cartProblems(index, levels, session.lines, mine);
  const { kind, sku } = session.notice ?? {};
  if (!sku || problems.length > 0 || (kind !== 'sold_out' && kind !== 'menu_changed')) return problems;
  return session.lines
    .filter((line) => cartDemand(index, [line]).has(sku))
    .map(({ key }) => ({ key, problems: [{ kind: 'refused', sku }] }));
}

// A hold keeps units that somebody counts; what is not counted and marked sold out is gone for
// everybody.
function countedOnly(levels, demand) {
  return new Map([...demand].filter(([sku]) => levels.get(sku)?.type === 'limited'));
}
