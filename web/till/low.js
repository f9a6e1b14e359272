// What runs low: counted items at or under the thresholds that somebody set.
import { html, useState } from '../shared/ui.js';
import { t } from '../shared/i18n.js';
import { Button, Sheet } from '../shared/components.js';
import { quantity } from '../shared/format.js';
import { parseCount } from '../shared/ordering/words.js';

// '' | 'warning' | 'critical', by the rule of the hub (`alert_of`).
export function alertOf(level) {
  if (level?.type !== 'limited') return '';
  if (level.critical > 0 && level.available <= level.critical) return 'critical';
  return level.warning > 0 && level.available <= level.warning ? 'warning' : '';
}

// The SKUs that run low, the worst first.
export function lowItems(levels) {
  const order = { critical: 0, warning: 1 };
  return [...levels.values()]
    .map((level) => ({ sku: level.sku, level, alert: alertOf(level) }))
    .filter(({ alert }) => alert)
    .sort((a, b) => order[a.alert] - order[b.alert] || a.level.available - b.level.available);
}

export function ThresholdSheet({ desk, sku, name, level, onClose }) {
  const [warning, setWarning] = useState(level.warning ? quantity(level.warning) : '');
  const [critical, setCritical] = useState(level.critical ? quantity(level.critical) : '');
  const read = (typed) => (typed.trim() === '' ? 0 : parseCount(typed));
  const [low, lowest] = [read(warning), read(critical)];
  const isRight = low !== null && lowest !== null && lowest <= low;
  const save = (event) => {
    event?.preventDefault();
    if (!isRight) return;
    const said = t(low > 0 ? 'said.low' : 'said.low.none', { name, n: quantity(low) });
    desk.act('stock.thresholds', { sku, warning: low, critical: lowest }, { label: said, said, key: `low-${sku}` });
    onClose();
  };
  const field = (id, value, set) => html`<label class="field">
    ${t(`low.${id}`)}
    <input class="figure-field" inputmode="decimal" value=${value} onInput=${(event) => set(event.target.value)} autocomplete="off" data-testid=${`low-${id}`} />
  </label>`;
  const footer = html`<${Button} kind="primary" large disabled=${!isRight || !desk.isLive.value} onClick=${save} data-testid="low-save">${t('low.save')}<//>`;
  return html`<${Sheet} title=${t('low.title', { name })} onClose=${onClose} footer=${footer} testid="low-sheet">
    <form class="tender" onSubmit=${save}>
      <p>${t('low.text')}</p>
      ${field('warning', warning, setWarning)} ${field('critical', critical, setCritical)}
    </form>
  <//>`;
}
