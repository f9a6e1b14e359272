// Reducers: a topic's view and one event in, the next view out. Pure: nothing is changed in place,
// no clock, no I/O. A view has the shape of the hub's snapshot (PROTOCOL.md section 5), so that a
// screen cannot tell a view it was sent from one it kept up itself.
// An event that a reducer does not know leaves the view as it is.

export const reducers = {
  menu: reduceMenu,
  kitchen: reduceKitchen,
  orders: reduceOrders,
  stock: reduceStock,
  devices: reduceDevices,
};

// After these events the hub itself decides what leaves the views (closed orders of earlier days),
// so a client asks for a fresh snapshot instead of guessing the same rule.
export const kSnapshotEvents = new Set(['day.opened', 'epoch.begun']);

function reduceMenu(view, event) {
  if (event.event === 'menu.imported') return { ...view, menu: event.body.menu };
  const stock = withMovements(view.stock, movementsOf(event));
  return stock === view.stock ? view : { ...view, stock };
}

function reduceStock(view, event) {
  const stock = withMovements(view.stock, movementsOf(event));
  const holds = withHold(view.holds ?? [], event);
  return stock === view.stock && holds === view.holds ? view : { ...view, stock, holds };
}

function movementsOf({ event, body }) {
  if (event === 'stock.changed') return [body.movement];
  if (event.startsWith('hold.') || event === 'order.voided') return body.movements ?? [];
  return [];
}

function withMovements(levels, movements) {
  let next = levels;
  for (const { after } of movements) next = upsert(next, 'sku', after);
  return next;
}

function withHold(holds, { event, body }) {
  switch (event) {
    case 'hold.locked':
      return upsert(holds, 'hold', body.hold);
    case 'hold.moved':
      return patch(holds, 'hold', body.hold, {
        kind: 'order',
        order: body.order,
        expires_at: body.expires_at,
      });
    case 'hold.confirmed':
    case 'hold.released':
      return holds.filter((hold) => hold.hold !== body.hold);
    default:
      return holds;
  }
}

function reduceKitchen(view, event) {
  const { body } = event;
  switch (event.event) {
    case 'order.accepted':
      if (body.tickets.length === 0) return view;
      return { ...view, orders: upsert(view.orders, 'order', kitchenOrder(event)) };
    case 'ticket.changed':
      return {
        ...view,
        orders: withTicket(view.orders, event),
        bumped: withBumped(view.bumped ?? {}, body),
      };
    case 'order.served':
      return { ...view, orders: patch(view.orders, 'order', body.order, { state: 'served' }) };
    case 'order.cancelled':
      return withKitchenEnd(view, body, 'cancelled');
    case 'order.voided':
      return withKitchenEnd(view, body, 'voided');
    default:
      return view;
  }
}

function kitchenOrder({ at, body }) {
  const { order, number, channel, service, table, note, state, tickets } = body;
  return { order, number, channel, service, table, note, state, reason: '', fired_at: at, tickets };
}

function withKitchenEnd(view, body, state) {
  const end = { state, reason: body.reason };
  return { ...view, orders: patch(view.orders, 'order', body.order, end) };
}

// What each station bumped, the latest last: what recall brings back.
function withBumped(bumped, { order, station, bumped: isBumped }) {
  const others = (bumped[station] ?? []).filter((id) => id !== order);
  const was = (bumped[station] ?? []).length !== others.length;
  if (isBumped && was) return bumped;
  return { ...bumped, [station]: isBumped ? [...others, order] : others };
}

function withTicket(orders, { at, body }) {
  return orders.map((order) => {
    if (order.order !== body.order) return order;
    const tickets = order.tickets.map((ticket) =>
      ticket.station === body.station ? changedTicket(ticket, at, body) : ticket,
    );
    return { ...order, tickets, state: body.state };
  });
}

function changedTicket(ticket, at, body) {
  const bumpedNow = body.bumped && !ticket.bumped;
  return {
    ...ticket,
    lines: ticket.lines.map((line, i) => ({ ...line, done: body.done[i] ?? line.done })),
    bumped: body.bumped,
    bumped_at: body.bumped ? (bumpedNow ? at : ticket.bumped_at) : 0,
    last_action: body.undo ? 'none' : body.action,
    last_index: body.index,
    done_before: ticket.lines.map((line) => line.done),
    acted_at: at,
  };
}

function reduceOrders(view, event) {
  const orders = nextOrders(view.orders, event);
  return orders === view.orders ? view : { ...view, orders };
}

function nextOrders(orders, event) {
  const { at, body } = event;
  switch (event.event) {
    case 'order.placed':
      return upsert(orders, 'order', body.order);
    case 'order.paid':
      return closed(orders, body.order, at, {
        paid: true,
        payment: body.payment,
        state: body.state,
      });
    case 'order.accepted':
      return patch(orders, 'order', body.order, {
        state: body.state,
        tickets: body.tickets,
        fired_at: at,
      });
    case 'ticket.changed':
      return withTicket(orders, event);
    case 'order.served':
      return closed(orders, body.order, at, { state: 'served' });
    case 'order.cancelled':
      return closed(orders, body.order, at, { state: 'cancelled', reason: body.reason });
    case 'order.voided':
      return closed(orders, body.order, at, { state: 'voided', reason: body.reason });
    default:
      return orders;
  }
}

// An order is closed when nothing more can happen to it: served and paid, cancelled, or voided.
function closed(orders, id, at, changes) {
  return orders.map((order) => {
    if (order.order !== id) return order;
    const next = { ...order, ...changes };
    const isOver =
      next.state === 'cancelled' || next.state === 'voided' || (next.state === 'served' && next.paid);
    return isOver ? { ...next, closed_at: at } : next;
  });
}

function reduceDevices(view, { event, body }) {
  switch (event) {
    case 'device.added':
      return { ...view, devices: upsert(view.devices, 'device', body.device) };
    case 'device.revoked':
      return { ...view, devices: patch(view.devices, 'device', body.device, { revoked: true }) };
    default:
      return view;
  }
}

function upsert(list, key, entry) {
  const at = list.findIndex((other) => other[key] === entry[key]);
  if (at < 0) return [...list, entry];
  const next = list.slice();
  next[at] = entry;
  return next;
}

function patch(list, key, id, changes) {
  const at = list.findIndex((other) => other[key] === id);
  if (at < 0) return list;
  const next = list.slice();
  next[at] = { ...list[at], ...changes };
  return next;
}
