// The first touch: here or to take away, and which table.
import { html, useState } from '../shared/ui.js';
import { language, languages, setLanguage, t } from '../shared/i18n.js';
import { Button } from '../shared/components.js';
import { Picture } from '../shared/ordering/picture.js';
import { itemState } from '../shared/ordering/menu_index.js';

const kTableDigits = 4;
const kFaces = 8;

export function Welcome({ counter }) {
  const { shop, set } = counter;
  return html`<main class="welcome">
    <${Faces} counter=${counter} />
    <div class="greeting">
      <h2>${t('welcome.title')}</h2>
      <p>${t('welcome.text', { store: shop.hello.value?.name ?? '' })}</p>
      <div class="ways">
        <button type="button" class="way" onClick=${() => set({ step: 'table', service: 'dine_in' })} data-testid="start-dinein">
          <${PlateIcon} />
          <strong>${t('welcome.dine-in')}</strong>
          <span>${t('welcome.dine-in.text')}</span>
        </button>
        <button
          type="button"
          class="way"
          onClick=${() => set({ step: 'menu', service: 'takeaway', table: '' })}
          data-testid="start-takeaway"
        >
          <${BagIcon} />
          <strong>${t('welcome.takeaway')}</strong>
          <span>${t('welcome.takeaway.text')}</span>
        </button>
      </div>
      <div class="tongues" role="group" aria-label=${t('language.switch')}>
        ${languages.map(
          ({ id, name }) => html`<${Button}
            key=${id}
            lang=${id}
            large
            aria-pressed=${language.value === id}
            onClick=${() => setLanguage(id)}
            data-testid=${`language-${id}`}
          >${name}<//>`,
        )}
      </div>
    </div>
  </main>`;
}

// A few dishes of each category, for the eye only.
function Faces({ counter }) {
  const { index, levels } = counter;
  const all = index.value.items.filter((item) => item.image && itemState(index.value, levels.value, item) === 'available');
  const step = Math.max(1, Math.floor(all.length / kFaces));
  const faces = all.filter((_, place) => place % step === 0).slice(0, kFaces);
  return html`<div class="faces" aria-hidden="true">
    ${faces.map((item) => html`<${Picture} item=${item} lazy=${false} key=${item.id} />`)}
  </div>`;
}

export function TablePage({ counter }) {
  const { set, session } = counter;
  const [table, setTable] = useState(session.value.table);
  const type = (digit) => setTable((was) => (was.length < kTableDigits ? was + digit : was));
  const go = () => table && set({ table, step: 'menu' });
  const onKeyDown = (event) => {
    if (/^\d$/.test(event.key)) type(event.key);
    else if (event.key === 'Backspace') setTable((was) => was.slice(0, -1));
    else if (event.key === 'Enter' && event.target.tagName !== 'BUTTON') go();
  };
  return html`<main class="table-page" onKeyDown=${onKeyDown} tabindex="-1">
    <h2>${t('table.title')}</h2>
    <p>${t('table.text')}</p>
    <output class="table-number" aria-live="polite" data-testid="table-number">${table || '–'}</output>
    <div class="keypad">
      ${['1', '2', '3', '4', '5', '6', '7', '8', '9'].map(
        (digit) => html`<${Button} key=${digit} large onClick=${() => type(digit)} data-testid=${`digit-${digit}`}>${digit}<//>`,
      )}
      <${Button} large onClick=${() => set({ step: 'welcome', table: '' })} data-testid="table-back">${t('back')}<//>
      <${Button} large onClick=${() => type('0')} data-testid="digit-0">0<//>
      <${Button} large aria-label=${t('table.erase')} onClick=${() => setTable(table.slice(0, -1))} data-testid="digit-erase">⌫<//>
    </div>
    <${Button} kind="primary" large class="next" disabled=${!table} onClick=${go} data-testid="table-go">
      ${t('table.go')}
    <//>
  </main>`;
}

const PlateIcon = () => html`<svg viewBox="0 0 64 64" aria-hidden="true">
  <circle cx="32" cy="32" r="17" fill="none" stroke="currentColor" stroke-width="4" />
  <circle cx="32" cy="32" r="9" fill="none" stroke="currentColor" stroke-width="3" />
  <path d="M6 12v12a5 5 0 0 0 4 5v25M6 12v10M10 12v10M14 12v10a5 5 0 0 1-4 5M57 54V36h-5V22c0-6 2-9 5-10z" fill="none" stroke="currentColor" stroke-width="3.5" stroke-linecap="round" stroke-linejoin="round" />
</svg>`;

const BagIcon = () => html`<svg viewBox="0 0 64 64" aria-hidden="true">
  <path d="M14 22h36l4 34H10z" fill="none" stroke="currentColor" stroke-width="4" stroke-linejoin="round" />
  <path d="M23 28V18a9 9 0 0 1 18 0v10" fill="none" stroke="currentColor" stroke-width="4" stroke-linecap="round" />
</svg>`;
