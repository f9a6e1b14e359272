// Orders that were sold online and wait for a person: how many and since when, on every page, and
// what is in them. Nothing rings; the count stays in sight until somebody has looked.
import { html, useState } from '../shared/ui.js';
import { pick, t } from '../shared/i18n.js';
import { Button, Sheet } from '../shared/components.js';
import { quantity, span } from '../shared/format.js';
import { waitingOnline } from './order_state.js';
import { Reason } from './void_sheet.js';
import { channelName, placeWords } from './words.js';

const kLateMs = 5 * 60 * 1000; // a guest who hears nothing for so long asks

const ageOf = (desk, order) => Math.max(0, desk.shop.now.value - order.placed_at / 1000);

// Over every page but the one that lists them.
export function OnlineBar({ desk }) {
  const waiting = waitingOnline(desk.orders.value);
  if (waiting.length === 0 || desk.page.value === 'orders') return null;
  const words = { n: waiting.length, span: span(ageOf(desk, waiting[0])) };
  return html`<div class=${`online-bar ${ageOf(desk, waiting[0]) > kLateMs ? 'late' : ''}`} data-testid="online-bar">
    <strong role="status">${t('online.wait', words)}</strong>
    <span>${t('online.oldest', words)}</span>
    <${Button} kind="primary" onClick=${() => (desk.page.value = 'orders')} data-testid="online-look">${t('online.look')}<//>
  </div>`;
}

export function OnlineOrders({ desk }) {
  const [rejecting, setRejecting] = useState(null);
  const waiting = waitingOnline(desk.orders.value);
  if (waiting.length === 0) return null;
  return html`<section class="online-orders" aria-label=${t('online.title')} data-testid="online-orders">
    <h2>${t('online.title')} <span class="count">${waiting.length}</span></h2>
    ${!desk.isLive.value && html`<p class="notice" role="status">${t('online.not-live')}</p>`}
    <div class="online-cards">
      ${waiting.map((order) => html`<${Card} key=${order.order} desk=${desk} order=${order} onReject=${() => desk.need('void', () => setRejecting(order))} />`)}
    </div>
    ${rejecting && html`<${RejectSheet} desk=${desk} order=${rejecting} onClose=${() => setRejecting(null)} />`}
  </section>`;
}

function Card({ desk, order, onReject }) {
  const age = ageOf(desk, order);
  const isLate = age > kLateMs;
  const isSent = desk.kept.value.some(({ args }) => args.order === order.order);
  const isOff = isSent || !desk.isLive.value;
  const accept = () => {
    const n = order.number;
    desk.act('order.accept', { order: order.order }, { label: t('label.accept', { n }), said: t('said.accept', { n }), key: `online-${order.order}` });
  };
  return html`<article class=${`online-card ${isLate ? 'late' : ''}`} data-testid=${`online-${order.order}`}>
    <header>
      <strong class="number">${order.number}</strong>
      <span class="from"><strong>${order.guest || t('online.no-name')}</strong>
        <small>${[channelName(order.source), refOf(order), placeWords(order)].filter(Boolean).join(' · ')}</small></span>
      <span class=${`badge ${isLate ? 'unpaid' : ''}`} data-testid="online-age">${t('online.age', { span: span(age) })}</span>
    </header>
    <ul>
      ${order.lines.map((line) => html`<li key=${line.line}>
        <span class="figure">${quantity(line.quantity)}</span>
        <span>${pick(line.name)}${detailsOf(line) && html`<small>${detailsOf(line)}</small>`}${line.note && html`<em>${line.note}</em>`}</span>
      </li>`)}
    </ul>
    ${order.note && html`<p class="note">${order.note}</p>`}
    <footer>
      <span class="paid-sum"><span class="badge paid">${t('order.is-paid')}</span> <strong>${desk.price(order.total)}</strong></span>
      <${Button} kind="danger" disabled=${isOff} onClick=${onReject} aria-label=${t('act.reject.name', { n: order.number })} data-testid=${`reject-${order.order}`}>${t('act.reject')}<//>
      <${Button} kind="primary" disabled=${isOff} onClick=${accept} aria-label=${t('act.accept.name', { n: order.number })} data-testid=${`accept-${order.order}`}>${t(isSent ? 'online.sent' : 'act.accept')}<//>
    </footer>
  </article>`;
}

// The number that online ordering gave it; of a long one its end is enough to tell two apart.
const refOf = ({ external = '' }) => (external.length > 12 ? `…${external.slice(-6)}` : external);

const detailsOf = (line) => [...line.parts, ...line.options].map((each) => pick(each.name)).join(', ');

// Paid elsewhere: the money is not given back from this till, and what was not cooked is there again.
function RejectSheet({ desk, order, onClose }) {
  const [reason, setReason] = useState('');
  const go = () => {
    const n = order.number;
    const args = { order: order.order, reason: reason.trim(), restock: true };
    desk.act('order.void', args, { label: t('label.reject', { n }), said: t('said.reject', { n }), isPaidElsewhere: true, key: `online-${order.order}` });
    onClose();
  };
  const footer = html`<${Button} large onClick=${onClose}>${t('void.keep')}<//>
    <${Button} kind="danger" large disabled=${!reason.trim() || !desk.isLive.value} onClick=${go} data-testid="reject-confirm">${t('act.reject.order', { n: order.number })}<//>`;
  const title = t('reject.title', { n: order.number, name: order.guest || t('online.no-name') });
  return html`<${Sheet} title=${title} onClose=${onClose} footer=${footer} testid="reject-sheet">
    <div class="tender">
      <p>${t('reject.text', { price: desk.price(order.total) })}</p>
      <${Reason} value=${reason} onChange=${setReason} reasons=${['sold-out', 'kitchen', 'too-busy', 'closing']} testid="reject-reason" />
    </div>
  <//>`;
}
