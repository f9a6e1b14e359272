// The reducers: the protocol's golden events go through every one of them, nothing is changed in
// place, and the life of an order and of a hold ends where PROTOCOL.md says. That views kept up by
// events equal the hub's own snapshots is shown against the real hub (tests/browser/screens.test.mjs).
import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { reducers } from '../reducers.js';
import { Topic } from '../topic.js';

const golden = fileURLToPath(new URL('../../../tests/protocol/golden/events/', import.meta.url));
const kEmpty = {
  menu: { menu: null, stock: [] },
  kitchen: { orders: [], bumped: {} },
  orders: { orders: [] },
  stock: { stock: [], holds: [] },
  devices: { devices: [] },
};

function frozen(value) {
  if (value && typeof value === 'object') Object.values(Object.freeze(value)).forEach(frozen);
  return value;
}

function reduceAll(topic, events, view = kEmpty[topic]) {
  return events.reduce((held, event) => frozen(reducers[topic](held, frozen(event))), frozen(structuredClone(view)));
}

const level = (sku, available, held = 0) => ({ sku, type: 'limited', status: 'available', available, held });
const move = (kind, before, after) => ({ kind, before, after });
const ticket = (station, n = 1) => ({
  ...{ station, bumped: false, bumped_at: 0, last_action: 'none', last_index: 0, done_before: [], acted_at: 0 },
  lines: Array.from({ length: n }, (_, i) => ({ line: i + 1, sku: `s${i}`, done: false })),
});
const accepted = (order, number, at, tickets) => ({
  at,
  event: 'order.accepted',
  body: { order, number, channel: 'kiosk', service: 'takeaway', table: '', note: '', tickets, state: 'accepted' },
});
const changed = (order, station, at, action, done, more = {}) => ({
  at,
  event: 'ticket.changed',
  body: { order, station, action, undo: false, index: 0, done, bumped: false, state: 'preparing', ...more },
});

test('every golden event goes through every reducer and changes nothing in place', { skip: !existsSync(golden) && 'no golden events here' }, () => {
  let count = 0;
  for (const name of readdirSync(golden)) {
    for (const file of readdirSync(`${golden}${name}`).filter((each) => /^(good|loose)/.test(each))) {
      const event = JSON.parse(readFileSync(`${golden}${name}/${file}`, 'utf8'));
      for (const topic of Object.keys(reducers)) reduceAll(topic, [{ at: 1, ...event }]);
      count += 1;
    }
  }
  assert.ok(count >= 17, `${count} golden events`);
});

test('an event that nobody knows leaves every view as it is', () => {
  for (const [topic, view] of Object.entries(kEmpty)) {
    assert.equal(reducers[topic](view, { at: 1, event: 'order.sung', body: {} }), view);
  }
});

test('bump, recall and undo leave the ticket as the hub has it', () => {
  const bump = changed('o1', 'grill', 20, 'bumped', [true, true], { bumped: true, state: 'ready' });
  let view = reduceAll('kitchen', [
    accepted('o1', 7, 10, [ticket('grill', 2)]),
    changed('o1', 'grill', 15, 'checked', [false, true], { index: 1 }),
    bump,
  ]);
  assert.deepEqual(view.bumped, { grill: ['o1'] });
  assert.deepEqual(view.orders[0].tickets[0].done_before, [false, true]);
  assert.equal(view.orders[0].tickets[0].bumped_at, 20);
  assert.equal(view.orders[0].state, 'ready');
  view = reduceAll('kitchen', [changed('o1', 'grill', 25, 'bumped', [false, true], { undo: true })], view);
  const [back] = view.orders[0].tickets;
  assert.deepEqual(view.bumped, {});
  assert.deepEqual([back.bumped, back.bumped_at, back.last_action, back.done_before], [false, 0, 'none', []]);
  assert.deepEqual(back.lines.map(({ done }) => done), [false, true]);
});

test('recall of the older of two keeps the newer in the list', () => {
  const bump = (order, at) => changed(order, 'grill', at, 'bumped', [true], { bumped: true });
  const view = reduceAll('kitchen', [
    accepted('o1', 1, 1, [ticket('grill')]),
    accepted('o2', 2, 2, [ticket('grill')]),
    bump('o1', 3),
    bump('o2', 4),
    changed('o1', 'grill', 5, 'recalled', [true]),
  ]);
  assert.deepEqual(view.bumped, { grill: ['o2'] });
});

test('an order with nothing to cook is no business of the kitchen', () => {
  assert.deepEqual(reduceAll('kitchen', [accepted('o1', 1, 1, [])]).orders, []);
});

test('a void marks the order for the kitchen and gives the units back', () => {
  const voided = {
    at: 9,
    event: 'order.voided',
    body: { order: 'o1', reason: 'left', by: 't', movements: [move('return', level('soup', 1), level('soup', 2))] },
  };
  const kitchen = reduceAll('kitchen', [accepted('o1', 1, 1, [ticket('grill')]), voided]);
  assert.deepEqual([kitchen.orders[0].state, kitchen.orders[0].reason], ['voided', 'left']);
  assert.deepEqual(reduceAll('menu', [voided]).stock, [level('soup', 2)]);
});

test('a line that is struck off stays on its ticket, and its stock and price follow', () => {
  const order = {
    ...{ order: 'o1', state: 'placed', paid: false, closed_at: 0, total: 756, tickets: [], demand: [] },
    lines: [{ line: 1, total: 590 }, { line: 2, total: 250 }],
    discount: { kind: 'percent', percent: 10, amount: 84 },
  };
  const body = {
    ...{ order: 'o1', line: 2, reason: 'dropped', by: 't', discount: 59, total: 531, refund: 0, state: 'preparing' },
    ...{ demand: [{ sku: 's0', quantity: 1 }], hold: 'h1', held: [{ sku: 's0', quantity: 1 }] },
    movements: [move('unlock', level('cola', 1, 1), level('cola', 2))],
  };
  const struck = { at: 9, event: 'order.line_voided', body };
  const kitchen = reduceAll('kitchen', [accepted('o1', 1, 1, [ticket('grill', 2)]), struck]);
  assert.deepEqual(kitchen.orders[0].tickets[0].lines.map(({ voided }) => voided ?? false), [false, true]);
  const [changed] = reduceAll('orders', [{ at: 1, event: 'order.placed', body: { order } }, struck]).orders;
  assert.deepEqual([changed.total, changed.discount.amount, changed.lines[1].void_reason], [531, 59, 'dropped']);
  const hold = { hold: 'h1', kind: 'order', device: 'k', order: 'o1', demand: [], expires_at: 5 };
  const locked = { at: 1, event: 'hold.locked', body: { hold, movements: [] } };
  assert.deepEqual(reduceAll('stock', [locked, struck]).holds[0].demand, body.held);
  assert.deepEqual(reduceAll('stock', [locked, { ...struck, body: { ...body, held: [] } }]).holds, []);
  assert.deepEqual(reduceAll('menu', [struck]).stock, [level('cola', 2)]);
});

test('a discount is on the order, and gone without a trace when it is taken back', () => {
  const order = { order: 'o1', state: 'placed', paid: false, closed_at: 0, total: 840 };
  const placed = { at: 1, event: 'order.placed', body: { order } };
  const off = (discount, total) => ({ at: 2, event: 'order.discounted', body: { order: 'o1', discount, total, by: 't' } });
  const given = reduceAll('orders', [placed, off({ kind: 'amount', amount: 100 }, 740)]);
  assert.deepEqual([given.orders[0].total, given.orders[0].discount.amount], [740, 100]);
  assert.deepEqual(reduceAll('orders', [off(null, 840)], given).orders, [order]);
});

test('a hold is locked, moved to its order and confirmed; levels follow', () => {
  const hold = { hold: 'h1', kind: 'cart', device: 'k', order: '', demand: [], expires_at: 5 };
  const locked = { at: 1, event: 'hold.locked', body: { hold, movements: [move('lock', level('soup', 2), level('soup', 1, 1))] } };
  const moved = { at: 2, event: 'hold.moved', body: { hold: 'h1', order: 'o1', expires_at: 9 } };
  const out = [move('out', level('soup', 1, 1), level('soup', 1))];
  const confirmed = { at: 3, event: 'hold.confirmed', body: { hold: 'h1', order: 'o1', movements: out } };
  assert.deepEqual(reduceAll('stock', [locked, moved]).holds, [{ ...hold, kind: 'order', order: 'o1', expires_at: 9 }]);
  assert.deepEqual(reduceAll('stock', [locked, moved, confirmed]), { stock: [level('soup', 1)], holds: [] });
});

test('rights that go to a lease and come back move the level on every screen', () => {
  const lent = { ...level('soup', 9), leased: 3 };
  const back = { ...level('soup', 10), leased: 0 };
  const granted = { at: 1, event: 'lease.granted', body: { lease: 'l1', sku: 'soup', movements: [move('grant', level('soup', 12), lent)] } };
  const settled = { at: 2, event: 'lease.settled', body: { lease: 'l1', sold: 2, returned: 1, movements: [move('settle', lent, back)] } };
  for (const topic of ['menu', 'stock']) {
    assert.deepEqual(reduceAll(topic, [granted]).stock, [lent]);
    assert.deepEqual(reduceAll(topic, [granted, settled]).stock, [back]);
  }
});

test('what was sold without a right is in the list until somebody has dealt with it', () => {
  const record = (oversell) => ({ oversell, sku: 'soup', quantity: 2, cause: 'override', order: 'o1', by: 'till-1', at: 1 });
  const oversold = (id) => ({ at: 1, event: 'stock.oversold', body: record(id) });
  const resolved = (id) => ({ at: 2, event: 'oversell.resolved', body: { oversell: id, resolution: 'cooked more', by: 't' } });
  const two = reduceAll('stock', [oversold('x7'), oversold('x5')]);
  assert.deepEqual(two.oversells, [record('x5'), record('x7')]);
  const one = reduceAll('stock', [resolved('x5')], two);
  assert.deepEqual(one.oversells, [record('x7')]);
  assert.deepEqual(reduceAll('stock', [resolved('x7')], one), kEmpty.stock, 'no member when there is none');
  assert.deepEqual(reduceAll('stock', [resolved('x7')]), kEmpty.stock);
});

test('orders close once served and paid, in either order, and the view keeps the latest 200', () => {
  const placed = (id) => ({ at: 1, event: 'order.placed', body: { order: { order: id, state: 'placed', paid: false, closed_at: 0 } } });
  const served = (id, at) => ({ at, event: 'order.served', body: { order: id } });
  const paid = (id, at, state) => ({ at, event: 'order.paid', body: { order: id, payment: {}, state } });
  const two = reduceAll('orders', [placed('a'), placed('b'), paid('a', 2, 'paid'), served('a', 3), served('b', 4)]);
  assert.deepEqual(two.orders.map(({ closed_at: at }) => at), [3, 0]);
  assert.equal(reduceAll('orders', [paid('b', 5, 'served')], two).orders[1].closed_at, 5);
  const ids = Array.from({ length: 210 }, (_, i) => `o${String(i).padStart(4, '0')}`);
  const many = reduceAll('orders', ids.flatMap((id, i) => [placed(id), paid(id, i, 'paid'), served(id, i + 10)]));
  assert.equal(many.orders.length, 200);
  assert.equal(many.orders[0].order, 'o0010');
});

test('entries stand in order of id, as in the hub’s view', () => {
  const changedLevel = (sku) => ({ at: 1, event: 'stock.changed', body: { movement: move('count', level(sku, 0), level(sku, 1)) } });
  const view = reduceAll('stock', ['b', 'c', 'a', 'b'].map(changedLevel));
  assert.deepEqual(view.stock.map(({ sku }) => sku), ['a', 'b', 'c']);
});

test('a topic asks for the whole view after a second gap on one connection', () => {
  const topic = new Topic('kitchen', reducers.kitchen);
  topic.snapshot({ epoch: 1, seq: 10, last: 10, at: 1, view: kEmpty.kitchen });
  const event = { epoch: 1, seq: 15, prev: { kitchen: 12 }, ...accepted('o1', 1, 1, []) };
  assert.equal(topic.events([event]), 'gap');
  assert.deepEqual(topic.subscription().since, { epoch: 1, seq: 10 });
  topic.resumed({ epoch: 1, seq: 15, last: 15 });
  assert.equal(topic.events([event]), 'gap');
  assert.equal(topic.subscription().since, undefined);
});

test('a heartbeat that overtakes the missing events is waited for, three beats long', () => {
  const topic = new Topic('kitchen', reducers.kitchen);
  topic.snapshot({ epoch: 1, seq: 10, last: 10, at: 1, view: kEmpty.kitchen });
  topic.resumed({ epoch: 1, seq: 15, last: 15 });
  const beat = { epoch: 1, seq: 15, at: 2, last: { kitchen: 15 } };
  assert.deepEqual([1, 2, 3, 4].map(() => topic.heartbeat(beat)), ['same', 'same', 'same', 'gap']);
  assert.equal(topic.isCaughtUp, false);
});
