// What is sold out and not shown on every screen yet, by the hub's word.
import { html } from '../shared/ui.js';
import { language, t } from '../shared/i18n.js';
import { skuName } from '../shared/ordering/words.js';
import { channelName } from './words.js';

export function UnseenBar({ desk }) {
  const changes = desk.unseen.value;
  if (changes.length === 0) return null;
  return html`<ul class="waiting unseen" role="status" data-testid="unseen">
    ${changes.map(
      ({ sku, channel, waiting }) => html`<li key=${`${sku}@${channel ?? ''}`} data-testid=${`unseen-${sku}${channel ? `-${channel}` : ''}`}>
        <strong>${whatWords(skuName(desk.index.value, sku, language.value), channel)}</strong>
        <span>${t('unseen.screens', { screens: waiting.map(screenWords).join(t('comma')) })}</span>
      </li>`,
    )}
  </ul>`;
}

// Sold out everywhere, or on one channel.
function whatWords(name, channel) {
  return channel ? t('unseen.channel', { name, channel: channelName(channel) }) : t('unseen', { name });
}

function screenWords({ name, device, state }) {
  return state === 'away' ? t('unseen.away', { name: name || device }) : name || device;
}
