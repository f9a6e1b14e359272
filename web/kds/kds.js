// The kitchen display: what it shows and how the pieces hang together.
import { html, signal, useEffect, useMemo, useState } from '../shared/ui.js';
import { t } from '../shared/i18n.js';
import { Button, LanguageSwitch, LiveBar, State } from '../shared/components.js';
import { Actions, waitingFor } from './actions.js';
import { stayAwake } from './awake.js';
import { Board } from './board.js';
import { useKeys } from './keys.js';
import { News } from './news.js';
import { AllDayPanel, EightySixSheet, RecentSheet, StationSheet, TicketSheet } from './sheets.js';
import { makeSound } from './sound.js';
import { Taps } from './taps.js';
import { ExpoCard, Ticket, stationName } from './ticket.js';
import { bumpedTickets, isDead, kAll, kExpo, openOrders, openTickets, outOfStock } from './tickets.js';

const kStationKey = 'larder.kds.station';
const chosen = signal(localStorage.getItem(kStationKey)); // null: the token's own
const sheet = signal(null); // { kind, ... }
const isAllDay = signal(false);
const selected = signal(null); // a ticket's key
const board = signal({ shown: [], hidden: 0 });

export function Kds({ shop }) {
  const kitchen = shop.follow('kitchen').value;
  const { menu, stock } = shop.follow('menu').value.view ?? {};
  const { actions, sound, taps } = useMachinery(shop);
  const filter = chosen.value ?? (shop.device.value?.station || kAll);
  const view = kitchen.view;
  const entries = useMemo(() => entriesOf(view, filter), [view, filter]);
  useNews(kitchen, filter, sound);
  useEffect(() => {
    document.title = `${filterName(menu, filter)} · ${t('kds.title')}`;
  });
  const recallLast = () => recall(view, filter, actions);
  const keys = useKeys({ board, selected, sheet, actions, taps, recallLast, toggleAllDay });
  return html`<${LiveBar} shop=${shop} title=${filterName(menu, filter)}>
      <${SoundButton} sound=${sound} />
      <${LanguageSwitch} />
    <//>
    <div class="kds" data-sounds=${sound.rung.value} data-testid="kds">
      ${entries.length > 0
        ? html`<${Board}
            entries=${entries}
            isOld=${!kitchen.fresh}
            onShown=${(next) => noteShown(next)}
            render=${(entry, i, room) => card({ shop, entry, i, room, filter, menu, actions, taps, keys })}
          />`
        : html`<${Nothing} shop=${shop} kitchen=${kitchen} filter=${filter} menu=${menu} />`}
      ${isAllDay.value && view && html`<${AllDayPanel} view=${view} filter=${filter} onClose=${toggleAllDay} />`}
    </div>
    <${Tools} ...${{ view, filter, menu, stock, recallLast, count: entries.length }} />
    <${OpenSheet} ...${{ shop, view, menu, stock, filter, actions }} />`;
}

function useMachinery(shop) {
  return useMemo(() => {
    const actions = new Actions(shop);
    const single = (entry, what) => {
      const line = entry.ticket?.lines[what.line];
      if (!line || line.voided || isDead(entry.order)) sheet.value = { kind: 'ticket', key: entry.key };
      else actions.check(entry, what.line);
    };
    const double = (entry) => (entry.ticket ? actions.bump(entry) : actions.handOver(entry));
    stayAwake();
    return { actions, sound: makeSound(), taps: new Taps({ single, double }) };
  }, []);
}

function entriesOf(view, filter) {
  if (!view) return [];
  return filter === kExpo ? openOrders(view) : openTickets(view, filter);
}

// Rings once per new ticket of this screen (at the expo: per order that became ready), and once
// when an order on the board is voided.
function useNews(kitchen, filter, sound) {
  const news = useMemo(() => ({ arrived: new News(), gone: new News() }), []);
  useEffect(() => {
    if (!kitchen.view) return;
    const isHere = (ticket) => filter === kAll || filter === kExpo || ticket.station === filter;
    const all = kitchen.view.orders.flatMap((order) => order.tickets.map((ticket) => ({ order, ticket })));
    const arrived = all.map(({ order, ticket }) => ({ key: `${order.order}/${ticket.station}`, isHere: isHere(ticket) }));
    const gone = all
      .filter(({ order, ticket }) => isDead(order) && !ticket.bumped)
      .map(({ order, ticket }) => ({ key: `${order.order}/${ticket.station}`, isHere: isHere(ticket) }));
    const rings = news.arrived.next(arrived, kitchen.fresh);
    for (let i = 0; i < rings; i += 1) sound.ring('new');
    if (news.gone.next(gone, kitchen.fresh) > 0) sound.ring('gone');
  }, [kitchen]);
}

function card({ shop, entry, i, room, filter, menu, actions, taps, keys }) {
  const { order, ticket } = entry;
  const common = {
    ...{ key: entry.key, entry, room, menu, now: shop.now.value, device: shop.device.value },
    place: keys.value && i < 10 ? (i + 1) % 10 : undefined,
    isSelected: selected.value === entry.key,
    waiting: waitingFor(shop.pending.value, order.order, ticket?.station),
    onTap: (what, event) => taps.tap(entry, what, event),
  };
  if (filter === kExpo) {
    return html`<${ExpoCard} ...${common} isLeaving=${actions.leaving.value.has(order.order)} />`;
  }
  return html`<${Ticket} ...${common} showStation=${filter === kAll} />`;
}

function noteShown({ shown, hidden }) {
  const same = board.value.hidden === hidden && board.value.shown.length === shown.length;
  if (same && board.value.shown.every((entry, i) => entry === shown[i])) return;
  board.value = { shown, hidden };
}

function toggleAllDay() {
  isAllDay.value = !isAllDay.value;
}

function recall(view, filter, actions) {
  const last = view && bumpedTickets(view, filter)[0];
  if (last) actions.recall(last);
  else sheet.value = { kind: 'recent' };
}

function choose(filter) {
  chosen.value = filter;
  selected.value = null;
  localStorage.setItem(kStationKey, filter);
}

function filterName(menu, filter) {
  if (filter === kAll) return t('station.all');
  return filter === kExpo ? t('station.expo') : stationName(menu, filter);
}

// An empty board says why: not live, a filter, or really nothing to cook.
function Nothing({ shop, kitchen, filter, menu }) {
  const elsewhere = kitchen.view ? openTickets(kitchen.view, kAll).length : 0;
  const name = filterName(menu, filter);
  let what;
  if (!kitchen.view) {
    what = { icon: 'plug', key: shop.live.value.state === 'stale' ? 'empty.never' : 'empty.loading' };
  } else if (!kitchen.fresh && shop.live.value.state !== 'live') {
    what = { icon: 'plug', key: 'empty.stale' };
  } else if (elsewhere > 0 && filter !== kAll) {
    what = { icon: 'filter', key: 'empty.filter', showAll: true };
  } else {
    what = { icon: 'tick', key: 'empty.none' };
  }
  const text = t(`${what.key}.text`, { n: elsewhere, name });
  return html`<main class="nothing" data-testid="nothing" data-why=${what.key}>
    <${State} icon=${what.icon} title=${t(what.key, { name })} text=${text}>
      ${what.showAll && html`<${Button} large onClick=${() => choose(kAll)}>${t('empty.show-all')}<//>`}
    <//>
  </main>`;
}

function Tools({ view, filter, menu, stock, recallLast, count }) {
  const out = outOfStock(stock).size;
  const { hidden } = board.value;
  const open = (kind) => () => (sheet.value = { kind });
  return html`<nav class="tools" aria-label=${t('tools.title')}>
    <${Button} onClick=${open('station')} data-testid="tool-station">${filterName(menu, filter)} ▾<//>
    <${Button} onClick=${recallLast} disabled=${!view} data-testid="tool-recall">${t('tools.recall')}<//>
    <${Button} onClick=${open('recent')} disabled=${!view} data-testid="tool-recent">${t('tools.recent')}<//>
    <${Button} onClick=${toggleAllDay} aria-pressed=${isAllDay.value} data-testid="tool-all-day">${t('tools.all-day')}<//>
    <${Button} onClick=${open('86')} disabled=${!menu} data-testid="tool-86" data-out=${out}>
      ${t('tools.86')} ${out > 0 && html`<strong class="out-count">${t('tools.out', { n: out })}</strong>`}
    <//>
    <span class="space"></span>
    <span class="count" data-testid="open-count">${t('tools.open', { n: count })}</span>
    ${hidden > 0 &&
    count > 0 &&
    html`<strong class="overflow" data-testid="overflow">+${hidden} <span>${t('tools.more')}</span></strong>`}
  </nav>`;
}

function SoundButton({ sound }) {
  const state = sound.state.value;
  const sign = { on: '♪', off: '✕ ♪', locked: '♪ ?' }[state];
  return html`<${Button}
    kind="quiet"
    class=${`sound ${state}`}
    aria-label=${t(`sound.${state}`)}
    onClick=${() => state !== 'locked' && sound.toggle()}
    data-testid="sound"
    data-state=${state}
  >
    <span aria-hidden="true">${sign}</span><span class="sound-word">${t(`sound.${state}`)}</span>
  <//>`;
}

function OpenSheet({ shop, view, menu, stock, filter, actions }) {
  const open = sheet.value;
  if (!open) return null;
  const onClose = () => (sheet.value = null);
  const own = shop.device.value?.station;
  if (open.kind === 'station') {
    const counts = new Map();
    for (const { ticket } of view ? openTickets(view, kAll) : []) {
      counts.set(ticket.station, (counts.get(ticket.station) ?? 0) + 1);
    }
    return html`<${StationSheet} ...${{ menu, filter, own, counts, onClose }} onChoose=${choose} />`;
  }
  if (open.kind === '86' && menu) {
    return html`<${EightySixSheet} ...${{ menu, stock, filter, actions, onClose }} asked=${open.asked} />`;
  }
  if (!view) return null;
  const now = shop.now.value;
  if (open.kind === 'recent') return html`<${RecentSheet} ...${{ view, filter, menu, now, actions, onClose }} />`;
  const entry = entriesOf(view, filter).find(({ key }) => key === open.key);
  if (!entry) return null;
  const on86 = (sku, name) => (sheet.value = { kind: '86', asked: { sku, name, status: 'sold_out' } });
  const zone = shop.hello.value?.zone;
  return html`<${TicketSheet} ...${{ entry, menu, zone, actions, on86, onClose }} />`;
}
