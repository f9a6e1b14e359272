// What is sold out and not shown on every screen yet, by the hub's word.
import { html } from '../shared/ui.js';
import { language, t } from '../shared/i18n.js';
import { skuName } from '../shared/ordering/words.js';

export function UnseenBar({ desk }) {
  const changes = desk.unseen.value;
  if (changes.length === 0) return null;
  return html`<ul class="waiting unseen" role="status" data-testid="unseen">
    ${changes.map(
      ({ sku, waiting }) => html`<li key=${sku} data-testid=${`unseen-${sku}`}>
        <strong>${t('unseen', { name: skuName(desk.index.value, sku, language.value) })}</strong>
        <span>${t('unseen.screens', { screens: waiting.map(screenWords).join(t('comma')) })}</span>
      </li>`,
    )}
  </ul>`;
}

function screenWords({ name, device, state }) {
  return state === 'away' ? t('unseen.away', { name: name || device }) : name || device;
}
