// Taking something off a price: how much, why, and what is left to pay.
import { html, useState } from '../shared/ui.js';
import { t } from '../shared/i18n.js';
import { Button, Sheet } from '../shared/components.js';
import { readDiscount, takenOff } from './discount.js';
import { Reason } from './void_sheet.js';

const kPercents = ['5', '10', '20', '50'];
const kReasons = ['late', 'complaint', 'regular', 'staff-meal'];

// `cost` is what the lines cost; `had` what came off until now; onGive(discount or null).
export function DiscountSheet({ desk, title, cost, had, onGive, onClose }) {
  const [kind, setKind] = useState(had?.kind ?? (had?.amount !== undefined && had.percent === undefined ? 'amount' : 'percent'));
  const [typed, setTyped] = useState('');
  const [reason, setReason] = useState(had?.reason ?? '');
  const discount = readDiscount(kind, typed, reason, cost);
  const off = takenOff(readDiscount(kind, typed, 'any', cost), cost);
  const give = (event) => {
    event?.preventDefault();
    if (discount) onGive(discount);
  };
  const choose = (next) => () => (setKind(next), setTyped(''));
  const footer = html`${had && html`<${Button} large onClick=${() => onGive(null)} data-testid="discount-remove">${t('discount.remove')}<//>`}
    <${Button} kind="primary" large disabled=${!discount || !desk.isLive.value} onClick=${give} data-testid="discount-confirm">
      ${t('discount.confirm', { price: desk.price(off) })}
    <//>`;
  return html`<${Sheet} title=${title} onClose=${onClose} footer=${footer} testid="discount-sheet">
    <form class="tender" onSubmit=${give}>
      <div class="switch" role="group" aria-label=${t('discount.kind')}>
        <${Button} aria-pressed=${kind === 'percent'} onClick=${choose('percent')} data-testid="discount-percent">${t('discount.percent')}<//>
        <${Button} aria-pressed=${kind === 'amount'} onClick=${choose('amount')} data-testid="discount-amount">${t('discount.amount')}<//>
      </div>
      <label class="field">
        ${t(`discount.${kind}.label`)}
        <input class="figure-field" inputmode="decimal" value=${typed} onInput=${(event) => setTyped(event.target.value)} autocomplete="off" data-autofocus data-testid="discount-value" />
      </label>
      ${kind === 'percent' &&
      html`<div class="suggestions">
        ${kPercents.map((percent) => html`<${Button} key=${percent} aria-pressed=${typed === percent} onClick=${() => setTyped(percent)} data-testid=${`discount-${percent}`}>${percent} %<//>`)}
      </div>`}
      <${Reason} value=${reason} onChange=${setReason} reasons=${kReasons} testid="discount-reason" focus=${false} />
      <p class="due"><span>${t('discount.before')}</span><span class="figure">${desk.price(cost)}</span></p>
      <p class="due"><span>${t('discount.after')}</span><strong data-testid="discount-after">${desk.price(cost - off)}</strong></p>
    </form>
  <//>`;
}
