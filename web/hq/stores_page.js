// The table of stores, those that need a person first. The relay sorts, searches and pages: the page
// holds at most kPageRows of them, however many there are.
import { html, useState } from '../shared/ui.js';
import { t } from '../shared/i18n.js';
import { Button, State } from '../shared/components.js';
import { usePoll } from './line.js';
import { age, groupOf, millis, stateText } from './words.js';

const kPageRows = 50;
const kFilters = ['all', 'away', 'behind', 'frozen'];

export function StoresPage() {
  const [search, setSearch] = useState('');
  const [only, setOnly] = useState('all');
  const [trail, setTrail] = useState([]); // the cursors of the pages before
  const query = new URLSearchParams({ limit: kPageRows, only });
  if (search.trim()) query.set('search', search.trim());
  if (trail.length) query.set('after', trail.at(-1));
  const { data, error } = usePoll(`/api/v1/hq/stores?${query}`);
  const first = (change) => (value) => (setTrail([]), change(value));
  return html`<section class="stores" data-testid="stores">
    <div class="tools">
      <label class="field search">
        <span class="visually-hidden">${t('stores.search')}</span>
        <input type="search" value=${search} placeholder=${t('stores.search')} maxlength="64"
          onInput=${(event) => first(setSearch)(event.target.value)} data-testid="search" />
      </label>
      <${Filters} only=${only} estate=${data?.estate} onOnly=${first(setOnly)} />
    </div>
    <${Problem} error=${error} />
    ${!data && !error && html`<${State} title=${t('hq.waiting')} text=${t('hq.waiting.text')} />`}
    ${data && data.stores.length === 0 && html`<${State} icon="filter" title=${t('stores.none')} text=${t('stores.none.text')} />`}
    ${data && data.stores.length > 0 && html`<${Table} data=${data} />`}
    ${data && html`<${Pager} data=${data} trail=${trail} setTrail=${setTrail} />`}
  </section>`;
}

function Filters({ only, estate, onOnly }) {
  const counts = { all: estate?.stores, away: estate?.away, frozen: estate?.frozen };
  return html`<div class="filters" role="group" aria-label=${t('stores.filter')}>
    ${kFilters.map((each) => html`<${Button} key=${each} aria-pressed=${only === each}
      onClick=${() => onOnly(each)} data-testid=${`only-${each}`}>
      ${t(`only.${each}`)}${counts[each] === undefined ? '' : ` ${counts[each].toLocaleString('en')}`}
    <//>`)}
    ${estate && html`<span class="sum" data-testid="sum">
      ${t('stores.sum', { live: estate.live.toLocaleString('en'), behind: estate.behind.toLocaleString('en'), words: estate.words_outstanding })}
    </span>`}
  </div>`;
}

function Table({ data }) {
  const now = millis(data.at);
  return html`<table class="rows">
    <thead><tr>
      <th scope="col">${t('col.store')}</th>
      <th scope="col">${t('col.state')}</th>
      <th scope="col" class="figure">${t('col.behind')}</th>
      <th scope="col" class="figure">${t('col.oldest')}</th>
      <th scope="col" class="figure">${t('col.words')}</th>
      <th scope="col">${t('col.version')}</th>
    </tr></thead>
    <tbody>${data.stores.map((store) => html`<${Row} key=${store.store} store=${store} now=${now} />`)}</tbody>
  </table>`;
}

function Row({ store, now }) {
  const group = groupOf(store);
  const oldest = millis(store.oldest_unsent_at);
  const waiting = Math.max(0, store.words_issued - store.words_applied);
  return html`<tr class=${group} data-testid="store-row" data-store=${store.store} data-group=${group}>
    <th scope="row"><a class="open" href=${`#/store/${encodeURIComponent(store.store)}`}>${store.store}</a></th>
    <td><${Mark} group=${group} /> <span>${stateText(store, now)}</span>
      ${store.frozen && html`<span class="why">${store.frozen_reason}</span>`}</td>
    <td class="figure" data-label=${t('col.behind')}>${store.behind.toLocaleString('en')}</td>
    <td class="figure" data-label=${t('col.oldest')}>${oldest === null ? '–' : age(now - oldest)}</td>
    <td class="figure" data-label=${t('col.words')}>${waiting}</td>
    <td data-label=${t('col.version')}>${store.version || '–'}</td>
  </tr>`;
}

// Shape and colour: a disc is well, a half disc is behind, a cross is away, a bar is frozen.
const kShapes = {
  well: 'M8 1a7 7 0 1 1 0 14A7 7 0 0 1 8 1z',
  words: 'M8 1a7 7 0 1 1 0 14A7 7 0 0 1 8 1zm0 3a4 4 0 1 0 0 8 4 4 0 0 0 0-8z',
  behind: 'M8 1a7 7 0 0 0 0 14z',
  away: 'M3 1 8 6l5-5 2 2-5 5 5 5-2 2-5-5-5 5-2-2 5-5-5-5z',
  frozen: 'M1 6h14v4H1z',
};
export function Mark({ group }) {
  return html`<svg class=${`mark ${group}`} viewBox="0 0 16 16" aria-hidden="true">
    <path d=${kShapes[group]} fill="currentColor" fill-rule="evenodd" />
  </svg>`;
}

function Pager({ data, trail, setTrail }) {
  const from = trail.length * kPageRows + (data.stores.length ? 1 : 0);
  const to = trail.length * kPageRows + data.stores.length;
  return html`<div class="pager">
    <${Button} disabled=${trail.length === 0} onClick=${() => setTrail(trail.slice(0, -1))} data-testid="page-back">
      ${t('stores.back')}
    <//>
    <span data-testid="page-place">${t('stores.place', { from, to, all: data.matching.toLocaleString('en') })}</span>
    <${Button} disabled=${data.next === null} onClick=${() => setTrail([...trail, data.next])} data-testid="page-next">
      ${t('stores.next')}
    <//>
  </div>`;
}

// A refusal or a fault of the relay, in words, above what was seen last.
export function Problem({ error }) {
  if (!error) return null;
  const text = error.status === 503 || error.status === 500 ? t('hq.storage') : t('hq.refused');
  return html`<p class="problem" role="alert" data-testid="problem">${text} ${error.detail}</p>`;
}
