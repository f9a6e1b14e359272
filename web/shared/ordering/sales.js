// What sells, from the orders a till sees; and what a cashier gives back. Pure.

const kDead = new Set(['cancelled', 'voided']);

// Items by units sold, most first; items that tie, or never sold, in the order of the menu.
export function mostSold(index, orders, limit = 10) {
  const units = new Map();
  for (const order of orders ?? []) {
    if (kDead.has(order.state)) continue;
    for (const line of order.lines) {
      const found = index.skus.get(line.sku);
      if (found) units.set(found.item.id, (units.get(found.item.id) ?? 0) + line.quantity);
    }
  }
  return index.items
    .map((item, place) => ({ item, place, units: units.get(item.id) ?? 0 }))
    .sort((a, b) => b.units - a.units || a.place - b.place)
    .slice(0, limit)
    .map(({ item }) => item);
}

// Amounts a guest is likely to hand over: the exact total, then the next round ones and notes.
export function cashSuggestions(total, limit = 5) {
  const steps = [100, 500, 1000, 2000, 5000, 10000];
  const rounded = steps.map((step) => Math.ceil(total / step) * step);
  return [...new Set([total, ...rounded])].sort((a, b) => a - b).slice(0, limit);
}

// What is given back, or null while the amount is not enough.
export const changeDue = (total, given) => (given === null || given < total ? null : given - total);
