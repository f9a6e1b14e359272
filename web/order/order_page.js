// A paid order on its way: what is done, what is next, and the number that is called.
import { html } from '../shared/ui.js';
import { t } from '../shared/i18n.js';
import { Button } from '../shared/components.js';
import { clock, money } from '../shared/format.js';

const kSteps = ['paid', 'received', 'accepted', 'preparing', 'ready'];
// How many steps are done at each stage of the relay.
export const kDone = { waiting: 1, late: 1, received: 2, accepted: 3, preparing: 4, ready: 5, served: 5 };
const kEnded = new Set(['ready', 'served', 'rejected', 'late']);

export function OrderPage({ counter }) {
  const { session, index } = counter;
  const { order, name } = session.value;
  if (!order) return null;
  const { stage, number } = order;
  const isAway = stage === 'waiting' && order.isLive === false;
  const values = {
    name,
    price: money(order.total, index.value.currency),
    time: clock(Date.parse(order.updatedAt)),
  };
  return html`<main class=${`order-page ${stage}`} data-testid="order" data-stage=${stage}>
    ${number !== undefined &&
    html`<p class="order-number"><span>${t('done.number')}</span> <strong data-testid="order-number">${number}</strong></p>`}
    <h2 role="status" data-testid="stage">${t(isAway ? 'stage.away' : `stage.${stage}`, values)}</h2>
    <p class="stage-text">${t(isAway ? 'stage.away.text' : `stage.${stage}.text`, values)}</p>
    ${stage === 'rejected' ? html`<${Rejected} ...${{ order, values }} />` : html`<${Way} done=${kDone[stage] ?? 0} />`}
    <p class="when">${t('stage.since', values)}</p>
    ${kEnded.has(stage) &&
    html`<${Button} large kind=${stage === 'rejected' ? 'primary' : ''} class="next" onClick=${() => counter.again()} data-testid="order-again">${t('order.again')}<//>`}
  </main>`;
}

function Way({ done }) {
  return html`<ol class="way-steps">
    ${kSteps.map((step, place) => {
      const state = place < done ? 'is-done' : place === done ? 'is-next' : '';
      return html`<li key=${step} class=${state} aria-current=${state === 'is-next' ? 'step' : undefined}>
        <span class="mark" aria-hidden="true">${state === 'is-done' ? '✓' : place + 1}</span>
        <span>${t(`way.${step}`)}</span>
      </li>`;
    })}
  </ol>`;
}

function Rejected({ order, values }) {
  return html`<div class="refund" data-testid="refund">
    ${order.reason && html`<p>${t('rejected.reason', { reason: order.reason })}</p>`}
    <p><strong>${t('rejected.refund', values)}</strong></p>
  </div>`;
}
