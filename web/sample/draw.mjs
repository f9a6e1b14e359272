// Draws the pictures of the sample menu into web/media: `node web/sample/draw.mjs`.
// One recipe per item; the same recipe gives the same bytes.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { recipes } from './pictures/recipes.mjs';
import { finish } from './pictures/svg.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const media = join(here, '..', 'media');
const menu = JSON.parse(readFileSync(join(here, 'menu.json'), 'utf8'));

mkdirSync(media, { recursive: true });
for (const item of menu.items) {
  const draw = recipes[item.id];
  if (!draw) throw new Error(`no picture for ${item.id}: add it to pictures/recipes.mjs`);
  const svg = finish(draw());
  if (svg.length > 6144) throw new Error(`${item.id}: ${svg.length} bytes, 6144 allowed`);
  writeFileSync(join(media, `${item.id}.svg`), svg);
}
console.log(`${menu.items.length} pictures in web/media`);
