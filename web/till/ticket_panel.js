// The ticket being written: where, what, how much, and the ways to finish it.
import { html, useEffect, useState } from '../shared/ui.js';
import { language, pick, t } from '../shared/i18n.js';
import { Button, Stepper } from '../shared/components.js';
import { quantity } from '../shared/format.js';
import { lineTotal, setQuantity } from '../shared/ordering/cart.js';
import { kQuantityMax } from '../shared/ordering/choices.js';
import { choiceDetails, skuName } from '../shared/ordering/words.js';
import { discountWords } from './words.js';
import { besideStock, isStockProblem, OverrideSheet, OverrideStrip } from './override.js';
import { DiscountSheet } from './discount_sheet.js';
import { CardSheet, CashSheet } from './tender.js';

const kTableCharactersMax = 16;

export function TicketPanel({ desk, onClose }) {
  const { ticket, done, kept, shop } = desk;
  const [tender, setTender] = useState('');
  const { lines, sending, error } = ticket.value;
  const entry = kept.value.find(({ id }) => id === sending);
  const pay = (payment, change) => {
    setTender('');
    desk.place({ payment, how: payment.tender, change });
  };
  const giveOff = (discount) => (desk.set({ discount }), setTender(''));
  useKeys(desk, setTender, Boolean(tender));
  return html`<aside class="ticket-panel" aria-label=${t('ticket')} data-testid="ticket">
    <header>
      <h2>${t('ticket')}</h2>
      ${lines.length > 0 && !sending && html`<${Clear} desk=${desk} />`}
      <${Button} class="ticket-close" onClick=${onClose} data-testid="close-ticket">${t('ticket.back')}<//>
    </header>
    <${Where} desk=${desk} />
    <div class="ticket-lines">
      ${lines.length === 0 && done.value && html`<${Done} desk=${desk} />`}
      ${lines.length === 0 && !done.value && html`<p class="empty">${t('ticket.empty')}</p>`}
      ${lines.map((line) => html`<${Line} key=${line.key} ...${{ desk, line }} />`)}
    </div>
    ${error && html`<p class="notice" role="alert" data-testid="ticket-error">${error}</p>`}
    <${OverrideStrip} desk=${desk} onAsk=${() => setTender('override')} />
    ${sending && html`<${Sending} desk=${desk} entry=${entry} now=${shop.wall.value} />`}
    <footer>
      ${lines.length > 0 && html`<${Discount} desk=${desk} onAsk=${() => desk.need('discount', () => setTender('discount'))} />`}
      <p class="sum"><span>${t('ticket.total')}</span><strong data-testid="cart-total">${desk.price(desk.total.value)}</strong></p>
      <${Finish} desk=${desk} onTender=${setTender} />
    </footer>
    ${tender === 'discount' && html`<${DiscountSheet} ...${{ desk }} title=${t('discount.title.ticket')} cost=${desk.cost.value} had=${ticket.value.discount} onGive=${giveOff} onClose=${() => setTender('')} />`}
    ${tender === 'override' && html`<${OverrideSheet} desk=${desk} onClose=${() => setTender('')} />`}
    ${tender === 'cash' && html`<${CashSheet} desk=${desk} total=${desk.total.value} onPay=${pay} onClose=${() => setTender('')} />`}
    ${tender === 'card' && html`<${CardSheet} desk=${desk} total=${desk.total.value} onPay=${pay} onClose=${() => setTender('')} />`}
  </aside>`;
}

// What comes off, or the way to it.
function Discount({ desk, onAsk }) {
  const { discount, sending } = desk.ticket.value;
  const label = discount ? t('discount.line', { what: discountWords(desk, discount) }) : t('discount.add');
  return html`<p class="sum off">
    <${Button} kind="quiet" disabled=${Boolean(sending)} onClick=${onAsk} data-testid="ticket-discount">${label}<//>
    ${discount && html`<strong data-testid="ticket-off">${desk.price(-desk.off.value)}</strong>`}
  </p>`;
}

// Why the ticket cannot be finished yet, or ''.
function blockOf(desk, { needsTable = true } = {}) {
  const { ticket, problems, isLive } = desk;
  const { lines, service, table, sending, override } = ticket.value;
  const wrong = override ? besideStock(problems.value) : problems.value;
  if (sending) return t('block.sending');
  if (lines.length === 0) return t('block.empty');
  if (!isLive.value) return t('block.not-live');
  if (wrong.length > 0) return t('block.problem');
  return needsTable && service === 'dine_in' && !table.trim() ? t('block.table') : '';
}

function Finish({ desk, onTender }) {
  const block = blockOf(desk);
  const isDineIn = desk.ticket.value.service === 'dine_in';
  return html`<div class="finish">
      ${isDineIn &&
      html`<${Button} large disabled=${Boolean(block)} onClick=${() => desk.place({ how: 'fired' })} data-testid="send">
        ${t('finish.send')} <kbd>F8</kbd>
      <//>`}
      <${Button} kind="primary" large disabled=${Boolean(block)} onClick=${() => onTender('cash')} data-testid="pay-cash">
        ${t('finish.cash')} <kbd>F2</kbd>
      <//>
      <${Button} kind="primary" large disabled=${Boolean(block)} onClick=${() => onTender('card')} data-testid="pay-card">
        ${t('finish.card')} <kbd>F4</kbd>
      <//>
    </div>
    <p class="block" role="status">${block}</p>`;
}

function useKeys(desk, setTender, isBusy) {
  useEffect(() => {
    const onKeyDown = (event) => {
      if (isBusy || document.querySelector('[role=dialog]') || !['F2', 'F4', 'F8'].includes(event.key)) return;
      event.preventDefault();
      if (blockOf(desk)) return;
      if (event.key === 'F2') setTender('cash');
      if (event.key === 'F4') setTender('card');
      if (event.key === 'F8' && desk.ticket.value.service === 'dine_in') desk.place({ how: 'fired' });
    };
    addEventListener('keydown', onKeyDown);
    return () => removeEventListener('keydown', onKeyDown);
  }, [desk, isBusy]);
}

function Where({ desk }) {
  const { ticket, set } = desk;
  const { service, table, sending } = ticket.value;
  const choose = (next) => () => set({ service: next });
  return html`<div class="where">
    <div class="switch" role="group" aria-label=${t('where')}>
      <${Button} aria-pressed=${service === 'takeaway'} disabled=${Boolean(sending)} onClick=${choose('takeaway')} data-testid="service-takeaway">${t('where.takeaway')}<//>
      <${Button} aria-pressed=${service === 'dine_in'} disabled=${Boolean(sending)} onClick=${choose('dine_in')} data-testid="service-dinein">${t('where.dine-in')}<//>
    </div>
    ${service === 'dine_in' &&
    html`<label class="table-field">
      <span>${t('where.table.label')}</span>
      <input
        value=${table}
        maxlength=${kTableCharactersMax}
        disabled=${Boolean(sending)}
        onInput=${(event) => set({ table: event.target.value })}
        autocomplete="off"
        data-testid="table"
      />
    </label>`}
  </div>`;
}

// Asks once, in the button itself.
function Clear({ desk }) {
  const [isAsking, setAsking] = useState(false);
  if (!isAsking) return html`<${Button} kind="quiet" onClick=${() => setAsking(true)} data-testid="clear">${t('ticket.clear')}<//>`;
  const count = desk.ticket.value.lines.length;
  return html`<span class="ask">
    <${Button} kind="danger" onClick=${() => desk.clear()} data-testid="clear-confirm">${t('ticket.clear.confirm', { n: count })}<//>
    <${Button} kind="quiet" onClick=${() => setAsking(false)}>${t('action.cancel')}<//>
  </span>`;
}

function Line({ desk, line }) {
  const { index, ticket, set, problems, sheet } = desk;
  const found = index.value.skus.get(line.sku);
  const name = skuName(index.value, line.sku, language.value);
  const details = choiceDetails(index.value, line, language.value);
  const wrong = problems.value.find(({ key }) => key === line.key)?.problems ?? [];
  const isFixed = Boolean(ticket.value.sending);
  const edit = () => found && !isFixed && (sheet.value = { item: found.item, choice: line, key: line.key, isForced: wrong.some(isStockProblem) });
  return html`<article class=${`ticket-line ${wrong.length ? 'problem' : ''}`} data-testid=${`line-${line.sku}`}>
    <${Stepper}
      value=${line.quantity}
      min=${0}
      max=${isFixed ? line.quantity : kQuantityMax}
      label=${name}
      onChange=${(count) => !isFixed && set({ lines: setQuantity(ticket.value.lines, line.key, count) })}
      testid=${`quantity-${line.sku}`}
    />
    <button type="button" class="what" onClick=${edit} title=${t('line.change', { name })} data-testid=${`change-${line.sku}`}>
      <strong>${name}</strong>
      ${details.length > 0 && html`<span>${details.join(', ')}</span>`}
      ${line.note && html`<em>${line.note}</em>`}
      ${wrong.map((problem, place) => html`<span class="wrong" role="alert" key=${place}>${problemWords(index.value, problem)}</span>`)}
    </button>
    <span class="figure">${desk.price(lineTotal(index.value, line))}</span>
  </article>`;
}

function problemWords(index, problem) {
  const name = problem.sku ? skuName(index, problem.sku, language.value) : '';
  if (problem.kind === 'short') return t('line.short', { name, n: quantity(problem.left) });
  if (problem.why === 'sold_out') return t('code.out_of_stock', { name });
  if (problem.why === 'gone') return t('line.gone');
  return t('line.choose', { name: pick(problem.group?.name ?? problem.part?.name) });
}

function Sending({ desk, entry, now }) {
  const isLate = Boolean(entry?.isLate);
  return html`<div class=${`sending ${isLate ? 'late' : ''}`} role="status" data-testid="sending">
    <p><strong>${isLate ? t('sending.late') : t('sending')}</strong></p>
    ${isLate && html`<p>${t('sending.late.text')}</p>`}
    ${isLate && entry && now - entry.since > 4000 && html`<${Button} onClick=${() => desk.setAside()} data-testid="set-aside">${t('sending.aside')}<//>`}
  </div>`;
}

function Done({ desk }) {
  const { number, how, change, where, override } = desk.done.value;
  return html`<div class="taken" data-testid="taken">
    <p>${where}</p>
    <strong class="number" data-testid="order-number">${number}</strong>
    <p>${t(`taken.${how}`)}</p>
    ${override && html`<p class="override" data-testid="taken-override">${t('taken.override', { name: override })}</p>`}
    ${how === 'cash' && html`<p class="change"><span>${t('taken.change')}</span><strong data-testid="change-given">${desk.price(change)}</strong></p>`}
  </div>`;
}
