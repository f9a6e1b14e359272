// HQ lets a new machine take a store over: one code, shown once, for one machine, for half an hour.
// The machine that keeps the store now is fenced off when the code is used.
import { html, useState } from '../shared/ui.js';
import { t } from '../shared/i18n.js';
import { Button, toast } from '../shared/components.js';
import { ask, isAdmin, storePath } from './line.js';

export function Takeover({ store }) {
  const [step, setStep] = useState('closed');
  const [code, setCode] = useState('');
  if (!isAdmin()) return null;
  const give = async () => {
    const answer = await ask('POST', `${storePath(store)}/takeover`, { patience: 6000 });
    if (!answer.ok) {
      setStep('closed');
      return toast(t('hq.not-done', { why: answer.detail || t('hq.stale.link') }), { kind: 'bad', ms: 8000 });
    }
    setCode(answer.data.code);
    return setStep('shown');
  };
  if (step === 'closed') {
    return html`<p><${Button} onClick=${() => setStep('sure')} data-testid="takeover">${t('takeover.go', { store })}<//></p>`;
  }
  if (step === 'sure') {
    return html`<div class="frozen-box" role="group" data-testid="takeover-sure">
      <p>${t('takeover.text', { store })}</p>
      <${Button} kind="danger" onClick=${give} data-testid="takeover-give">${t('takeover.sure')}<//>
      <${Button} onClick=${() => setStep('closed')}>${t('action.cancel')}<//>
    </div>`;
  }
  return html`<div class="frozen-box" role="status">
    <p>${t('takeover.code')} <strong data-testid="takeover-code">${code}</strong></p>
    <p>${t('takeover.then')} <code>larderctl takeover --code ${code}</code></p>
    <${Button} onClick=${() => setStep('closed')}>${t('action.close')}<//>
  </div>`;
}
