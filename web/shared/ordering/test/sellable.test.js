// What a channel can sell: the examples of tests/core/channels_test.cpp, told to the screens' rule.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { channelsOut, indexLevels, isSellable, mostFor, outReason, poolOf, stateOn, unitsLeft } from '../sellable.js';

const account = (channel, quota, sold = 0, more = {}) => ({ channel, status: 'available', quota, sold, weight: 0, ...more });
const soup = (available, channels = [], more = {}) => ({ sku: 'soup', type: 'limited', status: 'available', available, held: 0, channels, ...more });
const most = (level) => ['pos', 'kiosk', 'emenu'].map((channel) => mostFor(level, channel));

test('a quota comes out of the pool', () => {
  const level = soup(10, [account('kiosk', 4)]);
  assert.equal(poolOf(level), 6);
  assert.deepEqual(most(level), [6, 6, 6], 'the kiosk may have four of its own, or six at once of the pool');
});

test('the quota is drawn first and whole, then the pool whole: they are never added up', () => {
  assert.equal(mostFor(soup(7, [account('kiosk', 4, 3)]), 'kiosk'), 6, 'one is left of the quota, the pool has more');
  const later = soup(5, [account('kiosk', 4, 3)]);
  assert.deepEqual([poolOf(later), mostFor(later, 'kiosk')], [4, 4], 'five are there, but neither account has five');
  assert.equal(mostFor(soup(6, [account('kiosk', 4)]), 'kiosk'), 4, 'the quota has more than the pool');
});

test('everything is some other channel’s: nothing is left for this one', () => {
  const level = soup(10, [account('kiosk', 4), account('online_order', 6)]);
  assert.deepEqual(most(level), [0, 4, 0]);
  assert.equal(stateOn(level, 'pos'), 'empty_here');
  assert.equal(mostFor(soup(3, [account('kiosk', 4)]), 'kiosk'), 3, 'the total is looked at as well as the channel');
});

test('sold out on one channel and on sale on another', () => {
  const level = soup(10, [account('kiosk', 0, 0, { status: 'sold_out' })]);
  assert.deepEqual(most(level), [10, 0, 10]);
  assert.deepEqual(['pos', 'kiosk'].map((channel) => stateOn(level, channel)), ['limited', 'marked_here']);
  assert.deepEqual(most({ ...level, status: 'sold_out' }), [0, 0, 0]);
});

test('a channel of an unlimited SKU can be sold out too', () => {
  const wine = { sku: 'wine', type: 'unlimited', status: 'available', available: 0, held: 0, channels: [account('pos', 0, 0, { status: 'sold_out' })] };
  assert.deepEqual(most(wine), [0, Infinity, Infinity]);
});

test('a quota below what was drawn from it has nothing left, and takes nothing from the pool', () => {
  const level = soup(6, [account('kiosk', 4, 4)]);
  assert.deepEqual([poolOf(level), mostFor(level, 'kiosk')], [6, 6]);
});

test('the own hold comes back before it is drawn anew', () => {
  assert.equal(mostFor(soup(0, [account('kiosk', 2, 2)]), 'kiosk', 2), 2);
  assert.equal(mostFor(soup(5, [account('kiosk', 0, 0, { status: 'sold_out' })]), 'kiosk', 2), 0);
});

test('tenths stay tenths', () => {
  assert.equal(poolOf(soup(0.3, [account('kiosk', 0.1), account('pos', 0.1)])), 0.1);
});

test('the levels of a view answer for their own channel', () => {
  const stock = [soup(10, [account('kiosk', 4), account('online_order', 6)])];
  assert.equal(unitsLeft(indexLevels(stock, 'kiosk'), 'soup'), 4);
  assert.equal(isSellable(indexLevels(stock, 'pos'), 'soup'), false);
  assert.equal(isSellable(indexLevels(stock, 'pos'), 'cola'), true, 'nobody counts it');
});

test('which channels are out: told of the hub’s own by figure, of the relay’s by word only', () => {
  const channels = ['pos', 'kiosk', 'online_order'];
  assert.deepEqual(channelsOut(soup(4, [account('kiosk', 4), account('online_order', 6, 6)]), channels), ['pos']);
  assert.deepEqual(channelsOut(soup(4, [account('online_order', 0, 0, { status: 'sold_out' })]), channels), ['online_order']);
  assert.deepEqual(channelsOut(soup(4, [], { status: 'sold_out' }), channels), []);
});

test('why a dish is out here: the reason that leaves the most of it elsewhere', () => {
  const item = { skus: [{ id: 's' }, { id: 'l' }] };
  const why = (s, l) => outReason(indexLevels([{ ...s, sku: 's' }, { ...l, sku: 'l' }], 'pos'), item);
  const marked = soup(5, [], { status: 'sold_out' });
  const here = soup(5, [account('pos', 0, 0, { status: 'sold_out' })]);
  const others = soup(5, [account('kiosk', 5)]);
  assert.deepEqual([why(marked, marked), why(marked, soup(0)), why(marked, here), why(soup(0), others)], ['marked', 'empty', 'marked_here', 'empty_here']);
  assert.equal(why(marked, soup(2)), '', 'one size is there: it is out for another reason');
  assert.equal(outReason(indexLevels([], 'pos'), item), '');
});
