// A menu's names as a screen writes them, and figures as people type them. Pure.

// A TEXT of the protocol in the language of the screen; English where Chinese is missing.
export const textOf = (text, language) => (text ? text[language] || text.en || '' : '');

// An amount as a cashier types it: "12", "12.5", "12,50". Minor units, or null.
export function parseMoney(text) {
  const match = /^\s*(\d{1,9})(?:[.,](\d{1,2}))?\s*$/.exec(text);
  if (!match) return null;
  return Number(match[1]) * 100 + Number((match[2] ?? '').padEnd(2, '0') || 0);
}

// A count of stock as a person types it, with at most one decimal; or null.
export function parseCount(text) {
  const match = /^\s*(\d{1,8})(?:[.,](\d))?\s*$/.exec(text);
  return match ? Number(`${match[1]}.${match[2] ?? 0}`) : null;
}

// The dish and, where there are sizes, which one.
export function skuName(index, sku, language) {
  const found = index.everySku.get(sku);
  if (!found) return sku;
  const size = textOf(found.sku.name, language);
  const name = textOf(found.item.name, language);
  return size ? `${name}, ${size}` : name;
}

// What was chosen beside the dish itself, as short pieces: parts, then options with "2 x".
export function choiceDetails(index, choice, language) {
  const found = index.skus.get(choice.sku) ?? index.everySku.get(choice.sku);
  if (!found) return [];
  const parts = (found.item.parts ?? [])
    .filter((part) => choice.parts[part.id])
    .map((part) => skuName(index, choice.parts[part.id], language));
  const options = Object.entries(choice.options).flatMap(([id, counts]) =>
    (index.groups.get(id)?.options ?? [])
      .filter((option) => counts[option.id])
      .map((option) => `${counts[option.id] > 1 ? `${counts[option.id]} × ` : ''}${textOf(option.name, language)}`),
  );
  return [...parts, ...options];
}
