// A cart: an ordered list of lines, each a choice with a key of its own. Pure; a new list for every
// change, so that a page may keep the old one.
import { choiceProblems, demandOf, kQuantityMax, toRequest, unitPrice } from './choices.js';
import { unitsLeft } from './sellable.js';

export const kLinesMax = 200; // limits.hpp: kOrderLinesMax

// Two lines are the same dish when everything but the quantity agrees.
export function signature(choice) {
  const options = Object.entries(choice.options)
    .flatMap(([group, counts]) => Object.entries(counts).map(([option, count]) => `${group}/${option}x${count}`))
    .sort();
  const parts = Object.entries(choice.parts)
    .map(([part, sku]) => `${part}=${sku}`)
    .sort();
  return JSON.stringify([choice.sku, options, parts, choice.note]);
}

export function addLine(lines, choice) {
  const mark = signature(choice);
  const same = lines.find((line) => signature(line) === mark);
  if (same) return setQuantity(lines, same.key, same.quantity + choice.quantity);
  if (lines.length >= kLinesMax) return lines;
  const key = 1 + lines.reduce((highest, line) => Math.max(highest, line.key), 0);
  return [...lines, { ...choice, key }];
}

export function setQuantity(lines, key, quantity) {
  if (quantity <= 0) return lines.filter((line) => line.key !== key);
  const kept = Math.min(kQuantityMax, quantity);
  return lines.map((line) => (line.key === key ? { ...line, quantity: kept } : line));
}

export const removeLine = (lines, key) => lines.filter((line) => line.key !== key);

// The line keeps its place; when the guest made it equal to another, the two become one.
export function replaceLine(lines, key, choice) {
  const twin = lines.find((line) => line.key !== key && signature(line) === signature(choice));
  if (twin) return setQuantity(removeLine(lines, key), twin.key, twin.quantity + choice.quantity);
  return lines.map((line) => (line.key === key ? { ...choice, key } : line));
}

export const lineTotal = (index, line) => unitPrice(index, line) * line.quantity;
export const cartTotal = (index, lines) => lines.reduce((sum, line) => sum + lineTotal(index, line), 0);
export const cartCount = (lines) => lines.reduce((sum, line) => sum + line.quantity, 0);
export const cartRequest = (lines) => lines.map(toRequest);

// What the whole cart takes of each SKU.
export function cartDemand(index, lines) {
  const demand = new Map();
  for (const line of lines) {
    for (const [sku, count] of demandOf(index, line)) demand.set(sku, (demand.get(sku) ?? 0) + count * line.quantity);
  }
  return demand;
}

// What stands in the way of ordering, per line: [{ key, problems }]. `held` is the demand that this
// screen's own hold has set aside: those units are gone for others, not for this cart.
// Beyond choiceProblems: { kind: 'short', sku, left, wanted } when too few are left of a SKU; it is
// told of the last line that uses the SKU, for the guest to lower that one.
export function cartProblems(index, levels, lines, held = new Map()) {
  const isHeld = (sku) => (held.get(sku) ?? 0) > 0;
  const told = lines.map((line) => ({ key: line.key, problems: choiceProblems(index, levels, line, isHeld) }));
  for (const [sku, wanted] of cartDemand(index, lines)) {
    const mine = held.get(sku) ?? 0;
    const left = isHeld(sku) ? Math.max(mine, unitsLeft(levels, sku, mine)) : unitsLeft(levels, sku);
    if (left === 0 || wanted <= left) continue;
    const last = lines.findLastIndex((line) => demandOf(index, line).has(sku));
    told[last].problems.push({ kind: 'short', sku, left, wanted });
  }
  return told.filter((line) => line.problems.length > 0);
}

// Lines that use a SKU: an order refused with out_of_stock names the SKU, the guest sees the dishes.
export const linesUsing = (index, lines, sku) => lines.filter((line) => demandOf(index, line).has(sku));
