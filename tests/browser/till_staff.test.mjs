// What staff do at the till, on the real hub: sign in by PIN, give a discount, strike a line off,
// choose when a dish comes back, close the day. The kitchen sees the line crossed out and hears
// nothing.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { axe, launch, newScreen, shot, until } from './support/browser.mjs';
import { hire, RealHub } from './support/real_hub.mjs';
import { Steps } from './support/steps.mjs';

const kSizes = [
  [390, 844],
  [1080, 1920],
  [1920, 1080],
];

test('staff at the till', { timeout: 180_000 }, async (t) => {
  const steps = new Steps('till_staff', t);
  const step = steps.step.bind(steps);
  const hub = await RealHub.start();
  const browser = await launch();
  t.after(async () => {
    await browser.close();
    await hub.stop();
  });
  const open = async (name, app, role, station, size) => {
    const page = await newScreen(browser, size);
    steps.pages[name] = page;
    await page.goto(`${hub.origin}/${app}/#token=${await hub.mint(name, role, station)}`);
    await until('live', async () => (await page.getByTestId('live-dot').getAttribute('data-state')) === 'live', 10_000);
    return page;
  };
  const till = await open('till', 'till', 'till', '', { width: 1920, height: 1080 });
  const grill = await open('grill', 'kds', 'kds', 'grill', { width: 1920, height: 1080 });
  const by = (id) => till.getByTestId(id);
  const typePin = async (pin) => {
    for (const digit of pin) await by(`key-${digit}`).click();
    await by('pin-confirm').click();
  };
  const untilText = (id, wanted) => until(`${id} says ${wanted}`, async () => (await by(id).innerText().catch(() => '')).includes(wanted));
  const add = async (item) => {
    await by('search').fill(item);
    await by('search').press('Enter');
    const sheet = by('add-to-cart');
    await until('on the ticket', async () => (await by(`line-${item}`).count()) > 0 || (await sheet.count()) > 0);
    if (await sheet.count()) await sheet.click();
    await by(`line-${item}`).waitFor();
  };
  const pictures = async (name) => {
    for (const [width, height] of kSizes) {
      await till.setViewportSize({ width, height });
      await shot(till, `${name}-${width}`);
      const wide = await till.evaluate(() => document.documentElement.scrollWidth > innerWidth);
      assert.equal(wide, false, `${name} at ${width} fits its width`);
    }
    assert.deepEqual(await axe(till), []);
  };

  await step('a store without staff asks nobody, and the first person makes it ask', async () => {
    assert.equal(await by('sign-in').count(), 0);
    await hire(hub, 'anna', 'Anna', '4711', 'discount,void,stock,close');
    await hire(hub, 'ben', 'Ben', '0815', 'discount');
    await by('sign-in').waitFor();
  });

  await step('a discount asks for a PIN; a wrong one is said; the right one goes on where it was', async () => {
    await add('tomato-soup');
    await add('miso-soup');
    await by('service-dinein').click();
    await by('table').fill('12');
    await by('ticket-discount').click();
    await by('name-anna').click();
    await typePin('9999');
    await untilText('pin-wrong', 'not right');
    await pictures('till-pin');
    await typePin('4711');
    await by('discount-sheet').waitFor();
    await untilText('signed-in', 'Anna');
    await by('discount-10').click();
    await by('reason-regular').click();
    await pictures('till-discount');
    await by('discount-confirm').click();
    await by('ticket-off').waitFor();
    await till.setViewportSize({ width: 1920, height: 1080 });
    await by('send').click();
    await by('order-number').waitFor();
  });

  let order = '';
  await step('the order has the discount, and a line of it is struck off', async () => {
    await by('page-orders').click();
    const row = till.locator('[data-testid^=order-row-]').first();
    order = (await row.getAttribute('data-testid')).slice('order-row-'.length);
    await row.locator('.head').click();
    await untilText('order-off', 'Anna');
    await grill.locator('[data-testid=ticket]').first().waitFor();
    const sounds = await grill.getByTestId('kds').getAttribute('data-sounds');
    await by('void-line-2').click();
    await by('reason-wrong-entry').click();
    await by('restock-no').click();
    await pictures('till-void-line');
    await by('void-confirm').click();
    await untilText('line-2', 'VOID');
    await grill.getByTestId('line-void').waitFor();
    assert.equal(await grill.locator('[data-testid=ticket]').count(), 1, 'nothing fires again');
    assert.equal(await grill.getByTestId('kds').getAttribute('data-sounds'), sounds, 'and nothing rings');
    await shot(grill, 'kds-void-line');
    assert.deepEqual(await axe(grill), []);
    await till.setViewportSize({ width: 1920, height: 1080 });
    await pictures('till-orders-discount');
  });

  await step('who may not is told so, and who signs out is nobody', async () => {
    await till.setViewportSize({ width: 1920, height: 1080 });
    await by('sign-out').click();
    await by('sign-in').click();
    await by('name-ben').click();
    await typePin('0815');
    await untilText('signed-in', 'Ben');
    await by('void').click();
    await until('asks for somebody else', async () => (await by('sign-in-sheet').innerText()).includes('A void needs'));
    await till.keyboard.press('Escape');
    await by('sign-out').click();
    await by('sign-in').waitFor();
  });

  await step('a dish that is sold out can come back tomorrow', async () => {
    await by('page-stock').click();
    await by('mark-86-tomato-soup').click();
    await by('rule-next-day-tomato-soup').click();
    await until('the rule is chosen', async () => (await by('rule-next-day-tomato-soup').getAttribute('aria-pressed')) === 'true');
    await by('stock-filter-out').click();
    await pictures('till-restore-rule');
    await till.setViewportSize({ width: 1920, height: 1080 });
    await by('stock-filter-all').click();
    await by('mark-back-tomato-soup').click();
    await by('mark-86-tomato-soup').waitFor();
  });

  await step('the day is added up, closed once and printed as a page', async () => {
    await by('page-orders').click();
    await by(`cash-${order}`).click();
    await by('cash-confirm').waitFor();
    await by('cash-sheet').getByText('Exact').click();
    await by('cash-confirm').click();
    await by('page-day').click();
    await by('statement').waitFor();
    await until('Anna is in it', async () => (await by('day-person-anna').count()) === 1);
    const expected = (await by('day-expected').locator('td').last().innerText()).replace(/[^\d.]/g, '');
    assert.ok(Number(expected) > 0, expected);
    await by('cash-counted').fill(String(Number(expected) - 1));
    await untilText('day-difference', '1.00');
    await pictures('till-day');
    await till.setViewportSize({ width: 1920, height: 1080 });
    await by('day-close').click();
    await by('name-anna').click();
    await typePin('4711');
    await by('day-confirm').click();
    await untilText('day-closed', 'Anna');
    assert.equal(await by('day-close').count(), 0, 'it is closed once');
    await till.emulateMedia({ media: 'print' });
    assert.equal(await by('page-day').isVisible(), false);
    assert.equal(await by('statement').isVisible(), true);
    await shot(till, 'till-day-print');
    await till.emulateMedia({ media: 'screen' });
    await pictures('till-day-closed');
  });

  await step('nothing went wrong in a page', async () => {
    for (const page of Object.values(steps.pages)) assert.deepEqual(page.faults, []);
  });
});
