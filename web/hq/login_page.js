// Name and password; the session is a cookie that no script can read.
import { html, useState } from '../shared/ui.js';
import { t } from '../shared/i18n.js';
import { LanguageSwitch, State } from '../shared/components.js';
import { ask, me } from './line.js';

export function LoginPage() {
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const [wrong, setWrong] = useState('');
  const [isBusy, setBusy] = useState(false);
  const onSubmit = async (event) => {
    event.preventDefault();
    setBusy(true);
    const answer = await ask('POST', '/login', { body: { name: name.trim(), password }, patience: 6000 });
    setBusy(false);
    setPassword('');
    if (answer.ok) me.value = answer.data;
    else setWrong(t(kWrong[answer.status] ?? 'login.lost'));
  };
  return html`<main class="state-page" data-testid="login">
    <${State} icon="lock" title=${t('login.title')} text=${t('login.text')}>
      <form class="token-form" onSubmit=${onSubmit}>
        <label class="field">
          ${t('login.name')}
          <input value=${name} onInput=${(event) => setName(event.target.value)} autocomplete="username"
            autocapitalize="none" spellcheck=${false} required data-testid="login-name" />
        </label>
        <label class="field">
          ${t('login.password')}
          <input type="password" value=${password} onInput=${(event) => setPassword(event.target.value)}
            autocomplete="current-password" required data-testid="login-password" />
        </label>
        <button type="submit" class="button primary large" disabled=${isBusy} data-testid="login-go">
          ${t('login.go')}
        </button>
        ${wrong && html`<p class="wrong" role="alert" data-testid="login-wrong">${wrong}</p>`}
      </form>
      <${LanguageSwitch} />
    <//>
  </main>`;
}

const kWrong = { 401: 'login.wrong', 422: 'login.wrong', 429: 'login.limited', 403: 'login.origin' };
