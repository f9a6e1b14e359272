// How a SKU stands, as the stock page writes it. Pure.
import { channelsOut, stateOn } from '../shared/ordering/sellable.js';
import { channelsOf } from './channel_plan.js';

export const kUnknown = { type: 'unlimited', status: 'available', available: 0, held: 0 };

// 'marked' | 'empty' | 'limited' | 'unlimited' everywhere, and the channels that are out by themselves.
export function standingOf(level, item) {
  const isEmpty = level.type === 'limited' && level.available <= 0;
  const state = level.status === 'sold_out' ? 'marked' : isEmpty ? 'empty' : level.type;
  return { state, out: isEmpty ? [] : channelsOut(level, channelsOf(item, level)) };
}

// Whether something cannot be had at all, or on one channel.
export function isOutSomewhere(level, item) {
  const { state, out } = standingOf(level, item);
  return state === 'marked' || state === 'empty' || out.length > 0;
}

export const isMarkedHere = (level, channel) => stateOn(level, channel) === 'marked_here';
