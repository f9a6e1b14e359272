// What HQ's page says of a comparison, without a browser.
import assert from 'node:assert/strict';
import { test } from 'node:test';

globalThis.localStorage = { getItem: () => null, setItem: () => {} };
globalThis.document = { documentElement: {} };
globalThis.navigator ??= { language: 'en' };
const { setLanguage, startLanguage } = await import('../../shared/i18n.js');
const { default: en } = await import('../strings/en.js');
const { default: zh } = await import('../strings/zh.js');
const { causeText, comparedText, foundText, movingText, verdictOf, verdictText } = await import('../agreement_words.js');

startLanguage('hq', { en, zh }, 'en');
const kNow = Date.parse('2026-11-22T12:10:00Z');
const soup = {
  store: 's1', sku: 'soup', what: 'available 3.0 at the hub, 5.0 at the relay', cause: '', epoch: 1, seq: 1200,
  found_at: '2026-11-22T12:03:00.000000Z', is_repaired: true, by: 'schedule',
};
const made = (more = {}) => ({ store: 's1', epoch: 1, seq: 1200, skus: 2, moving: 0, is_equal: true, unanswered: '', differences: [], ...more });

test('equal is said with how much was compared and how far', () => {
  assert.equal(verdictOf(made()), 'equal');
  assert.equal(verdictText(made()), 'The stock agrees with the hub: 2 items compared, up to event no. 1,200.');
});

test('repaired only when everything is: one that is left is named by the count', () => {
  const repaired = made({ is_equal: false, differences: [soup] });
  assert.equal(verdictOf(repaired), 'repaired');
  assert.match(verdictText(repaired), /^1 difference found and repaired/);
  const left = made({ is_equal: false, differences: [soup, { ...soup, sku: 'cola', is_repaired: false }] });
  assert.equal(verdictOf(left), 'unrepaired');
  assert.match(verdictText(left), /^2 differences found, 1 of them for a person/);
});

test('a hub that gave no answer is never called equal, whatever else is said', () => {
  const away = made({ is_equal: true, unanswered: 'the hub of this store is away.' });
  assert.equal(verdictOf(away), 'unanswered');
  assert.equal(verdictText(away), 'It could not be compared: the hub of this store is away.');
});

test('what was selling meanwhile is not called equal', () => {
  const moving = made({ is_equal: false, moving: 2 });
  assert.equal(verdictOf(moving), 'moving');
  assert.equal(verdictText(moving), 'No difference found.');
  assert.match(movingText(moving), /^2 items were selling meanwhile/);
  assert.equal(movingText(made()), '');
});

test('when it was last compared, and that it never was', () => {
  assert.equal(comparedText({ reconciled_at: null, differences: 0 }, kNow), 'Not compared yet since the relay started.');
  const text = comparedText({ reconciled_at: '2026-11-22T12:03:00Z', differences: 1 }, kNow);
  assert.match(text, /^Last compared \d\d:\d\d \(7 min ago\)\. 1 difference found since the relay started\.$/);
});

test('a cause that is not known is said, and who had it compared', () => {
  assert.equal(causeText(soup), 'The cause is not known.');
  assert.equal(causeText({ ...soup, cause: 'event 57 was set aside' }), 'Cause: event 57 was set aside.');
  assert.match(foundText(soup, kNow), /^\d\d:\d\d, event no\. 1,200, found on schedule$/);
  assert.match(foundText({ ...soup, by: 'hq:ada' }, kNow), /asked for by hq:ada$/);
});

test('both languages have every sentence, and no value is left open', () => {
  const keys = Object.keys(en).filter((key) => key.startsWith('agree.'));
  assert.deepEqual(Object.keys(zh).filter((key) => key.startsWith('agree.')), keys);
  setLanguage('zh', false);
  const left = made({ is_equal: false, moving: 1, differences: [soup, { ...soup, is_repaired: false }] });
  for (const text of [verdictText(left), movingText(left), verdictText(made()), comparedText({ reconciled_at: soup.found_at, differences: 3 }, kNow),
    foundText(soup, kNow), foundText({ ...soup, by: 'hq:ada' }, kNow), causeText({ ...soup, cause: 'x' })]) {
    assert.doesNotMatch(text, /[{}]|agree\./);
  }
  setLanguage('en', false);
});
