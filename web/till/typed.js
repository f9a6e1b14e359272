// What a person typed, or a scanner wedged, into the search field. Pure.
import { search } from '../shared/ordering/menu_index.js';

// "cola", "3*cola", "3 x cola": a SKU by its id, else the one item that the words name.
// -> { kind: 'sku'|'item', item, sku?, quantity } or { kind: 'none'|'many' }
export function resolveTyped(index, text) {
  const [, times, rest] = /^\s*(?:(\d{1,2})\s*[*x×]\s*)?(.*?)\s*$/i.exec(text);
  const quantity = Math.max(1, Number(times ?? 1));
  if (!rest) return { kind: 'none' };
  const wanted = rest.toLowerCase();
  for (const [id, { item }] of index.skus) if (id.toLowerCase() === wanted) return { kind: 'sku', item, sku: id, quantity };
  const found = search(index, rest);
  if (found.length === 1) return { kind: 'item', item: found[0], quantity };
  return { kind: found.length === 0 ? 'none' : 'many' };
}

// What the field shows while it is typed: the words without a count before them.
export const searchWords = (text) => text.replace(/^\s*\d{1,2}\s*[*x×]\s*/i, '');

// A card number has no business in a reference: 13 to 19 digits that pass the Luhn check
// (ISO/IEC 7812-1). The hub masks them; the till says so before.
export function looksLikeCard(text) {
  const digits = text.replace(/[\s-]/g, '');
  if (!/^\d{13,19}$/.test(digits)) return false;
  const sum = [...digits].reverse().reduce((total, digit, place) => {
    const value = Number(digit) * (place % 2 ? 2 : 1);
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return sum % 10 === 0;
}
