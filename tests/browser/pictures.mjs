// Takes the README's pictures of the real screens: node tests/browser/pictures.mjs (about a minute).
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import WebSocket from 'ws';
import { connect, memoryStorage } from '../../lan-protocol/js/larder.js';
import { launch, newScreen, root, until } from './support/browser.mjs';
import { RealHub } from './support/real_hub.mjs';

const out = join(root, 'docs', 'pictures');
const pause = (ms) => new Promise((done) => setTimeout(done, ms));
const pick = (group, ...options) => options.map((option) => ({ group, option }));
const burger = { sku: 'classic-burger', quantity: 1, options: pick('doneness', 'medium') };
const noodles = { sku: 'beef-noodle-soup', quantity: 2, options: pick('spice', 'very-hot') };
const soup = { sku: 'tomato-soup', quantity: 1 };
const wave = [
  { service: 'dine_in', table: '12', lines: [noodles, { ...burger, quantity: 2 }] },
  { service: 'takeaway', lines: [{ ...soup, quantity: 3, note: 'Peanut allergy' }] },
  { service: 'dine_in', table: '4', note: 'All together, please', lines: [burger, soup] },
  { service: 'takeaway', lines: [noodles] },
  { service: 'takeaway', lines: [{ ...burger, quantity: 4 }] },
  { service: 'dine_in', table: '7', lines: [soup, noodles] },
  { service: 'takeaway', lines: [burger] },
  { service: 'dine_in', table: '21', lines: [{ ...soup, quantity: 2 }] },
];

await mkdir(out, { recursive: true });
const hub = await RealHub.start({ lateS: 18, veryLateS: 26 });
const browser = await launch();
try {
  const token = await hub.mint('till-0', 'till');
  const till = connect({ url: hub.url, token, client: 'pictures', WebSocket, storage: memoryStorage() });
  const open = async (app, role, size, station) => {
    const page = await newScreen(browser, size);
    await page.goto(`${hub.origin}/${app}/#token=${await hub.mint(`${app}-1`, role, station)}`);
    await until('live', async () => (await page.getByTestId('live-dot').getAttribute('data-state')) === 'live');
    return page;
  };
  const wide = { width: 1600, height: 900 };
  const [kds, kiosk, desk] = [
    await open('kds', 'kds', wide, 'grill'),
    await open('kiosk', 'kiosk', wide),
    await open('till', 'till', wide),
  ];
  await kds.getByTestId('kds').click();
  await till.command('stock.mark', { sku: 'cheese-burger', status: 'sold_out' });
  const placed = [];
  for (const order of wave) {
    placed.push(await till.command('order.place', { ...order, fire: true }));
    await pause(3500);
  }
  await till.command('ticket.check', { order: placed[0].order, station: 'grill', index: 0, done: true });
  await till.command('order.void', { order: placed[4].order, reason: 'Guest left', restock: false });
  await pause(500);
  await kds.screenshot({ path: join(out, 'kds.png') });

  await kiosk.getByTestId('start-takeaway').click();
  await kiosk.getByTestId('category-burgers').click();
  await pause(1500);
  await kiosk.screenshot({ path: join(out, 'kiosk.png') });

  await desk.getByTestId('page-order').click();
  for (const item of ['miso-soup', 'cola', 'spring-rolls']) {
    await desk.getByTestId('search').fill(item.replace('-', ' '));
    await desk.getByTestId(`item-${item}`).click();
    const add = desk.getByTestId('add-to-cart');
    if (await add.count()) await add.click();
    await desk.getByTestId('search').fill('');
  }
  await desk.screenshot({ path: join(out, 'till.png') });
  till.close();
  await hub.kill();
  await pause(4000);
  await kds.screenshot({ path: join(out, 'kds-stale.png') });
} finally {
  await browser.close();
  await hub.stop();
}
console.log(`pictures: ${out}`);
