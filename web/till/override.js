// Selling what the books say is not there: by name and PIN, said on the ticket, counted apart.
import { html } from '../shared/ui.js';
import { t } from '../shared/i18n.js';
import { Button, Sheet } from '../shared/components.js';

// What is wrong with a line only because there is too little of it.
export const isStockProblem = (problem) => problem.kind === 'short' || problem.why === 'sold_out';

// Problems of a cart, without those that an override passes over.
export const besideStock = (problems) =>
  problems.map((line) => ({ ...line, problems: line.problems.filter((each) => !isStockProblem(each)) })).filter((line) => line.problems.length > 0);

// Whether stock is what keeps the ticket from being sold: by the till's own view, or by the hub's word.
export function isShort(ticket, problems) {
  if (ticket.lines.length === 0 || ticket.sending || ticket.override) return false;
  return ticket.refused === 'out_of_stock' || (problems.length > 0 && besideStock(problems).length === 0);
}

export function OverrideStrip({ desk, onAsk }) {
  const { ticket, problems } = desk;
  const { override, sending } = ticket.value;
  if (override) {
    return html`<p class="override" role="status" data-testid="override-by">
      <span>${t('override.by', { name: override })}</span>
      ${!sending && html`<${Button} kind="quiet" onClick=${() => desk.set({ override: '' })} data-testid="override-off">${t('override.off')}<//>`}
    </p>`;
  }
  if (!isShort(ticket.value, problems.value)) return null;
  return html`<p class="override"><${Button} onClick=${onAsk} data-testid="override">${t('override')}<//></p>`;
}

export function OverrideSheet({ desk, onClose }) {
  const isNobody = desk.staff.value.staff.length === 0;
  const go = () => {
    onClose();
    desk.prove('override', () => desk.set({ override: desk.me.value.name }));
  };
  const footer = html`<${Button} large onClick=${onClose}>${t('action.cancel')}<//>
    ${!isNobody && html`<${Button} kind="danger" large disabled=${!desk.isLive.value} onClick=${go} data-testid="override-go">${t('override.go')}<//>`}`;
  return html`<${Sheet} title=${t('override.title')} onClose=${onClose} footer=${footer} testid="override-sheet">
    <div class="tender">
      <p>${t('override.text')}</p>
      ${isNobody && html`<p class="notice bad" role="alert">${t('override.nobody')}</p>`}
    </div>
  <//>`;
}
