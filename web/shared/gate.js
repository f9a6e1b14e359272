// The page before the page: no token yet, or the hub refuses the one we have.
import { html, useState } from './ui.js';
import { t } from './i18n.js';
import { Button, LanguageSwitch, State } from './components.js';

export function Gate({ onToken }) {
  return html`<main class="state-page" data-testid="token-gate">
    <${State} icon="lock" title=${t('token.title')} text=${t('token.text')}>
      <${TokenForm} onToken=${onToken} />
      <${LanguageSwitch} />
    <//>
  </main>`;
}

export function Refused({ reason, onRetry }) {
  const isReplaced = reason === 'replaced';
  return html`<main class="state-page" data-testid="refused" data-reason=${reason}>
    <${State}
      icon="lock"
      title=${t(`refused.${reason}.title`)}
      text=${t(`refused.${reason}.text`)}
    >
      ${isReplaced
        ? html`<${Button} kind="primary" large onClick=${() => onRetry()}>${t('refused.use-here')}<//>`
        : html`<${TokenForm} onToken=${onRetry} />`}
      <${LanguageSwitch} />
    <//>
  </main>`;
}

function TokenForm({ onToken }) {
  const [typed, setTyped] = useState('');
  const onSubmit = (event) => {
    event.preventDefault();
    const token = typed.trim();
    if (token) onToken(token);
  };
  return html`<form class="token-form" onSubmit=${onSubmit}>
    <label class="field">
      ${t('token.label')}
      <input
        value=${typed}
        onInput=${(event) => setTyped(event.target.value)}
        autocomplete="off"
        autocapitalize="none"
        spellcheck=${false}
        data-testid="token-input"
      />
    </label>
    <button type="submit" class="button primary large" data-testid="token-go">${t('token.go')}</button>
  </form>`;
}
