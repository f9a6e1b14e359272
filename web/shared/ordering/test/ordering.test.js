import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { addLine, cartCount, cartDemand, cartProblems, cartRequest, cartTotal, linesUsing, replaceLine, setQuantity } from '../cart.js';
import { addOption, chosenIn, choiceProblems, removeOption, startChoice, tapOption, toRequest, unitPrice } from '../choices.js';
import { indexMenu, itemState, priceFrom, search } from '../menu_index.js';
import { indexLevels, unitsLeft } from '../sellable.js';
import { cashSuggestions, changeDue, mostSold } from '../sales.js';
import { choiceDetails, parseCount, parseMoney, skuName, textOf } from '../words.js';

const menu = JSON.parse(readFileSync(new URL('../../../sample/menu.json', import.meta.url), 'utf8'));
const kiosk = indexMenu(menu, 'kiosk');
const till = indexMenu(menu, 'pos');
const none = indexLevels([]);
const limited = (sku, available, held = 0) => ({ sku, type: 'limited', status: 'available', available, held });
const soldOut = (sku) => ({ sku, type: 'unlimited', status: 'sold_out', available: 0, held: 0 });
const group = (id) => kiosk.groups.get(id);
const option = (groupId, id) => group(groupId).options.find((each) => each.id === id);
const start = (id, levels = none) => startChoice(kiosk, levels, kiosk.itemById.get(id));
const take = (choice, ...pairs) =>
  pairs.reduce((next, [groupId, id]) => addOption(next, group(groupId), option(groupId, id)), choice);

test('an item that is not sold on a channel is hidden there, and no category is empty', () => {
  assert.equal(kiosk.itemById.has('beer'), false);
  assert.equal(till.itemById.has('beer'), true);
  for (const category of kiosk.categories) assert.ok(kiosk.byCategory.get(category.id).length > 0);
});

test('a size that is sold out is not the one a sheet starts with', () => {
  assert.equal(start('fries').sku, 'fries-s');
  assert.equal(start('fries', indexLevels([soldOut('fries-s')])).sku, 'fries-m');
});

test('a group of one replaces, a full group refuses, min is asked for in words', () => {
  let choice = start('salmon-bowl');
  assert.deepEqual(choiceProblems(kiosk, none, choice).map((p) => [p.group.id, p.why, p.need]), [['base', 'too_few', 1], ['sauce', 'too_few', 1]]);
  choice = take(choice, ['base', 'rice'], ['base', 'greens'], ['sauce', 'sesame']);
  assert.deepEqual(choice.options.base, { greens: 1 });
  assert.deepEqual(choiceProblems(kiosk, none, choice), []);
  choice = take(choice, ['bowl-extras', 'avocado'], ['bowl-extras', 'avocado'], ['bowl-extras', 'kimchi'], ['bowl-extras', 'edamame']);
  assert.equal(chosenIn(choice, 'bowl-extras'), 3);
  assert.equal(choice.options['bowl-extras'].edamame, undefined);
  assert.equal(unitPrice(kiosk, choice), 1350 + 50 + 180 * 2 + 120);
});

test('a tap drops a free option, keeps a required one, and never doubles "no onion"', () => {
  let choice = take(start('classic-burger'), ['doneness', 'medium'], ['leave-out', 'no-onion']);
  assert.equal(take(choice, ['leave-out', 'no-onion']).options['leave-out']['no-onion'], 1);
  choice = tapOption(choice, group('leave-out'), option('leave-out', 'no-onion'));
  assert.equal(chosenIn(choice, 'leave-out'), 0);
  assert.equal(tapOption(choice, group('doneness'), option('doneness', 'medium')), choice);
  assert.equal(chosenIn(removeOption(choice, group('doneness'), option('doneness', 'medium')), 'doneness'), 0);
});

test('a combo asks for each part and adds its deltas', () => {
  let choice = start('burger-meal');
  assert.deepEqual(choiceProblems(kiosk, none, choice).map((p) => p.part.id), ['burger', 'side', 'drink']);
  choice = { ...choice, parts: { burger: 'cheese-burger', side: 'sweet-fries', drink: 'cola' } };
  assert.deepEqual(choiceProblems(kiosk, none, choice), []);
  assert.equal(unitPrice(kiosk, choice), 1290 + 60 + 80);
  assert.deepEqual(toRequest(choice).parts, [{ part: 'burger', sku: 'cheese-burger' }, { part: 'side', sku: 'sweet-fries' }, { part: 'drink', sku: 'cola' }]);
  assert.deepEqual(choiceDetails(kiosk, choice, 'en'), ['Cheeseburger', 'Sweet potato fries', 'Cola']);
});

test('a combo is sold out when one part has nothing left, an item when every size is out', () => {
  const drinks = kiosk.itemById.get('burger-meal').parts[2].choices.map((each) => soldOut(each.sku));
  assert.equal(itemState(kiosk, indexLevels(drinks), kiosk.itemById.get('burger-meal')), 'sold_out');
  assert.equal(itemState(kiosk, indexLevels(drinks.slice(1)), kiosk.itemById.get('burger-meal')), 'available');
  assert.equal(itemState(kiosk, indexLevels([soldOut('fries-s'), soldOut('fries-m')]), kiosk.itemById.get('fries')), 'available');
  assert.equal(itemState(kiosk, indexLevels([soldOut('fries-s'), soldOut('fries-m'), limited('fries-l', 0)]), kiosk.itemById.get('fries')), 'sold_out');
});

test('an option that uses a sold out SKU is a problem of the line that has it', () => {
  const choice = take(start('classic-burger'), ['doneness', 'medium'], ['burger-extras', 'fried-egg']);
  assert.deepEqual(choiceProblems(kiosk, indexLevels([soldOut('fried-egg')]), choice).map((p) => [p.kind, p.option, p.why]), [['option', 'fried-egg', 'sold_out']]);
});

test('equal dishes become one line, different ones do not, and totals add up to the cent', () => {
  const cola = start('cola');
  let lines = addLine(addLine([], cola), { ...cola, quantity: 2 });
  lines = addLine(lines, take(cola, ['ice', 'no-ice']));
  assert.deepEqual(lines.map((line) => [line.key, line.quantity]), [[1, 3], [2, 1]]);
  assert.equal(cartTotal(kiosk, lines), 4 * 290);
  assert.equal(cartCount(lines), 4);
  assert.deepEqual(cartRequest(lines), [{ sku: 'cola', quantity: 3 }, { sku: 'cola', quantity: 1, options: [{ group: 'ice', option: 'no-ice' }] }]);
  assert.deepEqual(setQuantity(lines, 1, 0).map((line) => line.key), [2]);
  assert.equal(setQuantity(lines, 1, 500)[0].quantity, 99);
});

test('a replaced line keeps its place, and joins its twin', () => {
  const lines = addLine(addLine([], start('cola')), start('lemonade'));
  assert.deepEqual(replaceLine(lines, 1, start('coffee')).map((line) => line.sku), ['coffee-s', 'lemonade']);
  assert.deepEqual(replaceLine(lines, 1, start('lemonade')).map((line) => [line.sku, line.quantity]), [['lemonade', 2]]);
});

test('the same option twice is sent twice', () => {
  const choice = take(start('ice-cream'), ['scoops', 'vanilla'], ['scoops', 'vanilla'], ['scoops', 'matcha']);
  assert.deepEqual(toRequest(choice).options, [{ group: 'scoops', option: 'vanilla' }, { group: 'scoops', option: 'vanilla' }, { group: 'scoops', option: 'matcha' }]);
  assert.deepEqual(choiceDetails(kiosk, choice, 'zh'), ['2 × 香草', '抹茶']);
});

test('what sells out in the cart is named, what is short says how many are left, the rest is kept', () => {
  const lines = addLine(addLine(addLine([], { ...start('brownie'), quantity: 3 }), start('cola')), start('churros'));
  const levels = indexLevels([limited('brownie', 2), soldOut('cola')]);
  assert.deepEqual(cartProblems(kiosk, levels, lines), [
    { key: 1, problems: [{ kind: 'short', sku: 'brownie', left: 2, wanted: 3 }] },
    { key: 2, problems: [{ kind: 'sku', sku: 'cola', why: 'sold_out' }] },
  ]);
  assert.deepEqual(linesUsing(kiosk, lines, 'cola').map((line) => line.key), [2]);
});

test('a combo and a single that share a SKU are counted together', () => {
  const meal = { ...start('burger-meal'), parts: { burger: 'classic-burger', side: 'onion-rings', drink: 'cola' } };
  const lines = addLine(addLine([], { ...meal, quantity: 2 }), start('cola'));
  assert.equal(cartDemand(kiosk, lines).get('cola'), 3);
  assert.deepEqual(cartProblems(kiosk, indexLevels([limited('cola', 2)]), lines), [{ key: 2, problems: [{ kind: 'short', sku: 'cola', left: 2, wanted: 3 }] }]);
});

test('units that the own hold has set aside are not sold out for this cart', () => {
  const lines = addLine([], { ...start('brownie'), quantity: 2 });
  const levels = indexLevels([limited('brownie', 0, 2)]);
  assert.equal(cartProblems(kiosk, levels, lines).length, 1);
  assert.deepEqual(cartProblems(kiosk, levels, lines, cartDemand(kiosk, lines)), []);
});

test('an item that left the menu is a problem, not a crash', () => {
  const lines = addLine([], start('cola'));
  const without = indexMenu({ ...menu, items: menu.items.filter((item) => item.id !== 'cola') }, 'kiosk');
  assert.deepEqual(cartProblems(without, none, lines), [{ key: 1, problems: [{ kind: 'sku', sku: 'cola', why: 'gone' }] }]);
  assert.equal(cartTotal(without, lines), 0);
});

test('counted stock: marked sold out, limited, unlimited', () => {
  assert.equal(unitsLeft(indexLevels([limited('a', 2.5)]), 'a'), 2.5);
  assert.equal(unitsLeft(indexLevels([{ ...limited('a', 9), status: 'sold_out' }]), 'a'), 0);
  assert.equal(unitsLeft(none, 'a'), Infinity);
});

test('the ten most sold come first, cancelled ones do not count', () => {
  const orders = [
    { state: 'served', lines: [{ sku: 'cola', quantity: 4 }, { sku: 'fries-l', quantity: 2 }] },
    { state: 'accepted', lines: [{ sku: 'fries-s', quantity: 3 }] },
    { state: 'voided', lines: [{ sku: 'udon', quantity: 50 }] },
  ];
  const items = mostSold(till, orders).map((item) => item.id);
  assert.equal(items.length, 10);
  assert.deepEqual(items.slice(0, 3), ['fries', 'cola', 'burger-meal']);
});

test('search finds words in both languages and the start of an id', () => {
  assert.deepEqual(search(till, 'burger meal').map((item) => item.id), ['burger-meal']);
  assert.ok(search(till, '三文鱼').some((item) => item.id === 'salmon-bowl'));
  assert.deepEqual(search(till, 'wings-12').map((item) => item.id), ['wings']);
});

test('money and counts are read as people type them', () => {
  assert.deepEqual(['12', '12.5', '12,50', ' 0.05 ', '', '1.234', '-3', 'x'].map(parseMoney), [1200, 1250, 1250, 5, null, null, null, null]);
  assert.deepEqual(['3', '2,5', '2.55', ''].map(parseCount), [3, 2.5, null, null]);
  assert.equal(changeDue(1175, 2000), 825);
  assert.equal(changeDue(1175, 1000), null);
  assert.deepEqual(cashSuggestions(1175), [1175, 1200, 1500, 2000, 5000]);
  assert.deepEqual(cashSuggestions(2000), [2000, 5000, 10000]);
});

test('names fall back to English, a price range says from', () => {
  assert.equal(textOf({ en: 'Soup', zh: '' }, 'zh'), 'Soup');
  assert.equal(skuName(till, 'wings-12', 'en'), 'Chicken wings, 12 pieces');
  assert.deepEqual(priceFrom(till.itemById.get('fries')), { price: 290, isFrom: true });
});
