// The storefront: a guest orders from a store by phone, pays (simulated) and sees how far the
// kitchen is. Served by the relay; speaks to /api/v1/storefront and to nothing else.
import '../shared/base.css';
import '../shared/ordering/ordering.css';
import '../kiosk/kiosk.css';
import '../kiosk/menu.css';
import '../kiosk/steps.css';
import './order.css';
import { html, render } from '../shared/ui.js';
import { startLanguage } from '../shared/i18n.js';
import { Toasts } from '../shared/components.js';
import orderingEn from '../shared/ordering/strings/en.js';
import orderingZh from '../shared/ordering/strings/zh.js';
import kioskEn from '../kiosk/strings/en.js';
import kioskZh from '../kiosk/strings/zh.js';
import en from './strings/en.js';
import zh from './strings/zh.js';
import { makeLine } from './line.js';
import { makeCounter } from './counter.js';
import { NoStore, Shop } from './shop.js';

startLanguage('order', { en: { ...orderingEn, ...kioskEn, ...en }, zh: { ...orderingZh, ...kioskZh, ...zh } });
if ('serviceWorker' in navigator && isSecureContext) {
  navigator.serviceWorker.register('./sw.js').catch(() => {});
}
const store = new URLSearchParams(location.search).get('store') ?? '';
const root = document.getElementById('app');
if (store) {
  const counter = makeCounter(makeLine(store));
  render(html`<${Shop} counter=${counter} /><${Toasts} />`, root);
} else {
  render(html`<${NoStore} />`, root);
}
