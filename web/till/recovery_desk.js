// A hub in recovery, at the till: somebody who may close the day lets it go on without what it
// lost, and says why. Asked twice, because orders that others have seen may be gone for good.
import { html, useState } from '../shared/ui.js';
import { t } from '../shared/i18n.js';
import { Button, Sheet } from '../shared/components.js';

// Kept elsewhere: nothing that a till could say helps.
const kElsewhere = new Set(['taken_over', 'takeover']);

export function RecoveryDesk({ desk }) {
  const [isAsking, setAsking] = useState(false);
  const [reason, setReason] = useState('');
  const { why } = desk.shop.recovery.value;
  if (!why || kElsewhere.has(why)) return null;
  const close = () => setAsking(false);
  const accept = () => {
    desk.act('epoch.begin', { reason: reason.trim() }, { said: t('recovery.said') });
    close();
  };
  const footer = html`<${Button} onClick=${close}>${t('action.cancel')}<//>
    <${Button} kind="danger" disabled=${!reason.trim()} onClick=${accept} data-testid="recovery-sure">${t('recovery.sure')}<//>`;
  return html`<p class="recovery-desk"><${Button} onClick=${() => setAsking(true)} data-testid="recovery-accept">${t('recovery.accept')}<//></p>
    ${isAsking && html`<${Sheet} title=${t('recovery.ask')} onClose=${close} footer=${footer} testid="recovery-sheet">
      <p>${t('recovery.ask.text')}</p>
      <label class="field"><span>${t('recovery.reason')}</span>
        <input value=${reason} maxlength="200" onInput=${(event) => setReason(event.target.value)} data-testid="recovery-reason" />
      </label>
    <//>`}`;
}
