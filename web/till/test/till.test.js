import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { indexMenu } from '../../shared/ordering/menu_index.js';
import { makeKept } from '../kept_commands.js';
import { actionsOf, closedOrders, openOrders } from '../order_state.js';
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
  assert.equal(can('placed', false), 'pay fire cancel');
  assert.equal(can('accepted', true), 'void restock');
  assert.equal(can('preparing', false), 'pay void restock');
  assert.equal(can('ready', true), 'serve void restock');
  assert.equal(can('served', true), 'void restock');
  assert.equal(can('served', false), 'pay void restock');
  assert.equal(can('cancelled', false), '');
  assert.equal(can('voided', true), '');
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
