// What a guest should know about the cart: what sold out, what changed, and the way out of it.
import { html } from '../shared/ui.js';
import { language, pick, t } from '../shared/i18n.js';
import { Button } from '../shared/components.js';
import { money, quantity } from '../shared/format.js';
import { removeLine, setQuantity } from '../shared/ordering/cart.js';
import { demandOf } from '../shared/ordering/choices.js';
import { skuName } from '../shared/ordering/words.js';

export function CartNotice({ counter }) {
  const { session, index, problems } = counter;
  const { notice, hold } = session.value;
  if (!notice && problems.value.length > 0) {
    return html`<p class="notice bad" role="alert" data-testid="notice" data-kind="problem">${t('notice.problem')}</p>`;
  }
  if (!notice) return null;
  const values = {
    name: notice.sku ? skuName(index.value, notice.sku, language.value) : '',
    message: notice.message ?? '',
    price: hold ? money(hold.total, index.value.currency) : '',
  };
  const key = notice.kind === 'sold_out' && !notice.sku ? 'notice.sold_out_some' : `notice.${notice.kind}`;
  return html`<p class="notice bad" role="alert" data-testid="notice" data-kind=${notice.kind}>${t(key, values)}</p>`;
}

// Under a line of the cart: what is wrong with it, and what can be done. The rest of the cart stays.
export function LineProblems({ counter, line, problems, onLeave, isFixed }) {
  const { index, session, set, replacing } = counter;
  const found = index.value.skus.get(line.sku);
  const isWhole = problems.some((each) => each.kind === 'sku' || each.kind === 'short' || each.kind === 'refused');
  const short = problems.find((each) => each.kind === 'short');
  const perPiece = short ? (demandOf(index.value, line).get(short.sku) ?? 1) : 1;
  const keep = short ? line.quantity - Math.ceil((short.wanted - short.left) / perPiece) : 0;
  const edit = (lines) => set({ lines, notice: null });
  const replace = () => {
    onLeave();
    replacing.value = line.key;
    const category = found?.item.category ?? index.value.categories[0]?.id;
    document.querySelector(`[data-testid="category-${CSS.escape(category)}"]`)?.click();
  };
  return html`<div class="line-problems" role="alert" data-testid=${`problem-${line.sku}`}>
    ${problems.map((problem, place) => html`<p key=${place}>${problemWords(index.value, problem)}</p>`)}
    ${!isFixed && html`<div class="ways-out">
      ${keep > 0 &&
      html`<${Button} onClick=${() => edit(setQuantity(session.value.lines, line.key, keep))} data-testid=${`keep-${line.sku}`}>${t('problem.keep', { n: keep })}<//>`}
      ${isWhole || !found
        ? html`<${Button} onClick=${replace} data-testid=${`replace-${line.sku}`}>${t('problem.replace')}<//>`
        : html`<${Button} onClick=${() => (onLeave(), counter.open(found.item, line))} data-testid=${`fix-${line.sku}`}>${t('problem.fix')}<//>`}
      <${Button} onClick=${() => edit(removeLine(session.value.lines, line.key))} data-testid=${`drop-${line.sku}`}>${t('problem.remove')}<//>
    </div>`}
  </div>`;
}

function problemWords(index, problem) {
  const name = () => skuName(index, problem.sku, language.value);
  if (problem.kind === 'short') return t('problem.short', { name: name(), n: quantity(problem.left) });
  if (problem.kind === 'refused') return t('problem.refused', { name: name() });
  if (problem.why === 'sold_out') return t('problem.sold-out', { name: name() });
  if (problem.why === 'gone') return t('problem.gone');
  return t('problem.choose', { name: pick(problem.group?.name ?? problem.part?.name) });
}

// Over the menu while a sold out dish is being replaced.
export function ReplaceBar({ counter }) {
  const { replacing, session, index } = counter;
  const line = session.value.lines.find((each) => each.key === replacing.value);
  if (!line) return null;
  return html`<div class="replace-bar" role="status" data-testid="replace-bar">
    <span>${t('replace.title', { name: skuName(index.value, line.sku, language.value) })}</span>
    <${Button} onClick=${() => (replacing.value = null)}>${t('replace.stop')}<//>
  </div>`;
}
