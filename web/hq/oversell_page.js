// Oversell records: what was sold and is not there, where and since when, and how a person resolved
// it. A record of a store's hub ends when the store has taken the word; one that was found at the
// relay ends at once.
import { html, useState } from '../shared/ui.js';
import { t } from '../shared/i18n.js';
import { Button, Sheet, State, toast } from '../shared/components.js';
import { quantity } from '../shared/format.js';
import { ask, mayChange, storePath, usePoll } from './line.js';
import { Problem } from './stores_page.js';
import { age, millis } from './words.js';

const kPageRows = 50;

export function OversellPage() {
  const [state, setState] = useState('open');
  const [trail, setTrail] = useState([]);
  const [asked, setAsked] = useState(null);
  const query = new URLSearchParams({ state, limit: kPageRows });
  if (trail.length) query.set('after', trail.at(-1));
  const { data, error } = usePoll(`/api/v1/hq/oversells?${query}`);
  const show = (each) => (setTrail([]), setState(each));
  return html`<section class="letters" data-testid="oversells">
    <h2>${t('oversell.title')}</h2>
    <div class="filters" role="group" aria-label=${t('oversell.filter')}>
      ${['open', 'resolved'].map((each) => html`<${Button} key=${each} aria-pressed=${state === each}
        onClick=${() => show(each)} data-testid=${`oversell-${each}`}>${t(`oversell.${each}`)}<//>`)}
    </div>
    <${Problem} error=${error} />
    ${data && data.records.length === 0 && html`<${State} icon="tick" title=${t(`oversell.none-${state}`)} text=${t('oversell.none.text')} />`}
    ${data && data.records.length > 0 && html`<${Records} records=${data.records} onAsk=${setAsked} />`}
    ${data && (trail.length > 0 || data.next !== null) && html`<div class="filters">
      <${Button} disabled=${trail.length === 0} onClick=${() => setTrail(trail.slice(0, -1))} data-testid="oversell-back">${t('oversell.newer')}<//>
      <${Button} disabled=${data.next === null} onClick=${() => setTrail([...trail, data.next])} data-testid="oversell-on">${t('oversell.older')}<//>
    </div>`}
    ${asked && html`<${Resolve} record=${asked} onClose=${() => setAsked(null)} />`}
  </section>`;
}

function Records({ records, onAsk }) {
  const now = Date.now();
  return html`<table class="rows"><thead><tr>
    <th scope="col">${t('oversell.item')}</th><th scope="col">${t('col.store')}</th>
    <th scope="col" class="figure">${t('oversell.many')}</th><th scope="col">${t('oversell.cause')}</th>
    <th scope="col">${t('oversell.orders')}</th><th scope="col" class="figure">${t('oversell.since')}</th>
    <th scope="col"></th></tr></thead>
    <tbody>${records.map((record) => html`<${Row} key=${`${record.store}/${record.id}`} record=${record} now=${now} onAsk=${onAsk} />`)}</tbody>
  </table>`;
}

function Row({ record, now, onAsk }) {
  const isOpen = record.state === 'open';
  return html`<tr data-testid="oversell" data-id=${record.id} data-store=${record.store}>
    <th scope="row">${record.name || record.sku}</th>
    <td data-label=${t('col.store')}>${record.store}</td>
    <td class="figure" data-label=${t('oversell.many')}>${quantity(record.quantity)}</td>
    <td data-label=${t('oversell.cause')}>${causeText(record.cause)}${record.by && html` <small>${record.by}</small>`}</td>
    <td data-label=${t('oversell.orders')}>${record.orders.join(', ') || '–'}</td>
    <td class="figure" data-label=${t('oversell.since')}>${age(now - millis(record.at))}</td>
    <td class="act">${isOpen
      ? mayChange() && html`<${Button} onClick=${() => onAsk(record)} data-testid="oversell-ask">${t('oversell.resolve')}<//>`
      : html`<small>${record.resolution} · ${record.resolved_by}</small>`}</td>
  </tr>`;
}

function causeText(cause) {
  return ['override', 'count', 'settlement', 'replay'].includes(cause) ? t(`oversell.by-${cause}`) : cause;
}

function Resolve({ record, onClose }) {
  const [reason, setReason] = useState('');
  const [key] = useState(() => crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}`);
  const [isBusy, setBusy] = useState(false);
  const resolution = reason.trim();
  const send = async (event) => {
    event.preventDefault();
    if (!resolution || isBusy) return;
    setBusy(true);
    const path = `${storePath(record.store)}/oversells/${record.id}/resolve`;
    const answer = await ask('POST', path, { body: { resolution }, key, patience: 6000 });
    setBusy(false);
    if (!answer.ok) {
      return toast(t('hq.not-done', { why: answer.detail || t('hq.stale.link') }), { kind: 'bad', ms: 8000 });
    }
    toast(t(answer.data.word ? 'oversell.told' : 'oversell.done', { store: record.store }));
    onClose();
  };
  return html`<${Sheet} title=${t('oversell.sheet', { name: record.name || record.sku, store: record.store })} onClose=${onClose} testid="oversell-sheet">
    <p class="now">${t('oversell.what', { n: quantity(record.quantity), cause: causeText(record.cause) })}</p>
    <form class="count" onSubmit=${send}>
      <label class="field">${t('oversell.how')}
        <input value=${reason} maxlength="100" onInput=${(event) => setReason(event.target.value)} data-testid="oversell-reason" />
      </label>
      <button type="submit" class="button primary" disabled=${!resolution || isBusy} data-testid="oversell-send">${t('oversell.resolve')}</button>
    </form>
  <//>`;
}
