// Who may sell what, at the till: channels, quotas and shares, sold out on one channel, and what is
// sold all the same by name and PIN. The real hub's books are the judge.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import WebSocket from 'ws';
import { connect, memoryStorage } from '../../lan-protocol/js/larder.js';
import { axe, launch, newScreen, shot, until } from './support/browser.mjs';
import { hire, RealHub } from './support/real_hub.mjs';
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
  let tills = 2;
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
  // The hub's own view of its books, fresh each time.
  const stockOf = async () => {
    const fresh = await client(`till-${(tills += 1)}`, 'till');
    return new Promise((done) => fresh.follow('stock', done));
  };
  const typePin = async (pin) => {
    for (const digit of pin) await by(`key-${digit}`).click();
    await by('pin-confirm').click();
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

  await step('a tile says whether it is gone or only not the till’s', async () => {
    await books.command('stock.mark', { sku: 'cola', status: 'sold_out', channel: 'pos' });
    await books.command('stock.count', { sku: 'brownie', available: 4 });
    await books.command('stock.channels', { sku: 'brownie', channels: [{ channel: 'kiosk', quota: 4 }] });
    await by('page-order').click();
    await untilText('item-cola', 'Not at the till');
    await untilText('item-brownie', 'Kept for others');
    assert.deepEqual(await axe(page), []);
    await books.command('stock.mark', { sku: 'cola', status: 'available', channel: 'pos' });
    await books.command('stock.limit', { sku: 'brownie', type: 'unlimited' });
    await until('sold again', async () => (await by('item-cola').getAttribute('aria-disabled')) === 'false');
    await by('page-stock').click();
    await by('stock-search').fill('churros');
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

  await step('nobody is named: what is short cannot be sold all the same', async () => {
    await books.command('stock.channels', { sku: 'churros', channels: [{ channel: 'online_order', weight: 0, quota: 0 }, { channel: 'kiosk', quota: 0 }] });
    await books.command('stock.count', { sku: 'churros', available: 2 });
    await by('page-order').click();
    await by('search').fill('3*churros');
    await by('search').press('Enter');
    await untilText('line-churros', 'Only 2 of Churros left');
    await until('blocked', () => by('pay-cash').isDisabled());
    await by('override').click();
    await untilText('override-sheet', 'named nobody');
    assert.equal(await by('override-go').count(), 0);
    await page.keyboard.press('Escape');
  });

  await step('by name and PIN it is sold, counted apart, and the one who may not is told', async () => {
    await hire(hub, 'anna', 'Anna', '4711', 'stock,override');
    await hire(hub, 'ben', 'Ben', '0815', 'stock');
    await by('sign-in').waitFor();
    await by('override').click();
    await pictures('till-override');
    await by('override-go').click();
    await by('name-ben').click();
    await typePin('0815');
    await untilText('pin-wrong', 'Ben is signed in, and may not do this');
    await by('other-name').click();
    await by('name-anna').click();
    await typePin('4711');
    await untilText('override-by', 'by Anna');
    await pictures('till-override-ticket');
    await by('pay-cash').click();
    await by('cash-sheet').getByText('Exact').click();
    await by('cash-confirm').click();
    await untilText('taken-override', 'Anna');
    const { oversells } = await stockOf();
    assert.deepEqual(oversells.map(({ sku, quantity, cause }) => [sku, quantity, cause]), [['churros', 3, 'override']]);
    assert.equal((await levelOf('churros')).available, 2, 'the two that are there are still there');
  });

  await step('a change of the ticket asks for the name anew, also of who is signed in', async () => {
    await by('search').fill('4*churros');
    await by('search').press('Enter');
    await by('override').click();
    await by('override-go').click();
    await by('name-anna').click();
    await typePin('4711');
    await by('override-by').waitFor();
    await by('quantity-churros').getByRole('button', { name: 'One less' }).click();
    await by('override-by').waitFor({ state: 'detached' });
    await by('override').click();
    await by('override-go').click();
    await by('name-anna').click();
    await typePin('4711');
    await by('override-by').waitFor();
    await by('sign-out').click();
    await by('override-by').waitFor({ state: 'detached' });
    await until('blocked again', () => by('pay-cash').isDisabled());
    await by('clear').click();
    await by('clear-confirm').click();
  });

  await step('what is sold out altogether goes on the ticket for that, marked', async () => {
    await books.signIn('anna', '4711');
    await books.command('stock.mark', { sku: 'brownie', status: 'sold_out' });
    await by('search').fill('brownie');
    await page.locator('[data-testid=item-brownie][aria-disabled=true]').click({ force: true });
    await by('toast-action').last().click();
    await untilText('line-brownie', 'Not enough');
    await by('override').waitFor();
    await by('clear').click();
    await by('clear-confirm').click();
    await by('search').fill('');
  });

  await step('what was oversold is listed until somebody says what became of it', async () => {
    await by('page-stock').click();
    await untilText('oversold-count', '1 oversold');
    await by('stock-filter-oversold').click();
    const row = page.locator('[data-testid^=oversell-x]');
    assert.match(await row.innerText(), /Churros[^]*sold by name and PIN[^]*Anna/);
    await pictures('till-oversold');
    await row.getByRole('button').click();
    await by('name-anna').click(); // nobody is signed in: asked who it is
    await typePin('4711');
    await by('resolve-sheet').waitFor();
    assert.equal(await by('resolve-confirm').isDisabled(), true);
    await by('reason-cooked-more').click();
    await by('resolve-confirm').click();
    await row.waitFor({ state: 'detached' });
    await by('oversold-count').waitFor({ state: 'detached' });
    assert.equal((await stockOf()).oversells, undefined);
    await page.getByText('Nothing is oversold').waitFor();
  });

  await step('nothing went wrong in a page', async () => assert.deepEqual(page.faults, []));
  steps.report();
});
