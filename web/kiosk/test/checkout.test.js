import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeCheckout } from '../checkout.js';
import { afterHoldRefused, afterOrderRefused } from '../refusals.js';
import { kEmpty, restored } from '../session.js';

const lines = [{ key: 1, sku: 'cola', quantity: 2, options: {}, parts: {}, note: '' }];
const refusal = (code, more = {}) => Object.assign(new Error(code), { code, outcome: 'refused', ...more });

// A hub that answers each verb with what the test says, and remembers what it was asked.
function stage(answers, start = {}) {
  const asked = [];
  const abandoned = [];
  const hub = {
    command(verb, args, { id, onUnknown } = {}) {
      asked.push({ verb, args, id, onUnknown });
      const answer = answers[verb];
      const next = Array.isArray(answer) ? answer.shift() : answer;
      return next instanceof Error ? Promise.reject(next) : Promise.resolve(next);
    },
    abandon: (id) => abandoned.push(id),
  };
  const session = { value: { ...kEmpty, step: 'menu', service: 'takeaway', lines, ...start } };
  let ids = 0;
  const checkout = makeCheckout({ hub, session, newId: () => `id-${++ids}`, wall: () => 1000 });
  return { asked, abandoned, session, checkout };
}
const hold = { hold: 'h1', expires_at: 5, total: 580 };
const placed = { order: 'o', number: 7, total: 580, state: 'accepted' };

test('the cart is held, ordered with the total the hub named, and emptied', async () => {
  const { asked, session, checkout } = stage({ 'hold.place': hold, 'order.place': placed });
  await checkout.enter();
  assert.equal(session.value.step, 'checkout');
  await checkout.place('card', { tender: 'card', amount: 580, reference: 'sim-1' });
  assert.equal(session.value.step, 'done');
  assert.equal(session.value.done.number, 7);
  assert.deepEqual(session.value.lines, []);
  assert.deepEqual(asked[1].args, {
    service: 'takeaway', lines: [{ sku: 'cola', quantity: 2 }], hold: 'h1', expected_total: 580,
    payment: { tender: 'card', amount: 580, reference: 'sim-1' },
  });
});

test('an order at the counter carries its table and no payment', async () => {
  const { asked, checkout } = stage({ 'hold.place': hold, 'order.place': placed }, { service: 'dine_in', table: '12' });
  await checkout.enter();
  await checkout.place('counter');
  assert.equal(asked[1].args.table, '12');
  assert.equal('payment' in asked[1].args, false);
});

test('what sold out is named and the rest of the cart is kept', async () => {
  const { session, checkout } = stage({ 'hold.place': refusal('out_of_stock', { sku: 'cola' }) });
  await checkout.enter();
  assert.equal(session.value.step, 'menu');
  assert.deepEqual(session.value.notice, { kind: 'sold_out', sku: 'cola' });
  assert.deepEqual(session.value.lines, lines);
});

test('an answer that may be lost keeps the id, and asking again sends the same one', async () => {
  const { asked, session, checkout } = stage({
    'hold.place': hold,
    'order.place': [refusal('closed', { outcome: 'unknown' }), placed],
  });
  await checkout.enter();
  await checkout.place('counter');
  assert.equal(session.value.step, 'sending');
  assert.equal(session.value.isUnknown, true);
  await checkout.place('counter');
  assert.equal(asked.length, 2, 'a second tap sends nothing');
  await checkout.ask();
  assert.equal(asked[2].id, asked[1].id);
  assert.deepEqual(asked[2].args, asked[1].args);
  assert.equal(session.value.step, 'done');
});

test('a late answer shows itself as unknown', async () => {
  const { asked, session, checkout } = stage({ 'hold.place': hold, 'order.place': new Promise(() => {}) });
  await checkout.enter();
  checkout.place('counter');
  asked[1].onUnknown();
  assert.equal(session.value.isUnknown, true);
});

test('a full disk is tried again with the same id when the guest says so', async () => {
  const { asked, session, checkout } = stage({ 'hold.place': hold, 'order.place': [refusal('storage_full'), placed] });
  await checkout.enter();
  await checkout.place('counter');
  assert.equal(session.value.isBusy, true);
  await checkout.ask();
  assert.equal(asked[2].id, asked[1].id);
  assert.equal(session.value.done.number, 7);
});

test('case_30_a_changed_price_is_shown_before_it_is_paid', async () => {
  const { asked, session, checkout } = stage({
    'hold.place': [hold, { hold: 'h2', expires_at: 9, total: 600 }],
    'order.place': [refusal('price_changed'), placed],
  });
  await checkout.enter();
  await checkout.place('counter');
  assert.equal(session.value.step, 'checkout');
  assert.deepEqual(session.value.notice, { kind: 'price_changed' });
  assert.equal(session.value.hold.total, 600);
  await checkout.place('counter');
  assert.notEqual(asked[3].id, asked[1].id, 'another order, another id');
  assert.equal(asked[3].args.expected_total, 600);
});

test('a hold that ran out is taken again and said', async () => {
  const { session, checkout } = stage({ 'hold.place': [hold, hold], 'order.place': refusal('expired') });
  await checkout.enter();
  await checkout.place('counter');
  assert.equal(session.value.step, 'checkout');
  assert.deepEqual(session.value.notice, { kind: 'held_again' });
});

test('going back releases the hold, and a hold on its way is given up', async () => {
  const { asked, abandoned, session, checkout } = stage({ 'hold.place': hold, 'hold.release': {} });
  await checkout.enter();
  checkout.release();
  assert.deepEqual([asked[1].verb, asked[1].args], ['hold.release', { hold: 'h1' }]);
  assert.equal(session.value.hold, null);
  const slow = stage({ 'hold.place': new Promise(() => {}) });
  slow.checkout.enter();
  slow.checkout.release();
  assert.deepEqual(slow.abandoned, ['id-1']);
  assert.equal(abandoned.length, 0);
});

test('a refusal nobody foresaw names itself and asks for staff, with the cart kept', () => {
  assert.equal(afterOrderRefused(refusal('forbidden')).next, 'staff');
  assert.equal(afterOrderRefused(refusal('overloaded')).next, 'again');
  assert.equal(afterOrderRefused(refusal('not_sold_here', { sku: 'x' })).notice.kind, 'menu_changed');
  assert.equal(afterHoldRefused(refusal('abandoned')), null);
  assert.equal(afterHoldRefused(refusal('storage_full')).kind, 'no_hold');
});

test('a reload keeps the cart, resumes an order without an answer, and forgets a guest who is gone', () => {
  const kept = (changes) => JSON.stringify({ ...kEmpty, step: 'menu', lines, touchedAt: 1000, ...changes });
  assert.deepEqual(restored(kept({}), 2000).lines, lines);
  assert.equal(restored(kept({ step: 'terminal', hold }), 2000).step, 'checkout');
  assert.equal(restored(kept({ step: 'sending', order: { id: 'x' } }), 1e12).order.id, 'x');
  assert.equal(restored(kept({ step: 'checkout', order: { id: 'x' } }), 1e12).step, 'sending');
  assert.deepEqual(restored(kept({}), 1e9), kEmpty);
  assert.deepEqual(restored('{broken', 0), kEmpty);
  assert.deepEqual(restored(null, 0), kEmpty);
});
