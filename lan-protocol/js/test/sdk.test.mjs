// The SDK against a fake hub over real WebSockets: whole views by prev, heartbeat and since;
// commands that are answered once however often the line breaks; the truth about being live.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import WebSocket from 'ws';
import { FakeHub } from '../../../tests/browser/support/fake_hub.mjs';
import { backoffMs, commandId, connect, memoryStorage } from '../larder.js';

const kMenu = { version: 1, currency: 'EUR', stations: [], categories: [], option_groups: [], items: [] };
const kDevices = { k: { device: 'kds-1', name: 'Grill', role: 'kds', station: 'grill' } };
const kSoup = { station: 'grill', name: { en: 'Soup' }, quantity: 2 };
const stops = [];
after(async () => {
  for (const stop of stops) await stop();
});

async function hubAndClient(options = {}, clientOptions = {}) {
  const fake = await new FakeHub({ menu: kMenu, devices: kDevices, beatMs: 50, ...options }).start();
  const client = join(fake, clientOptions);
  stops.push(() => fake.stop().catch(() => {}));
  return { fake, client };
}

function join(fake, options = {}) {
  const client = connect({
    ...{ url: fake.url, token: 'k', client: 'test', WebSocket, storage: memoryStorage() },
    random: () => 0.2,
    ...options,
  });
  stops.push(() => client.close());
  return client;
}

async function until(what, condition, ms = 5000) {
  const deadline = performance.now() + ms;
  for (;;) {
    const value = condition();
    if (value) return value;
    if (performance.now() > deadline) assert.fail(`not in ${ms} ms: ${what}`);
    await new Promise((done) => setTimeout(done, 5));
  }
}

function follow(client, topic) {
  const held = { shown: 0 };
  client.follow(topic, (view, meta) => Object.assign(held, { view, ...meta, shown: held.shown + 1 }));
  return held;
}

test('a snapshot and then each event once', async () => {
  const { fake, client } = await hubAndClient();
  const kitchen = follow(client, 'kitchen');
  await until('first view', () => kitchen.fresh);
  fake.fire({ lines: [kSoup] });
  fake.fire({ lines: [kSoup] });
  await until('both orders', () => kitchen.view.orders.length === 2);
  assert.deepEqual(kitchen.view, fake.view('kitchen'));
  assert.equal(kitchen.seq, 2);
});

test('an event that went missing is noticed by prev and fetched with since', async () => {
  const { fake, client } = await hubAndClient({ beatMs: 100000 });
  const kitchen = follow(client, 'kitchen');
  await until('first view', () => kitchen.view);
  fake.swallowed = 1;
  fake.fire({ lines: [kSoup] });
  fake.fire({ lines: [kSoup] });
  await until('both orders', () => kitchen.view.orders.length === 2);
  const asked = fake.received.filter((message) => message.type === 'subscribe');
  assert.deepEqual(asked[1].since, { epoch: 1, seq: 0 });
});

test('an event that went missing with nothing after it is noticed by the heartbeat', async () => {
  const { fake, client } = await hubAndClient();
  const kitchen = follow(client, 'kitchen');
  await until('first view', () => kitchen.fresh);
  fake.swallowed = 1;
  fake.fire({ lines: [kSoup] });
  await until('the order', () => kitchen.view.orders.length === 1);
});

test('another epoch gets a snapshot, never since', async () => {
  const { fake, client } = await hubAndClient();
  const kitchen = follow(client, 'kitchen');
  fake.fire({ lines: [kSoup] });
  await until('the order', () => kitchen.view?.orders.length === 1);
  fake.epoch = 2;
  fake.state.orders = [];
  fake.hangUp();
  await until('the empty kitchen', () => kitchen.view.orders.length === 0 && kitchen.fresh);
  assert.equal(fake.received.filter((m) => m.type === 'subscribe').at(-1).since, undefined);
});

test('a cloud out of reach is told, and told again when it is back', async () => {
  const { fake, client } = await hubAndClient();
  const seen = [];
  client.on('cloud', ({ lost, since }) => seen.push([lost, since]));
  fake.cloud = { lost: 'internet', since: 7 };
  await until('the loss', () => client.cloud.lost === 'internet');
  assert.equal(client.live.state, 'live');
  fake.cloud = null;
  await until('the return', () => client.cloud.lost === '');
  assert.deepEqual(seen, [['', 0], ['internet', 7], ['', 0]]);
});

test('case_98 what was seen is said to the hub that comes back, and its recovery is told', async () => {
  const storage = memoryStorage();
  const { fake, client } = await hubAndClient({}, { storage });
  fake.head = '5f'.repeat(32);
  fake.fire({ lines: [kSoup] });
  await until('the event', () => client.live.seq === fake.seq && fake.seq > 0);
  const { seq } = fake;
  await until('the hash', async () => (await storage.get('seen'))?.seen?.at(-1)?.head === fake.head);
  fake.journal = []; // restored from a backup
  fake.last = {};
  fake.recovery = { why: 'behind', reason: 'a screen has seen more', since: 7, known: seq };
  fake.hangUp();
  await until('the witness', () => fake.received.findLast((m) => m.type === 'auth').witness?.seq === seq);
  assert.deepEqual(fake.received.findLast((m) => m.type === 'auth').witness, { hub: 'h-fake', epoch: 1, seq, head: fake.head });
  await until('the recovery', () => client.recovery.why === 'behind');
  fake.recovery = null;
  await until('its end', () => client.recovery.why === '');
});

test('a hub that knows less than we saw is not asked to resume', async () => {
  const storage = memoryStorage();
  const { fake, client } = await hubAndClient({}, { storage });
  const kitchen = follow(client, 'kitchen');
  fake.fire({ lines: [kSoup] });
  await until('the order', () => kitchen.view?.orders.length === 1);
  fake.journal = [];
  fake.last = {};
  fake.state.orders = [];
  fake.hangUp();
  await until('the empty kitchen', () => kitchen.view.orders.length === 0 && kitchen.fresh);
});

test('after a broken line the view goes on with since and is marked meanwhile', async () => {
  const { fake, client } = await hubAndClient();
  const kitchen = follow(client, 'kitchen');
  fake.fire({ lines: [kSoup] });
  await until('the order', () => kitchen.view?.orders.length === 1 && kitchen.fresh);
  const { port } = fake;
  await fake.stop();
  await until('marked', () => kitchen.fresh === false);
  assert.equal(client.live.state, 'stale');
  assert.equal(client.live.link, 'device-hub');
  fake.port = port;
  fake.fire({ lines: [kSoup] });
  await fake.start();
  await until('fresh again', () => kitchen.fresh && kitchen.view.orders.length === 2);
  assert.equal(client.live.state, 'live');
  assert.deepEqual(fake.received.findLast((m) => m.type === 'subscribe').since, { epoch: 1, seq: 1 });
  assert.deepEqual(fake.received.findLast((m) => m.type === 'auth').witness, { hub: 'h-fake', epoch: 1, seq: 1 });
});

test('a silent hub is stale after 3 s and its socket is given up', async () => {
  const { fake, client } = await hubAndClient();
  await until('live', () => client.live.state === 'live');
  const before = Date.now();
  fake.isSilent = true;
  await until('stale', () => client.live.state === 'stale', 4500);
  assert.ok(Date.now() - before >= 2900, 'not before 3 s');
  assert.ok(Math.abs(client.live.since - before) < 500, 'since when it was last heard');
  fake.isSilent = false;
});

test('a command whose reply was lost is sent again with the same id and happens once', async () => {
  const { fake, client } = await hubAndClient();
  const kitchen = follow(client, 'kitchen');
  const order = fake.fire({ lines: [kSoup] });
  await until('the order', () => kitchen.view?.orders.length === 1);
  fake.dropReplies = 1;
  const answer = client.command('ticket.bump', { order, station: 'grill' });
  await until('done at the hub', () => fake.state.orders[0].tickets[0].bumped);
  fake.hangUp();
  assert.equal((await answer).order, order);
  const sent = fake.received.filter((message) => message.type === 'command');
  assert.equal(sent.length, 2);
  assert.equal(sent[0].id, sent[1].id);
  assert.equal(fake.journal.filter((event) => event.event === 'ticket.changed').length, 1);
  assert.deepEqual(client.pending, []);
});

test('a command given while the hub is away is sent when it is back', async () => {
  const { fake, client } = await hubAndClient();
  await until('live', () => client.live.state === 'live');
  const { port } = fake;
  await fake.stop();
  await until('not live', () => client.live.state !== 'live');
  const answer = client.command('stock.mark', { sku: 'soup', status: 'sold_out' });
  assert.equal(client.pending[0].state, 'waiting');
  fake.port = port;
  await fake.start();
  await answer;
  assert.equal(fake.state.levels.get('soup').status, 'sold_out');
});

test('a late answer is said to be unknown, and is still awaited', async () => {
  const { fake, client } = await hubAndClient({}, {});
  await until('live', () => client.live.state === 'live');
  fake.answerDelayMs = 900;
  let unknown = 0;
  const options = { patienceMs: 300, onUnknown: () => (unknown += 1) };
  const answer = client.command('stock.mark', { sku: 'soup', status: 'sold_out' }, options);
  await until('unknown', () => client.pending[0]?.state === 'unknown');
  await answer;
  assert.equal(unknown, 1);
});

test('a refusal of the rules carries its code and sentence', async () => {
  const { client } = await hubAndClient();
  const refused = client.command('ticket.bump', { order: 'none', station: 'grill' });
  await assert.rejects(refused, { name: 'LarderError', code: 'not_found', outcome: 'refused' });
});

test('a wrong token is refused, asked no more, and a new one gets in', async () => {
  const { fake, client } = await hubAndClient({}, { token: 'wrong' });
  await until('refused', () => client.live.state === 'refused');
  assert.equal(client.live.reason, 'unauthorized');
  const tries = fake.received.length;
  await new Promise((done) => setTimeout(done, 600));
  assert.equal(fake.received.length, tries);
  client.retry({ token: 'k' });
  await until('live', () => client.live.state === 'live');
});

for (const [code, reason] of [[4403, 'revoked'], [4001, 'replaced']]) {
  test(`close ${code} means ${reason} and is not fought`, async () => {
    const { fake, client } = await hubAndClient();
    await until('live', () => client.live.state === 'live');
    fake.hangUp(code);
    await until('refused', () => client.live.state === 'refused');
    assert.equal(client.live.reason, reason);
  });
}

test('a reload with the hub down shows the last view, marked, and the hub time goes on', async () => {
  const storage = memoryStorage();
  const { fake, client } = await hubAndClient({}, { storage });
  const kitchen = follow(client, 'kitchen');
  fake.fire({ lines: [kSoup] });
  await until('the order', () => kitchen.view?.orders.length === 1 && client.device);
  await fake.stop();
  await until('stale', () => client.live.state === 'stale');
  const { since } = client.live;
  client.close();
  const reloaded = join(fake, { storage });
  const again = follow(reloaded, 'kitchen');
  await until('the kept view', () => again.view);
  assert.equal(again.view.orders.length, 1);
  assert.equal(again.fresh, false);
  assert.equal(reloaded.device.station, 'grill');
  assert.ok(Math.abs(reloaded.live.since - since) < 50, 'since when the earlier page last heard');
  assert.ok(Math.abs(reloaded.serverNow() - Date.now()) < 1000);
});

test('a kept view of another hub is not shown as a continuation', async () => {
  const storage = memoryStorage();
  const { fake, client } = await hubAndClient({}, { storage });
  const kitchen = follow(client, 'kitchen');
  fake.fire({ lines: [kSoup] });
  await until('the order', () => kitchen.view?.orders.length === 1);
  client.close();
  const { fake: other } = await hubAndClient({ hub: 'h-other' });
  other.fire({ lines: [kSoup] });
  other.fire({ lines: [kSoup] });
  const again = follow(join(other, { storage }), 'kitchen');
  await until('the view of the other hub', () => again.fresh);
  assert.equal(again.view.orders.length, 2);
});

test('ids are UUIDs of version 4 and differ', () => {
  const ids = new Set(Array.from({ length: 1000 }, commandId));
  assert.equal(ids.size, 1000);
  for (const id of ids) assert.match(id, /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
});

test('case 18: the wait before a new attempt is full jitter up to 5 s', () => {
  const most = [0, 1, 2, 3, 4, 5, 40].map((n) => backoffMs(n, () => 1));
  assert.deepEqual(most, [250, 500, 1000, 2000, 4000, 5000, 5000]);
  assert.equal(backoffMs(9, () => 0), 0);
});

const seenBy = (fake) => fake.received.filter(({ type }) => type === 'seen');

test('what was painted is told to the hub, once for each topic and place', async () => {
  const { fake, client } = await hubAndClient();
  const menu = follow(client, 'menu');
  follow(client, 'kitchen');
  await until('first view', () => menu.fresh);
  await until('the first word', () => seenBy(fake).length === 1);
  assert.deepEqual(seenBy(fake)[0], { type: 'seen', topic: 'menu', epoch: 1, seq: 0 });
  await client.command('stock.mark', { sku: 'soup', status: 'sold_out' });
  await until('the second word', () => seenBy(fake).length === 2);
  assert.deepEqual(seenBy(fake)[1], { type: 'seen', topic: 'menu', epoch: 1, seq: fake.seq });
  const beats = fake.received.length;
  fake.fire({ lines: [kSoup] }); // a ticket of the kitchen is nothing that is sold out
  await until('the order', () => client.live.seq === fake.seq);
  assert.equal(seenBy(fake).length, 2, `${fake.received.length - beats} messages more`);
});

test('a page that does not paint says nothing, and a flood is one word in 200 ms', async () => {
  const paints = [];
  const { fake, client } = await hubAndClient({}, { paint: (run) => paints.push(run) });
  const menu = follow(client, 'menu');
  await until('first view', () => menu.fresh);
  for (let n = 0; n < 20; n += 1) await client.command('stock.mark', { sku: `s${n}`, status: 'sold_out' });
  await until('the last of them', () => menu.seq >= fake.seq);
  assert.deepEqual([seenBy(fake).length, paints.length], [0, 1]);
  const began = performance.now();
  paints.shift()();
  await until('a word', () => seenBy(fake).length === 1);
  assert.equal(seenBy(fake)[0].seq, fake.seq);
  await client.command('stock.mark', { sku: 's0', status: 'available' });
  await until('a paint', () => paints.length === 1);
  paints.shift()();
  await until('the next word', () => seenBy(fake).length === 2);
  assert.ok(performance.now() - began >= 190, `after ${performance.now() - began} ms`);
});

test('a new connection is told again what is shown', async () => {
  const { fake, client } = await hubAndClient();
  const menu = follow(client, 'menu');
  await until('the first word', () => seenBy(fake).length === 1);
  fake.hangUp();
  await until('live again', () => menu.fresh && seenBy(fake).length === 2);
});

test('a till hears which screens have not shown it, and forgets it with the connection', async () => {
  const { fake, client } = await hubAndClient();
  const told = [];
  client.on('unseen', (changes) => told.push(changes.length));
  follow(client, 'stock');
  await until('live', () => client.live.state === 'live');
  const change = { sku: 'soup', status: 'sold_out', seq: 1, at: 1, waiting: [{ device: 'kiosk-1', name: 'Kiosk', role: 'kiosk', state: 'waiting', since: 1 }] };
  for (const session of fake.sessions) fake.tell(session, { type: 'unseen', changes: [change] });
  await until('the word', () => client.unseen.length === 1);
  fake.hangUp();
  await until('forgotten', () => client.unseen.length === 0 && client.live.state === 'live');
  assert.deepEqual(told, [0, 1, 0]);
});
