import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { recipes } from '../pictures/recipes.mjs';
import { finish } from '../pictures/svg.mjs';

const menu = JSON.parse(readFileSync(new URL('../menu.json', import.meta.url), 'utf8'));
const skus = new Map(menu.items.flatMap((item) => item.skus.map((sku) => [sku.id, item])));

test('every item has its picture, as drawn, in less than 6 KB and without anything from elsewhere', () => {
  for (const item of menu.items) {
    assert.equal(item.image, `/media/${item.id}.svg`);
    const svg = readFileSync(new URL(`../../media/${item.id}.svg`, import.meta.url), 'utf8');
    assert.equal(svg, finish(recipes[item.id]()), `${item.id}: run node web/sample/draw.mjs`);
    assert.ok(svg.length < 6144, item.id);
    assert.doesNotMatch(svg.replace('http://www.w3.org/2000/svg', ''), /https?:|<script|style=/, item.id);
  }
});

test('the menu holds together: ids once, references known, both languages everywhere', () => {
  const once = (ids, what) => assert.equal(new Set(ids).size, ids.length, what);
  once(menu.items.map((item) => item.id), 'items');
  once(menu.items.flatMap((item) => item.skus.map((sku) => sku.id)), 'skus');
  const known = (list) => new Set(list.map((each) => each.id));
  const [stations, categories, groups] = [known(menu.stations), known(menu.categories), known(menu.option_groups)];
  const named = [...menu.stations, ...menu.categories, ...menu.option_groups, ...menu.items, ...menu.option_groups.flatMap((group) => group.options)];
  for (const { id, name } of named) assert.ok(name.en && name.zh, id);
  for (const item of menu.items) {
    assert.ok(stations.has(item.station) && categories.has(item.category), item.id);
    assert.ok(item.option_groups.every((id) => groups.has(id)), item.id);
    assert.ok(item.skus.length === 1 || item.skus.every((sku) => sku.name.en && sku.name.zh), item.id);
    for (const { choices } of item.parts) {
      // A part's dish is made as it is: one that asks for a choice of its own could not be cooked.
      for (const { sku } of choices) assert.ok(skus.has(sku) && skus.get(sku).parts.length === 0, `${item.id}: ${sku}`);
    }
  }
  for (const { options } of menu.option_groups) for (const { uses } of options) assert.ok(!uses || skus.has(uses), uses);
});

test('it shows what a menu can do: four stations, two meals, sizes, hidden items', () => {
  assert.equal(menu.stations.length, 4);
  assert.ok(menu.items.length >= 35);
  assert.ok(menu.items.filter((item) => item.parts.length > 0).length >= 2);
  assert.ok(menu.items.some((item) => item.skus.length >= 3));
  assert.ok(menu.items.some((item) => !item.channels.includes('kiosk')));
  assert.ok(menu.items.some((item) => !item.channels.includes('online_order')));
});
