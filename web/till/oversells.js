// What was sold and is not there: each a record that stays until a person says what became of it.
import { html, useState } from '../shared/ui.js';
import { language, t } from '../shared/i18n.js';
import { Button, Sheet, State } from '../shared/components.js';
import { clock, day, quantity } from '../shared/format.js';
import { skuName } from '../shared/ordering/words.js';
import { staffName } from './orders_page.js';
import { Reason } from './void_sheet.js';

const kCauses = new Set(['override', 'count', 'settlement']);

export function OversellList({ desk }) {
  const [resolving, setResolving] = useState(null);
  const records = desk.oversells.value;
  if (records.length === 0) return html`<${State} icon="tick" title=${t('oversold.none')} text=${t('oversold.none.text')} />`;
  return html`<div class="oversells" data-testid="oversells">
    <p class="hint">${t('oversold.text')}</p>
    ${records.map((record) => html`<${Row} key=${record.oversell} desk=${desk} record=${record} onResolve=${() => desk.need('stock', () => setResolving(record))} />`)}
    ${resolving && html`<${ResolveSheet} desk=${desk} record=${resolving} onClose=${() => setResolving(null)} />`}
  </div>`;
}

const nameOf = (desk, { sku }) => skuName(desk.index.value, sku, language.value);

function Row({ desk, record, onResolve }) {
  const zone = desk.shop.hello.value?.zone;
  const at = record.at / 1000;
  const order = desk.orders.value.find((each) => each.order === record.order);
  const where = record.order && t('oversold.order', { n: order?.number ?? record.order });
  return html`<article class="oversell" data-testid=${`oversell-${record.oversell}`}>
    <strong class="figure">${quantity(record.quantity)}</strong>
    <span class="what"><strong>${nameOf(desk, record)}</strong>
      <small>${[kCauses.has(record.cause) ? t(`oversold.${record.cause}`) : record.cause, where, staffName(desk, record), `${day(at, zone)}, ${clock(at, zone)}`].filter(Boolean).join(' · ')}</small></span>
    <${Button} disabled=${!desk.isLive.value} onClick=${onResolve} aria-label=${t('oversold.resolve.name', { name: nameOf(desk, record) })} data-testid=${`resolve-${record.oversell}`}>${t('oversold.resolve')}<//>
  </article>`;
}

function ResolveSheet({ desk, record, onClose }) {
  const [resolution, setResolution] = useState('');
  const name = nameOf(desk, record);
  const go = () => {
    const words = { name, n: quantity(record.quantity) };
    desk.act('oversell.resolve', { oversell: record.oversell, resolution: resolution.trim() }, { label: t('label.resolve', words), said: t('said.resolve', words) });
    onClose();
  };
  const footer = html`<${Button} large onClick=${onClose}>${t('action.cancel')}<//>
    <${Button} kind="primary" large disabled=${!resolution.trim() || !desk.isLive.value} onClick=${go} data-testid="resolve-confirm">${t('oversold.confirm')}<//>`;
  return html`<${Sheet} title=${t('oversold.title', { name, n: quantity(record.quantity) })} onClose=${onClose} footer=${footer} testid="resolve-sheet">
    <div class="tender">
      <p>${t('oversold.ask')}</p>
      <${Reason} value=${resolution} onChange=${setResolution} reasons=${['found', 'cooked-more', 'substitute', 'refunded']} testid="resolution" />
    </div>
  <//>`;
}
