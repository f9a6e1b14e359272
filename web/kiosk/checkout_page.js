// Checkout: what is ordered, how long it is kept, and two ways to pay.
import { html, useEffect, useState } from '../shared/ui.js';
import { t } from '../shared/i18n.js';
import { Button } from '../shared/components.js';
import { money, span } from '../shared/format.js';
import { cartTotal } from '../shared/ordering/cart.js';
import { CartLine } from './cart_panel.js';
import { CartNotice } from './notices.js';

const kTerminalMs = 2500; // how long the simulated terminal thinks
const kHurryMs = 30 * 1000;

export function CheckoutPage({ counter }) {
  const { session, checkout, index, shop } = counter;
  const { hold, lines, service, table, isHolding } = session.value;
  const leftMs = hold ? hold.expires_at / 1000 - shop.now.value : 0;
  const isOver = !hold || leftMs <= 0;
  const isStuck = counter.problems.value.length > 0; // something sold out that nobody could hold
  return html`<main class="checkout">
    <div class="checkout-order">
      <header>
        <h2>${t('checkout.title')}</h2>
        <span class="where">${service === 'dine_in' ? t('service.table', { table }) : t('service.takeaway')}</span>
      </header>
      <${CartNotice} counter=${counter} />
      <div class="cart-lines">${lines.map((line) => html`<${CartLine} key=${line.key} ...${{ counter, line }} isFixed=${true} />`)}</div>
    </div>
    <div class="checkout-pay">
      ${hold && html`<${HoldTimer} ms=${leftMs} isOver=${isOver} />`}
      <p class="checkout-total">
        <span>${t('cart.total')}</span>
        <strong data-testid="checkout-total">${money(hold?.total ?? cartTotal(index.value, lines), index.value.currency)}</strong>
      </p>
      ${isStuck ? null : isOver ? html`<${Again} ...${{ counter, isHolding }} />` : html`<${Ways} counter=${counter} />`}
      <${Button} large kind=${isStuck ? 'primary' : ''} onClick=${() => checkout.release()} data-testid="checkout-back">${t('checkout.back')}<//>
    </div>
  </main>`;
}

function HoldTimer({ ms, isOver }) {
  const kind = isOver ? 'over' : ms < kHurryMs ? 'hurry' : '';
  return html`<div class=${`hold-timer ${kind}`} role="timer" data-testid="hold-timer" data-left-ms=${Math.max(0, Math.round(ms))}>
    <strong>${span(Math.max(0, ms))}</strong>
    <span>${isOver ? t('hold.over') : t('hold.text')}</span>
  </div>`;
}

function Ways({ counter }) {
  const { isPaused, set, checkout } = counter;
  return html`<div class="pay-ways">
    <${Button} kind="primary" large class="next" disabled=${isPaused.value} onClick=${() => set({ step: 'terminal' })} data-testid="pay-card">
      <${CardIcon} /> ${t('pay.card')}
    <//>
    <${Button} large class="next" disabled=${isPaused.value} onClick=${() => checkout.place('counter')} data-testid="pay-counter">
      <${CounterIcon} /> ${t('pay.counter')}
    <//>
    <p class="simulated">${t('pay.simulated')}</p>
  </div>`;
}

function Again({ counter, isHolding }) {
  return html`<${Button}
    kind="primary"
    large
    class="next"
    disabled=${counter.isPaused.value || isHolding}
    onClick=${() => counter.checkout.enter()}
    data-testid="hold-again"
  >${isHolding ? t('cart.next.holding') : t('hold.again')}<//>`;
}

// The card terminal of a real kiosk is a machine of its own; this one says that it is none.
export function Terminal({ counter }) {
  const { session, set, checkout, index } = counter;
  const [isRead, setRead] = useState(false);
  const { hold } = session.value;
  useEffect(() => {
    const timers = [setTimeout(() => setRead(true), kTerminalMs * 0.6), setTimeout(pay, kTerminalMs)];
    return () => timers.forEach(clearTimeout);
  }, []);
  const pay = () => {
    const now = session.value;
    if (now.step !== 'terminal' || !now.hold) return;
    const reference = `sim-${Math.random().toString(36).slice(2, 10)}`;
    checkout.place('card', { tender: 'card', amount: now.hold.total, reference });
  };
  return html`<div class="sheet-back">
    <div class="sheet terminal" role="dialog" aria-modal="true" aria-label=${t('terminal.title')} data-testid="terminal">
      <div class="body">
        <div class=${`machine ${isRead ? 'read' : ''}`} aria-hidden="true"><${CardIcon} /></div>
        <h2 aria-live="polite">${isRead ? t('terminal.read') : t('terminal.title')}</h2>
        <p class="checkout-total"><strong>${hold && money(hold.total, index.value.currency)}</strong></p>
        <p class="simulated">${t('terminal.simulated')}</p>
      </div>
      <footer><${Button} large disabled=${isRead} onClick=${() => set({ step: 'checkout' })} data-testid="terminal-cancel">${t('action.cancel')}<//></footer>
    </div>
  </div>`;
}

const CardIcon = () => html`<svg class="line-icon" viewBox="0 0 32 32" aria-hidden="true">
  <path d="M4 8h24v16H4zM4 13h24M8 20h6" fill="none" stroke="currentColor" stroke-width="2.5" stroke-linejoin="round" />
</svg>`;

const CounterIcon = () => html`<svg class="line-icon" viewBox="0 0 32 32" aria-hidden="true">
  <path d="M3 24h26M6 24a10 10 0 0 1 20 0M16 14v-4M12 9h8" fill="none" stroke="currentColor" stroke-width="2.5" stroke-linecap="round" />
</svg>`;
