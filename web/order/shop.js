// The frame of the storefront: the top bar, what is wrong with the line or the store, and the step.
import { html } from '../shared/ui.js';
import { t } from '../shared/i18n.js';
import { LanguageSwitch, LiveDot, State } from '../shared/components.js';
import { clock } from '../shared/format.js';
import { ItemSheet } from '../kiosk/item_sheet.js';
import { MenuPage } from '../kiosk/menu_page.js';
import { CheckoutPage } from './checkout_page.js';
import { NameSheet } from './name_sheet.js';
import { OrderPage } from './order_page.js';

const kPages = { menu: MenuPage, checkout: CheckoutPage, order: OrderPage };

export function Shop({ counter }) {
  const { line, session, sheet, asksName } = counter;
  const { step } = session.value;
  const Page = kPages[step] ?? MenuPage;
  return html`<div class="kiosk shop" data-testid="shop" data-step=${step}>
    <header class="live-bar">
      <h1 class="title">${t('shop.title', { store: line.store })}</h1>
      <span class="space"></span>
      <${LiveDot} live=${line.live.value} />
      <${LanguageSwitch} />
    </header>
    <${Stale} line=${line} />
    ${counter.isStoreAway.value && !counter.isPaused.value && step !== 'order' && html`<${Away} />`}
    ${counter.hasMenu.value || step === 'order' ? html`<${Page} counter=${counter} key=${step} />` : html`<${Loading} line=${line} />`}
    ${sheet.value && html`<${ItemSheet} counter=${counter} key=${sheet.value.item.id} />`}
    ${asksName.value && html`<${NameSheet} counter=${counter} />`}
  </div>`;
}

function Stale({ line }) {
  const { state, since } = line.live.value;
  if (state !== 'stale') return null;
  return html`<div class="stale-banner" role="alert" data-testid="stale-banner">
    <span class="since">${t('shop.stale', { time: clock(since) })}</span>
    <span>${t('live.trying')}</span>
  </div>`;
}

// The store's hub is away: an order waits for it, and limited dishes are those the relay has.
function Away() {
  return html`<p class="store-away" role="status" data-testid="store-away">${t('shop.away')}</p>`;
}

function Loading({ line }) {
  if (line.isUnknown.value) {
    return html`<${State} icon="alert" title=${t('shop.unknown', { store: line.store })} text=${t('shop.unknown.text')} testid="no-menu" />`;
  }
  const isStale = line.live.value.state === 'stale';
  return html`<${State}
    icon=${isStale ? 'plug' : 'plate'}
    title=${isStale ? t('shop.lost') : t('shop.loading')}
    text=${isStale ? t('live.trying') : ''}
    testid="loading"
  />`;
}

export function NoStore() {
  return html`<${State} icon="alert" title=${t('shop.none')} text=${t('shop.none.text')} testid="no-store" />`;
}
