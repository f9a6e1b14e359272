// One store: how it stands, its stock, HQ's words to it, its last orders and its books.
import { html, useState } from '../shared/ui.js';
import { t } from '../shared/i18n.js';
import { Button, State, toast } from '../shared/components.js';
import { clock, money } from '../shared/format.js';
import { ask, isAdmin, mayChange, storePath, usePoll } from './line.js';
import { AgreementPanel } from './agreement_panel.js';
import { ParkedPanel } from './parked_panel.js';
import { StockSheet } from './stock_sheet.js';
import { BooksPanel } from './books_panel.js';
import { Mark, Problem } from './stores_page.js';
import { Takeover } from './takeover.js';
import { ackText, age, alertOf, amount, backText, groupOf, millis, moment, stateText, wordText } from './words.js';

export function StorePage({ store }) {
  const { data, error } = usePoll(storePath(store));
  const stock = usePoll(`${storePath(store)}/stock`);
  const words = usePoll(`${storePath(store)}/words?limit=10`);
  const orders = usePoll(`${storePath(store)}/orders?limit=12`, 3000);
  const [edited, setEdited] = useState(null);
  if (error?.status === 404 || error?.status === 403) {
    return html`<${State} icon="alert" title=${t('store.none', { store })} text=${error.detail}>
      <a class="button primary" href="#/">${t('store.all')}</a>
    <//>`;
  }
  if (!data) return html`<${State} title=${t('hq.waiting')} text=${t('hq.waiting.text')} />`;
  const row = edited && stock.data?.find((each) => each.sku === edited);
  const nameOf = (sku) => stock.data?.find((each) => each.sku === sku)?.name || sku;
  return html`<article class="store" data-testid="store" data-store=${store}>
    <${Head} view=${data.store} now=${millis(data.at)} />
    <${Problem} error=${error ?? stock.error} />
    ${data.store.parked > 0 && html`<${ParkedPanel} store=${store} />`}
    <div class="columns">
      <${Stock} store=${store} rows=${stock.data} onEdit=${setEdited} />
      <div class="side">
        <${Words} words=${words.data} view=${data.store} nameOf=${nameOf} />
        <${Orders} orders=${orders.data} now=${millis(data.at)} />
        <${AgreementPanel} key=${store} view=${data.store} now=${millis(data.at)} nameOf=${nameOf} />
        <${BooksPanel} store=${store} />
      </div>
    </div>
    ${row && html`<${StockSheet} store=${store} row=${row} isLive=${data.store.live} onClose=${() => setEdited(null)} />`}
  </article>`;
}

function Head({ view, now }) {
  const group = groupOf(view);
  const oldest = millis(view.oldest_unsent_at);
  const facts = [
    ['behind', view.behind.toLocaleString('en')],
    ['oldest', oldest === null ? '–' : age(now - oldest)],
    ['kept', `${view.up_to.toLocaleString('en')} / ${view.hub_head.toLocaleString('en')}`],
    ['words', Math.max(0, view.words_issued - view.words_applied)],
    ['clock', clockWord(view.clock_ahead_ms)],
    ['version', view.version || '–'],
  ];
  return html`<header class=${`store-head ${group}`}>
    <a class="button" href="#/">‹ ${t('store.all')}</a>
    <h2>${t('store.title', { store: view.store })}</h2>
    <p class="state-line" data-testid="store-state" data-group=${group}><${Mark} group=${group} /> ${stateText(view, now)}</p>
    <dl class="facts">${facts.map(([key, value]) => html`<div key=${key}>
      <dt>${t(`col.${key}`)}</dt><dd data-testid=${`fact-${key}`}>${value}</dd>
    </div>`)}</dl>
    ${view.parked > 0 && html`<p class="note">${t('store.parked', { n: view.parked })}</p>`}
    ${view.frozen && html`<${Frozen} view=${view} />`}
    <${Takeover} store=${view.store} />
  </header>`;
}

function Frozen({ view }) {
  const [isSure, setSure] = useState(false);
  const unfreeze = async () => {
    const answer = await ask('POST', `${storePath(view.store)}/unfreeze`, { patience: 6000 });
    if (answer.ok) toast(t('frozen.done', { store: view.store }));
    else toast(t('hq.not-done', { why: answer.detail || t('hq.stale.link') }), { kind: 'bad', ms: 8000 });
    setSure(false);
  };
  return html`<div class="frozen-box" role="alert" data-testid="frozen">
    <p><strong>${t('frozen.title')}</strong> ${view.frozen_reason}</p>
    <p>${t('frozen.text')}</p>
    ${isAdmin() && !isSure && html`<${Button} onClick=${() => setSure(true)} data-testid="unfreeze">${t('frozen.go', { store: view.store })}<//>`}
    ${isSure && html`<${Button} kind="danger" onClick=${unfreeze} data-testid="unfreeze-sure">${t('frozen.sure', { store: view.store })}<//>`}
  </div>`;
}

function Stock({ store, rows, onEdit }) {
  const [search, setSearch] = useState('');
  const wanted = search.trim().toLowerCase();
  const shown = rows?.filter((row) => `${row.name} ${row.sku}`.toLowerCase().includes(wanted));
  const low = rows?.filter((row) => alertOf(row)) ?? [];
  return html`<section class="panel stock">
    <div class="panel-head"><h3>${t('stock.title', { store })}</h3>
      <label class="field search"><span class="visually-hidden">${t('stock.search')}</span>
        <input type="search" value=${search} placeholder=${t('stock.search')}
          onInput=${(event) => setSearch(event.target.value)} data-testid="stock-search" />
      </label></div>
    ${!mayChange() && html`<p class="note">${t('stock.read-only')}</p>`}
    ${low.length > 0 && html`<p class="note low" role="status" data-testid="stock-low"><strong>${t('stock.low', { n: low.length })}</strong> ${low.map((row) => `${row.name || row.sku} (${amount(row)})`).join(', ')}</p>`}
    ${rows && rows.length === 0 && html`<p class="note" data-testid="stock-none">${t('stock.none')}</p>`}
    ${shown && shown.length > 0 && html`<table class="rows plain">
      <thead><tr><th scope="col">${t('stock.item')}</th><th scope="col">${t('col.state')}</th>
        <th scope="col" class="figure">${t('stock.left')}</th><th scope="col" class="figure">${t('stock.held')}</th>
        <th scope="col"><span class="visually-hidden">${t('stock.set')}</span></th></tr></thead>
      <tbody>${shown.map((row) => html`<${StockRow} key=${row.sku} row=${row} onEdit=${onEdit} />`)}</tbody>
    </table>`}
  </section>`;
}

function StockRow({ row, onEdit }) {
  const isOut = row.status === 'sold_out' || (row.type === 'limited' && row.available === 0);
  return html`<tr class=${isOut ? 'out' : ''} data-testid="stock-row" data-sku=${row.sku} data-out=${isOut}>
    <th scope="row">${row.name || row.sku}${row.name && html`<small>${row.sku}</small>`}</th>
    <td>${t(row.status === 'sold_out' ? 'stock.marked' : isOut ? 'stock.empty' : 'stock.on-sale')} ${backText(row)}
      ${alertOf(row) && html`<strong class="low" data-testid=${`low-${row.sku}`}>${t(`stock.${alertOf(row)}`)}</strong>`}</td>
    <td class="figure" data-label=${t('stock.left')}>${amount(row)}</td>
    <td class="figure" data-label=${t('stock.held')}>${row.held}</td>
    <td class="act">${mayChange() && html`<${Button} onClick=${() => onEdit(row.sku)} aria-label=${t('stock.set-name', { name: row.name || row.sku })} data-testid=${`set-${row.sku}`}>${t('stock.set')}<//>`}</td>
  </tr>`;
}

function Words({ words, view, nameOf }) {
  return html`<section class="panel"><h3>${t('words.title')}</h3>
    ${words && words.length === 0 && html`<p class="note">${t('words.none')}</p>`}
    <ul class="words">${words?.map((word) => html`<li key=${word.number} class=${word.state} data-testid="word" data-state=${word.state}>
      <strong>${wordText(word, nameOf)}</strong>
      <span>${ackText(word, view.live)}</span>
      <small>${t('words.by', { by: word.by, n: word.number })}</small>
    </li>`)}</ul>
  </section>`;
}

function Orders({ orders, now }) {
  return html`<section class="panel"><h3>${t('orders.title')}</h3>
    ${orders && orders.length === 0 && html`<p class="note">${t('orders.none')}</p>`}
    ${orders && orders.length > 0 && html`<table class="rows plain"><thead><tr>
      <th scope="col">${t('orders.number')}</th><th scope="col">${t('orders.placed')}</th>
      <th scope="col">${t('orders.state')}</th><th scope="col" class="figure">${t('orders.total')}</th></tr></thead>
      <tbody>${orders.map((order) => html`<tr key=${order.order} data-testid="order-row">
        <th scope="row">${order.number}</th><td>${order.placed_at ? moment(millis(order.placed_at), now) : clock(now)}</td>
        <td>${t(`order.${order.state}`)} <small>${t(`channel.${order.channel}`)}</small></td>
        <td class="figure">${money(order.total_minor, order.currency)}</td></tr>`)}</tbody>
    </table>`}
  </section>`;
}

// A tenth of a second either way is the clocks' own noise.
function clockWord(aheadMs) {
  if (aheadMs === null) return '–';
  const s = (Math.abs(aheadMs) / 1000).toFixed(1);
  if (s === '0.0') return t('clock.right');
  return t(aheadMs > 0 ? 'clock.ahead' : 'clock.behind', { s });
}
