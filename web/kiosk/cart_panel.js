// The cart: beside the menu on a wide screen, at its foot on a tall or small one. The total and the
// next step are always in sight.
import { html, useState } from '../shared/ui.js';
import { language, pick, t } from '../shared/i18n.js';
import { Button, Sheet, Stepper } from '../shared/components.js';
import { money } from '../shared/format.js';
import { Picture } from '../shared/ordering/picture.js';
import { lineTotal, removeLine, setQuantity } from '../shared/ordering/cart.js';
import { kQuantityMax } from '../shared/ordering/choices.js';
import { choiceDetails, skuName } from '../shared/ordering/words.js';
import { CartNotice, LineProblems } from './notices.js';

export function CartPanel({ counter }) {
  const [isOpen, setOpen] = useState(false);
  const { lines } = counter.session.value;
  const isEmpty = lines.length === 0;
  const hasProblem = counter.problems.value.length > 0;
  return html`<aside class=${`cart-panel ${isEmpty ? 'empty' : ''}`} aria-label=${t('cart.title')}>
    <${CartHead} counter=${counter} />
    <${CartNotice} counter=${counter} />
    <div class="cart-lines">
      ${isEmpty ? html`<p class="cart-empty">${t('cart.empty')}</p>` : lines.map((line) => html`<${CartLine} key=${line.key} ...${{ counter, line }} />`)}
    </div>
    <div class="cart-foot">
      <button
        type="button"
        class=${`cart-open ${hasProblem ? 'problem' : ''}`}
        disabled=${isEmpty}
        onClick=${() => setOpen(true)}
        data-testid="open-cart"
      >
        ${hasProblem ? t('cart.look') : t('cart.see', { n: counter.count.value })}
      </button>
      <p class="cart-sum">
        <span>${t('cart.total')}</span>
        <strong data-testid="cart-total">${money(counter.total.value, counter.index.value.currency)}</strong>
      </p>
      <${NextButton} counter=${counter} onStuck=${() => setOpen(true)} />
    </div>
    ${isOpen && !isEmpty && html`<${CartSheet} counter=${counter} onClose=${() => setOpen(false)} />`}
  </aside>`;
}

function CartHead({ counter }) {
  const { service, table } = counter.session.value;
  const where = service === 'dine_in' ? t('service.table', { table }) : t('service.takeaway');
  return html`<header class="cart-head">
    <h2>${t('cart.title')}</h2>
    <span class="where" data-testid="service">${where}</span>
  </header>`;
}

// One button says the next step, or why there is none.
function NextButton({ counter, onStuck }) {
  const { session, isPaused, problems, count } = counter;
  const isHolding = Boolean(session.value.isHolding);
  const isStuck = problems.value.length > 0;
  const label = () => {
    if (count.value === 0) return t('cart.next.empty');
    if (isPaused.value) return t('cart.next.paused');
    if (isHolding) return t('cart.next.holding');
    return isStuck ? t('cart.next.stuck') : t('cart.next');
  };
  const go = () => {
    counter.sheet.value = null;
    if (isStuck) onStuck();
    else counter.checkout.enter();
  };
  return html`<${Button}
    kind=${isStuck ? 'danger' : 'primary'}
    large
    class="next"
    disabled=${count.value === 0 || isPaused.value || isHolding}
    onClick=${go}
    data-testid="go-checkout"
  >${label()}<//>`;
}

function CartSheet({ counter, onClose }) {
  const { session } = counter;
  const footer = html`<p class="cart-sum">
      <span>${t('cart.total')}</span>
      <strong>${money(counter.total.value, counter.index.value.currency)}</strong>
    </p>
    <${Button} large onClick=${onClose} data-testid="cart-more">${t('cart.more')}<//>`;
  return html`<${Sheet} title=${t('cart.title')} onClose=${onClose} footer=${footer} testid="cart-sheet">
    <${CartNotice} counter=${counter} />
    ${session.value.lines.map((line) => html`<${CartLine} key=${line.key} ...${{ counter, line }} onLeave=${onClose} />`)}
  <//>`;
}

export function CartLine({ counter, line, onLeave = () => {}, isFixed = false }) {
  const { index, session, set } = counter;
  const found = index.value.skus.get(line.sku);
  const name = skuName(index.value, line.sku, language.value);
  const details = choiceDetails(index.value, line, language.value);
  const problems = counter.problems.value.find((each) => each.key === line.key)?.problems ?? [];
  const change = (quantity) => set({ lines: setQuantity(session.value.lines, line.key, quantity), notice: null });
  const hasChoices = found && [found.item.skus.slice(1), found.item.option_groups, found.item.parts].some((list) => list?.length);
  return html`<article class=${`cart-line ${problems.length ? 'problem' : ''}`} data-testid=${`line-${line.sku}`} aria-label=${name}>
    <div class="thumb">${found && html`<${Picture} item=${found.item} />`}</div>
    <div class="what">
      <h3>${isFixed && html`<span class="quantity">${line.quantity} × </span>`}${name}</h3>
      ${details.length > 0 && html`<p>${details.join(', ')}</p>`}
    </div>
    <strong class="sum">${money(lineTotal(index.value, line), index.value.currency)}</strong>
    ${!isFixed &&
    html`<div class="tools">
      <${Stepper} value=${line.quantity} min=${0} max=${kQuantityMax} label=${name} onChange=${change} testid=${`quantity-${line.sku}`} />
      ${hasChoices &&
      html`<${Button} kind="quiet" onClick=${() => (onLeave(), counter.open(found.item, line))} data-testid=${`change-${line.sku}`}>${t('cart.change')}<//>`}
      <${Button}
        kind="quiet"
        aria-label=${t('cart.remove.what', { name })}
        onClick=${() => set({ lines: removeLine(session.value.lines, line.key), notice: null })}
        data-testid=${`remove-${line.sku}`}
      >${t('cart.remove')}<//>
    </div>`}
    ${problems.length > 0 && html`<${LineProblems} ...${{ counter, line, problems, onLeave, isFixed }} />`}
  </article>`;
}
