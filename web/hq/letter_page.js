// Dead letters: messages to the estate that failed ten times, and sending them again.
import { html } from '../shared/ui.js';
import { t } from '../shared/i18n.js';
import { Button, State, toast } from '../shared/components.js';
import { ask, usePoll } from './line.js';
import { Problem } from './stores_page.js';
import { age, millis } from './words.js';

export function LetterPage() {
  const { data, error } = usePoll('/api/v1/hq/outbox/dead');
  const outbox = usePoll('/api/v1/hq/outbox');
  const now = Date.now();
  return html`<section class="letters" data-testid="letters">
    <h2>${t('letters.title')}</h2>
    ${outbox.data && html`<p class="note" data-testid="outbox">${t('letters.outbox', {
      waiting: outbox.data.waiting,
      dead: outbox.data.dead,
      oldest: outbox.data.oldest ? age(now - millis(outbox.data.oldest)) : '–',
    })}</p>`}
    <${Problem} error=${error ?? outbox.error} />
    ${data && data.length === 0 && html`<${State} icon="tick" title=${t('letters.none')} text=${t('letters.none.text')} />`}
    ${data && data.length > 0 && html`<table class="rows"><thead><tr>
      <th scope="col">${t('letters.topic')}</th><th scope="col">${t('col.store')}</th>
      <th scope="col">${t('letters.key')}</th><th scope="col" class="figure">${t('letters.tries')}</th>
      <th scope="col" class="figure">${t('letters.age')}</th><th scope="col"></th></tr></thead>
      <tbody>${data.map((letter) => html`<${Letter} key=${`${letter.database}/${letter.id}`} letter=${letter} now=${now} />`)}</tbody>
    </table>`}
  </section>`;
}

function Letter({ letter, now }) {
  const resend = async () => {
    const path = `/api/v1/hq/outbox/dead/${letter.database}/${letter.id}/resend`;
    const answer = await ask('POST', path, { patience: 6000 });
    if (answer.ok) toast(t('letters.sent', { key: letter.biz_key }));
    else toast(t('hq.not-done', { why: answer.detail || t('hq.stale.link') }), { kind: 'bad', ms: 8000 });
  };
  return html`<tr data-testid="letter" data-id=${letter.id}>
    <th scope="row">${letter.type}<details><summary>${t('letters.payload')}</summary><code>${letter.payload}</code></details></th>
    <td data-label=${t('col.store')}>${letter.store}</td>
    <td data-label=${t('letters.key')}>${letter.biz_key}</td>
    <td class="figure" data-label=${t('letters.tries')}>${letter.retry_count}</td>
    <td class="figure" data-label=${t('letters.age')}>${letter.created_at ? age(now - millis(letter.created_at)) : '–'}</td>
    <td class="act"><${Button} onClick=${resend} data-testid="resend">${t('letters.resend')}<//></td>
  </tr>`;
}
