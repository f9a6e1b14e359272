// Whether a channel can sell a SKU, and how much of it: the rule of core/stock/level.hpp, so that a
// screen promises what the hub will grant. Pure.
//
// A demand is drawn whole from the channel's quota, else whole from the pool: what is left of the
// two is never added up. The hub has the last word.

// The levels of a view by SKU, as one channel asks about them.
export class Levels extends Map {
  constructor(stock, channel = '') {
    super((stock ?? []).map((level) => [level.sku, level]));
    this.channel = channel;
  }
}

export const indexLevels = (stock, channel) => new Levels(stock, channel);

// Quantities have one decimal; a sum of doubles has more.
export const tenths = (value) => Math.round(value * 10) / 10;

export const accountOf = (level, channel) => level.channels?.find((account) => account.channel === channel);

// What a channel has left of its quota.
export const leftOf = ({ quota, sold }) => Math.max(0, tenths(quota - sold));

// What no account claims: the shared pool.
export function poolOf({ available, channels = [] }) {
  const claimed = channels.reduce((sum, account) => sum + leftOf(account), 0);
  return Math.max(0, tenths(available - claimed));
}

// The most that `channel` can have in one order; Infinity when nobody counts the SKU. `mine` is what
// the screen's own hold has set aside: it comes back before the hold is drawn anew.
export function mostFor(level, channel, mine = 0) {
  const account = accountOf(level, channel);
  if (level.status === 'sold_out' || account?.status === 'sold_out') return 0;
  if (level.type !== 'limited') return Infinity;
  const most = Math.max(account ? leftOf(account) : 0, poolOf(level));
  return tenths(Math.min(level.available, most) + mine);
}

// How a SKU stands on a channel:
//   'marked' | 'marked_here'  a person said so, everywhere or on this channel
//   'empty' | 'empty_here'    none left, or what is left is for others
//   'limited' | 'unlimited'   on sale
export function stateOn(level, channel) {
  if (level.status === 'sold_out') return 'marked';
  if (accountOf(level, channel)?.status === 'sold_out') return 'marked_here';
  if (level.type !== 'limited') return 'unlimited';
  if (level.available <= 0) return 'empty';
  return mostFor(level, channel) > 0 ? 'limited' : 'empty_here';
}

// Why a dish whose every SKU is out is out on the channel of `levels`; '' when that is not the reason
// (a part of a meal is missing, say). Of several reasons the one that leaves the most of it elsewhere.
const kReasons = ['marked', 'empty', 'marked_here', 'empty_here'];
export function outReason(levels, item) {
  const states = item.skus.map(({ id }) => (levels.has(id) ? stateOn(levels.get(id), levels.channel) : 'unlimited'));
  const isOut = states.every((state) => kReasons.includes(state));
  return isOut ? kReasons.findLast((reason) => states.includes(reason)) : '';
}

// Sold by the hub. What the relay's channels have left was lent to them and is not in the figures.
const kHubChannels = new Set(['pos', 'kiosk', 'emenu']);

// Of `channels`, those that cannot sell a SKU which is on sale elsewhere.
export function channelsOut(level, channels) {
  if (level.status === 'sold_out') return [];
  return channels.filter((channel) => {
    const state = stateOn(level, channel);
    return state === 'marked_here' || (state === 'empty_here' && kHubChannels.has(channel));
  });
}

// How many of a SKU the channel of `levels` can still sell.
export function unitsLeft(levels, sku, mine = 0) {
  const level = levels.get(sku);
  return level ? mostFor(level, levels.channel, mine) : Infinity;
}

export const isSellable = (levels, sku, mine = 0) => unitsLeft(levels, sku, mine) > 0;
