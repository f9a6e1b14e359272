// The frame: top bar, the three pages, and what lies over them.
import { html } from '../shared/ui.js';
import { t } from '../shared/i18n.js';
import { Button, LanguageSwitch, LiveBar, State } from '../shared/components.js';
import { span } from '../shared/format.js';
import { OrderPage } from './order_page.js';
import { OrdersPage } from './orders_page.js';
import { StockPage } from './stock_page.js';
import { DayPage } from './day_page.js';
import { ItemSheet } from './item_sheet.js';
import { RecoveryDesk } from './recovery_desk.js';
import { SignInSheet, StaffButton } from './staff.js';
import { openOrders, waitingOnline } from './order_state.js';
import { lowItems } from './low.js';
import { OnlineBar } from './online_orders.js';
import { UnseenBar } from './unseen.js';
import { switchTheme, theme } from './theme.js';

const kPages = { order: OrderPage, orders: OrdersPage, stock: StockPage, day: DayPage };

export function Till({ desk }) {
  const { shop, page, sheet } = desk;
  const Page = kPages[page.value];
  return html`<div class="till" data-testid="till">
    <${LiveBar} shop=${shop} title=${shop.device.value?.name ?? t('till.title')}>
      <${StaffButton} desk=${desk} />
      <${Button}
        kind="quiet"
        onClick=${() => switchTheme(shop.device.value?.accent)}
        data-testid="theme"
        aria-label=${t(theme.value === 'dark' ? 'theme.light' : 'theme.dark')}
      >${theme.value === 'dark' ? '☀' : '☾'}<//>
      <${LanguageSwitch} />
    <//>
    <${RecoveryDesk} desk=${desk} />
    <${Pages} desk=${desk} />
    <${OnlineBar} desk=${desk} />
    <${Waiting} desk=${desk} />
    <${UnseenBar} desk=${desk} />
    ${desk.hasMenu.value ? html`<${Page} desk=${desk} />` : html`<${Loading} shop=${shop} />`}
    ${sheet.value && html`<${ItemSheet} desk=${desk} key=${sheet.value.item.id} />`}
    ${desk.signIn.value && html`<${SignInSheet} desk=${desk} />`}
  </div>`;
}

function Pages({ desk }) {
  const { page, orders, levels, oversells } = desk;
  const online = waitingOnline(orders.value).length;
  const ready = orders.value.filter((order) => order.state === 'ready').length;
  const out = [...levels.value.values()].filter((level) => level.status === 'sold_out').length;
  const oversold = oversells.value.length;
  const low = lowItems(levels.value).length;
  const tab = (id, count, note) => html`<button
    type="button"
    role="tab"
    aria-selected=${page.value === id}
    onClick=${() => (page.value = id)}
    data-testid=${`page-${id}`}
  >${t(`page.${id}`)} ${count !== null && html`<span class="count">${count}</span>`} ${note}</button>`;
  return html`<nav class="pages" role="tablist" aria-label=${t('pages')}>
    ${tab('order', null, '')}
    ${tab('orders', openOrders(orders.value).length, html`${ready > 0 && html`<span class="ready">${t('page.ready', { n: ready })}</span>`} ${online > 0 && html`<span class="low" data-testid="online-count">${t('page.online', { n: online })}</span>`}`)}
    ${tab('stock', null, html`${out > 0 && html`<span class="out">${t('page.out', { n: out })}</span>`} ${low > 0 && html`<span class="low" data-testid="low-count">${t('page.low', { n: low })}</span>`} ${oversold > 0 && html`<span class="out" data-testid="oversold-count">${t('page.oversold', { n: oversold })}</span>`}`)}
    ${tab('day', null, '')}
  </nav>`;
}

// Commands whose answer is late: what they are, for how long, and that nothing need be done.
function Waiting({ desk }) {
  const late = desk.kept.value.filter((entry) => entry.isLate && entry.id !== desk.ticket.value.sending);
  if (late.length === 0) return null;
  const now = desk.shop.wall.value;
  return html`<ul class="waiting" role="status" data-testid="waiting">
    ${late.map(
      (entry) => html`<li key=${entry.id} data-testid="waiting-entry">
        <strong>${entry.note.label ?? entry.verb}</strong>
        <span>${t('waiting', { span: span(now - entry.since) })}</span>
      </li>`,
    )}
  </ul>`;
}

function Loading({ shop }) {
  const isStale = shop.live.value.state === 'stale';
  return html`<${State}
    icon=${isStale ? 'plug' : 'plate'}
    title=${t('view.loading')}
    text=${isStale ? t('loading.stale') : t('view.loading.text')}
    testid="loading"
  />`;
}
