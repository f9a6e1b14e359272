// Holds the golden files against schemas/json with ajv (JSON Schema 2020-12).
//   good.* loose.* result.*   pass their schema
//   bad.*                     fail it
//   refused.*                 pass it, or are no JSON at all: only the hub's decoder can tell
// Exits 1 and names each file that does otherwise, and each schema without golden files.
import { readFileSync, readdirSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import Ajv2020 from 'ajv/dist/2020.js';

const here = dirname(fileURLToPath(import.meta.url));
const schemaRoot = join(here, '../../schemas/json');
const goldenRoot = join(here, 'golden');
const kBase = 'https://larder.example/schemas/json/';
const kFolders = ['commands', 'queries', 'events'];

function filesUnder(folder) {
  const entries = readdirSync(folder, { withFileTypes: true });
  return entries.flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? filesUnder(path) : [path];
  });
}

const ajv = new Ajv2020({ strict: true, strictRequired: false, allErrors: false });
for (const path of filesUnder(schemaRoot)) {
  const schema = JSON.parse(readFileSync(path, 'utf8'));
  const expected = kBase + relative(schemaRoot, path);
  if (schema.$id !== expected) throw new Error(`${path}: $id must be ${expected}`);
  ajv.addSchema(schema);
}

// The schemas that a golden file must satisfy, by the folder it lies in.
function checksFor(path) {
  const [folder, name] = relative(goldenRoot, path).split('/');
  if (folder === 'messages') return [(value) => validate(`messages/${name}.json`, value)];
  if (folder !== 'events') {
    const place = basename(path).startsWith('result.') ? '#/$defs/result' : '';
    return [(value) => validate(`${folder}/${name}.json${place}`, value)];
  }
  return [(value) => validate('messages/event.json', value)];
}

function validate(id, value) {
  const check = ajv.getSchema(kBase + id);
  if (!check) throw new Error(`no schema ${id}`);
  return check(value) ? '' : `${id}: ${ajv.errorsText(check.errors)}`;
}

function parse(path) {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(readFileSync(path));
    return { value: JSON.parse(text) };
  } catch {
    return null;
  }
}

// What is wrong with one golden file; empty when nothing is.
function complaint(path) {
  const kind = basename(path).split('.')[0];
  const parsed = parse(path);
  if (!parsed) return kind === 'refused' ? '' : 'is not JSON';
  const wrong = checksFor(path).map((check) => check(parsed.value)).filter(Boolean).join('; ');
  if (kind === 'bad') return wrong ? '' : 'passes its schema, so it is `refused`, not `bad`';
  if (['good', 'loose', 'result', 'refused'].includes(kind)) return wrong;
  return `unknown kind ${kind}`;
}

const golden = filesUnder(goldenRoot);
const complaints = golden.map((path) => [path, complaint(path)]).filter(([, text]) => text);
for (const [path, text] of complaints) console.error(`${relative(here, path)}: ${text}`);

const bare = kFolders.flatMap((folder) =>
  readdirSync(join(schemaRoot, folder))
    .map((file) => `${folder}/${file.slice(0, -'.json'.length)}`)
    .filter((name) => !golden.some((path) => relative(goldenRoot, path).startsWith(`${name}/good.`))),
);
for (const name of bare) console.error(`schemas/json/${name}.json: no golden file`);

const failed = complaints.length + bare.length;
console.log(`${golden.length - complaints.length} passed, ${failed} failed`);
process.exitCode = failed === 0 && golden.length > 0 ? 0 : 1;
