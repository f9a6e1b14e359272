// The kitchen display in Chromium on a fake hub: what is hard to bring about with a real one.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { axe, launch, newScreen, root, shot, until, web } from './support/browser.mjs';
import { FakeHub } from './support/fake_hub.mjs';
import { fireNoon } from './support/kitchen.mjs';

const kDevices = { k: { device: 'kds-1', name: 'Grill', role: 'kds', station: 'grill' } };
const kSoup = { station: 'grill', sku: 'soup', name: { en: 'Soup', zh: '汤' }, quantity: 1 };
let browser;
let menu;
before(async () => {
  menu = JSON.parse(await readFile(join(root, 'web', 'sample', 'menu.json'), 'utf8'));
  browser = await launch();
});
after(() => browser.close());

async function kitchen(t, { fill, size, token = 'k' } = {}) {
  const fake = await new FakeHub({ menu, web, devices: kDevices }).start();
  fill?.(fake);
  const page = await newScreen(browser, size);
  await page.goto(`${fake.origin}/kds/#token=${token}`);
  t.after(async () => {
    await page.context().close();
    await fake.stop().catch(() => {});
    assert.deepEqual(page.faults, []);
  });
  return { fake, page, by: (id) => page.getByTestId(id) };
}

const sounds = (by) => by('kds').getAttribute('data-sounds');
const why = (by, key) => until(key, async () => (await by('nothing').getAttribute('data-why').catch(() => '')) === key);

test('ten tickets stand side by side at 1080p without scrolling', async (t) => {
  const { page, by } = await kitchen(t, { fill: (fake) => fireNoon(fake, 10) });
  await until('ten', async () => (await by('ticket').count()) === 10);
  const tops = await by('ticket').evaluateAll((all) => new Set(all.map((each) => each.getBoundingClientRect().top)).size);
  assert.equal(tops, 1, 'in one row');
  const scrolls = await page.evaluate(() => document.documentElement.scrollHeight > innerHeight);
  assert.equal(scrolls, false);
  assert.equal(await by('overflow').count(), 0);
});

test('what does not fit is counted', async (t) => {
  const many = (fake) => Array.from({ length: 27 }, () => fake.fire({ lines: [kSoup] }));
  const { page, by } = await kitchen(t, { fill: many });
  await until('twenty', async () => (await by('ticket').count()) === 20);
  assert.match(await by('overflow').innerText(), /^\+7\b/);
  await shot(page, 'kds-overflow');
  assert.deepEqual(await axe(page), []);
});

test('lines that do not fit on a ticket are counted too, and none is cut in silence', async (t) => {
  const lines = Array.from({ length: 24 }, (_, i) => ({ ...kSoup, sku: `s${i}`, name: { en: `Dish ${i}` } }));
  const { by } = await kitchen(t, { fill: (fake) => fake.fire({ lines }) });
  await by('more-lines').waitFor();
  assert.match(await by('more-lines').innerText(), /\d+ more lines/);
});

test('no word runs out of its ticket, however many stand side by side', async (t) => {
  const lines = [{ ...kSoup, sku: 'cake', name: { en: 'Cheesecake with blackcurrants' } }, { ...kSoup, sku: 'x', name: { en: 'Donaudampfschifffahrtskuchen' } }];
  const { page, by } = await kitchen(t, { fill: (fake) => Array.from({ length: 20 }, () => fake.fire({ lines })) });
  await page.setViewportSize({ width: 1920, height: 1080 });
  await until('twenty', async () => (await by('ticket').count()) === 20);
  const cut = () => page.evaluate(() => [...document.querySelectorAll('.ticket .name')]
    .filter((name) => name.scrollWidth > name.clientWidth
      || name.getBoundingClientRect().right > name.closest('.ticket').getBoundingClientRect().right)
    .map((name) => name.textContent));
  await until('every word fits', async () => (await cut()).length === 0).catch(() => {});
  assert.deepEqual(await cut(), []);
});

test('an empty board says why: nothing to cook, a filter, or not live', async (t) => {
  const { fake, page, by } = await kitchen(t);
  await why(by, 'empty.none');
  fake.fire({ lines: [{ ...kSoup, station: 'bar' }] });
  await why(by, 'empty.filter');
  assert.match(await by('nothing').innerText(), /have 1 waiting/);
  await fake.stop();
  await why(by, 'empty.stale');
  await shot(page, 'kds-empty-stale');
  assert.deepEqual(await axe(page), []);
});

test('a screen that never reached the hub says so', async (t) => {
  const { fake, by, page } = await kitchen(t);
  await by('nothing').waitFor();
  await page.evaluate(() => navigator.serviceWorker.ready);
  await page.evaluate(() => indexedDB.deleteDatabase('larder.kds'));
  await fake.stop();
  await page.goto(`${fake.origin}/kds/`).catch(() => {});
  await until('never or stale', async () => /empty\.(never|stale)/.test(await by('nothing').getAttribute('data-why')));
});

test('it rings once per new ticket: never on load, not for a recall, not twice after a broken line', async (t) => {
  const { fake, page, by } = await kitchen(t, { fill: (f) => f.fire({ lines: [kSoup] }) });
  await by('ticket').first().waitFor();
  assert.equal(await sounds(by), '0');
  fake.fire({ lines: [kSoup] });
  await until('one', async () => (await sounds(by)) === '1');
  fake.fire({ lines: [{ ...kSoup, station: 'bar' }] });
  await by('ticket').first().getByTestId('bump').click();
  await until('bumped', async () => (await by('ticket').count()) === 1);
  await page.keyboard.press('r');
  await until('recalled', async () => (await by('ticket').count()) === 2);
  // The screen may be back within a few milliseconds, too soon to be seen gone.
  fake.isShut = true;
  fake.hangUp();
  await until('gone', async () => (await by('live-dot').getAttribute('data-state')) !== 'live');
  fake.fire({ lines: [kSoup] });
  fake.isShut = false;
  await until('back', async () => (await by('ticket').count()) === 3);
  assert.equal(await sounds(by), '2');
});

// A tap as a finger makes it at this place and time, however long the machine takes in between.
function tapAt(page, { x, y }, at) {
  return page.evaluate(([clientX, clientY, timeStamp]) => {
    const tap = new MouseEvent('click', { bubbles: true, detail: 1, clientX, clientY });
    Object.defineProperty(tap, 'timeStamp', { value: timeStamp });
    document.elementFromPoint(clientX, clientY).dispatchEvent(tap);
  }, [x, y, at]);
}

test('a double tap on Done bumps one ticket, not the one that moves under the finger', async (t) => {
  const { fake, page, by } = await kitchen(t, { fill: (f) => [1, 2, 3].map(() => f.fire({ lines: [kSoup] })) });
  await by('ticket').first().waitFor();
  const left = (n) => until(`${n} left`, async () => (await by('ticket').count()) === n);
  const bumped = () => fake.received.filter(({ verb }) => verb === 'ticket.bump').map(({ args }) => args.order);
  const orders = await by('ticket').evaluateAll((all) => all.map((each) => each.dataset.order));
  const box = await by('ticket').first().getByTestId('bump').boundingBox();
  const finger = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  await tapAt(page, finger, 1000);
  await left(2);
  await tapAt(page, finger, 1150);
  // A tap that is meant comes later. What the one before did would be in the books before it.
  await tapAt(page, finger, 1500);
  await left(1);
  assert.deepEqual(bumped(), orders.slice(0, 2));
});

test('a bump without an answer is not shown as done, and is sent again with the same id', async (t) => {
  const { fake, by } = await kitchen(t, { fill: (f) => f.fire({ lines: [kSoup] }) });
  await by('ticket').first().waitFor();
  fake.isSilent = true;
  await by('bump').click();
  await until('sending', async () => /Sending/.test(await by('bump').innerText()));
  await until('no answer', async () => /No answer/.test(await by('bump').innerText()));
  fake.isSilent = false;
  await until('done', async () => (await by('ticket').count()) === 0);
  const sent = fake.received.filter(({ verb }) => verb === 'ticket.bump');
  assert.equal(new Set(sent.map(({ id }) => id)).size, 1);
  assert.equal(fake.journal.filter(({ event }) => event === 'ticket.changed').length, 1);
});

test('an order handed over by mistake stays when it is undone in time', async (t) => {
  const fill = (fake) => {
    for (let i = 0; i < 2; i += 1) {
      fake.fire({ lines: [kSoup] });
      const order = fake.state.orders.at(-1);
      fake.work(order, order.tickets[0], 'bump', { station: 'grill' }, { by: 'x', cmd: '' });
    }
  };
  const { fake, page, by } = await kitchen(t, { fill });
  await by('tool-station').click();
  await page.locator('[data-testid=station-choice][data-station=expo]').click();
  const [, meant] = await by('expo-card').evaluateAll((all) => all.map((each) => each.dataset.order));
  await by('hand-over').first().click();
  await by('toast-action').click();
  // The one handed over after it leaves after it would have left.
  await by('hand-over').last().click();
  const served = () => fake.received.filter(({ verb }) => verb === 'order.serve').map(({ args }) => args.order);
  await until('the other one left', () => served().length > 0);
  assert.deepEqual(served(), [meant]);
  assert.equal(await by('expo-card').count(), 2, 'the fake hub serves nothing');
});

test('a screen opened a second time says so, and the first can take it back', async (t) => {
  const { fake, page, by } = await kitchen(t);
  await why(by, 'empty.none'); // an empty board is drawn before the line is up, too
  fake.hangUp(4001);
  await page.locator('[data-testid=refused][data-reason=replaced]').waitFor();
  await page.getByRole('button', { name: 'Use it here' }).click();
  await why(by, 'empty.none');
});

test('crowded, in every size, in both languages: nothing serious for axe', async (t) => {
  const fill = (fake) => {
    const ids = fireNoon(fake);
    fake.end(ids[4], 'voided', 'Guest left');
  };
  const { page, by } = await kitchen(t, { fill });
  for (const [width, height] of [[390, 844], [820, 1180], [1080, 1920], [1920, 1080]]) {
    await page.setViewportSize({ width, height });
    await by('ticket').first().waitFor();
    await page.waitForTimeout(200);
    await shot(page, `kds-noon-${width}`);
    assert.deepEqual(await axe(page), [], `at ${width}`);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
    assert.equal(wide, false, `no sideways scrolling at ${width}`);
  }
  for (const tool of ['station', 'recent', '86']) {
    await by(`tool-${tool}`).click();
    assert.deepEqual(await axe(page), [], tool);
    await page.keyboard.press('Escape');
  }
  await by('language-switch').click();
  await page.waitForTimeout(200);
  await shot(page, 'kds-noon-zh');
  assert.deepEqual(await axe(page), []);
});
