// Some of everything that changes a view, so that the reducers have something to get wrong.
export async function stir({ fire, tablet, till }) {
  const soup = { sku: 'tomato-soup', quantity: 1 };
  await till.command('stock.limit', { sku: 'brownie', type: 'limited', available: 5 });
  await till.command('stock.count', { sku: 'brownie', available: 7.5 });
  await till.command('stock.channels', { sku: 'brownie', channels: [{ channel: 'kiosk', quota: 3 }, { channel: 'online_order', weight: 20 }] });
  await till.command('stock.thresholds', { sku: 'brownie', warning: 5, critical: 2 });
  await till.command('stock.mark', { sku: 'brownie', status: 'sold_out', channel: 'emenu' });
  const held = await tablet.command('hold.place', { lines: [{ sku: 'brownie', quantity: 2 }] });
  const placed = await tablet.command('order.place', {
    ...{ service: 'dine_in', table: '9', lines: [{ sku: 'brownie', quantity: 2 }], hold: held.hold },
    payment: { tender: 'card', amount: held.total, reference: 'sim-1' },
  });
  await tablet.command('hold.place', { lines: [{ sku: 'brownie', quantity: 1 }] });
  const dropped = await tablet.command('order.place', { service: 'takeaway', lines: [soup] });
  await till.command('order.cancel', { order: dropped.order, reason: 'Changed their mind' });
  const served = await fire([soup, { sku: 'spring-rolls', quantity: 2 }]);
  await till.command('ticket.check', { order: served.order, station: 'grill', index: 0, done: true });
  await till.command('ticket.undo', { order: served.order, station: 'grill' });
  for (const station of ['grill', 'fry']) await till.command('ticket.bump', { order: served.order, station });
  await till.command('ticket.recall', { station: 'fry' });
  await till.command('ticket.bump', { order: served.order, station: 'fry' });
  await till.command('order.serve', { order: served.order });
  await till.command('order.pay', { order: served.order, payment: { tender: 'cash', amount: served.total } });
  await till.command('order.void', { order: placed.order, reason: 'Dropped', restock: true });
  await till.command('stock.mark', { sku: 'cola', status: 'sold_out' });
  await till.command('stock.mark', { sku: 'cola', status: 'available' });
}
