// Open orders: what waits, for how long, and what a person may do with each.
import { html, useState } from '../shared/ui.js';
import { pick, t } from '../shared/i18n.js';
import { Button, State } from '../shared/components.js';
import { clock, quantity, span } from '../shared/format.js';
import { actionsOf, closedOrders, openOrders } from './order_state.js';
import { CardSheet, CashSheet } from './tender.js';
import { CancelSheet, VoidSheet } from './void_sheet.js';
import { OnlineOrders } from './online_orders.js';
import { DiscountSheet } from './discount_sheet.js';
import { linesCost } from './discount.js';
import { channelName, discountWords, placeWords } from './words.js';

export function OrdersPage({ desk }) {
  const [isClosedShown, setClosedShown] = useState(false);
  const [opened, setOpened] = useState('');
  const [over, setOver] = useState(null); // the sheet over the list: { kind, order }
  const all = desk.orders.value;
  const shown = isClosedShown ? closedOrders(all) : openOrders(all);
  const close = () => setOver(null);
  const pay = (payment) => {
    const { order } = over;
    close();
    const said = t('said.paid', { n: order.number, price: desk.price(order.total) });
    desk.act('order.pay', { order: order.order, payment }, { label: t('label.pay', { n: order.number }), said });
  };
  const giveOff = (discount) => {
    const { order } = over;
    close();
    const key = discount ? 'discount' : 'discount-off';
    const args = discount ? { order: order.order, ...discount } : { order: order.order, remove: true };
    desk.act('order.discount', args, { label: t('label.discount', { n: order.number }), said: t(`said.${key}`, { n: order.number }) });
  };
  return html`<main class="orders-page">
    <${OnlineOrders} desk=${desk} />
    <div class="filters" role="group" aria-label=${t('orders.filter')}>
      <${Button} aria-pressed=${!isClosedShown} onClick=${() => setClosedShown(false)} data-testid="show-open">${t('orders.open')} (${openOrders(all).length})<//>
      <${Button} aria-pressed=${isClosedShown} onClick=${() => setClosedShown(true)} data-testid="show-closed">${t('orders.closed')} (${closedOrders(all).length})<//>
    </div>
    <div class="order-rows">
      ${shown.length === 0 && html`<${State} title=${t(isClosedShown ? 'orders.none-closed' : 'orders.none')} text=${t('orders.none.text')} />`}
      ${shown.map(
        (order) => html`<${Row}
          key=${order.order}
          desk=${desk}
          order=${order}
          isOpened=${opened === order.order}
          onOpen=${() => setOpened(opened === order.order ? '' : order.order)}
          onOver=${(kind, line) => setOver({ kind, order, line })}
        />`,
      )}
    </div>
    ${over?.kind === 'cash' && html`<${CashSheet} ...${{ desk }} total=${over.order.total} title=${payTitle(over.order)} onPay=${pay} onClose=${close} />`}
    ${over?.kind === 'card' && html`<${CardSheet} ...${{ desk }} total=${over.order.total} title=${payTitle(over.order)} onPay=${pay} onClose=${close} />`}
    ${over?.kind === 'void' && html`<${VoidSheet} desk=${desk} order=${over.order} line=${over.line} onClose=${close} />`}
    ${over?.kind === 'discount' && html`<${DiscountSheet} ...${{ desk }} title=${t('discount.title', { n: over.order.number })} cost=${linesCost(over.order)} had=${over.order.discount} onGive=${giveOff} onClose=${close} />`}
    ${over?.kind === 'cancel' && html`<${CancelSheet} desk=${desk} order=${over.order} onClose=${close} />`}
  </main>`;
}

const payTitle = (order) => t('pay.title', { n: order.number, where: placeWords(order) });

// Who gave a discount or sold what was not there: the name while they work here, else what the hub kept.
export const staffName = (desk, { staff, by }) => desk.staff.value.staff.find((each) => each.staff === staff)?.name ?? (staff || by);

function Row({ desk, order, isOpened, onOpen, onOver }) {
  const can = actionsOf(order);
  const now = desk.shop.now.value;
  const isClosed = order.closed_at > 0;
  const when = isClosed ? clock(order.closed_at / 1000, desk.shop.hello.value?.zone) : span(now - order.placed_at / 1000);
  const act = (verb, key) => () =>
    desk.act(verb, { order: order.order }, { label: t(`label.${key}`, { n: order.number }), said: t(`said.${key}`, { n: order.number }) });
  return html`<article class=${`order-row ${order.state} ${isOpened ? 'opened' : ''}`} data-testid=${`order-row-${order.order}`} data-state=${order.state} data-paid=${order.paid}>
    <button type="button" class="head" aria-expanded=${isOpened} onClick=${onOpen}>
      <strong class="number">${order.number}</strong>
      <span class="place">${placeWords(order)}<small>${[channelName(order.source || order.channel), order.guest].filter(Boolean).join(' · ')}</small></span>
      <span class="dishes">${summary(order)}</span>
      <span class=${`badge ${order.state}`}>${t(`order.${order.state}`)}</span>
      <span class=${`badge ${order.paid ? 'paid' : 'unpaid'}`}>${t(order.paid ? 'order.is-paid' : 'order.is-unpaid')}</span>
      <span class="figure age">${when}</span>
      <span class="figure total">${desk.price(order.total)}</span>
    </button>
    <div class="quick">
      ${can.serve && html`<${Button} kind="primary" disabled=${!desk.isLive.value} onClick=${act('order.serve', 'serve')} data-testid=${`serve-${order.order}`}>${t('act.serve')}<//>`}
      ${can.pay && html`<${Button} disabled=${!desk.isLive.value} onClick=${() => onOver('cash')} data-testid=${`cash-${order.order}`}>${t('finish.cash')}<//>`}
      ${can.pay && html`<${Button} disabled=${!desk.isLive.value} onClick=${() => onOver('card')} data-testid=${`card-${order.order}`}>${t('finish.card')}<//>`}
    </div>
    ${isOpened && html`<${Detail} ...${{ desk, order, can, act, onOver }} />`}
  </article>`;
}

const summary = (order) => order.lines.filter((line) => !line.voided).map((line) => `${quantity(line.quantity)} ${pick(line.name)}`).join(', ');

function Detail({ desk, order, can, act, onOver }) {
  const zone = desk.shop.hello.value?.zone;
  const isOff = !desk.isLive.value;
  const lines = order.lines.filter((line) => !line.voided).length;
  return html`<div class="detail">
    <ul class="detail-lines">
      ${order.lines.map(
        (line) => html`<li key=${line.line} class=${line.voided ? 'struck' : ''} data-testid=${`line-${line.line}`}>
          <span class="figure">${quantity(line.quantity)}</span>
          <span>${line.voided ? html`<s>${pick(line.name)}</s>` : pick(line.name)}
            <small>${[...line.parts.map((part) => pick(part.name)), ...line.options.map((option) => pick(option.name)), line.note].filter(Boolean).join(', ')}</small>
            ${line.voided && html`<small class="void-mark">${t('line.voided', { reason: line.void_reason })}</small>`}
          </span>
          <span class="figure">${desk.price(line.voided ? 0 : line.total)}</span>
          ${can.voidLine && !line.voided ? html`<${Button} kind="quiet" disabled=${isOff} onClick=${() => desk.need('void', () => onOver('void', lines > 1 ? line : undefined))} aria-label=${t('act.void-line.name', { name: pick(line.name) })} data-testid=${`void-line-${line.line}`}>${t('act.void-line')}<//>` : html`<span></span>`}
        </li>`,
      )}
      ${order.discount && html`<li class="off" data-testid="order-off">
        <span></span>
        <span>${t('discount.line', { what: discountWords(desk, order.discount) })}
          <small>${staffName(desk, order.discount)}</small>
        </span>
        <span class="figure">${desk.price(-order.discount.amount)}</span>
      </li>`}
    </ul>
    <p class="facts">
      ${t('fact.placed', { time: clock(order.placed_at / 1000, zone), device: order.device })}
      ${order.fired_at > 0 && html` · ${t('fact.fired', { time: clock(order.fired_at / 1000, zone) })}`}
      ${order.paid && html` · ${t(`fact.paid.${order.payment.tender}`, { reference: order.payment.reference })}`}
      ${order.note && html` · ${order.note}`}
      ${order.reason && html` · ${t('fact.reason', { reason: order.reason })}`}
    </p>
    <div class="acts">
      ${can.fire && html`<${Button} disabled=${isOff} onClick=${act('order.accept', 'fire')} data-testid="fire">${t('finish.send')}<//>`}
      ${can.discount && html`<${Button} disabled=${isOff} onClick=${() => desk.need('discount', () => onOver('discount'))} data-testid="discount">${t(order.discount ? 'discount.change' : 'discount.add')}<//>`}
      ${can.cancel && html`<${Button} kind="danger" disabled=${isOff} onClick=${() => onOver('cancel')} data-testid="cancel">${t('act.cancel', { n: order.number })}<//>`}
      ${can.void && html`<${Button} kind="danger" disabled=${isOff} onClick=${() => desk.need('void', () => onOver('void'))} data-testid="void">${t('act.void', { n: order.number })}<//>`}
    </div>
  </div>`;
}
