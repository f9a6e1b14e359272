// Commands on their way to a hub that is in recovery.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Outbox } from '../outbox.js';

function outbox() {
  const world = { now: 0, sent: [] };
  const clock = { steady: () => world.now, wall: () => world.now };
  world.out = new Outbox({ send: (message) => world.sent.push(message), changed: () => {}, clock });
  return world;
}
const inRecovery = { id: 'o1', ok: false, error: { code: 'in_recovery', message: 'a backup was restored' } };

test('what was sent before the hub lost it is asked again with the same id until the hub is out of recovery', async () => {
  const world = outbox();
  const done = world.out.command('order.place', { lines: [] }, { id: 'o1' });
  world.out.disconnected();
  world.out.connected();
  for (let tries = 2; tries < 9; tries += 1) {
    assert.equal(world.sent.length, tries);
    world.out.reply(inRecovery);
    assert.equal(world.out.pending().length, 1, 'not refused: it may have been done');
    world.now += 2000;
    world.out.tick();
  }
  assert.ok(world.sent.every(({ id }) => id === 'o1'));
  world.out.reply({ id: 'o1', ok: true, result: { order: '20261121-0007' } });
  assert.equal((await done).order, '20261121-0007');
});

test('a first try at a hub in recovery is refused: nothing has happened', async () => {
  const world = outbox();
  const done = world.out.command('order.place', { lines: [] }, { id: 'o1' });
  world.out.reply(inRecovery);
  await assert.rejects(done, ({ code, outcome }) => code === 'in_recovery' && outcome === 'refused');
});
