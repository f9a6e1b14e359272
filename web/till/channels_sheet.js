// Who may sell how much of one dish: per channel whether it is on sale, what is set aside for it, and
// its share of every new count.
import { html, useState } from '../shared/ui.js';
import { language, t } from '../shared/i18n.js';
import { Button, Sheet } from '../shared/components.js';
import { quantity } from '../shared/format.js';
import { skuName } from '../shared/ordering/words.js';
import { mostFor, poolOf } from '../shared/ordering/sellable.js';
import { channelsOf, planOf, rowOf } from './channel_plan.js';
import { kUnknown } from './stock_state.js';
import { channelName } from './words.js';

export function ChannelsSheet({ desk, sku, onClose }) {
  const { index, levels } = desk;
  const level = levels.value.get(sku) ?? kUnknown;
  const isLimited = level.type === 'limited';
  const name = skuName(index.value, sku, language.value);
  const channels = channelsOf(index.value.everySku.get(sku)?.item, level);
  const [typed, setTyped] = useState({}); // of the channels that somebody typed at
  const shown = Object.fromEntries(channels.map((channel) => [channel, typed[channel] ?? textOf(rowOf(level, channel))]));
  const { changes, ...problem } = planOf(level, shown);
  const type = (channel, change) => setTyped({ ...typed, [channel]: { ...shown[channel], ...change } });
  const save = (event) => {
    event?.preventDefault();
    if (!changes?.length) return;
    desk.act('stock.channels', { sku, channels: changes }, { label: t('label.channels', { name }), said: t('said.channels', { name }), key: `channels-${sku}` });
    onClose();
  };
  const footer = html`<${Button} large onClick=${onClose}>${t('action.cancel')}<//>
    ${isLimited && html`<${Button} kind="primary" large disabled=${!changes?.length || !desk.isLive.value} onClick=${save} data-testid="channels-save">${t('channels.save')}<//>`}`;
  return html`<${Sheet} title=${t('channels.title', { name })} wide onClose=${onClose} footer=${footer} testid="channels-sheet">
    <form class="channels" onSubmit=${save}>
      ${isLimited
        ? html`<p class="channel-sums" data-testid="channels-pool">
            ${t('channels.pool', { n: quantity(poolOf(level)), m: quantity(level.available) })}
            ${level.leased > 0 && html` ${t('channels.leased', { n: quantity(level.leased) })}`}
          </p>
          <p class="hint">${t('channels.hint')}</p>`
        : html`<p>${t('channels.uncounted')}</p>`}
      ${channels.map((channel) => html`<${Account} key=${channel} ...${{ desk, sku, name, level, channel, typed: shown[channel] }} onType=${(change) => type(channel, change)} />`)}
      <p class="wrong" role="alert" data-testid="channels-wrong">${problem.problem ? t(`channels.wrong.${problem.problem}`, { name: problem.channel && channelName(problem.channel), n: quantity(problem.sum ?? 0), m: quantity(level.available) }) : ''}</p>
      <button type="submit" hidden></button>
    </form>
  <//>`;
}

const textOf = ({ quota, weight }) => ({ quota: quota > 0 ? quantity(quota) : '', weight: weight > 0 ? String(weight) : '' });

function Account({ desk, sku, name, level, channel, typed, onType }) {
  const row = rowOf(level, channel);
  const isOut = row.status === 'sold_out';
  const isLimited = level.type === 'limited';
  const byWeight = typed.weight.trim() !== '' && typed.weight.trim() !== '0';
  const field = (id, isOff) => html`<label class="field">
    ${t(`channels.${id}`)}
    <input class="figure-field" inputmode="decimal" value=${typed[id]} disabled=${isOff} onInput=${(event) => onType({ [id]: event.target.value })} autocomplete="off" data-testid=${`${id}-${channel}`} />
  </label>`;
  return html`<section class=${`channel ${isOut ? 'out' : ''}`} aria-label=${channelName(channel)} data-testid=${`channel-${channel}`} data-status=${row.status}>
    <header>
      <h3>${channelName(channel)}</h3>
      <span class=${`badge ${isOut ? 'marked' : 'limited'}`}>${t(isOut ? 'channels.out' : 'channels.on')}</span>
      <${Button} kind=${isOut ? 'primary' : 'danger'} disabled=${!desk.isLive.value} onClick=${() => markOne({ desk, sku, name, channel, isOut })} aria-label=${t(isOut ? 'channels.back.name' : 'channels.86.name', { name, channel: channelName(channel) })} data-testid=${`mark-${channel}`}>
        ${t(isOut ? 'channels.back' : 'channels.86')}
      <//>
    </header>
    ${isLimited && html`<div class="channel-figures">${field('quota', byWeight)} ${field('weight', false)}</div>
      <p class="hint" data-testid=${`figures-${channel}`}>${figuresOf(level, row)}</p>`}
  </section>`;
}

// What of its own a channel has left, and what it may take at once. What the relay's channels have left
// was lent to them, so that the pool is no figure of theirs.
function figuresOf(level, row) {
  const own = row.quota > 0 ? t('channels.figures', { n: quantity(row.left), m: quantity(row.sold) }) : t('channels.none');
  const isOurs = ['pos', 'kiosk', 'emenu'].includes(row.channel);
  return isOurs ? `${own} ${t('channels.most', { n: quantity(mostFor(level, row.channel)) })}` : own;
}

// The 86 of one channel, and its end, with the way back.
function markOne({ desk, sku, name, channel, isOut }) {
  const words = { name, channel: channelName(channel) };
  const said = (out) => t(out ? 'said.86.one' : 'said.back.one', words);
  const args = (out) => ({ sku, status: out ? 'sold_out' : 'available', channel });
  const undo = { verb: 'stock.mark', args: args(isOut), said: said(isOut) };
  desk.act('stock.mark', args(!isOut), { label: said(!isOut), said: said(!isOut), undo, key: `mark-${sku}-${channel}` });
}
