// The till: staff take orders and money, follow what is open, and say what is sold out.
import '../shared/base.css';
import '../shared/ordering/ordering.css';
import './till.css';
import './order.css';
import './tables.css';
import './stock.css';
import './online.css';
import './day.css';
import { start } from '../shared/start.js';
import { html, useMemo } from '../shared/ui.js';
import orderingEn from '../shared/ordering/strings/en.js';
import orderingZh from '../shared/ordering/strings/zh.js';
import en from './strings/en.js';
import zh from './strings/zh.js';
import { makeDesk } from './desk.js';
import { startTheme } from './theme.js';
import { Till } from './till.js';

function App({ shop }) {
  const desk = useMemo(() => makeDesk(shop), [shop]);
  return html`<${Till} desk=${desk} />`;
}

startTheme();
start({
  app: 'till',
  version: __VERSION__,
  strings: { en: { ...orderingEn, ...en }, zh: { ...orderingZh, ...zh } },
  App,
});
