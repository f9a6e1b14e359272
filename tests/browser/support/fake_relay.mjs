// FakeRelay: the relay's real HTTP side over a relay in memory (tests/api/fake_relay.cpp), with a
// seeded estate. It can be frozen as a machine that hangs. LARDER_PRESET says which build; without
// it the first of asan, dev, release, clang that is there.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root, until, web } from './browser.mjs';

function findProgram() {
  const presets = process.env.LARDER_PRESET ? [process.env.LARDER_PRESET] : ['release', 'dev', 'asan', 'clang'];
  const programs = presets.map((preset) => join(root, 'build', preset, 'bin', 'fake-relay'));
  const program = programs.find(existsSync);
  if (!program) throw new Error(`none of ${programs.join(', ')}: ./larder build first`);
  if (!existsSync(join(web, 'hq', 'index.html'))) throw new Error('no build/web: ./larder build web first');
  return program;
}

export class FakeRelay {
  static async start({ stores = 20000 } = {}) {
    const relay = new FakeRelay();
    relay.home = await mkdtemp(join(tmpdir(), 'larder-hq.'));
    relay.child = spawn(findProgram(), [relay.home, web, String(stores)], { stdio: ['ignore', 'inherit', 'inherit'] });
    relay.gone = new Promise((done) => relay.child.on('exit', done));
    await until('the relay listens', () => existsSync(join(relay.home, 'address')), 30000);
    relay.origin = await readFile(join(relay.home, 'address'), 'utf8');
    relay.password = (await readFile(join(relay.home, 'admin.password'), 'utf8')).trim();
    relay.cookie = await relay.logIn();
    return relay;
  }

  async logIn() {
    const answer = await this.fetch('POST', '/login', { name: 'admin', password: this.password });
    return answer.headers.get('set-cookie').split(';')[0];
  }

  fetch(method, path, body) {
    return fetch(`${this.origin}${path}`, {
      method,
      headers: { origin: this.origin, 'content-type': 'application/json', cookie: this.cookie ?? '' },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  }

  async data(path) {
    return (await (await this.fetch('GET', path)).json()).data;
  }

  freeze(isFrozen) {
    this.child.kill(isFrozen ? 'SIGSTOP' : 'SIGCONT');
  }

  async stop() {
    this.freeze(false);
    this.child.kill('SIGTERM');
    await this.gone;
    await rm(this.home, { recursive: true, force: true });
  }
}
