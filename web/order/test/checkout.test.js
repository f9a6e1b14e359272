import assert from 'node:assert/strict';
import { test } from 'node:test';
import { afterLockRefused, makeCheckout } from '../checkout.js';
import { kDone } from '../order_page.js';
import { kEmpty, newToken, restored, withCart, withGuest } from '../session.js';
import en from '../strings/en.js';
import zh from '../strings/zh.js';

const lines = [{ key: 1, sku: 'soup', quantity: 2, options: {}, parts: {}, note: '' }];
const locked = { orderNo: 'W1', status: 'RESERVED', stage: 'locked', total: 1180, remainingMs: 180_000 };
const paid = { ...locked, status: 'CONFIRMED', stage: 'waiting', remainingMs: 0 };
const ok = (data) => ({ ok: true, status: 200, data });
const no = (status, error = {}) => ({ ok: false, status, error });
const lost = no(0, { code: 'lost' });

// A relay that answers each question with what the test says next, and remembers what it was asked.
function stage(answers, start = {}) {
  const asked = [];
  const timers = [];
  let prices = [1180];
  let time = 0;
  const ask = (method, path, { token, body, keepalive } = {}) => {
    asked.push({ what: `${method} ${path}`, token, body, keepalive });
    assert.ok(answers.length > 0 || path.includes('release'), `nobody expected ${method} ${path}`);
    return Promise.resolve(path.includes('release') ? ok({ ...locked, stage: 'released' }) : answers.shift());
  };
  const session = { value: { ...kEmpty, lines, name: 'Ada', ...start } };
  let tokens = 0;
  const checkout = makeCheckout({
    ask, session,
    newToken: () => `token-${++tokens}`,
    total: () => prices[0],
    refresh: () => Promise.resolve(prices.length > 1 && prices.shift()),
    now: () => time,
    later: (f) => timers.push(f),
  });
  return { asked, session, checkout, timers, pass: (ms) => (time += ms), costs: (...all) => (prices = all) };
}

test('locked with the price that was shown, paid, and the cart is empty', async () => {
  const { asked, session, checkout, pass } = stage([ok(locked), ok(paid)]);
  await checkout.enter();
  assert.equal(session.value.step, 'checkout');
  assert.deepEqual(asked[0].body, { lines: [{ sku: 'soup', quantity: 2 }], name: 'Ada', expectedTotal: 1180 });
  pass(60_000);
  assert.equal(checkout.remainingMs(), 120_000, 'counted from what the relay said');
  await checkout.pay();
  assert.equal(session.value.step, 'order');
  assert.deepEqual(session.value.lines, []);
  assert.equal(asked[1].token, asked[0].token);
});

test('two clicks are one lock and one payment', async () => {
  const { asked, checkout } = stage([ok(locked), ok(paid)]);
  await Promise.all([checkout.enter(), checkout.enter()]);
  await Promise.all([checkout.pay(), checkout.pay()]);
  assert.deepEqual(asked.map(({ what }) => what), ['POST /orders', 'POST /orders/W1/confirm']);
});

test('a lock that was not answered is asked for with the same token, after a reload too', async () => {
  const { asked, session, checkout } = stage([lost]);
  await checkout.enter();
  assert.equal(session.value.notice.kind, 'lost');
  const reloaded = stage([ok(locked)], { ...restored(JSON.stringify(session.value)), isHolding: true });
  await reloaded.checkout.resume();
  assert.equal(reloaded.asked[0].token, asked[0].token);
  assert.equal(reloaded.session.value.step, 'checkout');
});

test('a lock that was not answered is asked for with the same token by the same guest', async () => {
  const { asked, session, checkout } = stage([lost, ok(locked)]);
  await checkout.enter();
  assert.equal(session.value.step, 'menu');
  session.value = { ...session.value, ...withGuest(session.value, 'Ada', '') };
  await checkout.enter();
  assert.equal(asked[1].token, asked[0].token, 'what may be locked is asked for, not locked twice');
  assert.equal(session.value.step, 'checkout');
});

test('another cart is another order, unless one is locked', () => {
  assert.deepEqual(withCart({ lock: null }, { lines: [], notice: null }), { token: '', lines: [], notice: null });
  assert.deepEqual(withCart({ lock: null }, { notice: null }), { notice: null });
  assert.deepEqual(withCart({ lock: { orderNo: 'W1' } }, { lines: [] }), { lines: [] });
});

test('another name or note is another order, unless one is locked', () => {
  const asking = { ...kEmpty, name: 'Ada', note: '', token: 'mine' };
  assert.deepEqual(withGuest(asking, 'Ada', ''), { name: 'Ada', note: '' });
  assert.equal(withGuest(asking, 'Eva', '').token, '');
  assert.equal(withGuest(asking, 'Ada', 'hot').token, '');
  assert.equal('token' in withGuest({ ...asking, lock: { orderNo: 'W1', total: 1 } }, 'Eva', ''), false);
});

test('a lock that a twin tab has paid is followed here', async () => {
  const { asked, session, checkout } = stage([ok({ ...paid, stage: 'received' }), ok({ ...paid, stage: 'ready' })]);
  await checkout.enter();
  assert.equal(session.value.step, 'order');
  assert.deepEqual(session.value.lock, { orderNo: 'W1', total: 1180 });
  await checkout.look();
  assert.equal(asked[1].what, 'GET /orders/W1');
  assert.equal(session.value.order.stage, 'ready');
});

test('a payment without an answer is asked for until there is one, with the same token', async () => {
  const { asked, session, checkout, timers } = stage([ok(locked), lost, no(503, { code: 'INV_006' }), ok(paid)]);
  await checkout.enter();
  await checkout.pay();
  assert.equal(session.value.isUnknown, true);
  checkout.left();
  checkout.release();
  assert.equal(asked.length, 2, 'what may be paid is not given back');
  await timers.shift()();
  await timers.shift()();
  assert.equal(session.value.step, 'order');
  assert.equal(new Set(asked.map(({ token }) => token)).size, 1);
});

test('a reload while paying pays the same order', async () => {
  const start = { step: 'checkout', token: 'mine', lock: { orderNo: 'W1', total: 1180 }, isPaying: true };
  const { asked, session, checkout } = stage([ok(paid)], start);
  await checkout.resume();
  assert.deepEqual(asked, [{ what: 'POST /orders/W1/confirm', token: 'mine', body: undefined, keepalive: undefined }]);
  assert.equal(session.value.step, 'order');
});

test('one dish too few: it is named with what is left, and the cart is kept', async () => {
  const { session, checkout } = stage([no(400, { code: 'INV_002', skuId: 'soup', availableQty: 1 })]);
  await checkout.enter();
  assert.equal(session.value.step, 'menu');
  assert.deepEqual(session.value.notice, { kind: 'sold_out', sku: 'soup', left: 1 });
  assert.equal(session.value.lines.length, 1);
  assert.equal(session.value.token, '', 'the next try is another order');
});

test('a cart that was changed meanwhile is not locked, and nothing is said of the old one', async () => {
  const taken = stage([ok(locked)]);
  const trying = taken.checkout.enter();
  taken.session.value = { ...taken.session.value, lines: [] };
  await trying;
  assert.deepEqual([taken.session.value.step, taken.session.value.isHolding, taken.session.value.token], ['menu', false, '']);
  assert.equal(taken.asked[1].what, 'POST /orders/W1/release?reason=back');
  const refused = stage([no(400, { code: 'INV_002', skuId: 'soup', availableQty: 1 })]);
  const again = refused.checkout.enter();
  refused.session.value = { ...refused.session.value, lines: [], token: '' };
  await again;
  assert.deepEqual([refused.session.value.notice, refused.session.value.isHolding], [null, false]);
});

test('when the time is over the page says so and gives the cart back', async () => {
  const { session, checkout, pass } = stage([ok(locked), ok({ ...locked, stage: 'expired', remainingMs: 0 })]);
  await checkout.enter();
  pass(180_001);
  assert.equal(checkout.remainingMs(), 0);
  await checkout.look();
  assert.equal(session.value.step, 'menu');
  assert.deepEqual(session.value.notice, { kind: 'expired' });
  assert.equal(session.value.lines.length, 1);
});

test('paid too late: nothing was charged, and the cart is there', async () => {
  const { session, checkout } = stage([ok(locked), no(400, { code: 'INV_003' })]);
  await checkout.enter();
  await checkout.pay();
  assert.deepEqual([session.value.step, session.value.notice.kind, session.value.isPaying], ['menu', 'expired', false]);
});

test('back and closing give the lock back; a page that is back takes it again under a new token', async () => {
  const { asked, session, checkout } = stage([ok(locked), ok({ ...locked, stage: 'released', reason: 'left' }), ok({ ...locked, orderNo: 'W2' })]);
  await checkout.enter();
  checkout.left();
  assert.equal(asked[1].what, 'POST /orders/W1/release?reason=left');
  assert.equal(asked[1].keepalive, true);
  await checkout.look();
  assert.equal(session.value.lock.orderNo, 'W2');
  assert.notEqual(asked[3].token, asked[0].token);
  checkout.release();
  assert.equal(asked[4].what, 'POST /orders/W2/release?reason=back');
  assert.equal(session.value.step, 'menu');
});

test('another price is shown before anybody pays it', async () => {
  const { asked, session, checkout, costs } = stage([no(409, { code: 'INV_004' }), ok({ ...locked, total: 1380 })]);
  costs(1180, 1380);
  await checkout.enter();
  assert.equal(asked[1].body.expectedTotal, 1380);
  assert.equal(session.value.step, 'checkout');
  assert.deepEqual(session.value.notice, { kind: 'price_changed' });
});

test('what is refused twice is not asked a third time', async () => {
  const { asked, session, checkout } = stage([no(409, { code: 'INV_004' }), no(409, { code: 'INV_004', detail: 'no' })]);
  await checkout.enter();
  assert.equal(asked.length, 2);
  assert.equal(session.value.step, 'menu');
  assert.equal(session.value.notice.kind, 'no_hold');
});

test('an order that was paid in a twin tab is followed here', async () => {
  const { session, checkout } = stage([ok(locked), ok({ ...paid, stage: 'received' }), ok({ ...paid, stage: 'ready' })]);
  await checkout.enter();
  await checkout.look();
  assert.equal(session.value.step, 'order');
  await checkout.look();
  assert.equal(session.value.order.stage, 'ready');
});

test('every refusal has words', () => {
  assert.equal(afterLockRefused(lost).kind, 'lost');
  assert.equal(afterLockRefused(no(429, {})).kind, 'busy');
  assert.equal(afterLockRefused(no(503, {})).kind, 'busy');
  assert.equal(afterLockRefused(no(422, {})).kind, 'menu_changed');
  assert.equal(afterLockRefused(no(400, { code: 'INV_002', detail: 'at most 50' })).kind, 'too_many');
});

test('every stage of a paid order has words, in both languages', () => {
  for (const stage of [...Object.keys(kDone), 'rejected', 'away']) {
    for (const words of [en, zh]) assert.ok(words[`stage.${stage}`] && words[`stage.${stage}.text`], stage);
  }
  assert.ok('late' in kDone);
});

test('what is no session is an empty one; tokens are 128 bits', () => {
  assert.deepEqual(restored('{'), kEmpty);
  assert.deepEqual(restored('{"lines":3}'), kEmpty);
  assert.match(newToken(), /^[0-9a-f]{32}$/);
  assert.notEqual(newToken(), newToken());
});
