// The kiosk in real Chromium against the real hub: a guest's whole way, and every way it can go
// wrong. What the hub has in its books is the judge, not the page.
import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import WebSocket from 'ws';
import { connect, memoryStorage } from '../../lan-protocol/js/larder.js';
import { axe, launch, newScreen, root, shot, until } from './support/browser.mjs';
import { RealHub } from './support/real_hub.mjs';
import { Steps } from './support/steps.mjs';

const kSeconds = 1000;
const kLooks = [[390, 844, 'en-GB'], [820, 1180, 'en-GB'], [1080, 1920, 'en-GB'], [1920, 1080, 'en-GB'], [390, 844, 'zh-CN'], [1920, 1080, 'zh-CN']];

test('kiosk', { timeout: 420 * kSeconds }, async (t) => {
  const steps = new Steps('kiosk', t);
  const step = steps.step.bind(steps);
  const hub = await RealHub.start();
  const browser = await launch();
  const till = connect({ url: hub.url, token: await hub.mint('till-1', 'till'), client: 'test', WebSocket, storage: memoryStorage() });
  t.after(async () => {
    till.close();
    await browser.close();
    await hub.stop();
  });

  const tokens = {};
  async function open(name, { size = [1080, 1920], search = '', locale } = {}) {
    tokens[name] ??= await hub.mint(name, 'kiosk');
    const page = await newScreen(browser, { width: size[0], height: size[1], locale });
    page.setDefaultTimeout(8 * kSeconds);
    await page.goto(`${hub.origin}/kiosk/${search}#token=${tokens[name]}`);
    await page.getByTestId('start-takeaway').waitFor();
    steps.pages[name] = page;
    return page;
  }
  const by = (page, id) => page.getByTestId(id);
  const orders = async () => (await till.query('order.list', { open: false })).orders;
  const levelOf = async (sku) => (await till.query('stock.list')).stock.find((level) => level.sku === sku);
  const stepOf = (page) => by(page, 'kiosk').getAttribute('data-step');
  const untilStep = (page, wanted, ms) => until(`the kiosk is at ${wanted}`, async () => (await stepOf(page)) === wanted, ms);
  const add = async (page, item, ...options) => {
    await by(page, `item-${item}`).click();
    for (const option of options) await by(page, option).click();
    await by(page, 'add-to-cart').click();
    await by(page, 'item-sheet').waitFor({ state: 'detached' });
  };
  const checkout = async (page) => {
    await by(page, 'go-checkout').click();
    await by(page, 'hold-timer').waitFor();
  };
  const number = async (page) => Number(await by(page, 'order-number').innerText());
  const finish = (page) => by(page, 'new-order').click();

  const page = await open('kiosk-1');

  await step('dine-in with a table, a bowl with options and a meal, paid by card: the books agree to the cent', async () => {
    await by(page, 'start-dinein').click();
    assert.equal(await by(page, 'table-go').isDisabled(), true);
    await by(page, 'digit-1').click();
    await by(page, 'digit-2').click();
    await by(page, 'table-go').click();
    await add(page, 'salmon-bowl', 'sku-salmon-bowl-l', 'option-base-greens', 'option-sauce-sesame', 'option-bowl-extras-avocado');
    await add(page, 'burger-meal', 'part-burger-cheese-burger', 'part-side-sweet-fries', 'part-drink-cola');
    const total = 1620 + 50 + 180 + 1290 + 60 + 80;
    assert.equal(await by(page, 'cart-total').innerText(), `€${(total / 100).toFixed(2)}`);
    await checkout(page);
    assert.match(await by(page, 'hold-timer').innerText(), /[12]:\d\d|3:00/);
    assert.match(await page.locator('main').innerText(), /simulated/);
    await by(page, 'pay-card').click();
    await by(page, 'done').waitFor();
    const [order] = (await orders()).filter((each) => each.device === 'kiosk-1');
    assert.equal(order.number, await number(page));
    assert.deepEqual([order.service, order.table, order.channel, order.state, order.paid, order.total], ['dine_in', '12', 'kiosk', 'accepted', true, total]);
    assert.deepEqual(order.payment.tender, 'card');
    assert.deepEqual(order.lines.map((line) => [line.sku, line.total]), [['salmon-bowl-l', 1850], ['burger-meal', 1430]]);
    await finish(page);
  });

  await step('pay at the counter: a number, an unpaid order, the kitchen waits', async () => {
    await by(page, 'start-takeaway').click();
    await add(page, 'miso-soup');
    await checkout(page);
    await by(page, 'pay-counter').click();
    await by(page, 'done').waitFor();
    assert.match(await by(page, 'done').innerText(), /pay €4\.20 at the counter/);
    const order = (await orders()).find((each) => each.number === 2);
    assert.deepEqual([order.state, order.paid], ['placed', false]);
    await finish(page);
  });

  await step('what is missing is asked for in words; a full group takes no more', async () => {
    await by(page, 'start-takeaway').click();
    await by(page, 'item-salmon-bowl').click();
    await by(page, 'add-to-cart').click();
    assert.match(await by(page, 'group-base').innerText(), /Please choose one/);
    assert.match(await by(page, 'group-sauce').innerText(), /Please choose one/);
    await by(page, 'option-base-rice').click();
    await by(page, 'option-base-brown-rice').click();
    assert.equal(await by(page, 'option-base-rice').getAttribute('aria-checked'), 'false');
    for (const sauce of ['soy-ginger', 'sesame', 'sriracha-mayo']) await by(page, `option-sauce-${sauce}`).click();
    assert.equal(await by(page, 'option-sauce-sriracha-mayo').getAttribute('aria-checked'), 'false');
    assert.match(await by(page, 'group-sauce').innerText(), /all you can choose/);
    await page.keyboard.press('Escape');
    assert.equal(await by(page, 'cart-total').innerText(), '€0.00');
  });

  await step('sold out is grey, in words, and cannot be opened; not sold here is hidden', async () => {
    assert.equal(await by(page, 'item-beer').count(), 0);
    assert.equal(await by(page, 'item-fried-egg').count(), 0);
    await till.command('stock.mark', { sku: 'brownie', status: 'sold_out' });
    await by(page, 'sold-out-brownie').waitFor();
    assert.equal(await by(page, 'sold-out-brownie').innerText(), 'Sold out');
    await by(page, 'item-brownie').click({ force: true });
    assert.equal(await by(page, 'item-sheet').count(), 0);
    await till.command('stock.mark', { sku: 'brownie', status: 'available' });
    await by(page, 'sold-out-brownie').waitFor({ state: 'detached' });
  });

  await step('what sells out in the cart is named, and replaced or left out with the rest kept', async () => {
    await add(page, 'cola');
    await add(page, 'brownie');
    await add(page, 'tomato-soup');
    await till.command('stock.mark', { sku: 'brownie', status: 'sold_out' });
    await by(page, 'problem-brownie').waitFor();
    assert.match(await by(page, 'problem-brownie').innerText(), /Chocolate brownie has just sold out/);
    assert.match(await by(page, 'go-checkout').innerText(), /look at your order/);
    await by(page, 'replace-brownie').click();
    assert.match(await by(page, 'replace-bar').innerText(), /in place of Chocolate brownie/);
    await add(page, 'cheesecake');
    const lines = await page.locator('[data-testid^=line-]').evaluateAll((all) => all.map((each) => each.dataset.testid));
    assert.deepEqual(lines, ['line-cola', 'line-cheesecake', 'line-tomato-soup']);
    await till.command('stock.mark', { sku: 'cola', status: 'sold_out' });
    await by(page, 'drop-cola').click();
    assert.equal(await by(page, 'cart-total').innerText(), '€11.30');
    await till.command('stock.mark', { sku: 'cola', status: 'available' });
    await till.command('stock.mark', { sku: 'brownie', status: 'available' });
  });

  await step('too few left: said how many, and one touch takes what is there', async () => {
    await till.command('stock.count', { sku: 'cheesecake', available: 2 });
    await by(page, 'item-cheesecake').getByText('Only 2 left').waitFor();
    const more = by(page, 'quantity-cheesecake').getByRole('button', { name: 'One more' });
    await more.click();
    await more.click();
    assert.match(await by(page, 'problem-cheesecake').innerText(), /only 2 of Cheesecake left/);
    await by(page, 'keep-cheesecake').click();
    await by(page, 'problem-cheesecake').waitFor({ state: 'detached' });
  });

  await step('a channel has its own account: sold out at the kiosk alone, and a figure that is the kiosk’s', async () => {
    const mark = (status) => till.command('stock.mark', { sku: 'brownie', status, channel: 'kiosk' });
    const share = (channels) => till.command('stock.channels', { sku: 'brownie', channels });
    await mark('sold_out');
    await by(page, 'sold-out-brownie').waitFor();
    await mark('available');
    await by(page, 'sold-out-brownie').waitFor({ state: 'detached' });
    await add(page, 'brownie');
    await mark('sold_out');
    await by(page, 'problem-brownie').waitFor();
    await mark('available');
    await by(page, 'problem-brownie').waitFor({ state: 'detached' });
    await by(page, 'quantity-brownie').getByRole('button', { name: 'One less' }).click();
    await till.command('stock.count', { sku: 'brownie', available: 9 });
    await share([{ channel: 'pos', quota: 4 }, { channel: 'kiosk', quota: 3 }]);
    await by(page, 'item-brownie').getByText('Only 3 left').waitFor();
    await share([{ channel: 'pos', quota: 9 }, { channel: 'kiosk', quota: 0 }]);
    await by(page, 'sold-out-brownie').waitFor();
    assert.equal((await levelOf('brownie')).available, 9, 'nine are there, and all of them are the till’s');
    await till.command('stock.limit', { sku: 'brownie', type: 'unlimited' });
    await by(page, 'sold-out-brownie').waitFor({ state: 'detached' });
  });

  await step('what the checkout holds is kept from the next kiosk, and going back gives it free', async () => {
    await checkout(page);
    assert.deepEqual([(await levelOf('cheesecake')).available, (await levelOf('cheesecake')).held], [0, 2]);
    assert.equal(await page.locator('[data-testid^=problem-]').count(), 0, 'not sold out for the one who holds it');
    const other = await open('kiosk-2', { size: [1920, 1080] });
    await by(other, 'start-takeaway').click();
    await by(other, 'sold-out-cheesecake').waitFor();
    await by(page, 'checkout-back').click();
    await by(other, 'sold-out-cheesecake').waitFor({ state: 'detached' });
    assert.equal((await levelOf('cheesecake')).held, 0);
    await other.context().close();
    delete steps.pages['kiosk-2'];
  });

  await step('a reload keeps the cart, also at the checkout with its hold', async () => {
    const before = await by(page, 'cart-total').innerText();
    await page.reload();
    await until('the cart is back', async () => (await by(page, 'cart-total').innerText()) === before);
    await checkout(page);
    await page.reload();
    await by(page, 'hold-timer').waitFor();
    assert.equal((await levelOf('cheesecake')).held, 2);
  });

  await step('case_30_a_price_that_changed_is_said_and_confirmed_before_it_is_paid', async () => {
    const menu = JSON.parse(await readFile(join(root, 'web', 'sample', 'menu.json'), 'utf8'));
    menu.items.find((item) => item.id === 'tomato-soup').skus[0].price = 690;
    const file = join(hub.home, 'dearer.json');
    await writeFile(file, JSON.stringify(menu));
    await hub.ctl('menu', 'import', file);
    await by(page, 'pay-counter').click();
    await page.locator('[data-testid=notice][data-kind=price_changed]').waitFor();
    assert.match(await by(page, 'notice').innerText(), /now costs €17\.70/);
    assert.equal(await by(page, 'checkout-total').innerText(), '€17.70');
    assert.equal((await orders()).length, 2, 'nothing was ordered');
    await by(page, 'pay-counter').click();
    await by(page, 'done').waitFor();
    assert.equal((await orders()).find((order) => order.number === 3).total, 1770);
    await finish(page);
  });

  await step('nobody there: a question, one touch stays, then everything is given back', async () => {
    await till.command('stock.count', { sku: 'cheesecake', available: 5 });
    const heldBefore = (await levelOf('cheesecake')).held; // by the order that waits at the counter
    const idle = await open('kiosk-3', { search: '?idle=8&ask=5' });
    await by(idle, 'language-zh').click();
    await by(idle, 'start-takeaway').click();
    await add(idle, 'cheesecake');
    await checkout(idle);
    assert.equal((await levelOf('cheesecake')).held, heldBefore + 1);
    await by(idle, 'idle').waitFor({ timeout: 15 * kSeconds });
    await by(idle, 'idle-stay').click();
    await by(idle, 'idle').waitFor({ state: 'detached' });
    assert.equal(await stepOf(idle), 'checkout');
    await untilStep(idle, 'welcome', 20 * kSeconds);
    assert.equal(await idle.locator('html').getAttribute('lang'), 'en', 'the next guest finds the house’s language');
    await until('the hold is released', async () => (await levelOf('cheesecake')).held === heldBefore);
    await by(idle, 'start-takeaway').click();
    assert.equal(await by(idle, 'cart-total').innerText(), '€0.00');
    await idle.context().close();
    delete steps.pages['kiosk-3'];
  });

  await step('case_22_no_staff_verb_is_reachable_from_a_kiosk', async () => {
    const codes = await page.evaluate(async () => {
      const { hub: sdk } = globalThis.larder.shop;
      const verbs = ['stock.mark', 'stock.count', 'stock.limit', 'order.pay', 'order.void', 'order.serve', 'order.accept', 'ticket.bump'];
      return Promise.all(verbs.map((verb) => sdk.command(verb, {}).catch((error) => error.code)));
    });
    assert.deepEqual([...new Set(codes)], ['forbidden']);
  });

  await step('the hub is gone: ordering is paused in words, since when, the menu stays, and it comes back by itself', async () => {
    await by(page, 'start-takeaway').click();
    await add(page, 'lemonade');
    await hub.kill();
    await by(page, 'paused').waitFor({ timeout: 5 * kSeconds });
    assert.match(await by(page, 'paused').innerText(), /please ask our staff/);
    assert.match(await by(page, 'stale-since').innerText(), /since \d\d:\d\d:\d\d/);
    assert.equal(await by(page, 'go-checkout').isDisabled(), true);
    await add(page, 'iced-tea');
    await page.reload();
    await by(page, 'item-lemonade').waitFor();
    assert.equal(await by(page, 'cart-total').innerText(), '€7.00', 'reloaded with the hub down');
    await hub.up();
    await until('ordering goes on', () => by(page, 'go-checkout').isEnabled(), 15 * kSeconds);
    assert.equal(await by(page, 'paused').count(), 0);
  });

  await step('an order without an answer says so, survives a reload, and is there once', async () => {
    const before = (await orders()).length;
    await checkout(page);
    hub.freeze(true);
    await by(page, 'pay-counter').click();
    await page.locator('[data-testid=sending][data-state=checking]').waitFor({ timeout: 10 * kSeconds });
    assert.match(await by(page, 'sending').innerText(), /Checking with the kitchen/);
    const code = await by(page, 'order-code').innerText();
    await page.reload();
    await by(page, 'sending').waitFor();
    await page.locator('[data-testid=sending][data-state=checking]').waitFor({ timeout: 10 * kSeconds });
    assert.equal(await by(page, 'order-code').innerText(), code, 'the id is the same after the reload');
    hub.freeze(false);
    await by(page, 'done').waitFor({ timeout: 15 * kSeconds });
    const after = await orders();
    assert.equal(after.length, before + 1);
    assert.equal(await number(page), 4);
    assert.equal(after.filter((order) => order.number === 4).length, 1);
    await finish(page);
  });

  await step('pleasant to machines too: no serious finding, nothing cut off, no page error, in both languages', async () => {
    for (const [width, height, locale] of kLooks) {
      const look = await open('kiosk-4', { size: [width, height], locale });
      const name = `kiosk-${width}-${locale.slice(0, 2)}`;
      const check = async (what) => {
        await look.waitForLoadState('networkidle');
        await shot(look, `${name}-${what}`);
        assert.deepEqual(await axe(look), [], `${name} ${what}`);
        const wide = await look.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        assert.ok(wide <= 0, `${name} ${what} is ${wide} px too wide`);
        assert.doesNotMatch(await look.locator('body').innerText(), /\b(cart|pay|hold|done|state|group|menu|welcome)\.[a-z-]+/, 'a key without words');
      };
      await check('welcome');
      await by(look, 'start-dinein').click();
      await check('table');
      await by(look, 'digit-7').click();
      await by(look, 'table-go').click();
      await add(look, 'chow-mein', 'option-spice-mild');
      await check('menu');
      await by(look, 'item-noodle-meal').click();
      await check('item');
      await look.keyboard.press('Escape');
      await checkout(look);
      await check('checkout');
      await by(look, 'checkout-back').click();
      await until('back', async () => (await stepOf(look)) === 'menu');
      assert.deepEqual(look.faults, []);
      await look.context().close();
      delete steps.pages['kiosk-4'];
    }
    assert.deepEqual(page.faults, []);
  });

  steps.report();
});
