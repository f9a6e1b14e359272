// Events of a store that were set aside, because their rows could not be written: tried again, or
// skipped with a reason.
import { html, useState } from '../shared/ui.js';
import { t } from '../shared/i18n.js';
import { Button, toast } from '../shared/components.js';
import { ask, isAdmin, storePath, usePoll } from './line.js';
import { age, millis } from './words.js';

export function ParkedPanel({ store }) {
  const { data } = usePoll(`${storePath(store)}/parked`);
  if (!data || data.length === 0) return null;
  const now = Date.now();
  return html`<section class="panel letters" data-testid="parked"><h3>${t('parked.title')}</h3>
    <table class="rows"><thead><tr><th scope="col">${t('parked.event')}</th><th scope="col">${t('parked.why')}</th>
      <th scope="col" class="figure">${t('letters.age')}</th><th scope="col"></th></tr></thead>
      <tbody>${data.map((event) => html`<${Row} key=${`${event.epoch}/${event.seq}`} store=${store} event=${event} now=${now} />`)}</tbody>
    </table></section>`;
}

// What waited behind it had its turn as well, up to one that could not be written.
function tell(what, event, outcome) {
  const others = outcome.written + outcome.skipped - 1;
  const more = others > 0 ? t('parked.with-it', { n: others }) : '';
  if (!outcome.stopped) toast(`${t(`parked.done-${what}`, { n: event.seq })}${more}`);
  else toast(`${t(`parked.done-${what}`, { n: event.seq })}${more}. ${t('parked.stopped', { n: outcome.waiting, why: outcome.stopped })}`, { kind: 'bad', ms: 8000 });
}

function Row({ store, event, now }) {
  const [reason, setReason] = useState('');
  const path = `${storePath(store)}/parked/${event.epoch}/${event.seq}`;
  const say = async (what, body) => {
    const answer = await ask('POST', `${path}/${what}`, { body, patience: 6000 });
    if (answer.ok) tell(what, event, answer.data);
    else toast(t('hq.not-done', { why: answer.detail || t('hq.stale.link') }), { kind: 'bad', ms: 8000 });
  };
  const skip = (submit) => (submit.preventDefault(), reason.trim() && say('skip', { reason: reason.trim() }));
  return html`<tr data-testid="parked-event" data-seq=${event.seq}>
    <th scope="row">${event.event || '–'} · ${event.seq}</th>
    <td data-label=${t('parked.why')}>${event.behind ? html`<span data-testid="parked-behind">${t('parked.behind', { n: event.behind.seq })}</span>` : event.reason}</td>
    <td class="figure" data-label=${t('letters.age')}>${age(now - millis(event.parked_at))}</td>
    <td class="act">${isAdmin() && !event.behind && html`<form class="count" onSubmit=${skip}>
      <${Button} onClick=${() => say('retry')} data-testid="parked-retry">${t('parked.retry')}<//>
      <label class="field">${t('parked.reason')}
        <input value=${reason} maxlength="100" onInput=${(typed) => setReason(typed.target.value)} data-testid="parked-reason" />
      </label>
      <button type="submit" class="button" disabled=${!reason.trim()} data-testid="parked-skip">${t('parked.skip')}</button>
    </form>`}</td>
  </tr>`;
}
