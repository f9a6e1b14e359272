// Checkout: what is ordered, how long it is kept (by the relay's clock), and one way to pay.
import { html } from '../shared/ui.js';
import { t } from '../shared/i18n.js';
import { Button } from '../shared/components.js';
import { money, span } from '../shared/format.js';
import { CartLine } from '../kiosk/cart_panel.js';
import { CartNotice } from '../kiosk/notices.js';

const kHurryMs = 30 * 1000;

export function CheckoutPage({ counter }) {
  const { session, order, index, left, isPaused } = counter;
  const { lines, lock, name, isPaying, isUnknown } = session.value;
  const ms = left.value;
  const kind = ms === 0 ? 'over' : ms < kHurryMs ? 'hurry' : '';
  const price = money(lock?.total ?? counter.total.value, index.value.currency);
  return html`<main class="checkout">
    <div class="checkout-order">
      <header>
        <h2>${t('checkout.title')}</h2>
        <span class="where">${t('checkout.for', { name })}</span>
      </header>
      <${CartNotice} counter=${{ ...counter, session: withHold(session) }} />
      <div class="cart-lines">${lines.map((line) => html`<${CartLine} key=${line.key} ...${{ counter, line }} isFixed=${true} />`)}</div>
    </div>
    <div class="checkout-pay">
      ${!isPaying &&
      html`<div class=${`hold-timer ${kind}`} role="timer" data-testid="lock-timer" data-left-ms=${Math.round(ms)}>
        <strong>${span(ms)}</strong>
        <span>${ms === 0 ? t('lock.asking') : t('hold.text')}</span>
      </div>`}
      <p class="checkout-total">
        <span>${t('cart.total')}</span>
        <strong data-testid="checkout-total">${price}</strong>
      </p>
      ${isPaying
        ? html`<p class="paying" role="status" data-testid="paying">${isUnknown ? t('pay.unknown') : t('pay.sending')}</p>`
        : html`<${Button} kind="primary" large class="next" disabled=${isPaused.value || ms === 0} onClick=${() => order.pay()} data-testid="pay">${t('pay.now', { price })}<//>`}
      <p class="simulated">${t('pay.none')}</p>
      <${Button} large disabled=${isPaying} onClick=${() => order.release()} data-testid="checkout-back">${t('checkout.back')}<//>
    </div>
  </main>`;
}

// The kiosk's notice names what the hold costs.
function withHold(session) {
  return { value: { ...session.value, hold: session.value.lock } };
}
