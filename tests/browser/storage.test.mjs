// A hub whose disk is full: every screen says what still goes and what does not, in words, for as
// long as it lasts, and the kiosk takes nothing that the hub would refuse.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { axe, launch, newScreen, root, shot, until, web } from './support/browser.mjs';
import { FakeHub } from './support/fake_hub.mjs';

const kScreens = {
  kds: /takes no new orders.*Call a manager/s,
  till: /takes no new orders.*Call a manager/s,
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
  test(`case_93_the_${app}_says_that_the_disk_is_full_until_it_is_not`, async (t) => {
    const devices = { x: { device: 'd-1', name: 'Screen', role: app, station: '' } };
    const fake = await new FakeHub({ menu, web, devices, beatMs: 200 }).start();
    const page = await newScreen(browser, { width: 1080, height: 1920 });
    t.after(async () => {
      await page.context().close();
      await fake.stop().catch(() => {});
      assert.deepEqual(page.faults, []);
    });
    const banner = page.getByTestId('storage-banner');
    await page.goto(`${fake.origin}/${app}/#token=x`);
    await until('live', async () => (await page.getByTestId('live-dot').getAttribute('data-state')) === 'live');
    assert.equal(await banner.count(), 0);
    fake.isFull = true;
    await banner.waitFor();
    assert.match(await banner.innerText(), words);
    if (app === 'kiosk') {
      await page.getByTestId('start-takeaway').click();
      await page.getByTestId('item-cola').click();
      await page.getByTestId('add-to-cart').click();
      assert.equal(await page.getByTestId('go-checkout').isDisabled(), true);
    }
    await shot(page, `full-disk-${app}`);
    assert.deepEqual(await axe(page), []);
    fake.isFull = false;
    await banner.waitFor({ state: 'detached' });
    if (app === 'kiosk') await until('ordering goes on', () => page.getByTestId('go-checkout').isEnabled());
  });
}
