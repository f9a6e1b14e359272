// Who may sell what, at the till: channels, quotas and shares, sold out on one channel, and what is
// sold all the same by name and PIN. The real hub's books are the judge.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import WebSocket from 'ws';
import { connect, memoryStorage } from '../../lan-protocol/js/larder.js';
import { axe, launch, newScreen, shot, until } from './support/browser.mjs';
import { RealHub } from './support/real_hub.mjs';
import { Steps } from './support/steps.mjs';

const kSizes = [
  [390, 844],
  [820, 1180],
  [1080, 1920],
  [1920, 1080],
];

test('channels at the till', { timeout: 240_000 }, async (t) => {
  const steps = new Steps('till_channels', t);
  const step = steps.step.bind(steps);
  const hub = await RealHub.start();
  const browser = await launch();
  const clients = [];
  t.after(async () => {
    for (const client of clients) client.close();
    await browser.close();
    await hub.stop();
  });
  const client = async (id, role) => {
    const made = connect({ url: hub.url, token: await hub.mint(id, role), client: 'test', WebSocket, storage: memoryStorage() });
    clients.push(made);
    return made;
  };
  const books = await client('till-2', 'till');
  const kiosk = await client('kiosk-1', 'kiosk');
  const page = await newScreen(browser, { width: 1920, height: 1080 });
  steps.pages.till = page;
  await page.goto(`${hub.origin}/till/#token=${await hub.mint('till-1', 'till')}`);
  const by = (id) => page.getByTestId(id);
  await by('item-cola').waitFor();
  const levelOf = async (sku) => (await books.query('stock.list')).stock.find((level) => level.sku === sku);
  const accountOf = async (sku, channel) => (await levelOf(sku)).channels?.find((each) => each.channel === channel);
  const untilText = (id, wanted) => until(`${id} says ${wanted}`, async () => (await by(id).innerText().catch(() => '')).includes(wanted));
  const pictures = async (name) => {
    for (const [width, height] of kSizes) {
      await page.setViewportSize({ width, height });
      await shot(page, `${name}-${width}`);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
      assert.equal(wide, false, `${name} at ${width} fits its width`);
    }
    assert.deepEqual(await axe(page), []);
    await page.setViewportSize({ width: 1920, height: 1080 });
  };
  const place = (from, quantity) => from.command('order.place', { service: 'takeaway', lines: [{ sku: 'churros', quantity }] });

  await step('sold out on one channel is said in the list, and on sale on the others', async () => {
    await by('page-stock').click();
    await by('stock-search').fill('churros');
    await by('channels-churros').click();
    await untilText('channels-sheet', 'Nobody counts it');
    assert.equal(await by('channels-save').count(), 0);
    await by('mark-kiosk').click();
    await until('out', async () => (await by('channel-kiosk').getAttribute('data-status')) === 'sold_out');
    await assert.rejects(place(kiosk, 1), { code: 'out_of_stock' });
    await page.keyboard.press('Escape');
    await untilText('partly-churros', 'Kiosk');
    await by('channels-churros').click();
    await by('mark-kiosk').click();
    await until('back', async () => (await by('channel-kiosk').getAttribute('data-status')) === 'available');
    await page.keyboard.press('Escape');
    await by('partly-churros').waitFor({ state: 'detached' });
  });

  await step('set aside and shared out: typed, refused in words, saved, and the till sells its own', async () => {
    await books.command('stock.count', { sku: 'churros', available: 20 });
    await by('channels-churros').click();
    await by('quota-kiosk').fill('25');
    await untilText('channels-wrong', 'only 20 are left');
    assert.equal(await by('channels-save').isDisabled(), true);
    await by('quota-kiosk').fill('12');
    await by('weight-online_order').fill('50');
    await pictures('till-channels');
    await by('channels-save').click();
    await until('the books have it', async () => (await accountOf('churros', 'kiosk'))?.quota === 12);
    assert.deepEqual([(await accountOf('churros', 'online_order')).quota, (await accountOf('churros', 'online_order')).weight], [4, 50]);
    await untilText('mine-churros', '4 for the till');
    await place(kiosk, 10);
    await untilText('left-churros', '10');
  });

  await step('a quota below what was drawn from it counts as that, and the till says so', async () => {
    await by('channels-churros').click();
    await untilText('figures-kiosk', '2 of its own left, 10 sold');
    await by('quota-kiosk').fill('3');
    await by('channels-save').click();
    await page.getByText('Kiosk has sold 7 more than its new quota').waitFor();
    assert.equal((await accountOf('churros', 'kiosk')).quota, 10);
  });

  await step('nothing went wrong in a page', async () => assert.deepEqual(page.faults, []));
  steps.report();
});
