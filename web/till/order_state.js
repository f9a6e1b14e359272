// What can be done with an order in its state; the hub decides, this only spares a person the
// refusal. Pure.

const kDead = new Set(['cancelled', 'voided']);
const kCooking = new Set(['accepted', 'preparing', 'ready']);

export const isDead = (order) => kDead.has(order.state);
export const isClosed = (order) => isDead(order) || (order.state === 'served' && order.paid);

// Sold and paid online; a person has not said yet whether the kitchen takes it.
export const waitsOnline = (order) => Boolean(order.source) && order.state === 'paid';

// The longest waiting first.
export const waitingOnline = (orders) =>
  orders.filter(waitsOnline).sort((a, b) => a.placed_at - b.placed_at || a.number - b.number);

export function actionsOf(order) {
  const isNew = order.state === 'placed' && !order.paid;
  return {
    pay: !isDead(order) && !order.paid,
    fire: isNew,
    serve: order.state === 'ready',
    cancel: isNew,
    void: !isDead(order) && !isNew,
    voidLine: !isClosed(order),
    discount: !isClosed(order) && !order.paid,
    // Whether a void may put the food back: it went out of stock when it went to the kitchen.
    restock: kCooking.has(order.state) || order.state === 'served',
  };
}

// Without those that wait for a yes: they have a place of their own.
// Ready first (somebody waits at the pass), then unpaid and new, then the kitchen's, oldest first.
const kRank = { ready: 0, placed: 1, paid: 2, accepted: 2, preparing: 2, served: 3 };
export function openOrders(orders) {
  const rank = (order) => kRank[order.state] ?? 4;
  return orders
    .filter((order) => !isClosed(order) && !waitsOnline(order))
    .sort((a, b) => rank(a) - rank(b) || a.placed_at - b.placed_at || a.number - b.number);
}

export const closedOrders = (orders) => orders.filter(isClosed).sort((a, b) => b.number - a.number);
