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

const kClosedShown = 200;

function reduceMenu(view, event) {
  if (event.event === 'menu.imported') return { ...view, menu: event.body.menu };
  const stock = withMovements(view.stock, movementsOf(event));
  return stock === view.stock ? view : { ...view, stock };
}

function reduceStock(view, event) {
  const stock = withMovements(view.stock, movementsOf(event));
  const holds = withHold(view.holds ?? [], event);
  const next = stock === view.stock && holds === view.holds ? view : { ...view, stock, holds };
  return withOversell(next, event);
}

// Rights that go to a lease or come back from one move the level as a hold does.
const kMoving = new Set([
  ...['hold.locked', 'hold.confirmed', 'hold.released', 'order.voided', 'order.line_voided'],
  ...['lease.granted', 'lease.settled'],
]);

function movementsOf({ event, body }) {
  if (event === 'stock.changed') return [body.movement];
  return kMoving.has(event) ? (body.movements ?? []) : [];
}

// The hub's view names the open ones, and has no such member when there is none.
function withOversell(view, { event, body }) {
  if (event === 'stock.oversold') return { ...view, oversells: upsert(view.oversells ?? [], 'oversell', body) };
  if (event !== 'oversell.resolved' || !view.oversells) return view;
  const { oversells, ...others } = view;
  const left = oversells.filter((record) => record.oversell !== body.oversell);
  return left.length > 0 ? { ...others, oversells: left } : others;
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
    case 'order.line_voided':
      if (body.held.length > 0) return patch(holds, 'hold', body.hold, { demand: body.held });
      return body.hold ? holds.filter((hold) => hold.hold !== body.hold) : holds;
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
    case 'order.line_voided':
      return { ...view, orders: withLineStruck(view.orders, body) };
    default:
      return view;
  }
}

// A line that is void stays on the ticket, so that a cook sees what changed.
function withLineStruck(orders, { order: id, line, state }) {
  const strike = (work) => (work.line === line ? { ...work, voided: true } : work);
  return orders.map((order) => {
    if (order.order !== id) return order;
    const tickets = order.tickets.map((ticket) => ({ ...ticket, lines: ticket.lines.map(strike) }));
    return { ...order, tickets, state };
  });
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
  const list = bumped[station] ?? [];
  const was = list.includes(order);
  if (isBumped === was) return bumped;
  const next = isBumped ? [...list, order] : list.filter((id) => id !== order);
  if (next.length > 0) return { ...bumped, [station]: next };
  const { [station]: _, ...others } = bumped;
  return others;
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
  const isBump = body.action === 'bumped' && !body.undo;
  const bumpedAt = body.bumped ? at : 0;
  return {
    ...ticket,
    lines: ticket.lines.map((line, i) => ({ ...line, done: body.done[i] ?? line.done })),
    bumped: body.bumped,
    bumped_at: ticket.bumped === body.bumped ? ticket.bumped_at : bumpedAt,
    last_action: body.undo ? 'none' : body.action,
    last_index: body.undo ? 0 : body.index,
    done_before: isBump ? ticket.lines.map((line) => line.done) : [],
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
    case 'order.discounted':
      return orders.map((order) => (order.order === body.order ? discounted(order, body) : order));
    case 'order.line_voided':
      return withLineStruck(orders, body).map((order) => (order.order === body.order ? repriced(order, body) : order));
    default:
      return orders;
  }
}

// An order without a discount has no such member, as in the hub's own view.
function discounted({ discount: _, ...order }, { discount, total }) {
  return discount ? { ...order, total, discount } : { ...order, total };
}

function repriced(order, { line, reason, total, demand, discount }) {
  const strike = (each) => (each.line === line ? { ...each, voided: true, void_reason: reason } : each);
  const changed = { ...order, lines: order.lines.map(strike), total, demand };
  return order.discount ? { ...changed, discount: { ...order.discount, amount: discount } } : changed;
}

// An order is closed when nothing more can happen to it: served and paid, cancelled, or voided.
// The view keeps the latest kClosedShown of those, as the hub's own does.
function closed(orders, id, at, changes) {
  const next = orders.map((order) => {
    if (order.order !== id) return order;
    const changed = { ...order, ...changes };
    return isOver(changed) ? { ...changed, closed_at: at } : changed;
  });
  const over = next.filter(isOver);
  if (over.length <= kClosedShown) return next;
  const oldest = over.reduce((a, b) => (b.closed_at < a.closed_at ? b : a));
  return next.filter((order) => order !== oldest);
}

function isOver({ state, paid }) {
  return state === 'cancelled' || state === 'voided' || (state === 'served' && paid);
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

// The hub's views are in order of id; new orders and holds come at the end, or nearly.
function upsert(list, key, entry) {
  const id = entry[key];
  let at = list.length;
  while (at > 0 && list[at - 1][key] > id) at -= 1;
  const isKnown = at > 0 && list[at - 1][key] === id;
  const next = list.slice();
  if (isKnown) next[at - 1] = entry;
  else next.splice(at, 0, entry);
  return next;
}

function patch(list, key, id, changes) {
  const at = list.findIndex((other) => other[key] === id);
  if (at < 0) return list;
  const next = list.slice();
  next[at] = { ...list[at], ...changes };
  return next;
}
