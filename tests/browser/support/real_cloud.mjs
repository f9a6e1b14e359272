// RealCloud: mosquitto, the built larder-relay with its storefront, and a RealHub that has an uplink
// to them. Loopback, ports of the kernel's choice, everything below one folder.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until, web } from './browser.mjs';
import { freePort, RealHub } from './real_hub.mjs';

export class RealCloud {
  static async start() {
    const cloud = new RealCloud();
    cloud.home = await mkdtemp(join(tmpdir(), 'larder-cloud.'));
    cloud.log = '';
    cloud.brokerPort = await freePort();
    await writeFile(
      join(cloud.home, 'broker.conf'),
      `listener ${cloud.brokerPort} 127.0.0.1\nallow_anonymous true\npersistence false\nset_tcp_nodelay true\n` +
        (process.getuid?.() === 0 ? 'user root\n' : ''),
    );
    cloud.broker = cloud.run('/usr/sbin/mosquitto', ['-c', join(cloud.home, 'broker.conf')]);
    await until('the broker listens', () => answers(cloud.brokerPort));
    const uplink = `[uplink]\naddress = "127.0.0.1"\nport = ${cloud.brokerPort}\ntls = false\n`;
    cloud.hub = await RealHub.start({ more: uplink });
    await cloud.startRelay();
    return cloud;
  }

  async startRelay() {
    const data = join(this.home, 'relay');
    await mkdir(data, { recursive: true });
    const config = join(this.home, 'relay.toml');
    await writeFile(
      config,
      `[relay]\nid = "relay-1"\ndata_dir = "${data}"\n[broker]\naddress = "127.0.0.1"\nport = ${this.brokerPort}\n` +
        `[http]\naddress = "127.0.0.1"\nweb_root = "${web}"\nstorefront = true\n`,
    );
    const address = join(data, 'relay.address');
    await rm(address, { force: true });
    this.relay = this.run(join(this.hub.bin, 'larder-relay'), ['--config', config, '--port', String(this.relayPort ?? 0)]);
    await until('the relay listens', () => existsSync(address), 30_000).catch((error) => {
      throw new Error(`${error.message}\n${this.log}`);
    });
    this.origin = `http://${(await readFile(address, 'utf8')).trim()}`;
    this.relayPort = Number(this.origin.split(':').at(-1));
    await until('the menu is at the relay', async () => (await this.shop('/menu')).ok, 30_000);
  }

  run(program, args) {
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    const keep = (bytes) => (this.log = (this.log + bytes).slice(-20000));
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.gone = new Promise((done) => child.on('exit', done));
    return child;
  }

  shop(path) {
    return fetch(`${this.origin}/api/v1/storefront/stores/s1${path}`).catch(() => ({ ok: false }));
  }

  async stop() {
    await this.hub?.stop();
    for (const child of [this.relay, this.broker]) {
      if (!child || child.exitCode !== null || child.signalCode !== null) continue;
      child.kill('SIGTERM');
      await child.gone;
    }
    await rm(this.home, { recursive: true, force: true });
  }
}

function answers(port) {
  return new Promise((done) => {
    const socket = connect(port, '127.0.0.1');
    socket.on('connect', () => (socket.destroy(), done(true)));
    socket.on('error', () => done(false));
  });
}
