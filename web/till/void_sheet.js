// Ending an order: asked once, in words that name it.
import { html, useState } from '../shared/ui.js';
import { pick, t } from '../shared/i18n.js';
import { Button, Sheet } from '../shared/components.js';
import { actionsOf } from './order_state.js';
import { placeWords } from './words.js';

const kReasonCharactersMax = 200;
const kVoidReasons = ['wrong-entry', 'guest-left', 'kitchen', 'complaint'];

const nameOf = (order) => ({ n: order.number, where: placeWords(order) });

export function Reason({ value, onChange, reasons, testid = 'void-reason', focus = true }) {
  return html`<label class="field">
      ${t('reason')}
      <input
        value=${value}
        maxlength=${kReasonCharactersMax}
        onInput=${(event) => onChange(event.target.value)}
        autocomplete="off"
        data-autofocus=${focus || undefined}
        data-testid=${testid}
      />
    </label>
    <div class="suggestions">
      ${reasons.map((id) => html`<${Button} key=${id} aria-pressed=${value === t(`reason.${id}`)} onClick=${() => onChange(t(`reason.${id}`))} data-testid=${`reason-${id}`}>${t(`reason.${id}`)}<//>`)}
    </div>`;
}

// The whole order, or one line of it.
export function VoidSheet({ desk, order, line, onClose }) {
  const [reason, setReason] = useState('');
  const [restock, setRestock] = useState(null); // a person says it; nothing is assumed
  const asksRestock = actionsOf(order).restock;
  const isReady = reason.trim() && (!asksRestock || restock !== null);
  const go = () => {
    const args = { order: order.order, reason: reason.trim(), restock: asksRestock && restock };
    const key = line ? 'void-line' : 'void';
    const words = { n: order.number, name: line && pick(line.name) };
    if (line) args.line = line.line;
    desk.act(line ? 'order.void_line' : 'order.void', args, { label: t(`label.${key}`, words), said: t(`said.${key}`, words) });
    onClose();
  };
  const footer = html`<${Button} large onClick=${onClose}>${t('void.keep')}<//>
    <${Button} kind="danger" large disabled=${!isReady || !desk.isLive.value} onClick=${go} data-testid="void-confirm">${line ? t('act.void-line') : t('act.void', { n: order.number })}<//>`;
  const title = line ? t('void-line.title', { ...nameOf(order), name: pick(line.name) }) : t('void.title', nameOf(order));
  return html`<${Sheet} title=${title} onClose=${onClose} footer=${footer} testid="void-sheet">
    <div class="tender">
      <p>${line ? t(order.paid ? 'void-line.text.paid' : 'void-line.text') : t(order.paid ? 'void.text.paid' : 'void.text', { price: desk.price(order.total) })}</p>
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
