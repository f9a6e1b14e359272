// The kitchen's view as a cook needs it. Pure functions of the view and a filter; the filter is a
// station's id, kAll (each station's tickets apart) or kExpo (one card per order).
import { channelsOut, indexLevels } from '../shared/ordering/sellable.js';

export const kAll = '*';
export const kExpo = 'expo';

export const isDead = (order) => order.state === 'voided' || order.state === 'cancelled';

// A ticket with nothing left to cook: its order is dead, or each of its lines was struck off.
export const isTicketDead = ({ order, ticket }) => 
  isDead(order) || (ticket.lines.length > 0 && ticket.lines.every((line) => line.voided));

// What is still to be cooked, oldest first; a recalled ticket is back at its place in time. Dead
// orders stay until somebody clears them, so that nobody keeps cooking one.
export function openTickets(view, filter) {
  return allTickets(view)
    .filter((each) => !each.ticket.bumped && each.order.state !== 'served')
    .filter((each) => filter === kAll || each.ticket.station === filter)
    .sort(byAge);
}

// What was bumped, the latest first, for recall and unfulfil.
export function bumpedTickets(view, filter) {
  return allTickets(view)
    .filter((each) => each.ticket.bumped && !isTicketDead(each) && each.order.state !== 'served')
    .filter((each) => filter === kAll || filter === kExpo || each.ticket.station === filter)
    .sort((a, b) => b.ticket.bumped_at - a.ticket.bumped_at);
}

// Expo: every order that was not handed over; dead ones while a station still has to clear them.
export function openOrders(view) {
  return view.orders
    .filter((order) => order.state !== 'served')
    .filter((order) => !isDead(order) || order.tickets.some((ticket) => !ticket.bumped))
    .map((order) => ({ key: order.order, order }))
    .sort(byAge);
}

function allTickets(view) {
  return view.orders.flatMap((order) =>
    order.tickets.map((ticket) => ({ key: `${order.order}/${ticket.station}`, order, ticket })),
  );
}

function byAge(a, b) {
  return a.order.fired_at - b.order.fired_at || a.order.number - b.order.number;
}

// How many of each dish are still to be made, most first: [{ sku, name, quantity }].
export function allDay(view, filter) {
  const counts = new Map();
  const station = filter === kExpo ? kAll : filter;
  for (const { order, ticket } of openTickets(view, station)) {
    if (isDead(order)) continue;
    for (const line of ticket.lines) {
      if (line.done || line.voided) continue;
      const entry = counts.get(line.sku) ?? { sku: line.sku, name: line.name, quantity: 0 };
      // Quantities are tenths; sums of floats would show 0.30000000000000004.
      entry.quantity = Math.round((entry.quantity + line.quantity) * 10) / 10;
      counts.set(line.sku, entry);
    }
  }
  return [...counts.values()].sort((a, b) => b.quantity - a.quantity || (a.sku < b.sku ? -1 : 1));
}

// calm, late, very_late by the thresholds of the hub's welcome.
export function phaseOf(ageMs, { late_s: late = 300, very_late_s: veryLate = 480 } = {}) {
  if (ageMs >= veryLate * 1000) return 'very_late';
  return ageMs >= late * 1000 ? 'late' : 'calm';
}

// How the order leaves the house, which is drawn as a word and a shape.
export function serviceOf({ channel, service }) {
  if (channel === 'online_order') return 'online';
  return service === 'dine_in' ? 'dine_in' : 'takeaway';
}

// Every item's SKUs with the station that cooks them, for the 86 list.
export function skusOf(menu) {
  return menu.items.flatMap((item) =>
    item.skus.map((sku) => ({
      sku: sku.id,
      item: item.name,
      variant: item.skus.length > 1 ? sku.name : null,
      station: item.station,
    })),
  );
}

// What is on sale, and not on every channel that the menu names: Map sku -> channels.
export function partlyOut(stock, menu) {
  const levels = indexLevels(stock);
  const out = new Map();
  for (const item of menu.items) {
    for (const { id } of item.skus) {
      const level = levels.get(id);
      const channels = level ? channelsOut(level, item.channels ?? []) : [];
      const isWhole = level?.type === 'limited' && level.available <= 0;
      if (channels.length > 0 && !isWhole) out.set(id, channels);
    }
  }
  return out;
}

// What cannot be sold anywhere now: said by a person ('marked'), or none left ('empty').
export function outOfStock(stock) {
  const out = new Map();
  for (const { sku, status, type, available } of stock ?? []) {
    if (status === 'sold_out') out.set(sku, 'marked');
    else if (type === 'limited' && available <= 0) out.set(sku, 'empty');
  }
  return out;
}
