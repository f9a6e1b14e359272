// Taking money. The hub accepts exactly the total; what the guest gave and gets back is said here.
import { html, useState } from '../shared/ui.js';
import { t } from '../shared/i18n.js';
import { Button, Sheet } from '../shared/components.js';
import { cashSuggestions, changeDue } from '../shared/ordering/sales.js';
import { parseMoney } from '../shared/ordering/words.js';
import { looksLikeCard } from './typed.js';

const kReferenceCharactersMax = 64;

export function CashSheet({ desk, total, title, onPay, onClose }) {
  const [typed, setTyped] = useState('');
  const given = typed.trim() ? parseMoney(typed) : null;
  const change = changeDue(total, given);
  const pay = (event) => {
    event?.preventDefault();
    if (change !== null) onPay({ tender: 'cash', amount: total, reference: '' }, change);
  };
  const footer = html`<${Button} large onClick=${onClose}>${t('action.cancel')}<//>
    <${Button} kind="primary" large disabled=${change === null || !desk.isLive.value} onClick=${pay} data-testid="cash-confirm">
      ${t('cash.confirm', { price: desk.price(total) })}
    <//>`;
  return html`<${Sheet} title=${title ?? t('cash.title')} onClose=${onClose} footer=${footer} testid="cash-sheet">
    <form class="tender" onSubmit=${pay}>
      <p class="due"><span>${t('ticket.total')}</span><strong>${desk.price(total)}</strong></p>
      <label class="field">
        ${t('cash.given')}
        <input
          class="figure-field"
          inputmode="decimal"
          value=${typed}
          onInput=${(event) => setTyped(event.target.value)}
          autocomplete="off"
          data-autofocus
          data-testid="cash-given"
        />
      </label>
      <div class="suggestions">
        ${cashSuggestions(total).map(
          (amount) => html`<${Button} key=${amount} onClick=${() => setTyped((amount / 100).toFixed(2))} data-testid=${`cash-${amount}`}>
            ${amount === total ? t('cash.exact') : desk.price(amount)}
          <//>`,
        )}
      </div>
      <p class=${`due change ${change === null ? 'short' : ''}`} aria-live="polite">
        <span>${given !== null && change === null ? t('cash.short') : t('cash.change')}</span>
        <strong data-testid="change">${given === null ? '–' : desk.price(Math.abs(given - total))}</strong>
      </p>
    </form>
  <//>`;
}

export function CardSheet({ desk, total, title, onPay, onClose }) {
  const [reference, setReference] = useState('');
  const isCard = looksLikeCard(reference);
  const pay = (event) => {
    event?.preventDefault();
    if (!isCard) onPay({ tender: 'card', amount: total, reference: reference.trim() }, 0);
  };
  const footer = html`<${Button} large onClick=${onClose}>${t('action.cancel')}<//>
    <${Button} kind="primary" large disabled=${isCard || !desk.isLive.value} onClick=${pay} data-testid="card-confirm">
      ${t('card.confirm', { price: desk.price(total) })}
    <//>`;
  return html`<${Sheet} title=${title ?? t('card.title')} onClose=${onClose} footer=${footer} testid="card-sheet">
    <form class="tender" onSubmit=${pay}>
      <p class="due"><span>${t('ticket.total')}</span><strong>${desk.price(total)}</strong></p>
      <p>${t('card.text')}</p>
      <label class="field">
        ${t('card.reference')}
        <input
          value=${reference}
          maxlength=${kReferenceCharactersMax}
          onInput=${(event) => setReference(event.target.value)}
          autocomplete="off"
          data-autofocus
          data-testid="card-reference"
        />
      </label>
      <p class="wrong" role="alert">${isCard && t('card.number')}</p>
    </form>
  <//>`;
}
