// What went wrong: after a change of the menu the kiosk said "Your order now costs . Nothing was
// charged." for as long as the hub took to answer: the notice came before the hold that knows the
// price. A busy machine made the browser's test see it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeCheckout } from '../../web/kiosk/checkout.js';

test('the notice of a new price comes with the price', async () => {
  const answers = {
    'hold.place': [{ hold: 'h1', total: 580 }, { hold: 'h2', total: 690 }],
    'order.place': [Object.assign(new Error('dearer'), { code: 'price_changed', outcome: 'refused' })],
  };
  const seen = [];
  let state = { step: 'menu', service: 'takeaway', lines: [{ key: 1, sku: 'cola', quantity: 1, options: {}, parts: {}, note: '' }] };
  const session = {
    get value() {
      return state;
    },
    set value(next) {
      state = next;
      seen.push({ notice: next.notice?.kind, total: next.hold?.total });
    },
  };
  const hub = {
    async command(verb) {
      const answer = answers[verb].shift();
      if (answer instanceof Error) throw answer;
      return answer;
    },
  };
  const checkout = makeCheckout({ hub, session, newId: () => 'id' });
  await checkout.enter();
  await checkout.place('counter');
  assert.equal(state.notice.kind, 'price_changed');
  assert.deepEqual(seen.filter(({ notice }) => notice).map(({ total }) => total), [690]);
});
