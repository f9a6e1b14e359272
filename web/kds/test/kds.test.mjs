// The kitchen display's rules, without a browser.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { capacity } from '../board.js';
import { News } from '../news.js';
import { Taps } from '../taps.js';
import { allDay, bumpedTickets, kAll, kExpo, openOrders, openTickets, outOfStock, partlyOut, phaseOf, serviceOf } from '../tickets.js';

function line(sku, quantity, done = false) {
  return { sku, name: { en: sku }, quantity, done, options: [], note: '' };
}
function ticket(station, lines, more = {}) {
  return { station, lines, bumped: false, bumped_at: 0, ...more };
}
function order(number, fired_at, tickets, more = {}) {
  return { order: `o${number}`, number, fired_at, tickets, state: 'preparing', ...more };
}

test('tickets are in order of age, and a recalled one is back at its place', () => {
  const view = {
    orders: [
      order(1, 30, [ticket('grill', [line('soup', 1)])]),
      order(2, 10, [ticket('grill', [line('soup', 1)], { last_action: 'recalled' })]),
      order(3, 20, [ticket('fry', [line('fries', 1)])]),
    ],
  };
  assert.deepEqual(openTickets(view, 'grill').map(({ order: { number } }) => number), [2, 1]);
  assert.deepEqual(openTickets(view, kAll).map(({ order: { number } }) => number), [2, 3, 1]);
});

test('a voided order stays on the board until it is cleared, and is not counted all day', () => {
  const dead = order(1, 10, [ticket('grill', [line('soup', 2)])], { state: 'voided', reason: 'x' });
  const view = { orders: [dead, order(2, 20, [ticket('grill', [line('soup', 1)])])] };
  assert.equal(openTickets(view, 'grill').length, 2);
  assert.deepEqual(allDay(view, 'grill').map(({ sku, quantity }) => [sku, quantity]), [['soup', 1]]);
  dead.tickets[0].bumped = true;
  assert.equal(openTickets(view, 'grill').length, 1);
  assert.equal(bumpedTickets(view, 'grill').length, 0, 'a dead ticket cannot be recalled');
});

test('all-day counts sum tenths exactly and leave out what is done', () => {
  const lines = [line('soup', 0.1), line('soup', 0.2), line('soup', 5, true)];
  const view = { orders: [order(1, 1, [ticket('grill', lines)])] };
  assert.deepEqual(allDay(view, kExpo).map(({ quantity }) => quantity), [0.3]);
});

test('expo shows an order until it is handed over', () => {
  const view = {
    orders: [
      order(1, 1, [ticket('grill', [], { bumped: true })], { state: 'ready' }),
      order(2, 2, [ticket('grill', [], { bumped: true })], { state: 'served' }),
    ],
  };
  assert.deepEqual(openOrders(view).map(({ order: { number } }) => number), [1]);
  assert.deepEqual(bumpedTickets(view, kExpo).map(({ order: { number } }) => number), [1]);
});

test('the phases begin exactly at their thresholds', () => {
  const rules = { late_s: 300, very_late_s: 480 };
  assert.deepEqual([0, 299999, 300000, 479999, 480000].map((ms) => phaseOf(ms, rules)), [
    'calm',
    'calm',
    'late',
    'late',
    'very_late',
  ]);
});

test('an online order is online whatever its service', () => {
  assert.equal(serviceOf({ channel: 'online_order', service: 'takeaway' }), 'online');
  assert.equal(serviceOf({ channel: 'kiosk', service: 'dine_in' }), 'dine_in');
});

test('at 1080p ten tickets stand side by side; twenty fit, more are counted', () => {
  const room = { width: 1920, height: 950 };
  assert.deepEqual(capacity({ ...room, count: 10 }), { columns: 10, rows: 1, fits: 10, size: 'compact' });
  assert.equal(capacity({ ...room, count: 27 }).fits, 20);
  assert.deepEqual(capacity({ ...room, count: 5 }), { columns: 5, rows: 1, fits: 5, size: 'large' });
});

test('the type does not flicker between large and compact', () => {
  const room = { width: 1920, height: 950 };
  assert.equal(capacity({ ...room, count: 5, was: 'compact' }).size, 'compact');
  assert.equal(capacity({ ...room, count: 4, was: 'compact' }).size, 'large');
});

test('a phone lists all tickets and scrolls', () => {
  assert.equal(capacity({ width: 390, height: 700, count: 40 }).fits, Infinity);
});

test('news: never on load, once per new ticket, not for a recall, not while the view is old', () => {
  const news = new News();
  const here = (...keys) => keys.map((key) => ({ key, isHere: true }));
  assert.equal(news.next(here('a'), false), 0, 'a kept view');
  assert.equal(news.next(here('a', 'b'), true), 0, 'the load');
  assert.equal(news.next(here('a', 'b', 'c', 'd'), true), 2);
  assert.equal(news.next(here('a', 'b', 'c', 'd'), true), 0);
  assert.equal(news.next([...here('a', 'b', 'c', 'd'), { key: 'e', isHere: false }], true), 0);
});

function tapping() {
  const log = [];
  const taps = new Taps({
    single: (entry, what) => log.push(['single', entry.key, what]),
    double: (entry) => log.push(['bump', entry.key]),
  });
  let now = 1000;
  const tap = (key, what, { after = 0, x = 100, detail = 1 } = {}) => {
    now += after;
    taps.tap({ key }, what, { detail, timeStamp: now, clientX: x, clientY: 100 });
  };
  return { log, tap };
}

test('taps: two quick ones bump and check nothing off', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const { log, tap } = tapping();
  tap('a', { line: 0 });
  tap('a', { line: 1 }, { after: 120 });
  t.mock.timers.tick(1000);
  assert.deepEqual(log, [['bump', 'a']]);
});

test('taps: one acts when no second follows; two on different tickets are two', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const { log, tap } = tapping();
  tap('a', { line: 0 });
  t.mock.timers.tick(300);
  assert.deepEqual(log, [['single', 'a', { line: 0 }]]);
  tap('a', { line: 1 }, { after: 400 });
  tap('b', { open: true }, { after: 100 });
  t.mock.timers.tick(300);
  assert.deepEqual(log.slice(1), [
    ['single', 'a', { line: 1 }],
    ['single', 'b', { open: true }],
  ]);
});

test('taps: a double tap on "done" does not bump the ticket that moved there', () => {
  const { log, tap } = tapping();
  tap('a', { bump: true });
  tap('b', { bump: true }, { after: 150 });
  assert.deepEqual(log, [['bump', 'a']]);
  tap('c', { bump: true }, { after: 50, x: 400 });
  assert.deepEqual(log, [['bump', 'a'], ['bump', 'c']], 'another place is another ticket');
  tap('d', { bump: true }, { after: 0, x: 700, detail: 0 });
  assert.equal(log.length, 3, 'a key is never left over');
});

test('the 86 list tells what is out everywhere from what is out on one channel', () => {
  const level = (sku, more) => ({ sku, type: 'limited', status: 'available', available: 5, held: 0, ...more });
  const account = (channel, more) => ({ channel, status: 'available', quota: 0, sold: 0, weight: 0, ...more });
  const stock = [
    level('soup', { channels: [account('kiosk', { status: 'sold_out' })] }),
    level('cola', { channels: [account('online_order', { quota: 5 })] }),
    level('wine', { status: 'sold_out', channels: [account('kiosk', { status: 'sold_out' })] }),
    level('bread', { available: 0 }),
    level('stew', {}),
  ];
  const item = (id, channels) => ({ id, channels, skus: [{ id }] });
  const menu = { items: ['soup', 'cola', 'wine', 'bread', 'stew'].map((id) => item(id, ['pos', 'kiosk', 'online_order'])) };
  assert.deepEqual([...outOfStock(stock)], [['wine', 'marked'], ['bread', 'empty']]);
  assert.deepEqual([...partlyOut(stock, menu)], [['soup', ['kiosk']], ['cola', ['pos', 'kiosk']]]);
});
