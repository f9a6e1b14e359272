// What comes off a price. Pure; the rule is the hub's (PROTOCOL.md section 6), so that the total on
// the ticket is the one the hub will expect.

// A discount: { percent, reason } or { amount, reason }; minor units in, minor units out.
export function takenOff(discount, cost) {
  if (!discount) return 0;
  if (discount.percent === undefined) return Math.min(discount.amount, cost);
  const permille = Math.round(discount.percent * 10);
  return Math.min(cost, Math.floor((cost * permille + 500) / 1000));
}

// What a person typed, as a discount of lines that cost this, or null: "10" percent with at most one
// decimal, or an amount of money.
export function readDiscount(kind, typed, reason, cost) {
  const text = typed.trim().replace(',', '.');
  if (!reason.trim() || !/^\d+(\.\d+)?$/.test(text)) return null;
  if (kind === 'percent') {
    const percent = Number(text);
    if (!/^\d+(\.\d)?$/.test(text) || percent < 0.1 || percent > 100) return null;
    return { percent, reason: reason.trim() };
  }
  const amount = Math.round(Number(text) * 100);
  if (!/^\d+(\.\d{1,2})?$/.test(text) || amount < 1 || amount > cost) return null;
  return { amount, reason: reason.trim() };
}

// What the lines of an order cost that are not void.
export const linesCost = (order) => order.total + (order.discount?.amount ?? 0);
