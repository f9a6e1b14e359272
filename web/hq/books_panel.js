// The statement of a day: taken at the hub, kept at the relay, and what differs, by its event.
import { html, useState } from '../shared/ui.js';
import { t } from '../shared/i18n.js';
import { Button } from '../shared/components.js';
import { ask, storePath } from './line.js';

const kFigures = ['events', 'orders', 'total_minor', 'movements'];

export function BooksPanel({ store }) {
  const [day, setDay] = useState(() => new Date().toLocaleDateString('sv')); // yyyy-mm-dd
  const [found, setFound] = useState(null);
  const [isBusy, setBusy] = useState(false);
  const compare = async () => {
    setBusy(true);
    setFound(await ask('GET', `${storePath(store)}/statement?day=${day}`, { patience: 23_000 }));
    setBusy(false);
  };
  return html`<section class="panel books"><h3>${t('books.title')}</h3>
    <div class="books-tools">
      <label class="field">${t('books.day')}
        <input type="date" value=${day} onInput=${(event) => setDay(event.target.value)} data-testid="books-day" />
      </label>
      <${Button} disabled=${isBusy || !day} onClick=${compare} data-testid="books-go">${t('books.go')}<//>
    </div>
    ${found && !found.ok && html`<p class="wrong" role="alert">${found.detail || t('hq.stale.link')}</p>`}
    ${found?.ok && html`<${Books} books=${found.data} />`}
  </section>`;
}

function Books({ books }) {
  const verdict = books.equal ? 'equal' : books.hub === null ? 'no-hub' : 'differs';
  return html`<div class=${`verdict ${verdict}`} data-testid="verdict" data-verdict=${verdict}>
    <p><strong>${t(`books.${verdict}`)}</strong></p>
    ${books.first_bad !== null && html`<p data-testid="first-bad">${t('books.first-bad', { n: books.first_bad })}</p>`}
    ${books.differences.map((sentence) => html`<p key=${sentence}>${sentence}</p>`)}
    <table class="rows plain"><thead><tr><th scope="col">${t('books.what')}</th>
      <th scope="col" class="figure">${t('books.hub')}</th><th scope="col" class="figure">${t('books.relay')}</th></tr></thead>
      <tbody>${kFigures.map((key) => html`<tr key=${key}>
        <th scope="row">${t(`books.${key}`)}</th>
        <td class="figure">${books.hub === null ? '–' : show(key, books.hub[key])}</td>
        <td class="figure">${show(key, books.relay[key])}</td></tr>`)}
        <tr><th scope="row">${t('books.digest')}</th>
          <td class="figure">${books.hub === null ? '–' : books.hub.digest.slice(0, 12)}</td>
          <td class="figure">${books.relay.digest.slice(0, 12)}</td></tr></tbody></table>
  </div>`;
}

function show(key, value) {
  return key === 'total_minor' ? (value / 100).toFixed(2) : value.toLocaleString('en');
}
