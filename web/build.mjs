// Builds the screens: node web/build.mjs [out folder, default build/web]
// One bundle and one stylesheet per app with the hash of their bytes in the name, the page that
// names them, a manifest, a service worker with the list of what it keeps, and the shared media.
// The sources are plain ES modules; esbuild joins and shrinks them and does nothing else.
import { createHash } from 'node:crypto';
import { cp, mkdir, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const web = dirname(fileURLToPath(import.meta.url));
const out = resolve(process.argv[2] ?? join(web, '..', 'build', 'web'));
const { version } = JSON.parse(await readFile(join(web, '..', 'package.json'), 'utf8'));
// Every folder with a main.js is an app.
const apps = [];
for (const name of (await readdir(web)).sort()) {
  if (await exists(join(web, name, 'main.js'))) apps.push(name);
}

await rm(out, { recursive: true, force: true });
await mkdir(out, { recursive: true });
for (const app of apps) await buildApp(app);
if (await exists(join(web, 'index.html'))) await buildIndex();
if (await exists(join(web, 'media'))) {
  await cp(join(web, 'media'), join(out, 'media'), { recursive: true });
}
console.log(`web: ${apps.join(' ')} -> ${relative(process.cwd(), out) || '.'}`);

async function buildApp(app) {
  const from = join(web, app);
  const to = join(out, app);
  const result = await build({
    entryPoints: [join(from, 'main.js')],
    outdir: to,
    bundle: true,
    minify: true,
    sourcemap: false,
    format: 'esm',
    target: ['es2022', 'chrome100', 'safari15.4', 'firefox100'],
    entryNames: 'app-[hash]',
    assetNames: '[name]-[hash]',
    loader: { '.svg': 'file', '.png': 'file', '.woff2': 'file' },
    define: { __VERSION__: JSON.stringify(version) },
    metafile: true,
    logLevel: 'warning',
  });
  const files = Object.keys(result.metafile.outputs).map((file) => basename(file));
  const script = files.find((file) => file.startsWith('app-') && file.endsWith('.js'));
  const sheet = files.find((file) => file.startsWith('app-') && file.endsWith('.css'));
  const page = (await readFile(join(from, 'index.html'), 'utf8'))
    .replace('__SCRIPT__', script)
    .replace('__SHEET__', sheet ?? '');
  await writeFile(join(to, 'index.html'), page);
  const assets = await copyAssets(join(from, 'assets'), to);
  await writeWorker(to, app, ['./', ...files.map((f) => `./${f}`), ...assets], page);
}

// manifest.webmanifest, icons: whatever lies in the app's assets/.
async function copyAssets(from, to) {
  if (!(await exists(from))) return [];
  await cp(from, to, { recursive: true });
  return (await readdir(from)).sort().map((file) => `./${file}`);
}

async function writeWorker(to, app, shell, page) {
  const stamp = createHash('sha256').update(page).update(shell.join('\n'));
  for (const file of shell.slice(1)) stamp.update(await readFile(join(to, file)));
  const cache = `larder-${app}-${stamp.digest('hex').slice(0, 12)}`;
  const worker = (await readFile(join(web, 'shared', 'sw.js'), 'utf8'))
    .replace('__CACHE__', cache)
    .replace('__SHELL__', JSON.stringify(shell));
  await writeFile(join(to, 'sw.js'), worker);
  await writeFile(join(to, 'precache.json'), JSON.stringify({ cache, shell }, null, 2) + '\n');
}

// The page at "/": which screens are here.
async function buildIndex() {
  await build({
    entryPoints: [join(web, 'index.css')],
    outdir: out,
    bundle: true,
    minify: true,
    logLevel: 'warning',
  });
  await cp(join(web, 'index.html'), join(out, 'index.html'));
}

async function exists(path) {
  return stat(path).then(
    () => true,
    () => false,
  );
}
