// Orders that were sold online, at the till and in the kitchen, and a count of what is promised
// online, on a fake hub: what needs a relay with a real one.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { axe, launch, newScreen, root, shot, until, web } from './support/browser.mjs';
import { OnlineHub } from './support/online_hub.mjs';

const kDevices = {
  t: { device: 'till-1', name: 'Till', role: 'till' },
  k: { device: 'kds-1', name: 'Grill', role: 'kds', station: 'grill' },
};
const kSizes = [
  [390, 844],
  [820, 1180],
  [1080, 1920],
  [1920, 1080],
];
const text = (en, zh) => ({ en, zh });
const kSoup = { sku: 'tomato-soup', name: text('Tomato soup', '番茄汤'), quantity: 2, note: 'No cream, allergy' };
const kBurger = {
  ...{ sku: 'classic-burger', name: text('Classic burger', '经典汉堡'), price: 1090 },
  options: [{ group: 'doneness', option: 'medium', name: text('Medium', '五分熟'), price_delta: 0 }],
};
let browser;
let menu;
before(async () => {
  menu = JSON.parse(await readFile(join(root, 'web', 'sample', 'menu.json'), 'utf8'));
  browser = await launch();
});
after(() => browser.close());

async function house(t) {
  const hub = await new OnlineHub({ menu, web, devices: kDevices }).start();
  const open = async (app, token, size = { width: 1920, height: 1080 }) => {
    const page = await newScreen(browser, size);
    await page.goto(`${hub.origin}/${app}/#token=${token}`);
    await until('live', async () => (await page.getByTestId('live-dot').getAttribute('data-state')) === 'live');
    return page;
  };
  const pages = [];
  t.after(async () => {
    for (const page of pages) await page.context().close();
    await hub.stop().catch(() => {});
    for (const page of pages) assert.deepEqual(page.faults, []);
  });
  const [till, kds] = [await open('till', 't'), await open('kds', 'k')];
  pages.push(till, kds);
  return { hub, till, kds, by: (id) => till.getByTestId(id) };
}

async function pictures(page, name) {
  for (const [width, height] of kSizes) {
    await page.setViewportSize({ width, height });
    await shot(page, `${name}-${width}`);
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth > innerWidth), false, `${name} at ${width} fits its width`);
    const small = await page.locator('.online-orders button, .online-bar button').evaluateAll((all) => all.filter((each) => each.getBoundingClientRect().height < 44).length);
    assert.equal(small, 0, 'every button is large enough for a finger');
  }
  assert.deepEqual(await axe(page), []);
  await page.setViewportSize({ width: 1920, height: 1080 });
}

test('an order sold online waits in sight, is accepted, and the kitchen sees where it came from', async (t) => {
  const { hub, till, kds, by } = await house(t);
  assert.equal(await by('online-bar').count(), 0);
  hub.sellOnline({ number: 8, agoS: 400, guest: 'Ms Wu', external: 'OO-77', note: 'Ring twice', lines: [kSoup, kBurger] });
  const second = hub.sellOnline({ number: 9, agoS: 20, source: 'aggregator', lines: [kBurger] });
  await until('said on the order page', async () => /2 online orders wait for you/.test(await by('online-bar').innerText().catch(() => '')));
  assert.match(await by('online-bar').innerText(), /oldest for [67]:\d\d/);
  assert.equal(await by('online-count').innerText(), '2 online');
  await pictures(till, 'till-online-bar');
  await by('online-look').click();
  const card = by('online-20261121-0008');
  assert.match(await card.innerText(), /Ms Wu[^]*Online · OO-77[^]*2[^]*Tomato soup[^]*No cream, allergy[^]*Medium[^]*Ring twice[^]*Paid[^]*€22\.70/);
  assert.match(await by(`online-${second}`).innerText(), /No name given[^]*aggregator/);
  const order = await till.locator('[data-testid^=online-2026]').evaluateAll((all) => all.map((each) => each.dataset.testid));
  assert.deepEqual(order, ['online-20261121-0008', 'online-20261121-0009'], 'the longest waiting first');
  assert.equal(await by('order-row-20261121-0008').count(), 0, 'not among those that are being cooked');
  assert.equal(await kds.getByTestId('ticket').count(), 0, 'the kitchen knows nothing of it yet');
  await pictures(till, 'till-online');
  await by('accept-20261121-0008').click();
  await card.waitFor({ state: 'detached' });
  await by('order-row-20261121-0008').waitFor();
  const ticket = kds.locator('[data-testid=ticket][data-number="8"]');
  await ticket.waitFor();
  assert.match(await ticket.innerText(), /Online/i);
  await shot(kds, 'kds-online');
  assert.deepEqual(await axe(kds), []);
});

test('a rejected one needs a reason, gives its units back and asks for no money at this till', async (t) => {
  const { hub, till, by } = await house(t);
  const order = hub.sellOnline({ number: 8, guest: 'Mr Li', lines: [kSoup] });
  await by('page-orders').click();
  await by(`reject-${order}`).click();
  assert.match(await by('reject-sheet').innerText(), /Reject order 8 of Mr Li\?[^]*€11\.80 online: the money goes back there/);
  assert.equal(await by('reject-confirm').isDisabled(), true);
  await by('reason-sold-out').click();
  await pictures(till, 'till-reject');
  await by('reject-confirm').click();
  await by(`online-${order}`).waitFor({ state: 'detached' });
  assert.deepEqual([hub.bills[0].reason, hub.bills[0].restock], ['Sold out', true]);
  await till.getByText('Order 8 is rejected').waitFor();
  assert.doesNotMatch(await by('toasts').innerText(), /Give back/);
});

test('what is on its way is not sent twice, and without the hub it waits, older by the minute', async (t) => {
  const { hub, till, by } = await house(t);
  const order = hub.sellOnline({ number: 8, agoS: 30, lines: [kSoup] });
  await by('page-orders').click();
  hub.holdAnswers = true;
  await by(`accept-${order}`).click();
  await until('on its way', async () => (await by(`accept-${order}`).innerText()) === 'On its way');
  assert.equal(await by(`accept-${order}`).isDisabled(), true);
  assert.equal(await by(`reject-${order}`).isDisabled(), true);
  hub.holdAnswers = false;
  hub.hangUp();
  await by(`online-${order}`).waitFor({ state: 'detached' });
  const next = hub.sellOnline({ number: 9, agoS: 30, lines: [kSoup] });
  await by(`online-${next}`).waitFor();
  hub.isSilent = true;
  await until('stale', async () => (await till.getByTestId('live-dot').getAttribute('data-state')) === 'stale');
  assert.match(await by('online-orders').innerText(), /can be accepted when the hub answers/);
  assert.equal(await by(`accept-${next}`).isDisabled(), true);
  const age = () => by(`online-${next}`).getByTestId('online-age').innerText();
  const was = await age();
  await until('older', async () => (await age()) !== was);
});

test('a count includes what is promised online, and says so', async (t) => {
  const { hub, till, by } = await house(t);
  const before = { sku: 'churros', type: 'limited', status: 'available', available: 12, held: 1 };
  const after = { ...before, available: 9, leased: 3 };
  hub.state.levels.set('churros', after);
  hub.emit('lease.granted', { lease: 'l1', sku: 'churros', channel: '', quantity: 3, granted: 3, ttl_s: 43200, movements: [{ kind: 'grant', before, after }] });
  await by('page-stock').click();
  await by('stock-search').fill('churros');
  await until('lent', async () => (await by('leased-churros').innerText().catch(() => '')) === '3 online');
  assert.equal(await by('left-churros').innerText(), '9');
  await by('count-churros').click();
  assert.equal(await by('count-value').inputValue(), '12', 'all that is there');
  assert.match(await by('count-promised').innerText(), /promised online\s*3[^]*Left to sell here\s*9/);
  assert.match(await by('count-sheet').innerText(), /Leave out the 1 that guests hold/);
  await pictures(till, 'till-count-promised');
  await by('count-value').fill('2');
  assert.match(await by('count-promised').innerText(), /1 fewer than is promised online/);
});
