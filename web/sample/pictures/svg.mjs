// The small words the pictures are written in: shapes as strings, and a random source that gives
// the same picture every time, so that drawing again changes nothing in the repository.

export const n = (value) => String(Math.round(value * 10) / 10);

const attributes = (more) =>
  Object.entries(more)
    .map(([key, value]) => ` ${key}="${typeof value === 'number' ? n(value) : value}"`)
    .join('');

export const tag = (name, more, inside = '') =>
  inside === '' ? `<${name}${attributes(more)}/>` : `<${name}${attributes(more)}>${inside}</${name}>`;

export const circle = (cx, cy, r, fill, more = {}) => tag('circle', { cx, cy, r, fill, ...more });
export const ellipse = (cx, cy, rx, ry, fill, more = {}) => tag('ellipse', { cx, cy, rx, ry, fill, ...more });
export const box = (x, y, width, height, rx, fill, more = {}) =>
  tag('rect', { x, y, width, height, rx, fill, ...more });
export const path = (d, fill, more = {}) => tag('path', { d, fill, ...more });
export const line = (d, stroke, width, more = {}) =>
  tag('path', { d, fill: 'none', stroke, 'stroke-width': width, 'stroke-linecap': 'round', ...more });
export const group = (inside, more) => tag('g', more, inside);

// Places a drawing. What is placed twice or more is written once, by finish().
const drawings = new Map();
export function at(x, y, inside, turn = 0, scale = 1) {
  if (!drawings.has(inside)) drawings.set(inside, drawings.size);
  const move = `translate(${Math.round(x)} ${Math.round(y)})`;
  const rest = `${turn ? ` rotate(${Math.round(turn)})` : ''}${scale === 1 ? '' : ` scale(${scale})`}`;
  return `<use href="#@${drawings.get(inside)}@" transform="${move}${rest}"/>`;
}

// mulberry32: 32 bits of state are plenty for crumbs.
export function random(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

// `count` places inside an ellipse, none closer to another than `apart` when there is room.
export function scatter(seed, count, cx, cy, rx, ry, apart = 0) {
  const next = random(seed);
  const places = [];
  for (let tries = 0; places.length < count && tries < count * 40; tries += 1) {
    const angle = next() * Math.PI * 2;
    const reach = Math.sqrt(next());
    const place = { x: cx + Math.cos(angle) * reach * rx, y: cy + Math.sin(angle) * reach * ry, turn: next() * 360 };
    if (places.every((other) => Math.hypot(other.x - place.x, other.y - place.y) >= apart)) places.push(place);
  }
  return places;
}

// The frame of every picture: one light ground, one paler disc, a soft shadow under the dish.
export const picture = (tint, disc, inside, shadow = { cx: 200, cy: 262, rx: 120, ry: 14 }) => ({ tint, disc, inside, shadow });

// The text of the file.
export function finish({ tint, disc, inside, shadow }) {
  const text =
    box(0, 0, 400, 300, 0, tint) +
    circle(200, 148, 132, disc) +
    ellipse(shadow.cx, shadow.cy, shadow.rx, shadow.ry, '#5b3a1e', { opacity: '.13' }) +
    inside;
  const { body, defs } = share(text);
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 300">${defs}${body}</svg>\n`;
}

// Turns the marks of at() into <use> of a definition, or into the drawing itself when that is
// shorter.
function share(text) {
  const sources = [...drawings.keys()];
  const uses = new Map();
  const count = (part) => {
    for (const [, key] of part.matchAll(/#@(\d+)@/g)) {
      uses.set(key, (uses.get(key) ?? 0) + 1);
      if (uses.get(key) === 1) count(sources[key]);
    }
  };
  count(text);
  const names = new Map();
  for (const [key, times] of uses) {
    if (times > 1 && sources[key].length > 50) names.set(key, `p${names.size}`);
  }
  const expand = (part) =>
    part.replace(/<use href="#@(\d+)@" (transform="[^"]*")\/>/g, (_, key, transform) =>
      names.has(key) ? `<use href="#${names.get(key)}" ${transform}/>` : `<g ${transform}>${expand(sources[key])}</g>`,
    );
  const defs = [...names].map(([key, name]) => `<g id="${name}">${expand(sources[key])}</g>`).join('');
  return { body: expand(text), defs: defs && `<defs>${defs}</defs>` };
}
