// The frame of every step: the top bar, the page of the step, and what lies over it.
import { html, useEffect, useState } from '../shared/ui.js';
import { t } from '../shared/i18n.js';
import { Button, LanguageSwitch, LiveBar, State } from '../shared/components.js';
import { Welcome, TablePage } from './welcome.js';
import { MenuPage } from './menu_page.js';
import { CheckoutPage, Terminal } from './checkout_page.js';
import { DonePage, SendingPage } from './done_page.js';
import { ItemSheet } from './item_sheet.js';
import { Idle } from './idle.js';

const kPages = {
  welcome: Welcome,
  table: TablePage,
  menu: MenuPage,
  checkout: CheckoutPage,
  terminal: CheckoutPage,
  sending: SendingPage,
  done: DonePage,
};

export function Kiosk({ counter }) {
  const { shop, session, sheet } = counter;
  const [isLow, setLow] = useState(false);
  const { step } = session.value;
  const Page = kPages[step] ?? Welcome;
  const isUnderWay = step !== 'welcome' && step !== 'done' && step !== 'sending';
  useEffect(() => {
    document.documentElement.classList.toggle('low', isLow && step !== 'welcome');
  }, [isLow, step]);
  return html`<div class="kiosk" data-testid="kiosk" data-step=${step}>
    <${LiveBar} shop=${shop} title=${shop.hello.value?.name ?? t('kiosk.title')}>
      ${isUnderWay && html`<${Button} kind="quiet" onClick=${() => counter.reset()} data-testid="start-over">${t('start-over')}<//>`}
      <${LanguageSwitch} />
    <//>
    ${counter.isPaused.value && shop.live.value.state === 'stale' && html`<${Paused} />`}
    ${counter.hasMenu.value ? html`<${Page} counter=${counter} key=${step === 'terminal' ? 'checkout' : step} />` : html`<${Loading} shop=${shop} />`}
    <${Reach} isLow=${isLow} onChange=${setLow} />
    ${sheet.value && html`<${ItemSheet} counter=${counter} key=${sheet.value.item.id} />`}
    ${step === 'terminal' && html`<${Terminal} counter=${counter} />`}
    <${Idle} counter=${counter} />
  </div>`;
}

function Paused() {
  return html`<p class="paused" role="status" data-testid="paused">
    <strong>${t('paused.title')}</strong> <span>${t('paused.text')}</span>
  </p>`;
}

function Loading({ shop }) {
  const isStale = shop.live.value.state === 'stale';
  return html`<${State}
    icon=${isStale ? 'plug' : 'plate'}
    title=${isStale ? t('paused.title') : t('view.loading')}
    text=${isStale ? t('paused.first') : t('view.loading.text')}
    testid="loading"
  />`;
}

// On a tall screen: brings every control into the reach of a guest who sits. The button itself is
// at the foot of the screen.
function Reach({ isLow, onChange }) {
  return html`<button
    type="button"
    class="reach"
    aria-pressed=${isLow}
    onClick=${() => onChange(!isLow)}
    data-testid="reach"
  >${isLow ? t('reach.high') : t('reach.low')}</button>`;
}
