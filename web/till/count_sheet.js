// A count: everything that is there, also what is promised online, beside what guests hold. It holds
// for the moment the sheet was opened: when the item moves meanwhile, the hub says so and the person
// counts again.
import { html, useState } from '../shared/ui.js';
import { language, t } from '../shared/i18n.js';
import { Button, Sheet } from '../shared/components.js';
import { quantity } from '../shared/format.js';
import { parseCount, skuName } from '../shared/ordering/words.js';
import { tenths } from '../shared/ordering/sellable.js';
import { foundOf } from './channel_plan.js';
import { kUnknown } from './stock_state.js';

export function CountSheet({ desk, sku, seq, onClose }) {
  const { index, levels } = desk;
  const level = levels.value.get(sku) ?? kUnknown;
  const { leased = 0 } = level;
  const isLimited = level.type === 'limited';
  const name = skuName(index.value, sku, language.value);
  const [typed, setTyped] = useState(isLimited ? quantity(foundOf(level)) : '');
  const count = parseCount(typed);
  const words = { name, n: quantity(count ?? 0), m: quantity(leased) };
  const save = (event) => {
    event?.preventDefault();
    if (count === null) return;
    const args = { sku, available: count, based_on: seq };
    const said = t(leased > 0 ? 'said.count.leased' : 'said.count', words);
    desk.act('stock.count', args, { label: t('label.count', { name }), said, key: `count-${sku}` });
    onClose();
  };
  const release = () => {
    desk.act('stock.limit', { sku, type: 'unlimited' }, { label: t('label.count', { name }), said: t('said.unlimited', { name }), key: `count-${sku}` });
    onClose();
  };
  const footer = html`${isLimited && html`<${Button} large onClick=${release} data-testid="count-unlimited">${t('count.unlimited')}<//>`}
    <${Button} kind="primary" large disabled=${count === null || !desk.isLive.value} onClick=${save} data-testid="count-save">${t('count.save')}<//>`;
  return html`<${Sheet} title=${t('count.title', { name })} onClose=${onClose} footer=${footer} testid="count-sheet">
    <form class="tender" onSubmit=${save}>
      <p>${t(leased > 0 ? 'count.text.leased' : 'count.text')} ${level.held > 0 && t('count.text.held', { n: quantity(level.held) })}</p>
      <label class="field">
        ${t(leased > 0 ? 'count.value.leased' : 'count.value')}
        <input class="figure-field" inputmode="decimal" value=${typed} onInput=${(event) => setTyped(event.target.value)} autocomplete="off" data-autofocus data-testid="count-value" />
      </label>
      ${leased > 0 && html`<${Promised} count=${count} leased=${leased} />`}
    </form>
  <//>`;
}

// What of the count is promised online, and what is left to sell here.
function Promised({ count, leased }) {
  const isShort = count !== null && count < leased;
  return html`<div class="promised" data-testid="count-promised">
    <p class="due"><span>${t('count.promised')}</span><strong class="figure">${quantity(leased)}</strong></p>
    <p class="due"><span>${t('count.here')}</span><strong class="figure">${count === null ? '–' : quantity(Math.max(0, tenths(count - leased)))}</strong></p>
    ${isShort && html`<p class="wrong" role="alert">${t('count.short', { n: quantity(tenths(leased - count)) })}</p>`}
  </div>`;
}
