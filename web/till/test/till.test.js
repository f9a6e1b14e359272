import assert from 'node:assert/strict';
import { readDiscount, takenOff } from '../discount.js';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { indexMenu } from '../../shared/ordering/menu_index.js';
import { makeKept } from '../kept_commands.js';
import { backWords, localTime, markedAs } from '../back_rule.js';
import { alertOf, lowItems } from '../low.js';
import { channelsOf, foundOf, planOf, rowOf } from '../channel_plan.js';
import { isOutSomewhere, standingOf } from '../stock_state.js';
import { actionsOf, closedOrders, openOrders, waitingOnline } from '../order_state.js';
import { besideStock, isShort } from '../override.js';
import { channelName, refusalWords } from '../words.js';
import { startLanguage } from '../../shared/i18n.js';
import en from '../strings/en.js';
import zh from '../strings/zh.js';
import { looksLikeCard, resolveTyped, searchWords } from '../typed.js';

const menu = JSON.parse(readFileSync(new URL('../../sample/menu.json', import.meta.url), 'utf8'));
const index = indexMenu(menu, 'pos');

function stage(answers, kept = null) {
  const text = { value: kept };
  const asked = [];
  const told = [];
  const hub = {
    command(verb, args, { id, onUnknown }) {
      asked.push({ verb, args, id, onUnknown });
      const next = answers.shift();
      return next instanceof Error ? Promise.reject(next) : Promise.resolve(next);
    },
  };
  const store = { get: () => text.value, set: (value) => (text.value = value) };
  let ids = 0;
  const commands = makeKept({
    hub,
    store,
    newId: () => `id-${++ids}`,
    settled: (entry, outcome) => told.push([entry.id, outcome]),
    changed: () => {},
    wall: () => 7,
  });
  return { commands, asked, told, text };
}
const settle = () => new Promise((resolve) => setImmediate(resolve));

test('a command is in storage before it is answered and gone after', async () => {
  const { commands, told, text } = stage([{ number: 7 }]);
  commands.send('order.place', { a: 1 }, { label: 'x' });
  assert.equal(JSON.parse(text.value)[0].verb, 'order.place');
  await settle();
  assert.deepEqual(told, [['id-1', { result: { number: 7 } }]]);
  assert.equal(text.value, '[]');
});

test('what a page left behind is asked again with its id by the next one, and once only', async () => {
  const first = stage([new Promise(() => {})]);
  first.commands.send('order.place', { a: 1 });
  const second = stage([{ number: 8 }], first.text.value);
  second.commands.resume();
  second.commands.resume();
  await settle();
  assert.deepEqual(second.asked.map(({ id, args }) => [id, args]), [['id-1', { a: 1 }]]);
  assert.deepEqual(second.told, [['id-1', { result: { number: 8 } }]]);
});

test('an unknown outcome keeps the command, a refusal ends it', async () => {
  const unknown = Object.assign(new Error('closed'), { code: 'closed', outcome: 'unknown' });
  const refused = Object.assign(new Error('no'), { code: 'out_of_stock', outcome: 'refused' });
  const { commands, asked, told } = stage([unknown, refused]);
  commands.send('order.place', {});
  await settle();
  assert.equal(commands.entries[0].isLate, true);
  assert.deepEqual(told, []);
  commands.resume();
  await settle();
  assert.equal(asked[1].id, asked[0].id);
  assert.equal(told[0][1].error, refused);
  assert.deepEqual(commands.entries, []);
});

test('broken storage is no commands, not a broken till', () => {
  assert.deepEqual(stage([], '{').commands.entries, []);
  assert.deepEqual(stage([], '{"a":1}').commands.entries, []);
});

test('a scanned SKU is itself, a count may stand before it, words find one item or ask for more', () => {
  assert.deepEqual(pick(resolveTyped(index, 'cola')), ['sku', 'cola', 1]);
  assert.deepEqual(pick(resolveTyped(index, ' WINGS-12 ')), ['sku', 'wings-12', 1]);
  assert.deepEqual(pick(resolveTyped(index, '3*cola')), ['sku', 'cola', 3]);
  assert.deepEqual(pick(resolveTyped(index, '2 x fries-l')), ['sku', 'fries-l', 2]);
  assert.deepEqual(pick(resolveTyped(index, 'churr')), ['item', undefined, 1]);
  assert.equal(resolveTyped(index, 'soup').kind, 'many');
  assert.equal(resolveTyped(index, '4006381333931').kind, 'none');
  assert.equal(resolveTyped(index, '').kind, 'none');
  assert.equal(searchWords('3* burger'), 'burger');
});
const pick = ({ kind, sku, quantity }) => [kind, sku, quantity];

test('a card number is no reference', () => {
  assert.equal(looksLikeCard('4111 1111 1111 1111'), true);
  assert.equal(looksLikeCard('4111-1111-1111-1112'), false);
  assert.equal(looksLikeCard('slip 4711'), false);
});

test('each state allows what the hub would', () => {
  const can = (state, paid) => Object.entries(actionsOf({ state, paid })).filter(([, yes]) => yes).map(([name]) => name).join(' ');
  assert.equal(can('placed', false), 'pay fire cancel voidLine discount');
  assert.equal(can('accepted', true), 'void voidLine restock');
  assert.equal(can('preparing', false), 'pay void voidLine discount restock');
  assert.equal(can('ready', true), 'serve void voidLine restock');
  assert.equal(can('served', true), 'void restock');
  assert.equal(can('served', false), 'pay void voidLine discount restock');
  assert.equal(can('cancelled', false), '');
  assert.equal(can('voided', true), '');
});

test('a discount comes off by the hub’s own rule', () => {
  assert.equal(takenOff(null, 590), 0);
  assert.deepEqual([590, 1995, 1994].map((cost) => takenOff({ percent: 10 }, cost)), [59, 200, 199]);
  assert.equal(takenOff({ percent: 12.5 }, 590), 74);
  assert.deepEqual([499, 500].map((cost) => takenOff({ percent: 0.1 }, cost)), [0, 1]);
  assert.equal(takenOff({ percent: 100 }, 1999), 1999);
  assert.equal(takenOff({ amount: 800 }, 250), 250);
});

test('a discount is read as the hub will take it, or not at all', () => {
  assert.deepEqual(readDiscount('percent', '12,5', ' late ', 590), { percent: 12.5, reason: 'late' });
  assert.deepEqual(readDiscount('amount', '2.5', 'late', 590), { amount: 250, reason: 'late' });
  for (const typed of ['', '0', '100.1', '1.25', '-5', 'ten', '1e1']) assert.equal(readDiscount('percent', typed, 'late', 590), null, typed);
  for (const typed of ['', '0', '5.91', '1.255', '-1']) assert.equal(readDiscount('amount', typed, 'late', 590), null, typed);
  assert.equal(readDiscount('percent', '10', ' ', 590), null);
});

test('what waits at the pass comes first, closed orders the newest first', () => {
  const orders = [
    { number: 1, state: 'served', paid: true, placed_at: 1 },
    { number: 2, state: 'accepted', paid: true, placed_at: 2 },
    { number: 3, state: 'ready', paid: false, placed_at: 3 },
    { number: 4, state: 'placed', paid: false, placed_at: 4 },
    { number: 5, state: 'voided', paid: true, placed_at: 5 },
    { number: 6, state: 'served', paid: false, placed_at: 6 },
  ];
  assert.deepEqual(openOrders(orders).map((order) => order.number), [3, 4, 2, 6]);
  assert.deepEqual(closedOrders(orders).map((order) => order.number), [5, 1]);
});

test('an item is low at or under its threshold, and only while it is counted', () => {
  const level = { sku: 'soup', type: 'limited', available: 5, warning: 5, critical: 2 };
  assert.equal(alertOf(level), 'warning');
  assert.equal(alertOf({ ...level, available: 5.1 }), '');
  assert.equal(alertOf({ ...level, available: 2 }), 'critical');
  assert.equal(alertOf({ ...level, type: 'unlimited' }), '');
  assert.equal(alertOf({ sku: 'soup', type: 'limited', available: 0 }), '');
  assert.equal(alertOf(undefined), '');
  const levels = new Map([['a', { ...level, sku: 'a' }], ['b', { ...level, sku: 'b', available: 1 }], ['c', { ...level, sku: 'c', available: 9 }]]);
  assert.deepEqual(lowItems(levels).map(({ sku }) => sku), ['b', 'a']);
});

test('a time is told as the clock of the store shows it, with its date when that is another day', () => {
  assert.equal(localTime('17:30', ''), '17:30');
  assert.equal(localTime('17:30', '2026-11-22'), '2026-11-22T17:30');
  for (const wrong of ['', '24:00', '7:30', '17:60', 'noon']) assert.equal(localTime(wrong, ''), null);
  const noon = Date.UTC(2026, 10, 21, 11); // 12:00 in Berlin
  assert.equal(backWords((noon + 5.5 * 3600e3) * 1000, noon, 'Europe/Berlin'), '17:30');
  assert.equal(backWords((noon + 29.5 * 3600e3) * 1000, noon, 'Europe/Berlin'), '22 Nov, 17:30');
  assert.equal(backWords((noon + 12 * 3600e3) * 1000, noon, 'Europe/Berlin'), '22 Nov, 00:00');
});

test('what is put back on sale by mistake is sold out again as it was', () => {
  assert.deepEqual(markedAs('soup', { restore: 'at', restore_at: 7 }), { sku: 'soup', status: 'sold_out', restore: 'at', restore_at: 7 });
  assert.deepEqual(markedAs('soup', { restore: 'next_day' }), { sku: 'soup', status: 'sold_out', restore: 'next_day' });
  assert.deepEqual(markedAs('soup', {}), { sku: 'soup', status: 'sold_out', restore: 'never' });
});

const account = (channel, quota, sold, more = {}) => ({ channel, status: 'available', quota, sold, weight: 0, ...more });
const counted = (available, more = {}) => ({ sku: 'soup', type: 'limited', status: 'available', available, held: 0, ...more });

test('a count is of what is here and of what is promised online, less what was missing of that', () => {
  assert.equal(foundOf(counted(9.1, { leased: 3.2 })), 12.3);
  assert.equal(foundOf(counted(0, { leased: 3, owed: 1 })), 2, 'a count of two was one short of three');
  assert.equal(foundOf(counted(4)), 4);
});

test('the channels are the menu’s, then those that only the books know', () => {
  const level = counted(5, { channels: [account('aggregator', 2, 1), account('kiosk', 1, 0)] });
  assert.deepEqual(channelsOf({ channels: ['pos', 'kiosk'] }, level), ['pos', 'kiosk', 'aggregator']);
  assert.deepEqual(rowOf(level, 'pos'), { channel: 'pos', status: 'available', quota: 0, sold: 0, weight: 0, left: 0 });
  assert.equal(rowOf(level, 'aggregator').left, 1);
});

test('only what was changed is sent; a weight says the quota', () => {
  const level = counted(10, { channels: [account('kiosk', 3, 1), account('pos', 2, 0, { weight: 20 })] });
  const typed = { kiosk: { quota: '3', weight: '' }, pos: { quota: '2', weight: '20' }, emenu: { quota: '', weight: '' } };
  assert.deepEqual(planOf(level, typed).changes, []);
  assert.deepEqual(planOf(level, { ...typed, emenu: { quota: '2,5', weight: '' } }).changes, [{ channel: 'emenu', quota: 2.5 }]);
  assert.deepEqual(planOf(level, { ...typed, pos: { quota: '4', weight: '' } }).changes, [{ channel: 'pos', quota: 4, weight: 0 }]);
  assert.deepEqual(planOf(level, { ...typed, kiosk: { quota: '9', weight: '50' } }).changes, [{ channel: 'kiosk', weight: 50 }]);
});

test('what cannot be shared out is said before the hub is asked', () => {
  const level = counted(10, { channels: [account('kiosk', 3, 1)] });
  const one = (quota, weight) => planOf(level, { kiosk: { quota, weight } });
  assert.deepEqual(one('x', ''), { problem: 'quota', channel: 'kiosk' });
  assert.deepEqual([one('', '12,5').problem, one('', '101').problem], ['weight', 'weight']);
  assert.deepEqual(planOf(level, { kiosk: { quota: '', weight: '60' }, pos: { quota: '', weight: '41' } }), { problem: 'weights', sum: 101 });
  assert.deepEqual(one('11', '').changes, [{ channel: 'kiosk', quota: 11 }], 'ten are left, and it has sold one of its own');
  assert.deepEqual(one('11,1', ''), { problem: 'quotas', sum: 10.1 });
});

test('a dish that is out on one channel is found among what is sold out', () => {
  const item = { channels: ['pos', 'kiosk', 'online_order'] };
  const here = counted(4, { channels: [account('kiosk', 0, 0, { status: 'sold_out' })] });
  assert.deepEqual(standingOf(here, item), { state: 'limited', out: ['kiosk'] });
  assert.deepEqual(standingOf(counted(0), item), { state: 'empty', out: [] }, 'none left is said once');
  assert.deepEqual(standingOf({ ...here, status: 'sold_out' }, item), { state: 'marked', out: [] });
  assert.deepEqual([here, counted(4), counted(0)].map((level) => isOutSomewhere(level, item)), [true, false, true]);
});

test('a refusal is a sentence of what was asked; a channel without a name keeps its code', () => {
  const browser = { document: { documentElement: {} }, localStorage: { getItem: () => 'en' }, navigator: { language: 'en' } };
  for (const [name, value] of Object.entries(browser)) Object.defineProperty(globalThis, name, { value, configurable: true });
  startLanguage('test', { en, zh });
  const error = { code: 'would_break_commitments', message: 'm' };
  assert.match(refusalWords(error, 'Soup', 'stock.channels'), /Set less aside/);
  assert.match(refusalWords(error, 'Soup', 'stock.count'), /promised already/);
  assert.match(refusalWords({ code: 'odd', message: 'm' }, '', 'stock.count'), /m \(odd\)/);
  assert.deepEqual(['kiosk', 'aggregator'].map(channelName), ['Kiosk', 'aggregator']);
});

test('both languages say the same things', () => assert.deepEqual(Object.keys(en).sort(), Object.keys(zh).sort()));

test('what was sold online waits in a place of its own, the longest waiting first', () => {
  const order = (number, more) => ({ order: `o${number}`, number, state: 'paid', paid: true, placed_at: number, ...more });
  const late = order(3, { source: 'aggregator', placed_at: 1 });
  const early = order(1, { source: 'online_order', placed_at: 2 });
  const kitchen = order(2, { source: 'online_order', state: 'accepted' });
  const here = order(4);
  assert.deepEqual(waitingOnline([early, kitchen, late, here]), [late, early]);
  assert.deepEqual(openOrders([early, kitchen, late, here]).map(({ number }) => number), [2, 4]);
});

test('an override passes over what is short, and over nothing else', () => {
  const line = (...problems) => ({ key: 1, problems });
  const short = { kind: 'short', sku: 'soup' };
  const out = { kind: 'part', part: {}, sku: 'cola', why: 'sold_out' };
  const missing = { kind: 'group', group: {}, why: 'too_few' };
  assert.deepEqual(besideStock([line(short, out)]), []);
  assert.deepEqual(besideStock([line(short, missing)]), [line(missing)]);
  const ticket = { lines: [1], sending: '', refused: '', override: '' };
  assert.deepEqual([isShort(ticket, [line(short)]), isShort(ticket, [line(short, missing)]), isShort(ticket, [])], [true, false, false]);
  assert.equal(isShort({ ...ticket, refused: 'out_of_stock' }, []), true, 'the hub knew before the till');
  assert.deepEqual([isShort({ ...ticket, override: 'Anna' }, [line(short)]), isShort({ ...ticket, refused: 'price_changed' }, [])], [false, false]);
});
