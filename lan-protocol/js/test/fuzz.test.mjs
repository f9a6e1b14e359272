// The SDK against a hub that says anything: the golden messages with values changed, members lost and
// bytes broken, by a seed that is always the same. Nothing throws out of the socket, a request ends
// once, and a good hub afterwards is live at once.
import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { connect, memoryStorage } from '../larder.js';

const golden = fileURLToPath(new URL('../../../tests/protocol/golden/messages/hub/', import.meta.url));
const kSkip = { skip: !existsSync(golden) && 'no golden messages here' };
const kScripts = 200;
const kMessages = 12;

// mulberry32: small, the same on every machine.
function randomOf(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

// A WebSocket without a network: the test is its other side.
class TestSocket {
  static all = [];
  constructor() {
    this.readyState = 1;
    this.sent = [];
    TestSocket.all.push(this);
  }
  send(text) {
    this.sent.push(JSON.parse(text));
  }
  close() {
    this.readyState = 3;
  }
  says(data) {
    this.onmessage?.({ data });
  }
  hangsUp(code) {
    this.readyState = 3;
    this.onclose?.({ code });
  }
}

function good() {
  const messages = new Map();
  for (const file of readdirSync(golden).filter((each) => each.startsWith('good.'))) {
    messages.set(file.split('.')[1], JSON.parse(readFileSync(golden + file, 'utf8')));
  }
  return messages;
}

const kOdd = [null, true, false, 0, -1, 1.5, 2 ** 53, '', 'menu', [], {}, [null], { '': null }];

// One value somewhere in the tree is another, is gone, or is there twice.
function mutated(value, random) {
  const pick = (list) => list[Math.floor(random() * list.length)];
  if (value === null || typeof value !== 'object' || random() < 0.15) return structuredClone(pick(kOdd));
  const copy = Array.isArray(value) ? [...value] : { ...value };
  const key = pick(Object.keys(copy));
  if (key === undefined) return structuredClone(pick(kOdd));
  const how = random();
  if (how < 0.2 && !Array.isArray(copy)) delete copy[key];
  else if (how < 0.3 && Array.isArray(copy)) copy.push(copy[key]);
  else copy[key] = mutated(copy[key], random);
  return copy;
}

function textOf(message, random) {
  const text = JSON.stringify(message);
  if (random() > 0.1) return text;
  const at = Math.floor(random() * text.length);
  return random() < 0.5 ? text.slice(0, at) : text.slice(0, at) + '\u0000[' + text.slice(at);
}

async function until(what, condition) {
  for (let i = 0; i < 2000; i += 1) {
    const value = condition();
    if (value) return value;
    await new Promise((done) => setTimeout(done, 1));
  }
  return assert.fail(what);
}

const isOpen = () => TestSocket.all.find((socket) => socket.readyState === 1 && socket.onmessage);

function greet(socket, messages) {
  socket.says(JSON.stringify(messages.get('hello')));
  socket.says(JSON.stringify(messages.get('welcome')));
}

async function play(t, messages, random) {
  TestSocket.all.length = 0;
  const client = connect({ url: 'ws://hub', token: 't', WebSocket: TestSocket, storage: memoryStorage(), random: () => 0 });
  t.after(() => client.close()); // its timer would keep a failed run alive
  const shown = new Map();
  for (const topic of ['menu', 'kitchen', 'orders', 'stock']) {
    client.follow(topic, (view, { seq }) => shown.set(topic, { view, seq }));
  }
  const ends = new Map();
  const count = (id) => () => ends.set(id, (ends.get(id) ?? 0) + 1);
  for (const id of ['c1', 'c2']) client.command('order.accept', { order: '1' }, { id }).then(count(id), count(id));
  const names = [...messages.keys()];
  for (let i = 0; i < kMessages; i += 1) {
    const socket = client.live.state === 'refused' ? undefined : await until('a socket', isOpen);
    if (!socket) break;
    if (random() < 0.3) greet(socket, messages);
    await Promise.resolve(); // subscriptions leave
    const message = structuredClone(messages.get(names[Math.floor(random() * names.length)]));
    // As if it were the answer to what was asked last, half of the time.
    const asked = socket.sent.findLast((each) => each.id);
    if (asked && random() < 0.5) message.id = asked.id;
    if (random() < 0.05) socket.hangsUp(1006);
    else socket.says(textOf(random() < 0.8 ? mutated(message, random) : message, random));
  }
  return { client, shown, ends };
}

test('whatever a hub says, the SDK goes on and a good hub is live at once', kSkip, async (t) => {
  t.mock.method(console, 'error', () => {}); // it says what it reads anew
  const messages = good();
  const random = randomOf(20261121);
  let refused = 0;
  for (let script = 0; script < kScripts; script += 1) {
    const { client, shown, ends } = await play(t, messages, random);
    for (const [id, times] of ends) assert.equal(times, 1, `${id} ended ${times} times`);
    for (const { view } of shown.values()) assert.notEqual(view, undefined);
    if (client.live.state === 'refused') {
      refused += 1;
      client.retry();
    }
    for (const socket of TestSocket.all) socket.hangsUp(1001);
    const socket = await until('a new socket', isOpen);
    greet(socket, messages);
    assert.equal(client.live.state, 'live', `script ${script}`);
    await until('a subscribe', () => socket.sent.some((each) => each.type === 'subscribe'));
    client.close();
  }
  assert.ok(refused < kScripts / 2, `${refused} of ${kScripts} ended refused: too many to mean anything`);
});
