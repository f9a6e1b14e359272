// A guest's way through the storefront, on a real relay, broker and hub: order, pay, a person at the
// till accepts, the kitchen cooks, the page says ready. And what goes wrong on the way.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import WebSocket from 'ws';
import { connect } from '../../lan-protocol/js/larder.js';
import { axe, launch, newScreen, shot, until } from './support/browser.mjs';
import { RealCloud } from './support/real_cloud.mjs';
import { Steps } from './support/steps.mjs';

const kSizes = [[390, 844], [820, 1180], [1080, 1920], [1920, 1080]];
const kSoup = 'tomato-soup';

test('order', { timeout: 300_000 }, async (t) => {
  const steps = new Steps('order', t);
  const step = steps.step.bind(steps);
  const cloud = await RealCloud.start();
  const browser = await launch();
  let till;
  t.after(async () => {
    till?.close();
    await browser.close();
    await cloud.stop();
  });
  const line = async (name, role) =>
    connect({ url: cloud.hub.url, token: await cloud.hub.mint(name, role), client: 'test', WebSocket, paint: (shown) => shown() });
  till = await line('till-1', 'till');
  const kds = await line('kds-1', 'kds');
  t.after(() => kds.close());
  let orders = [];
  till.follow('orders', (view) => (orders = view.orders ?? []));
  const atStore = (state) => until(`an order that is ${state}`, () => orders.find((each) => each.source === 'online_order' && each.state === state));

  const page = await newScreen(browser, { width: 390, height: 844 });
  steps.pages.order = page;
  const by = (id) => page.getByTestId(id);
  const at = (id, name) => by(id).getAttribute(name).catch(() => null);
  const untilStep = (wanted) => until(`step ${wanted}`, async () => (await at('shop', 'data-step')) === wanted);
  const untilStage = (wanted) => until(`stage ${wanted}`, async () => (await at('order', 'data-stage')) === wanted);
  const open = async () => {
    await page.goto(`${cloud.origin}/order/?store=s1`);
    await by(`item-${kSoup}`).waitFor();
  };
  const add = async (item = kSoup) => {
    await by(`item-${item}`).click();
    await by('add-to-cart').click();
  };
  const lock = async () => {
    await by('go-checkout').click();
    await by('guest-name').fill('Ada');
    await by('name-go').click();
    await untilStep('checkout');
  };
  const limit = async (available) => {
    await till.command('stock.limit', { sku: kSoup, type: 'limited', available });
    await until('the relay has heard of it', async () => {
      const { data } = await (await cloud.shop('/stock')).json();
      return data.stock.find(({ skuId }) => skuId === kSoup).availableQty === available;
    });
  };
  const pictures = async (name) => {
    for (const [width, height] of kSizes) {
      await page.setViewportSize({ width, height });
      await shot(page, `${name}-${width}`);
      assert.equal(await page.evaluate(() => document.documentElement.scrollWidth > innerWidth), false, `${name} at ${width} fits its width`);
    }
    await page.setViewportSize({ width: 390, height: 844 });
    assert.deepEqual(await axe(page), [], name);
    const text = await page.locator('body').innerText();
    assert.doesNotMatch(text, /\b(shop|stage|way|notice|lock|pay|name|cart|checkout)\.[a-z_-]+\b/, `${name} shows a key`);
  };

  await step('a store that is not there is said in words', async () => {
    await page.goto(`${cloud.origin}/order/?store=nowhere`);
    await by('no-menu').waitFor();
    await page.goto(`${cloud.origin}/order/`);
    await by('no-store').waitFor();
  });

  await step('the menu of the store, and a lock with a time that runs', async () => {
    await limit(5);
    await open();
    await pictures('order-menu');
    await add();
    await lock();
    const before = Number(await at('lock-timer', 'data-left-ms'));
    assert.ok(before > 150_000 && before <= 180_000, `${before} ms`);
    await until('it runs', async () => Number(await at('lock-timer', 'data-left-ms')) < before);
    await pictures('order-checkout');
    await until('one less for others', async () => {
      const { data } = await (await cloud.shop('/stock')).json();
      return data.stock.find(({ skuId }) => skuId === kSoup).availableQty === 4;
    });
  });

  await step('a reload in the middle is the same checkout; back gives the dish back', async () => {
    await page.reload();
    await untilStep('checkout');
    await until('locked again', async () => Number(await at('lock-timer', 'data-left-ms')) > 0);
    await by('checkout-back').click();
    await untilStep('menu');
    await until('all five are there', async () => {
      const { data } = await (await cloud.shop('/stock')).json();
      return data.stock.find(({ skuId }) => skuId === kSoup).availableQty === 5;
    });
  });

  await step('paid once by a double click; the store has it, accepts it, cooks it, and it is ready', async () => {
    await lock();
    await by('pay').dblclick();
    const order = await atStore('paid');
    await untilStage('received');
    await pictures('order-received');
    assert.equal(order.guest, 'Ada');
    assert.equal(orders.filter((each) => each.source === 'online_order').length, 1, 'two clicks, one order');
    await page.reload();
    await untilStage('received');
    assert.equal(await by('order-number').innerText(), String(order.number));
    await till.command('order.accept', { order: order.order });
    await until('accepted', async () => ['accepted', 'preparing'].includes(await at('order', 'data-stage')));
    for (const { station } of order.tickets?.length ? order.tickets : (await atStore('accepted')).tickets) {
      await kds.command('ticket.bump', { order: order.order, station });
    }
    await untilStage('ready');
    await pictures('order-ready');
  });

  await step('an 86 at the till is on an open page within a second', async () => {
    await by('order-again').click();
    await by(`item-${kSoup}`).waitFor();
    const began = performance.now();
    await till.command('stock.mark', { sku: kSoup, status: 'sold_out', restore: 'never' });
    await by(`sold-out-${kSoup}`).waitFor();
    const took = performance.now() - began;
    console.log(`sold out on the page after ${Math.round(took)} ms`);
    assert.ok(took < 5000, `${Math.round(took)} ms`);
    assert.equal(await at(`item-${kSoup}`, 'aria-disabled'), 'true');
    await till.command('stock.mark', { sku: kSoup, status: 'available', restore: 'never' });
    await until('on sale again', async () => (await by(`sold-out-${kSoup}`).count()) === 0);
  });

  await step('one that somebody else took is named, with what is left; the rest of the cart is kept', async () => {
    await limit(3);
    await add();
    await add();
    await add('cola');
    await by('go-checkout').click();
    await by('guest-name').fill('Ada');
    await limit(1);
    await by('name-go').click();
    await until('said no', async () => (await at('go-checkout', 'class'))?.includes('danger') && (await by('go-checkout').isEnabled()));
    await untilStep('menu');
    await by('open-cart').click();
    const inCart = (id) => by('cart-sheet').getByTestId(id);
    await inCart(`problem-${kSoup}`).waitFor();
    assert.match(await inCart(`problem-${kSoup}`).innerText(), /only one/i);
    assert.equal(await inCart('line-cola').count(), 1);
    await pictures('order-short');
    await inCart(`keep-${kSoup}`).click();
    await by('cart-more').click();
  });

  await step('rejected at the till: refused, with the reason, and money back', async () => {
    await lock();
    await by('pay').click();
    const order = await atStore('paid');
    await untilStage('received');
    await till.command('order.void', { order: order.order, reason: 'No soup today', restock: true });
    await untilStage('rejected');
    assert.match(await by('refund').innerText(), /No soup today/);
    assert.match(await by('refund').innerText(), /back/);
    await pictures('order-rejected');
    await by('order-again').click();
  });

  await step('the hub is away: the page says that the order waits, and it comes when the hub is back', async () => {
    await by('item-cola').waitFor();
    await cloud.hub.kill();
    await by('store-away').waitFor({ timeout: 60_000 });
    await pictures('order-away');
    await add('cola');
    await lock();
    await by('pay').click();
    await untilStage('waiting');
    assert.match(await by('stage').innerText(), /Waiting for the store/);
    await pictures('order-waiting');
    await cloud.hub.up();
    await untilStage('received');
    await until('the till has it', () => orders.some((each) => each.source === 'online_order' && each.state === 'paid'));
  });

  await step('the relay is away: the page says since when, and goes on by itself', async () => {
    cloud.relay.kill('SIGKILL');
    await cloud.relay.gone;
    await by('stale-banner').waitFor();
    await cloud.startRelay();
    await until('live again', async () => (await by('stale-banner').count()) === 0);
    await untilStage('received');
  });

  assert.deepEqual(page.faults, []);
  steps.report();
});
