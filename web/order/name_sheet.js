// What the counter calls, and a word to the kitchen; then the dishes are set aside.
import { html, useState } from '../shared/ui.js';
import { t } from '../shared/i18n.js';
import { Button, Sheet } from '../shared/components.js';

export function NameSheet({ counter }) {
  const { session, asksName } = counter;
  const [name, setName] = useState(session.value.name);
  const [note, setNote] = useState(session.value.note);
  const isReady = name.trim().length > 0;
  const go = () => isReady && counter.goPay({ name: name.trim(), note: note.trim() });
  const onKeyDown = (event) => event.key === 'Enter' && go();
  const footer = html`<${Button} kind="primary" large class="next" disabled=${!isReady} onClick=${go} data-testid="name-go">${t('name.go')}<//>`;
  return html`<${Sheet} title=${t('name.title')} onClose=${() => (asksName.value = false)} footer=${footer} testid="name-sheet">
    <div class="name-fields">
      <label class="field">
        ${t('name.name')}
        <input data-autofocus maxlength="30" autocomplete="given-name" value=${name} onInput=${(event) => setName(event.target.value)} onKeyDown=${onKeyDown} data-testid="guest-name" />
      </label>
      <label class="field">
        ${t('name.note')}
        <input maxlength="60" value=${note} onInput=${(event) => setNote(event.target.value)} onKeyDown=${onKeyDown} data-testid="guest-note" />
      </label>
    </div>
  <//>`;
}
