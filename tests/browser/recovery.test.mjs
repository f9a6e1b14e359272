// A hub that does not trust its books: every screen says so and why, for as long as it lasts; the
// kiosk takes nothing, the till may let it go on, with a reason.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { axe, launch, newScreen, root, shot, until, web } from './support/browser.mjs';
import { FakeHub } from './support/fake_hub.mjs';

const kScreens = {
  kds: /In recovery: nothing is sold.*seen more than the hub remembers.*150 events are missing/s,
  till: /In recovery: nothing is sold.*seen more than the hub remembers.*150 events are missing/s,
  kiosk: /Ordering is paused, please ask our staff/,
};
let browser;
let menu;
before(async () => {
  menu = JSON.parse(await readFile(join(root, 'web', 'sample', 'menu.json'), 'utf8'));
  browser = await launch();
});
after(() => browser.close());

for (const [app, words] of Object.entries(kScreens)) {
  test(`case_98_the_${app}_says_that_the_hub_is_in_recovery_until_it_is_not`, async (t) => {
    const devices = { x: { device: 'd-1', name: 'Screen', role: app, station: '' } };
    const fake = await new FakeHub({ menu, web, devices, beatMs: 200 }).start();
    const page = await newScreen(browser, { width: 1080, height: 1920 });
    t.after(async () => {
      await page.context().close();
      await fake.stop().catch(() => {});
      assert.deepEqual(page.faults, []);
    });
    const banner = page.getByTestId('recovery-banner');
    await page.goto(`${fake.origin}/${app}/#token=x`);
    await until('live', async () => (await page.getByTestId('live-dot').getAttribute('data-state')) === 'live');
    assert.equal(await banner.count(), 0);
    fake.recovery = { why: 'behind', reason: 'a screen has seen more', since: fake.now, known: fake.seq + 150 };
    await banner.waitFor();
    assert.match(await banner.innerText(), words);
    assert.equal(await banner.getAttribute('data-why'), 'behind');
    if (app === 'kiosk') {
      await page.getByTestId('start-takeaway').click();
      await page.getByTestId('item-cola').click();
      await page.getByTestId('add-to-cart').click();
      assert.equal(await page.getByTestId('go-checkout').isDisabled(), true);
    }
    if (app === 'till') {
      await page.getByTestId('recovery-accept').click();
      assert.equal(await page.getByTestId('recovery-sure').isDisabled(), true);
      await page.getByTestId('recovery-reason').fill('no internet till Monday');
      await page.getByTestId('recovery-sure').click();
      await until('the command', () => fake.received.some((m) => m.verb === 'epoch.begin'));
      assert.deepEqual(fake.received.find((m) => m.verb === 'epoch.begin').args, { reason: 'no internet till Monday' });
    }
    await shot(page, `recovery-${app}`);
    assert.deepEqual(await axe(page), []);
    fake.recovery = null;
    await banner.waitFor({ state: 'detached' });
  });
}
