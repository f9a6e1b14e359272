// The stock panel: what can be sold, what is set aside, and the 86.
import { html, useMemo, useState } from '../shared/ui.js';
import { language, pick, t } from '../shared/i18n.js';
import { Button, Sheet, State } from '../shared/components.js';
import { quantity } from '../shared/format.js';
import { search } from '../shared/ordering/menu_index.js';
import { unitsLeft } from '../shared/ordering/sellable.js';
import { parseCount, skuName } from '../shared/ordering/words.js';
import { BackRule, BackSheet, markedAs } from './back_rule.js';
import { alertOf, lowItems, ThresholdSheet } from './low.js';

const kAll = 'all';
const kUnknown = { type: 'unlimited', status: 'available', available: 0, held: 0 };

export function StockPage({ desk }) {
  const { index, levels } = desk;
  const [typed, setTyped] = useState('');
  const [filter, setFilter] = useState(kAll);
  const [counting, setCounting] = useState(null);
  const [opened, setOpened] = useState(null); // { Sheet, sku }
  const rows = useMemo(() => rowsOf(index.value, search(index.value, typed)), [index.value, typed]);
  const shown = rows.filter(({ sku }) => passes(filter, levels.value, sku));
  const out = rows.filter(({ sku }) => passes('out', levels.value, sku)).length;
  const counted = rows.filter(({ sku }) => passes('counted', levels.value, sku)).length;
  const low = lowItems(levels.value).length;
  const pickFilter = (id, label) => html`<${Button} aria-pressed=${filter === id} onClick=${() => setFilter(id)} data-testid=${`stock-filter-${id}`}>${label}<//>`;
  return html`<main class="stock-page" data-testid="stock-panel">
    <div class="filters">
      <input type="search" value=${typed} onInput=${(event) => setTyped(event.target.value)} placeholder=${t('stock.search')} aria-label=${t('stock.search')} autocomplete="off" data-testid="stock-search" />
      ${pickFilter(kAll, t('stock.all'))}
      ${pickFilter('out', t('stock.out', { n: out }))}
      ${pickFilter('counted', t('stock.counted', { n: counted }))}
      ${pickFilter('low', t('stock.low', { n: low }))}
    </div>
    <div class="stock-table-box" tabindex="0" role="region" aria-label=${t('page.stock')}>
      <table class="stock-table">
        <thead>
          <tr><th>${t('stock.item')}</th><th>${t('stock.state')}</th><th class="figure">${t('stock.left')}</th><th class="figure">${t('stock.held')}</th><th></th></tr>
        </thead>
        <tbody>
          ${shown.map(({ sku, category }, place) => html`<${Row} key=${sku} ...${{ desk, sku }} heading=${category !== shown[place - 1]?.category && category} onCount=${() => desk.need('stock', () => setCounting({ sku, seq: desk.stockView.value.seq }))} onBack=${() => setOpened({ Opened: BackSheet, sku })} onLow=${() => desk.need('stock', () => setOpened({ Opened: ThresholdSheet, sku }))} />`)}
        </tbody>
      </table>
      ${shown.length === 0 && html`<${State} icon="filter" title=${t('stock.none')} text=${t('stock.none.text')}><${Button} onClick=${() => (setTyped(''), setFilter(kAll))}>${t('stock.show-all')}<//><//>`}
    </div>
    ${counting && html`<${CountSheet} key=${counting.sku} desk=${desk} ...${counting} onClose=${() => setCounting(null)} />`}
    ${opened && html`<${opened.Opened} key=${opened.sku} desk=${desk} sku=${opened.sku} name=${skuName(index.value, opened.sku, language.value)} level=${levels.value.get(opened.sku) ?? kUnknown} onClose=${() => setOpened(null)} />`}
  </main>`;
}

function rowsOf(index, items) {
  const found = new Set(items);
  return index.categories.flatMap((category) =>
    index.byCategory
      .get(category.id)
      .filter((item) => found.has(item))
      .flatMap((item) => item.skus.map((sku) => ({ sku: sku.id, category }))),
  );
}

function passes(filter, levels, sku) {
  if (filter === 'out') return unitsLeft(levels, sku) === 0;
  if (filter === 'low') return alertOf(levels.get(sku)) !== '';
  if (filter === 'counted') return levels.get(sku)?.type === 'limited';
  return true;
}

function Row({ desk, sku, heading, onCount, onBack, onLow }) {
  const { levels, index } = desk;
  const level = levels.value.get(sku) ?? kUnknown;
  const isLimited = level.type === 'limited';
  const isMarked = level.status === 'sold_out';
  const isEmpty = isLimited && level.available <= 0;
  const name = skuName(index.value, sku, language.value);
  const mark = (status) => {
    const isOut = status === 'sold_out';
    const said = t(isOut ? 'said.86' : 'said.back', { name });
    const back = { verb: 'stock.mark', args: isOut ? { sku, status: 'available' } : markedAs(sku, level), said: t(isOut ? 'said.back' : 'said.86', { name }) };
    desk.act('stock.mark', { sku, status }, { label: said, said, undo: back, key: `mark-${sku}` });
  };
  const alert = alertOf(level);
  const state = isMarked ? 'marked' : isEmpty ? 'empty' : isLimited ? 'limited' : 'unlimited';
  return html`${heading && html`<tr class="heading"><th colspan="5" scope="rowgroup">${pick(heading.name)}</th></tr>`}
    <tr class=${`stock-row ${state}`} data-testid=${`stock-row-${sku}`} data-state=${state}>
      <th scope="row">${name}</th>
      <td><span class=${`badge ${state}`}>${t(`level.${state}`)}</span> ${alert && html`<span class=${`badge low ${alert}`} data-testid=${`low-${sku}`}>${t(`level.${alert}`)}</span>`}</td>
      <td class="figure" data-testid=${`left-${sku}`}>${isLimited ? quantity(level.available) : '–'}${level.unverified && html` <small data-testid=${`unverified-${sku}`}>${t('stock.unverified')}</small>`}</td>
      <td class="figure" data-testid=${`held-${sku}`}>${level.held > 0 ? quantity(level.held) : ''}</td>
      <td class="tools">
        ${isMarked && html`<${BackRule} ...${{ desk, sku, name, level }} onPick=${onBack} />`}
        ${isMarked
          ? html`<${Button} kind="primary" disabled=${!desk.isLive.value} onClick=${() => mark('available')} data-testid=${`mark-back-${sku}`}>${t('stock.back')}<//>`
          : html`<${Button} kind="danger" disabled=${!desk.isLive.value} onClick=${() => mark('sold_out')} aria-label=${t('stock.86.name', { name })} data-testid=${`mark-86-${sku}`}>${t('stock.86')}<//>`}
        <${Button} disabled=${!desk.isLive.value} onClick=${onCount} aria-label=${t('stock.count.name', { name })} data-testid=${`count-${sku}`}>${t('stock.count')}<//>
        ${isLimited && html`<${Button} disabled=${!desk.isLive.value} onClick=${onLow} aria-label=${t('stock.low.name', { name })} data-testid=${`thresholds-${sku}`}>${t('stock.low.set')}<//>`}
      </td>
    </tr>`;
}

// A count is of what can still be sold, and holds for the moment the sheet was opened: when the
// item moves meanwhile, the hub says so and the person counts again.
function CountSheet({ desk, sku, seq, onClose }) {
  const { index, levels } = desk;
  const level = levels.value.get(sku) ?? kUnknown;
  const isLimited = level.type === 'limited';
  const name = skuName(index.value, sku, language.value);
  const [typed, setTyped] = useState(isLimited ? quantity(level.available) : '');
  const count = parseCount(typed);
  const save = (event) => {
    event?.preventDefault();
    if (count === null) return;
    const args = { sku, available: count, based_on: seq };
    desk.act('stock.count', args, { label: t('label.count', { name }), said: t('said.count', { name, n: quantity(count) }), key: `count-${sku}` });
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
      <p>${t(level.held > 0 ? 'count.text.held' : 'count.text', { n: quantity(level.held) })}</p>
      <label class="field">
        ${t('count.value')}
        <input class="figure-field" inputmode="decimal" value=${typed} onInput=${(event) => setTyped(event.target.value)} autocomplete="off" data-autofocus data-testid="count-value" />
      </label>
    </form>
  <//>`;
}
