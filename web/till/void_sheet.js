// Ending an order: asked once, in words that name it.
import { html, useState } from '../shared/ui.js';
import { t } from '../shared/i18n.js';
import { Button, Sheet } from '../shared/components.js';
import { actionsOf } from './order_state.js';
import { placeWords } from './words.js';

const kReasonCharactersMax = 200;
const kVoidReasons = ['wrong-entry', 'guest-left', 'kitchen', 'complaint'];

const nameOf = (order) => ({ n: order.number, where: placeWords(order) });

function Reason({ value, onChange, reasons }) {
  return html`<label class="field">
      ${t('reason')}
      <input
        value=${value}
        maxlength=${kReasonCharactersMax}
        onInput=${(event) => onChange(event.target.value)}
        autocomplete="off"
        data-autofocus
        data-testid="void-reason"
      />
    </label>
    <div class="suggestions">
      ${reasons.map((id) => html`<${Button} key=${id} aria-pressed=${value === t(`reason.${id}`)} onClick=${() => onChange(t(`reason.${id}`))} data-testid=${`reason-${id}`}>${t(`reason.${id}`)}<//>`)}
    </div>`;
}

export function VoidSheet({ desk, order, onClose }) {
  const [reason, setReason] = useState('');
  const [restock, setRestock] = useState(null); // a person says it; nothing is assumed
  const asksRestock = actionsOf(order).restock;
  const isReady = reason.trim() && (!asksRestock || restock !== null);
  const go = () => {
    const args = { order: order.order, reason: reason.trim(), restock: asksRestock && restock };
    desk.act('order.void', args, { label: t('label.void', { n: order.number }), said: t('said.void', { n: order.number }) });
    onClose();
  };
  const footer = html`<${Button} large onClick=${onClose}>${t('void.keep')}<//>
    <${Button} kind="danger" large disabled=${!isReady || !desk.isLive.value} onClick=${go} data-testid="void-confirm">${t('act.void', { n: order.number })}<//>`;
  return html`<${Sheet} title=${t('void.title', nameOf(order))} onClose=${onClose} footer=${footer} testid="void-sheet">
    <div class="tender">
      <p>${t(order.paid ? 'void.text.paid' : 'void.text', { price: desk.price(order.total) })}</p>
      <${Reason} value=${reason} onChange=${setReason} reasons=${kVoidReasons} />
      ${asksRestock &&
      html`<fieldset class="restock">
        <legend>${t('restock')}</legend>
        <${Button} aria-pressed=${restock === false} onClick=${() => setRestock(false)} data-testid="restock-no">${t('restock.no')}<//>
        <${Button} aria-pressed=${restock === true} onClick=${() => setRestock(true)} data-testid="restock-yes">${t('restock.yes')}<//>
      </fieldset>`}
    </div>
  <//>`;
}

export function CancelSheet({ desk, order, onClose }) {
  const [reason, setReason] = useState('');
  const go = () => {
    const args = { order: order.order, reason: reason.trim() };
    desk.act('order.cancel', args, { label: t('label.cancel', { n: order.number }), said: t('said.cancel', { n: order.number }) });
    onClose();
  };
  const footer = html`<${Button} large onClick=${onClose}>${t('void.keep')}<//>
    <${Button} kind="danger" large disabled=${!desk.isLive.value} onClick=${go} data-testid="cancel-confirm">${t('act.cancel', { n: order.number })}<//>`;
  return html`<${Sheet} title=${t('cancel.title', nameOf(order))} onClose=${onClose} footer=${footer} testid="cancel-sheet">
    <div class="tender">
      <p>${t('cancel.text')}</p>
      <${Reason} value=${reason} onChange=${setReason} reasons=${['guest-left', 'wrong-entry']} />
    </div>
  <//>`;
}
