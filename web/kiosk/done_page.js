// After the order was sent: waiting for its answer, and then the number.
import { html, useEffect, useState } from '../shared/ui.js';
import { t } from '../shared/i18n.js';
import { Button } from '../shared/components.js';
import { clock, money } from '../shared/format.js';

const kDoneS = 20;

// The answer is on its way, late, or was "later". The order keeps its id; nothing here can make a
// second one.
export function SendingPage({ counter }) {
  const { session, checkout, shop } = counter;
  const { order, isUnknown, isBusy } = session.value;
  const isPaid = order?.how === 'card';
  const code = order?.id.slice(-6).toUpperCase();
  const state = isBusy ? 'busy' : isUnknown ? 'checking' : 'sending';
  return html`<main class="sending" data-testid="sending" data-state=${state}>
    <div class=${`wave ${state}`} aria-hidden="true"><i></i><i></i><i></i></div>
    <h2 role="status">${t(`${state}.title`)}</h2>
    <p>${t(`${state}.text`)}</p>
    ${state !== 'sending' && isPaid && html`<p><strong>${t('checking.paid')}</strong></p>`}
    ${state === 'checking' && html`<p class="code">${t('checking.code')} <strong data-testid="order-code">${code}</strong></p>`}
    ${isBusy &&
    html`<${Button} kind="primary" large disabled=${shop.live.value.state !== 'live'} onClick=${() => checkout.ask()} data-testid="send-again">${t('busy.again')}<//>`}
  </main>`;
}

export function DonePage({ counter }) {
  const { session, index, shop } = counter;
  const { done } = session.value;
  const [left, setLeft] = useState(kDoneS);
  useEffect(() => {
    const ticking = setInterval(() => setLeft((was) => was - 1), 1000);
    return () => clearInterval(ticking);
  }, []);
  useEffect(() => {
    if (left <= 0) counter.reset();
  }, [left]);
  if (!done) return null;
  const total = money(done.total, index.value.currency);
  const isPaid = done.how === 'card';
  return html`<main class=${`done ${isPaid ? 'paid' : 'unpaid'}`} data-testid="done" data-how=${done.how}>
    <p class="thanks">${isPaid ? t('done.thanks') : t('done.nearly')}</p>
    <h2>
      <span>${t('done.number')}</span>
      <strong data-testid="order-number">${done.number}</strong>
    </h2>
    <p class="step">${isPaid ? t('done.paid', { price: total }) : t('done.pay', { price: total })}</p>
    <p class="step">${done.service === 'dine_in' ? t('done.table', { table: done.table }) : t('done.takeaway')}</p>
    <p class="when">${clock(done.at + shop.wallOffset.value, shop.hello.value?.zone)}</p>
    <${Button} large class="next" onClick=${() => counter.reset()} data-testid="new-order">${t('done.next', { n: Math.max(0, left) })}<//>
  </main>`;
}
