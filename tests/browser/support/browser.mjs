// The browser of the tests: Debian's Chromium by playwright-core. Pages report what goes wrong in
// them (errors, refused by the content policy) to `page.faults`, which the tests expect to be empty.
import { mkdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

export const root = fileURLToPath(new URL('../../../', import.meta.url));
export const web = join(root, 'build', 'web');
const shots = join(root, 'test-results', 'screens');
const axeSource = readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

export function launch() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: [
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      '--headless=new',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

// How long a condition is waited for: a limit for a machine that is busy with other things, no figure.
const kDeadlineMs = 20_000;

// A device of its own: storage, service worker and all.
export async function newScreen(browser, { width = 1920, height = 1080, locale = 'en-GB', ...rest } = {}) {
  const context = await browser.newContext({ viewport: { width, height }, locale, ...rest });
  const page = await context.newPage();
  page.setDefaultTimeout(kDeadlineMs);
  page.faults = [];
  page.on('pageerror', (error) => page.faults.push(String(error)));
  page.on('console', (message) => {
    // A socket to a hub that is down is a console error of the browser's own, and expected.
    const text = message.text();
    const isLine = /WebSocket|ERR_CONNECTION|Failed to load resource|ERR_INTERNET/.test(text);
    if (message.type() === 'error' && !isLine) page.faults.push(text);
  });
  return page;
}

export async function shot(page, name) {
  await mkdir(shots, { recursive: true });
  await page.screenshot({ path: join(shots, `${name}.png`) });
}

// The serious and critical findings of axe-core, one line each.
export async function axe(page) {
  // What is still fading in has not the colours it will have.
  await page.evaluate(() => Promise.all(document.getAnimations()
    .filter((a) => a.effect?.getComputedTiming().iterations !== Infinity).map((a) => a.finished.catch(() => {}))));
  await page.evaluate(await axeSource);
  const found = await page.evaluate(async () => {
    const { violations } = await globalThis.axe.run(document);
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .flatMap(({ id, impact, nodes }) => nodes.map((node) => `${impact} ${id}: ${node.html.slice(0, 160)} ${node.failureSummary ?? ''}`));
  });
  return found;
}

export async function until(what, condition, ms = kDeadlineMs) {
  const deadline = performance.now() + ms;
  for (;;) {
    const value = await condition();
    if (value) return value;
    if (performance.now() > deadline) throw new Error(`not in ${ms} ms: ${what}`);
    await new Promise((done) => setTimeout(done, 25));
  }
}
