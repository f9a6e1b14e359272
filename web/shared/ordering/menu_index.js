// A menu and its stock levels as an ordering screen asks about them. Pure; built anew for every
// view, which for the largest menu (10,000 SKUs) is a few milliseconds.
import { isSellable } from './sellable.js';

// What one channel may see: items in the order of the menu, categories that have any.
export function indexMenu(menu, channel) {
  const items = (menu?.items ?? []).filter((item) => (item.channels ?? []).includes(channel));
  const skus = new Map();
  for (const item of items) for (const sku of item.skus) skus.set(sku.id, { item, sku });
  // A combo's part may be an item that this channel does not sell by itself.
  const everySku = new Map();
  for (const item of menu?.items ?? []) for (const sku of item.skus) everySku.set(sku.id, { item, sku });
  const byCategory = new Map();
  for (const item of items) {
    if (!byCategory.has(item.category)) byCategory.set(item.category, []);
    byCategory.get(item.category).push(item);
  }
  return {
    version: menu?.version ?? 0,
    currency: menu?.currency ?? 'EUR',
    items,
    itemById: new Map(items.map((item) => [item.id, item])),
    skus,
    everySku,
    groups: new Map((menu?.option_groups ?? []).map((group) => [group.id, group])),
    categories: (menu?.categories ?? []).filter((category) => byCategory.has(category.id)),
    byCategory,
  };
}

// 'available' when a guest can have the item in some form, else 'sold_out'. A combo falls with any
// part that has nothing left to choose from, an item with its required options.
export function itemState(index, levels, item) {
  const hasSku = item.skus.some((sku) => isSellable(levels, sku.id));
  const hasParts = (item.parts ?? []).every((part) => part.choices.some((choice) => isSellable(levels, choice.sku)));
  const hasOptions = (item.option_groups ?? []).every((id) => {
    const group = index.groups.get(id);
    return !group || group.min === 0 || group.options.some((option) => !option.uses || isSellable(levels, option.uses));
  });
  return hasSku && hasParts && hasOptions ? 'available' : 'sold_out';
}

// The lowest price the item can be had for, and whether it is the only one.
export function priceFrom(item) {
  const prices = item.skus.map((sku) => sku.price);
  const lowest = Math.min(...prices);
  return { price: lowest, isFrom: prices.some((price) => price !== lowest) };
}

// Words a person types, in any order, in either language, or the start of an id.
export function search(index, text) {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return index.items;
  return index.items.filter((item) => {
    const names = [item.name, ...item.skus.map((sku) => sku.name)].flatMap((name) => [name?.en, name?.zh]);
    const all = [item.id, ...item.skus.map((sku) => sku.id), ...names].join(' ').toLowerCase();
    return words.every((word) => all.includes(word));
  });
}
