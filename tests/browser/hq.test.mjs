// HQ's page in real Chromium against the relay's real HTTP side over an estate of 20,000 stores in
// memory. What the relay has is the judge, not the page.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { axe, launch, newScreen, shot, until } from './support/browser.mjs';
import { FakeRelay } from './support/fake_relay.mjs';
import { Steps } from './support/steps.mjs';

const kSeconds = 1000;
const kLooks = [[390, 844, 'en-GB'], [820, 1180, 'zh-CN'], [1080, 1920, 'en-GB'], [1920, 1080, 'en-GB']];
const by = (page, id) => page.getByTestId(id);
const rowsOf = (page) => by(page, 'store-row').evaluateAll((rows) => rows.map((row) => [row.dataset.store, row.dataset.group]));

async function logIn(page, relay, name = 'admin', password = relay.password) {
  await page.goto(`${relay.origin}/hq/`);
  await by(page, 'login-name').fill(name);
  await by(page, 'login-password').fill(password);
  await by(page, 'login-go').click();
}

async function isTruthful(page, what) {
  assert.deepEqual(await axe(page), [], what);
  const text = await page.locator('body').innerText();
  assert.doesNotMatch(text, /\b(hq|agree|col|state|stock|ack|word|words|books|letters|order|oversell|parked|sheet|only)\.[a-z-]+\b/, `${what} shows a key`);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  assert.ok(wide <= 0, `${what}: ${wide} px too wide`);
  const small = await page.locator('button:visible, a.button:visible, input:visible, summary:visible').evaluateAll((all) =>
    all.filter((each) => each.getBoundingClientRect().height < 47.5).map((each) => each.outerHTML.slice(0, 120)));
  assert.deepEqual(small, [], `${what}: less than 48 px`);
}

test('hq', { timeout: 300 * kSeconds }, async (t) => {
  const steps = new Steps('hq', t);
  const step = steps.step.bind(steps);
  const relay = await FakeRelay.start();
  const browser = await launch();
  t.after(async () => {
    await browser.close();
    await relay.stop();
  });
  const page = await newScreen(browser, { width: 1366, height: 900 });
  steps.pages.hq = page;

  await step('nothing is shown before the log-in; a wrong password is refused in words', async () => {
    await logIn(page, relay, 'admin', 'not the password');
    await by(page, 'login-wrong').waitFor();
    assert.equal(await by(page, 'store-row').count(), 0);
    await logIn(page, relay);
    await by(page, 'store-row').first().waitFor();
  });

  await step('20,000 stores: those that need a person first, fifty at a time, searched', async () => {
    const rows = await rowsOf(page);
    assert.equal(rows.length, 50);
    assert.deepEqual(rows.slice(0, 3), [['s3', 'frozen'], ['s2', 'away'], ['s4', 'behind']]);
    assert.match(await by(page, 'store-row').first().innerText(), /two different events under number 57/);
    assert.equal(await by(page, 'page-place').innerText(), '1–50 of 20,000');
    await by(page, 'page-next').click();
    await until('the next fifty', async () => (await rowsOf(page))[0]?.[0] !== 's3');
    assert.equal(await by(page, 'page-place').innerText(), '51–100 of 20,000');
    await by(page, 'search').fill('s1999');
    await until('what was searched', async () => (await by(page, 'page-place').innerText()) === '1–11 of 11');
    assert.ok((await rowsOf(page)).every(([store]) => store.includes('s1999')));
    await by(page, 'search').fill('');
    await by(page, 'only-away').click();
    await until('the one that is away', async () => (await rowsOf(page)).length === 1);
    assert.match(await by(page, 'store-row').innerText(), /Away since/);
    await by(page, 'only-all').click();
  });

  await step('sold out at one store: the button names it, and the acknowledgement comes back', async () => {
    await page.goto(`${relay.origin}/hq/#/store/s1`);
    await by(page, 'set-soup').click();
    await by(page, 'say-out').waitFor();
    assert.equal(await by(page, 'say-out').innerText(), 'Stop selling at store s1 (86)');
    await by(page, 'say-out').click();
    await until('applied', async () => (await by(page, 'ack').getAttribute('data-state')) === 'applied');
    assert.match(await by(page, 'ack').innerText(), /Sent \d\d:\d\d:\d\d, on the store’s screens \d\d:\d\d:\d\d\./);
    const stock = await relay.data('/api/v1/hq/stores/s1/stock');
    assert.equal(stock.find((row) => row.sku === 'soup').status, 'sold_out');
    await shot(page, 'hq-applied');
    await isTruthful(page, 'the sheet');
    await page.keyboard.press('Escape');
    await until('the row', async () => (await page.locator('[data-sku=soup]').getAttribute('data-out')) === 'true');
    assert.equal(await by(page, 'word').first().getAttribute('data-state'), 'applied');
    assert.equal((await relay.data('/api/v1/hq/stores/s2/stock')).find((row) => row.sku === 'soup').status, 'available');
  });

  await step('a count by keyboard; what is no quantity cannot be sent', async () => {
    await by(page, 'set-soup').focus();
    await page.keyboard.press('Enter');
    for (const bad of ['-1', '1.25', '1e3', 'x']) {
      await by(page, 'count').fill(bad);
      assert.equal(await by(page, 'say-count').isDisabled(), true, bad);
    }
    await by(page, 'count').fill('7,5');
    assert.equal(await by(page, 'say-count').innerText(), 'Sell 7.5 at store s1');
    await page.keyboard.press('Enter');
    await until('applied', async () => (await by(page, 'ack').getAttribute('data-state')) === 'applied');
    assert.equal((await relay.data('/api/v1/hq/stores/s1/stock')).find((row) => row.sku === 'soup').available, 7.5);
    await page.keyboard.press('Escape');
  });

  await step('what runs low is named above the stock; sold out until a time by the store’s clock', async () => {
    await by(page, 'set-soup').click();
    await by(page, 'warning').fill('8');
    await by(page, 'critical').fill('9');
    assert.equal(await by(page, 'say-low').isDisabled(), true, 'nearly gone before it is low');
    await by(page, 'critical').fill('2');
    await by(page, 'say-low').click();
    await until('applied', async () => (await by(page, 'ack').getAttribute('data-state')) === 'applied');
    await page.keyboard.press('Escape');
    await by(page, 'low-soup').waitFor();
    assert.match(await by(page, 'stock-low').innerText(), /1 item runs low: .*7\.5/);
    await by(page, 'set-soup').click();
    const back = await by(page, 'say-back').count();
    if (back) await by(page, 'say-back').click();
    if (back) await by(page, 'say-out').waitFor();
    await by(page, 'back').fill('2027-01-02T17:30');
    await by(page, 'say-out').click();
    await until('the word', async () => /until 2027-01-02 17:30/.test(await by(page, 'ack').innerText()));
    await until('applied', async () => (await by(page, 'ack').getAttribute('data-state')) === 'applied');
    await by(page, 'say-back').waitFor();  // the sheet has changed to what is true now
    await isTruthful(page, 'the sheet with thresholds');
    await page.keyboard.press('Escape');
    await until('the rule', async () => /until/.test(await page.locator('[data-sku=soup]').innerText()));
  });

  await step('a store that is away: the word is kept and says so', async () => {
    await page.goto(`${relay.origin}/hq/#/store/s2`);
    await by(page, 'set-cola').click();
    await by(page, 'say-out').click();
    await until('sent', async () => (await by(page, 'ack').getAttribute('data-state')) === 'sent');
    assert.match(await by(page, 'ack').innerText(), /The store is away and will do it when it is back/);
    await page.keyboard.press('Escape');
    await until('it is outstanding', async () => (await by(page, 'fact-words').innerText()) === '1');
  });

  await step('the statement: equal, and a difference by its event; a frozen store goes on by a person', async () => {
    await page.goto(`${relay.origin}/hq/#/store/s1`);
    await by(page, 'books-go').click();
    await until('equal', async () => (await by(page, 'verdict').getAttribute('data-verdict')) === 'equal');
    await page.goto(`${relay.origin}/hq/#/store/s3`);
    await by(page, 'frozen').waitFor();
    await by(page, 'books-go').click();
    await until('differs', async () => (await by(page, 'verdict').getAttribute('data-verdict')) === 'differs');
    assert.match(await by(page, 'first-bad').innerText(), /no\. 57/);
    await shot(page, 'hq-frozen');
    await isTruthful(page, 'the frozen store');
    await by(page, 'unfreeze').click();
    await by(page, 'unfreeze-sure').click();
    await until('it goes on', async () => (await by(page, 'frozen').count()) === 0);
    assert.equal((await relay.data('/api/v1/hq/stores/s3')).store.frozen, false);
  });

  await step('dead letters are sent again', async () => {
    await by(page, 'go-letters').click();
    await until('three', async () => (await by(page, 'letter').count()) === 3);
    await isTruthful(page, 'dead letters');
    await by(page, 'resend').first().click();
    await until('two', async () => (await by(page, 'letter').count()) === 2);
    assert.equal((await relay.data('/api/v1/hq/outbox')).dead, 2);
  });

  await step('oversold: what is open, and its end with a reason, here and at the store', async () => {
    await by(page, 'go-oversells').click();
    await until('two', async () => (await by(page, 'oversell').count()) === 2);
    await isTruthful(page, 'oversell records');
    const own = page.locator('[data-testid=oversell][data-id="1"]');
    assert.match(await own.innerText(), /Soup of the day\s+s1\s+3\s+A till that was away pos\s+A-1/);
    for (const [id, reason] of [['1', 'both guests were called'], ['2', 'a cake instead']]) {
      await page.locator(`[data-testid=oversell][data-id="${id}"]`).getByTestId('oversell-ask').click();
      assert.equal(await by(page, 'oversell-send').isDisabled(), true, 'not without a reason');
      await by(page, 'oversell-reason').fill(reason);
      if (id === '1') await isTruthful(page, 'the sheet of an oversell record');
      await by(page, 'oversell-send').click();
      await until(`${id} is gone`, async () => (await page.locator(`[data-testid=oversell][data-id="${id}"]`).count()) === 0);
    }
    const words = await relay.data('/api/v1/hq/stores/s1/words');
    assert.deepEqual(words.filter((word) => word.verb === 'oversell.resolve').map((word) => word.args.oversell), ['x12']);
    await by(page, 'oversell-resolved').click();
    await until('both are kept', async () => (await by(page, 'oversell').count()) === 2);
    assert.match(await by(page, 'oversell').last().innerText(), /both guests were called · hq:admin/);
  });

  await step('events set aside: one is tried again, one is skipped with a reason', async () => {
    await page.goto(`${relay.origin}/hq/#/store/s4`);
    await until('three', async () => (await by(page, 'parked-event').count()) === 3);
    const waiting = page.locator('[data-testid=parked-event][data-seq="63"]');
    assert.match(await waiting.getByTestId('parked-behind').innerText(), /behind event 60/);
    assert.equal(await waiting.getByTestId('parked-retry').count(), 0, 'the first one is tried first');
    await isTruthful(page, 'events set aside');
    const first = page.locator('[data-testid=parked-event][data-seq="57"]');
    await first.getByTestId('parked-retry').click();
    await page.getByText('it still cannot be written').waitFor();
    assert.equal(await first.getByTestId('parked-skip').isDisabled(), true, 'not without a reason');
    await page.locator('[data-testid=parked-event][data-seq="60"]').getByTestId('parked-retry').click();
    await page.getByText('and 1 that waited behind it had its turn').waitFor();
    await until('one', async () => (await by(page, 'parked-event').count()) === 1);
    await first.getByTestId('parked-reason').fill('we have no robots');
    await first.getByTestId('parked-skip').click();
    await until('none', async () => (await by(page, 'parked').count()) === 0);
    assert.deepEqual(await relay.data('/api/v1/hq/stores/s4/parked'), []);
  });

  await step('stock beside the hub’s: what differs is named with its cause, repaired and kept; then it is equal', async () => {
    await page.goto(`${relay.origin}/hq/#/store/s4`);
    await by(page, 'agree-none').waitFor();
    assert.match(await by(page, 'agree-when').innerText(), /Not compared yet/);
    await by(page, 'agree-go').click();
    await until('repaired', async () => (await by(page, 'agree-verdict').getAttribute('data-verdict')) === 'repaired');
    assert.match(await by(page, 'agree-verdict').innerText(), /2 differences found and repaired/);
    await until('both are listed', async () => (await by(page, 'difference').count()) === 2);
    const soup = await page.locator('[data-testid=difference][data-sku=soup]').innerText();
    assert.match(soup, /Soup of the day \(soup\): available 12\.0 at the hub, 14\.0 at the relay/);
    assert.match(soup, /Cause: event 118 was set aside\. Repaired\.\s+\d\d:\d\d, event no\. 120, asked for by hq:admin/);
    assert.match(await page.locator('[data-testid=difference][data-sku=cola]').innerText(), /The cause is not known\./);
    await until('when', async () => /Last compared \d\d:\d\d \(\d+ s ago\)\. 2 differences/.test(await by(page, 'agree-when').innerText()));
    await shot(page, 'hq-agreement');
    await isTruthful(page, 'what differed');
    const kept = (await relay.data('/api/v1/hq/stores/s4/differences')).differences;
    assert.deepEqual(kept.map((each) => [each.sku, each.is_repaired, each.by]), [['soup', true, 'hq:admin'], ['cola', true, 'hq:admin']]);
    await by(page, 'agree-go').click();
    await until('equal', async () => (await by(page, 'agree-verdict').getAttribute('data-verdict')) === 'equal');
    assert.equal(await by(page, 'difference').count(), 2, 'what was found stays');
  });

  await step('what nobody can repair is left to a person, and looks so', async () => {
    await page.goto(`${relay.origin}/hq/#/store/s1`);
    await by(page, 'agree-go').click();
    await until('left', async () => (await by(page, 'agree-verdict').getAttribute('data-verdict')) === 'unrepaired');
    assert.match(await by(page, 'agree-verdict').innerText(), /2 differences found, 1 of them for a person to look at/);
    await until('both are listed', async () => (await by(page, 'difference').count()) === 2);
    const soup = page.locator('[data-testid=difference][data-sku=soup]');
    assert.equal(await soup.getAttribute('data-repaired'), 'false');
    assert.match(await soup.innerText(), /Not repaired: a person must look\./);
    await isTruthful(page, 'what is left to a person');
  });

  await step('a hub that is away cannot be compared, and the page says so', async () => {
    await page.goto(`${relay.origin}/hq/#/store/s2`);
    await by(page, 'agree-go').click();
    await until('unanswered', async () => (await by(page, 'agree-verdict').getAttribute('data-verdict')) === 'unanswered');
    assert.match(await by(page, 'agree-verdict').innerText(), /It could not be compared: the hub of this store is away\./);
    assert.match(await by(page, 'agree-when').innerText(), /Not compared yet/);
    await isTruthful(page, 'a store that is away');
  });

  await step('the relay hangs: within 5 s the page says since when, and comes back by itself', async () => {
    await page.goto(`${relay.origin}/hq/#/store/s1`);
    await by(page, 'store').waitFor();
    relay.freeze(true);
    const began = performance.now();
    try {
      await by(page, 'stale-banner').waitFor({ timeout: 5000 });
      assert.ok(performance.now() - began < 5000);
      assert.match(await by(page, 'stale-since').innerText(), /Not live since \d\d:\d\d:\d\d/);
      assert.equal(await by(page, 'live-dot').getAttribute('data-state'), 'stale');
      assert.ok((await by(page, 'stock-row').count()) > 0, 'the last view stays');
      await shot(page, 'hq-stale');
      assert.deepEqual(await axe(page), []);
    } finally {
      relay.freeze(false);
    }
    await until('live again', async () => (await by(page, 'live-dot').getAttribute('data-state')) === 'live', 8000);
  });

  await step('who only reads sees no way to change', async () => {
    await relay.fetch('PUT', '/api/v1/hq/users/reader', { role: 'USER', password: 'a reader’s password', stores: ['s1', 's2'] });
    const reader = await newScreen(browser, { width: 1366, height: 900 });
    await logIn(reader, relay, 'reader', 'a reader’s password');
    await until('its two stores', async () => (await rowsOf(reader)).length === 2);
    assert.equal(await by(reader, 'go-letters').count(), 0);
    await reader.goto(`${relay.origin}/hq/#/store/s1`);
    await by(reader, 'stock-row').first().waitFor();
    assert.equal(await by(reader, 'set-soup').count(), 0);
    await by(reader, 'agreement').waitFor();
    assert.equal(await by(reader, 'agree-go').count(), 0);
    await reader.goto(`${relay.origin}/hq/#/store/s5`);
    await by(reader, 'state').waitFor();
    await by(reader, 'log-out').click();
    await by(reader, 'login').waitFor();
    assert.deepEqual(reader.faults, []);
    await reader.context().close();
  });

  for (const [width, height, locale] of kLooks) {
    await step(`${width} px, ${locale}: everything readable, reachable and in words`, async () => {
      const look = await newScreen(browser, { width, height, locale });
      steps.pages.look = look;
      await look.goto(`${relay.origin}/hq/`);
      await by(look, 'login').waitFor();
      await isTruthful(look, `login at ${width}`);
      await logIn(look, relay);
      await by(look, 'store-row').first().waitFor();
      await shot(look, `hq-stores-${width}`);
      await isTruthful(look, `stores at ${width}`);
      await look.goto(`${relay.origin}/hq/#/store/s1`);
      await by(look, 'stock-row').first().waitFor();
      await by(look, 'order-row').first().waitFor();
      await by(look, 'books-go').click();
      await by(look, 'verdict').waitFor();
      await by(look, 'agree-go').click();
      await by(look, 'agree-verdict').waitFor();
      await shot(look, `hq-store-${width}`);
      await isTruthful(look, `store at ${width}`);
      await by(look, 'set-soup').click();
      await by(look, 'stock-sheet').waitFor();
      await shot(look, `hq-sheet-${width}`);
      await isTruthful(look, `sheet at ${width}`);
      assert.deepEqual(look.faults, []);
      delete steps.pages.look;
      await look.context().close();
    });
  }

  assert.deepEqual(page.faults, []);
  steps.report();
});
