// RealHub: the built larder-edge on a data directory of its own, with the sample menu and one
// token per screen. It can be killed like a power cut and started again on the same port and data.
// LARDER_PRESET says which build; without it the first of release, dev, asan, clang that is there.
import { execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { root, until, web } from './browser.mjs';

const run = promisify(execFile);

function findBin() {
  const presets = process.env.LARDER_PRESET ? [process.env.LARDER_PRESET] : ['release', 'dev', 'asan', 'clang'];
  const bins = presets.map((preset) => join(root, 'build', preset, 'bin'));
  const bin = bins.find((each) => existsSync(join(each, 'larder-edge')));
  if (!bin) throw new Error(`no larder-edge in ${bins.join(', ')}: ./larder build first`);
  if (!existsSync(join(web, 'kds', 'index.html'))) throw new Error('no build/web: ./larder build web first');
  return bin;
}

// A port that the kernel gave out a moment ago; the hub needs the same one after a restart.
export async function freePort() {
  const server = createServer();
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address();
  await new Promise((done) => server.close(done));
  return port;
}

export class RealHub {
  static async start({ lateS = 300, veryLateS = 480, more = '' } = {}) {
    const hub = new RealHub();
    hub.bin = findBin();
    hub.home = await mkdtemp(join(tmpdir(), 'larder-screens.'));
    hub.port = await freePort();
    hub.config = join(hub.home, 'larder.toml');
    await writeFile(
      hub.config,
      `[store]\nid = "s1"\nname = "Test kitchen"\nzone = "Europe/Berlin"\n` +
        `[hub]\ndata_dir = "${hub.home}/data"\nweb_root = "${web}"\n` +
        `[lan]\naddress = "127.0.0.1"\nport = ${hub.port}\n[mdns]\nenabled = false\n` +
        `[kitchen]\nlate_s = ${lateS}\nvery_late_s = ${veryLateS}\n${more}`,
    );
    await hub.up();
    await hub.ctl('menu', 'import', join(root, 'web', 'sample', 'menu.json'));
    return hub;
  }

  get origin() {
    return `http://127.0.0.1:${this.port}`;
  }

  get url() {
    return `ws://127.0.0.1:${this.port}/ws/v1`;
  }

  async up() {
    this.log = '';
    this.child = spawn(join(this.bin, 'larder-edge'), ['--config', this.config], { stdio: ['ignore', 'pipe', 'pipe'] });
    const keep = (bytes) => (this.log = (this.log + bytes).slice(-20000));
    this.child.stdout.on('data', keep);
    this.child.stderr.on('data', keep);
    this.gone = new Promise((done) => this.child.on('exit', done));
    await until('the hub answers', () => this.isHealthy(), 20000).catch((error) => {
      throw new Error(`${error.message}\n${this.log}`);
    });
  }

  async isHealthy() {
    if (this.child.exitCode !== null) throw new Error(`the hub ended: ${this.child.exitCode}\n${this.log}`);
    return fetch(`${this.origin}/healthz`).then(
      ({ ok }) => ok,
      () => false,
    );
  }

  // As a power cut ends it: no goodbye to anybody.
  async kill() {
    this.child.kill('SIGKILL');
    await this.gone;
  }

  // Stops it from running without ending it: the sockets stay open and nothing comes.
  freeze(isFrozen) {
    this.child.kill(isFrozen ? 'SIGSTOP' : 'SIGCONT');
  }

  async ctl(...args) {
    const to = ['--hub', `127.0.0.1:${this.port}`, '--token-file', join(this.home, 'data', 'admin.token')];
    const { stdout } = await run(join(this.bin, 'larderctl'), [...to, ...args]);
    return stdout;
  }

  async mint(id, role, station = '') {
    const args = ['--id', id, '--name', id, '--role', role, ...(station ? ['--station', station] : [])];
    return JSON.parse(await this.ctl('--json', 'devices', 'add', ...args)).token;
  }

  async stop() {
    if (this.child.exitCode === null && this.child.signalCode === null) {
      this.freeze(false);
      this.child.kill('SIGTERM');
      await this.gone;
    }
    await rm(this.home, { recursive: true, force: true });
  }
}

// larderctl staff add reads the PIN from stdin, never from the command line.
export function hire(hub, id, name, pin, may) {
  const words = ['--hub', `127.0.0.1:${hub.port}`, '--token-file', join(hub.home, 'data', 'admin.token')];
  return new Promise((done, fail) => {
    const child = execFile(join(hub.bin, 'larderctl'), [...words, 'staff', 'add', id, '--name', name, '--may', may], (error, out, problems) =>
      error ? fail(new Error(problems)) : done(out),
    );
    child.stdin.end(`${pin}\n`);
  });
}
