// What a person asks for when they share a dish out over the channels, and what a count is of. Pure.
import { accountOf, leftOf, tenths } from '../shared/ordering/sellable.js';
import { parseCount } from '../shared/ordering/words.js';

const kNothing = { status: 'available', quota: 0, sold: 0, weight: 0 };

// What a count should find: what can be sold here and what is promised online, less what an earlier
// count missed of that. What guests hold is beside it.
export const foundOf = ({ available, leased = 0, owed = 0 }) => tenths(available + leased - owed);

// The menu's channels in its order, then those that only the books know.
export function channelsOf(item, level) {
  const named = item?.channels ?? [];
  const others = (level.channels ?? []).map(({ channel }) => channel).filter((channel) => !named.includes(channel));
  return [...named, ...others];
}

export const rowOf = (level, channel) => {
  const account = accountOf(level, channel) ?? kNothing;
  return { ...account, channel, left: leftOf(account) };
};

const read = (typed) => (typed.trim() === '' ? 0 : parseCount(typed));

// `typed`: { [channel]: { quota, weight } } as text. -> { changes } as stock.channels wants them, or
// { problem: 'quota' | 'weight' | 'weights' | 'quotas', channel }.
export function planOf(level, typed) {
  const changes = [];
  let [weights, quotas] = [0, 0];
  for (const [channel, { quota, weight }] of Object.entries(typed)) {
    const had = rowOf(level, channel);
    const [wanted, percent] = [read(quota), read(weight)];
    if (percent === null || percent > 100 || !Number.isInteger(percent)) return { problem: 'weight', channel };
    if (wanted === null) return { problem: 'quota', channel };
    weights += percent;
    quotas += percent > 0 ? 0 : Math.max(0, wanted - had.sold);
    const change = { channel };
    // A weight says the quota: what stands in the field then is the hub's own figure.
    if (percent === 0 && wanted !== had.quota) change.quota = wanted;
    if (percent !== had.weight) change.weight = percent;
    if (Object.keys(change).length > 1) changes.push(change);
  }
  if (weights > 100) return { problem: 'weights', sum: weights };
  if (level.type === 'limited' && tenths(quotas) > level.available) return { problem: 'quotas', sum: tenths(quotas) };
  return { changes };
}
