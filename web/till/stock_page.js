// The stock panel: what can be sold, what is set aside, and the 86.
import { html, useMemo, useState } from '../shared/ui.js';
import { language, pick, t } from '../shared/i18n.js';
import { Button, State } from '../shared/components.js';
import { quantity } from '../shared/format.js';
import { search } from '../shared/ordering/menu_index.js';
import { mostFor } from '../shared/ordering/sellable.js';
import { skuName } from '../shared/ordering/words.js';
import { BackRule, BackSheet, markedAs } from './back_rule.js';
import { ChannelsSheet } from './channels_sheet.js';
import { CountSheet } from './count_sheet.js';
import { alertOf, lowItems, ThresholdSheet } from './low.js';
import { OversellList } from './oversells.js';
import { isOutSomewhere, kUnknown, standingOf } from './stock_state.js';
import { channelName } from './words.js';

const kAll = 'all';
const kOversold = 'oversold';

export function StockPage({ desk }) {
  const { index, levels } = desk;
  const [typed, setTyped] = useState('');
  const [filter, setFilter] = useState(kAll);
  const [counting, setCounting] = useState(null);
  const [opened, setOpened] = useState(null); // { Sheet, sku }
  const rows = useMemo(() => rowsOf(index.value, search(index.value, typed)), [index.value, typed]);
  const passing = (filter) => rows.filter(({ sku, item }) => passes(filter, levels.value.get(sku), item));
  const shown = passing(filter);
  const out = passing('out').length;
  const counted = passing('counted').length;
  const low = lowItems(levels.value).length;
  const oversold = desk.oversells.value.length;
  const showAll = () => (setTyped(''), setFilter(kAll));
  const pickFilter = (id, label) => html`<${Button} aria-pressed=${filter === id} onClick=${() => setFilter(id)} data-testid=${`stock-filter-${id}`}>${label}<//>`;
  return html`<main class="stock-page" data-testid="stock-panel">
    <div class="filters">
      <input type="search" value=${typed} onInput=${(event) => setTyped(event.target.value)} placeholder=${t('stock.search')} aria-label=${t('stock.search')} autocomplete="off" data-testid="stock-search" />
      ${pickFilter(kAll, t('stock.all'))}
      ${pickFilter('out', t('stock.out', { n: out }))}
      ${pickFilter('counted', t('stock.counted', { n: counted }))}
      ${pickFilter('low', t('stock.low', { n: low }))}
      ${(oversold > 0 || filter === kOversold) && pickFilter(kOversold, t('stock.oversold', { n: oversold }))}
    </div>
    ${filter === kOversold ? html`<${OversellList} desk=${desk} />` : html`
    <div class="stock-table-box" tabindex="0" role="region" aria-label=${t('page.stock')}>
      <table class="stock-table">
        <thead>
          <tr><th>${t('stock.item')}</th><th>${t('stock.state')}</th><th class="figure">${t('stock.left')}</th><th class="figure">${t('stock.held')}</th><th></th></tr>
        </thead>
        <tbody>
          ${shown.map(({ sku, item, category }, place) => html`<${Row} key=${sku} ...${{ desk, sku, item }} heading=${category !== shown[place - 1]?.category && category} onCount=${() => desk.need('stock', () => setCounting({ sku, seq: desk.stockView.value.seq }))} onBack=${() => setOpened({ Opened: BackSheet, sku })} onLow=${() => desk.need('stock', () => setOpened({ Opened: ThresholdSheet, sku }))} onChannels=${() => desk.need('stock', () => setOpened({ Opened: ChannelsSheet, sku }))} />`)}
        </tbody>
      </table>
      ${shown.length === 0 && html`<${State} icon="filter" title=${t('stock.none')} text=${t('stock.none.text')}><${Button} onClick=${showAll}>${t('stock.show-all')}<//><//>`}
    </div>`}
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
      .flatMap((item) => item.skus.map((sku) => ({ sku: sku.id, item, category }))),
  );
}

function passes(filter, level, item) {
  if (filter === 'out') return isOutSomewhere(level ?? kUnknown, item);
  if (filter === 'low') return alertOf(level) !== '';
  if (filter === 'counted') return level?.type === 'limited';
  return true;
}

// Long because one row says how a dish stands and holds all that can be done with it.
function Row({ desk, sku, item, heading, onCount, onBack, onLow, onChannels }) {
  const { levels, index } = desk;
  const level = levels.value.get(sku) ?? kUnknown;
  const isLimited = level.type === 'limited';
  const isMarked = level.status === 'sold_out';
  const name = skuName(index.value, sku, language.value);
  const mark = (status) => {
    const isOut = status === 'sold_out';
    const said = t(isOut ? 'said.86' : 'said.back', { name });
    const back = { verb: 'stock.mark', args: isOut ? { sku, status: 'available' } : markedAs(sku, level), said: t(isOut ? 'said.back' : 'said.86', { name }) };
    desk.act('stock.mark', { sku, status }, { label: said, said, undo: back, key: `mark-${sku}` });
  };
  const alert = alertOf(level);
  const { state, out } = standingOf(level, item);
  const mine = isLimited && !isMarked ? mostFor(level, levels.value.channel) : level.available;
  return html`${heading && html`<tr class="heading"><th colspan="5" scope="rowgroup">${pick(heading.name)}</th></tr>`}
    <tr class=${`stock-row ${state}`} data-testid=${`stock-row-${sku}`} data-state=${state}>
      <th scope="row">${name}</th>
      <td><span class=${`badge ${state}`}>${t(`level.${state}`)}</span> ${alert && html`<span class=${`badge low ${alert}`} data-testid=${`low-${sku}`}>${t(`level.${alert}`)}</span>`}
        ${out.length > 0 && html`<span class="badge partly" data-testid=${`partly-${sku}`}>${t('level.partly', { channels: out.map(channelName).join(t('comma')) })}</span>`}</td>
      <td class="figure" data-label=${isLimited ? t('stock.left') : ''}><span data-testid=${`left-${sku}`}>${isLimited ? quantity(level.available) : '–'}</span>
        ${isLimited && mine !== level.available && html`<small data-testid=${`mine-${sku}`}>${t('stock.mine', { n: quantity(mine) })}</small>`}
        ${level.unverified && html`<small data-testid=${`unverified-${sku}`}>${t('stock.unverified')}</small>`}</td>
      <td class="figure" data-label=${level.held > 0 ? t('stock.held') : ''}><span data-testid=${`held-${sku}`}>${level.held > 0 ? quantity(level.held) : ''}</span>
        ${level.leased > 0 && html`<small data-testid=${`leased-${sku}`}>${t('stock.leased', { n: quantity(level.leased) })}</small>`}</td>
      <td class="tools">
        ${isMarked && html`<${BackRule} ...${{ desk, sku, name, level }} onPick=${onBack} />`}
        ${isMarked
          ? html`<${Button} kind="primary" disabled=${!desk.isLive.value} onClick=${() => mark('available')} data-testid=${`mark-back-${sku}`}>${t('stock.back')}<//>`
          : html`<${Button} kind="danger" disabled=${!desk.isLive.value} onClick=${() => mark('sold_out')} aria-label=${t('stock.86.name', { name })} data-testid=${`mark-86-${sku}`}>${t('stock.86')}<//>`}
        <${Button} disabled=${!desk.isLive.value} onClick=${onCount} aria-label=${t('stock.count.name', { name })} data-testid=${`count-${sku}`}>${t('stock.count')}<//>
        <${Button} disabled=${!desk.isLive.value} onClick=${onChannels} aria-label=${t('stock.channels.name', { name })} data-testid=${`channels-${sku}`}>${t('stock.channels')}<//>
        ${isLimited && html`<${Button} disabled=${!desk.isLive.value} onClick=${onLow} aria-label=${t('stock.low.name', { name })} data-testid=${`thresholds-${sku}`}>${t('stock.low.set')}<//>`}
      </td>
    </tr>`;
}
