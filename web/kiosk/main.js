// The kiosk: a guest orders at a screen of their own. Runs unattended for weeks; every way through
// it ends in an order number or in the welcome page.
import '../shared/base.css';
import '../shared/ordering/ordering.css';
import './kiosk.css';
import './menu.css';
import './steps.css';
import { start } from '../shared/start.js';
import { html, useMemo } from '../shared/ui.js';
import orderingEn from '../shared/ordering/strings/en.js';
import orderingZh from '../shared/ordering/strings/zh.js';
import en from './strings/en.js';
import zh from './strings/zh.js';
import { makeCounter } from './counter.js';
import { Kiosk } from './kiosk.js';

function App({ shop }) {
  const counter = useMemo(() => makeCounter(shop), [shop]);
  return html`<${Kiosk} counter=${counter} />`;
}

start({
  app: 'kiosk',
  version: __VERSION__,
  strings: { en: { ...orderingEn, ...en }, zh: { ...orderingZh, ...zh } },
  App,
});
