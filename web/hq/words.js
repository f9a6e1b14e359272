// A store and a word in words. Pure; times are the relay's.
import { t } from '../shared/i18n.js';
import { clock, quantity } from '../shared/format.js';

export const kGroups = ['frozen', 'away', 'behind', 'words', 'well'];

// The same order of need as the relay sorts by.
export function groupOf(store) {
  if (store.frozen) return 'frozen';
  if (!store.live) return 'away';
  if (store.behind > 0) return 'behind';
  return store.words_issued > store.words_applied ? 'words' : 'well';
}

export const millis = (time) => (time === null ? null : Date.parse(time));

// "4 s", "12 min", "3 h", "2 d": as long as it says enough.
export function age(ms) {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  if (seconds < 60) return t('age.s', { n: seconds });
  if (seconds < 3600) return t('age.min', { n: Math.floor(seconds / 60) });
  if (seconds < 48 * 3600) return t('age.h', { n: Math.floor(seconds / 3600) });
  return t('age.d', { n: Math.floor(seconds / 86400) });
}

// Today's times as hh:mm, older ones with their day.
export function moment(ms, now) {
  const [day, today] = [new Date(ms), new Date(now)];
  const isToday = day.toDateString() === today.toDateString();
  if (isToday) return clock(ms);
  return `${day.getMonth() + 1}-${String(day.getDate()).padStart(2, '0')} ${clock(ms)}`;
}

export function stateText(store, now) {
  const since = millis(store.since);
  if (store.frozen) return t('state.frozen');
  if (!store.live && since === null) return t('state.never');
  const values = since === null ? null : { time: moment(since, now), age: age(now - since) };
  if (!store.live) return t('state.away', values);
  if (store.catching_up) return t('state.catching-up');
  return t(store.behind > 0 ? 'state.behind' : 'state.live');
}

// '' | 'warning' | 'critical', by the rule of the hub.
export function alertOf({ type, available, warning = 0, critical = 0 }) {
  if (type !== 'limited') return '';
  if (critical > 0 && available <= critical) return 'critical';
  return warning > 0 && available <= warning ? 'warning' : '';
}

// When what is sold out comes back by itself; by this page's clock.
export function backText({ status, restore, restore_at: at }) {
  if (status !== 'sold_out' || !restore || restore === 'never') return '';
  if (restore === 'next_day') return t('stock.back-next-day');
  return t('stock.back-at', { time: moment(millis(at), Date.now()) });
}

export function amount(row) {
  if (row.type === 'unlimited') return t('stock.unlimited');
  return quantity(row.available);
}

export function wordText({ verb, args }, nameOf = (sku) => sku) {
  if (verb === 'menu.import') return t('word.menu');
  if (!args) return verb;
  const name = nameOf(args.sku);
  if (verb === 'stock.thresholds') return t('word.low', { name, n: quantity(args.warning) });
  if (verb === 'stock.mark' && args.restore_local) return t('word.out-until', { name, time: args.restore_local.replace('T', ' ') });
  if (verb === 'stock.mark') return t(args.status === 'sold_out' ? 'word.out' : 'word.back', { name });
  if (args.type === 'unlimited') return t('word.unlimited', { name });
  return t('word.limit', { name, n: quantity(args.available) });
}

const seconds = (time) => clock(millis(time), undefined, { seconds: true });

// "Sent 12:01:03, on the store's screens 12:01:04."
export function ackText(word, isLive = true) {
  const sent = t('ack.sent', { time: seconds(word.issued_at) });
  if (word.state === 'applied') return `${sent}${t('ack.applied', { time: seconds(word.applied_at) })}`;
  if (word.state === 'refused') {
    return `${sent}${t('ack.refused', { time: seconds(word.applied_at), why: word.message || word.outcome })}`;
  }
  return `${sent}${t(isLive ? 'ack.waiting' : 'ack.away')}`;
}
