// What a guest has chosen on an item's sheet, and what is still missing. Pure.
//
// A choice: { sku, quantity, options: { group: { option: count } }, parts: { part: sku }, note }.
import { isSellable } from './sellable.js';

export const kQuantityMax = 99;

// A new sheet: the first size that can be sold; the rest is for the guest to say, except where
// there is nothing to choose.
export function startChoice(index, levels, item) {
  const sku = item.skus.find((each) => isSellable(levels, each.id)) ?? item.skus[0];
  const options = {};
  for (const id of item.option_groups ?? []) {
    const group = index.groups.get(id);
    if (group && group.min > 0 && group.options.length === 1) options[id] = { [group.options[0].id]: group.min };
  }
  const parts = {};
  for (const part of item.parts ?? []) if (part.choices.length === 1) parts[part.id] = part.choices[0].sku;
  return { sku: sku.id, quantity: 1, options, parts, note: '' };
}

export const countOf = (choice, group, option) => choice.options[group]?.[option] ?? 0;
export const chosenIn = (choice, group) =>
  Object.values(choice.options[group] ?? {}).reduce((sum, count) => sum + count, 0);

// The same option may be taken twice where that means something: an extra that costs, or a group
// that must be filled ("up to three scoops"). "No onion" twice is noise.
export const mayRepeat = (group, option) => group.max > 1 && (group.min > 0 || option.price_delta > 0);

// Adds one of an option. In a group of one the new choice takes the place of the old; in a full
// group nothing changes.
export function addOption(choice, group, option) {
  const count = countOf(choice, group.id, option.id);
  if (group.max === 1) return withGroup(choice, group.id, { [option.id]: 1 });
  if (chosenIn(choice, group.id) >= group.max) return choice;
  if (count > 0 && !mayRepeat(group, option)) return choice;
  return withGroup(choice, group.id, { ...choice.options[group.id], [option.id]: count + 1 });
}

export function removeOption(choice, group, option) {
  const counts = { ...choice.options[group.id] };
  if (!counts[option.id]) return choice;
  counts[option.id] -= 1;
  if (counts[option.id] === 0) delete counts[option.id];
  return withGroup(choice, group.id, counts);
}

// What a tap on an option does: takes it, or, when it is taken and need not stay, drops it.
export function tapOption(choice, group, option) {
  const isTaken = countOf(choice, group.id, option.id) > 0;
  if (!isTaken) return addOption(choice, group, option);
  if (group.max === 1 && group.min === 1) return choice;
  return mayRepeat(group, option) ? choice : removeOption(choice, group, option);
}

const withGroup = (choice, group, counts) => ({ ...choice, options: { ...choice.options, [group]: counts } });

// What keeps this choice from being sold, in the order of the sheet:
//   { kind: 'sku' | 'part' | 'option', ... why: 'gone' | 'sold_out' }
//   { kind: 'group', group, why: 'too_few' | 'too_many', need | over }
//   { kind: 'part', part, why: 'missing' }
export function choiceProblems(index, levels, choice, isHeld = () => false) {
  const found = index.skus.get(choice.sku);
  if (!found) return [{ kind: 'sku', sku: choice.sku, why: 'gone' }];
  const problems = [];
  const isOut = (sku) => !isHeld(sku) && !isSellable(levels, sku);
  if (isOut(choice.sku)) problems.push({ kind: 'sku', sku: choice.sku, why: 'sold_out' });
  for (const part of found.item.parts ?? []) problems.push(...partProblems(part, choice.parts[part.id], isOut));
  for (const id of found.item.option_groups ?? []) {
    const group = index.groups.get(id);
    if (group) problems.push(...groupProblems(group, choice, isOut));
  }
  for (const id of Object.keys(choice.options)) {
    const isOffered = (found.item.option_groups ?? []).includes(id);
    if (!isOffered && chosenIn(choice, id) > 0) problems.push({ kind: 'option', group: id, why: 'gone' });
  }
  return problems;
}

function partProblems(part, sku, isOut) {
  if (!sku) return [{ kind: 'part', part, why: 'missing' }];
  if (!part.choices.some((each) => each.sku === sku)) return [{ kind: 'part', part, sku, why: 'gone' }];
  return isOut(sku) ? [{ kind: 'part', part, sku, why: 'sold_out' }] : [];
}

function groupProblems(group, choice, isOut) {
  const problems = [];
  const total = chosenIn(choice, group.id);
  if (total < group.min) problems.push({ kind: 'group', group, why: 'too_few', need: group.min - total });
  if (total > group.max) problems.push({ kind: 'group', group, why: 'too_many', over: total - group.max });
  for (const id of Object.keys(choice.options[group.id] ?? {})) {
    const option = group.options.find((each) => each.id === id);
    if (!option) problems.push({ kind: 'option', group: group.id, option: id, why: 'gone' });
    else if (option.uses && isOut(option.uses)) {
      problems.push({ kind: 'option', group: group.id, option: id, sku: option.uses, why: 'sold_out' });
    }
  }
  return problems;
}

// The price of one, by the menu on the screen. The hub computes its own and is asked with
// expected_total whether they agree.
export function unitPrice(index, choice) {
  const found = index.skus.get(choice.sku);
  if (!found) return 0;
  let price = found.sku.price;
  for (const [id, counts] of Object.entries(choice.options)) {
    for (const option of index.groups.get(id)?.options ?? []) price += option.price_delta * (counts[option.id] ?? 0);
  }
  for (const part of found.item.parts ?? []) {
    price += part.choices.find((each) => each.sku === choice.parts[part.id])?.price_delta ?? 0;
  }
  return price;
}

// Stock SKUs that one piece takes, each with its count.
export function demandOf(index, choice) {
  const demand = new Map();
  const take = (sku, count) => demand.set(sku, (demand.get(sku) ?? 0) + count);
  const parts = Object.values(choice.parts);
  take(choice.sku, 1);
  for (const sku of parts) take(sku, 1);
  for (const [id, counts] of Object.entries(choice.options)) {
    for (const option of index.groups.get(id)?.options ?? []) {
      if (option.uses && counts[option.id]) take(option.uses, counts[option.id]);
    }
  }
  return demand;
}

// The line as order.place and hold.place want it.
export function toRequest(choice) {
  const line = { sku: choice.sku, quantity: choice.quantity };
  const options = Object.entries(choice.options).flatMap(([group, counts]) =>
    Object.entries(counts).flatMap(([option, count]) => Array.from({ length: count }, () => ({ group, option }))),
  );
  const parts = Object.entries(choice.parts).map(([part, sku]) => ({ part, sku }));
  if (options.length) line.options = options;
  if (parts.length) line.parts = parts;
  if (choice.note) line.note = choice.note;
  return line;
}
