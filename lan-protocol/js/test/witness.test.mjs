// What a device remembers of the hubs it has spoken to, and which of it it says.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Witness } from '../witness.js';

const kHead = '5f'.repeat(32);

test('the highest place is kept, with the hash when a heartbeat told it', () => {
  const witness = new Witness();
  assert.equal(witness.saw('h-1', { epoch: 1, seq: 40 }), true);
  assert.equal(witness.saw('h-1', { epoch: 1, seq: 40, head: kHead }), true);
  assert.equal(witness.saw('h-1', { epoch: 1, seq: 40 }), false);
  assert.equal(witness.saw('h-1', { epoch: 1, seq: 12 }), false);
  assert.deepEqual(witness.said('h-1'), { witness: { hub: 'h-1', epoch: 1, seq: 40, head: kHead } });
  witness.saw('h-1', { epoch: 1, seq: 41 });
  assert.deepEqual(witness.said('h-1'), { witness: { hub: 'h-1', epoch: 1, seq: 41 } });
  witness.saw('h-1', { epoch: 2, seq: 30 });
  assert.equal(witness.said('h-1').witness.epoch, 2);
});

test('a copy that knows less does not make the device forget', () => {
  const witness = new Witness();
  witness.saw('h-1', { epoch: 1, seq: 40 });
  assert.equal(witness.said('h-copy').witness.hub, 'h-1');
  witness.saw('h-copy', { epoch: 1, seq: 20 });
  assert.equal(witness.said('h-1').witness.seq, 40);
  assert.equal(witness.said('h-copy').witness.seq, 20);
});

test('it comes back after a reload, and from a page of before', () => {
  const witness = new Witness();
  witness.saw('h-1', { epoch: 1, seq: 40, head: kHead });
  const again = new Witness();
  assert.deepEqual(again.restore(structuredClone(witness.kept())), { hub: 'h-1', epoch: 1, seq: 40, head: kHead });
  assert.deepEqual(again.said('h-1'), witness.said('h-1'));
  const old = new Witness();
  assert.deepEqual(old.restore({ epoch: 1, seq: 7 }, 'h-1'), { hub: 'h-1', epoch: 1, seq: 7 });
  const none = new Witness();
  assert.deepEqual(none.restore(undefined, 'h-1'), {});
  assert.deepEqual(none.restore({ epoch: 1, seq: 7 }), {});
  assert.deepEqual(none.said('h-1'), {});
});

test('four hubs are remembered, the oldest goes', () => {
  const witness = new Witness();
  for (const hub of ['a', 'b', 'c', 'd', 'e']) witness.saw(hub, { epoch: 1, seq: 1 });
  assert.deepEqual(witness.kept().map(({ hub }) => hub), ['b', 'c', 'd', 'e']);
  assert.equal(witness.saw('', { epoch: 1, seq: 1 }), false);
  assert.equal(witness.saw('f', { epoch: 0, seq: 0 }), false);
});
