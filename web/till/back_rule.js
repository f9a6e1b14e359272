// When what is sold out comes back by itself: never, with the next business day, or at a time by
// the store's clock. The hub turns the time into a moment; what is shown here is that moment.
import { html, useState } from '../shared/ui.js';
import { t } from '../shared/i18n.js';
import { Button, Sheet } from '../shared/components.js';
import { clock, day } from '../shared/format.js';

// The args by which a level is marked again as it is now.
export function markedAs(sku, { restore, restore_at: at }) {
  if (restore === 'at') return { sku, status: 'sold_out', restore, restore_at: at };
  return { sku, status: 'sold_out', restore: restore ?? 'never' };
}

// What was typed as the hub wants it, or null: "17:30", and with a date "2026-11-21T17:30".
export function localTime(time, date) {
  if (!/^([01]\d|2[0-3]):[0-5]\d$/.test(time)) return null;
  if (!date) return time;
  return /^\d{4}-\d\d-\d\d$/.test(date) ? `${date}T${time}` : null;
}

// "17:30", or with its date when that is not today's.
export function backWords(at, now, zone) {
  const time = clock(at / 1000, zone);
  const date = day(at / 1000, zone);
  return date === day(now, zone) ? time : `${date}, ${time}`;
}

export function BackRule({ desk, sku, name, level, onPick }) {
  const { restore } = level;
  const set = (rule) => {
    const said = t(`said.rule.${rule}`, { name });
    desk.act('stock.mark', { sku, status: 'sold_out', restore: rule }, { label: said, said, key: `rule-${sku}` });
  };
  const choice = (rule, label, run) => html`<${Button}
    aria-pressed=${(restore ?? 'never') === rule}
    disabled=${!desk.isLive.value}
    onClick=${run}
    data-testid=${`rule-${rule.replace('_', '-')}-${sku}`}
  >${label}<//>`;
  const zone = desk.shop.hello.value?.zone;
  const at = restore === 'at' ? t('rule.back-at', { time: backWords(level.restore_at, desk.shop.now.value, zone) }) : t('rule.at');
  return html`<span class="rule" role="group" aria-label=${t('rule')}>
    <small aria-hidden="true">${t('rule')}</small>
    ${choice('never', t('rule.never'), () => set('never'))}
    ${choice('next_day', t('rule.next_day'), () => set('next_day'))}
    ${choice('at', at, onPick)}
  </span>`;
}

export function BackSheet({ desk, sku, name, onClose }) {
  const [time, setTime] = useState('');
  const [date, setDate] = useState('');
  const local = localTime(time, date);
  const save = (event) => {
    event?.preventDefault();
    if (!local) return;
    const said = t('said.rule.at', { name, time: date ? `${date} ${time}` : time });
    desk.act('stock.mark', { sku, status: 'sold_out', restore: 'at', restore_local: local }, { label: said, said, key: `rule-${sku}` });
    onClose();
  };
  const footer = html`<${Button} kind="primary" large disabled=${!local || !desk.isLive.value} onClick=${save} data-testid="back-save">${t('back.save')}<//>`;
  return html`<${Sheet} title=${t('back.title', { name })} onClose=${onClose} footer=${footer} testid="back-sheet">
    <form class="tender" onSubmit=${save}>
      <p>${t('back.text')}</p>
      <label class="field">
        ${t('back.time')}
        <input type="time" class="figure-field" value=${time} onInput=${(event) => setTime(event.target.value)} required data-autofocus data-testid="back-time" />
      </label>
      <label class="field">
        ${t('back.date')}
        <input type="date" class="figure-field" value=${date} onInput=${(event) => setDate(event.target.value)} data-testid="back-date" />
      </label>
    </form>
  <//>`;
}
