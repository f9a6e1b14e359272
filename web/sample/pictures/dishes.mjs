// What food is served in or on, and how a dish is put together from its ingredients.
import { at, box, circle, ellipse, group, line, path, scatter } from './svg.mjs';
import * as food from './food.mjs';

// A bowl seen from a seat at the table: opening above, body below, food heaped over the rim.
export function bowl(colours, inside, heap = '', surface = '#fff8ec') {
  const { body, dark, rim } = colours;
  return (
    path('M70 150C72 226 128 262 200 262C272 262 328 226 330 150Z', body) +
    path('M92 196C112 240 152 262 200 262C272 262 328 226 330 150H316C308 210 250 244 180 240C142 236 112 220 92 196Z', dark, {
      opacity: '.55',
    }) +
    box(160, 256, 80, 12, 6, dark) +
    ellipse(200, 150, 130, 50, rim) +
    ellipse(200, 151, 119, 42, surface) +
    inside +
    heap
  );
}

// The same opening as a clip, for what must not run over the rim (soup, noodles).
export const within = (id, inside) =>
  `<clipPath id="${id}"><ellipse cx="200" cy="151" rx="119" ry="42"/></clipPath>` + group(inside, { 'clip-path': `url(#${id})` });

export const plate = (inside, fill = '#fff', rim = '#e9e2d6') =>
  ellipse(200, 222, 150, 42, rim) + ellipse(200, 217, 150, 42, fill) + ellipse(200, 215, 108, 28, '#f6f1e8') + inside;

// Each part of a bowl's topping stands in its own field, far ones first.
export const fields = (list) => list.map(([x, y, inside, turn = 0, scale = 1]) => at(x, y, inside, turn, scale)).join('');

export const steam = (x, y) =>
  line(`M${x} ${y}c-10-14 10-22 0-38M${x + 28} ${y - 4}c-10-14 10-22 0-38M${x - 28} ${y - 4}c-10-14 10-22 0-38`, '#fff', 5, {
    opacity: '.85',
  });

const bun = { top: '#e2a04a', light: '#f2bd6c', cut: '#fbe3b4', low: '#d8923c' };

// A burger in layers from the bottom up; each layer tells how much height it takes.
const layers = {
  bottom: (y) => path(`M92 ${y - 34}H308Q312 ${y} 276 ${y}H124Q88 ${y} 92 ${y - 34}Z`, bun.low) + box(92, y - 36, 216, 9, 4, bun.cut),
  patty: (y) => box(86, y - 26, 228, 28, 13, '#7a4327') + line(`M108 ${y - 17}h46m22 0h52m20 0h36`, '#955a38', 5),
  crispy: (y) =>
    path(`M84 ${y - 12}q8-22 26-14 12-12 28-4 16-10 32 0 14-10 32-2 18-10 32 2 16-8 30 2 18-6 24 4 22-4 26 14 0 16-18 14H98q-16-2-14-16Z`, '#d98a34') +
    scatter(7, 14, 200, y - 14, 96, 8, 12).map((place) => circle(place.x, place.y, 3, '#f1b562')).join(''),
  garden: (y) =>
    box(88, y - 26, 224, 28, 12, '#a97a35') +
    scatter(3, 18, 200, y - 12, 98, 9, 11).map((place, index) => circle(place.x, place.y, 3.4, index % 2 ? '#6da544' : '#e8c35a')).join(''),
  cheese: (y) => path(`M84 ${y - 8}H316L282 ${y + 6}L262 ${y + 22}L238 ${y + 4}H170L146 ${y + 20}L124 ${y + 4}Z`, '#ffc02e'),
  lettuce: (y) =>
    path(`M80 ${y - 8}q14-12 30-4 14-10 32-1 16-10 32 0 18-9 34 0 16-9 32 0 16-9 32 1 20-9 32 4 10 14-8 17-14 8-26-1-14 10-30 1-16 9-32 0-18 9-34 0-16 9-32 0-16 8-30-2-18 5-30-14Z`, '#6fb844'),
  tomato: (y) => box(98, y - 13, 98, 15, 7, '#e5523b') + box(204, y - 13, 98, 15, 7, '#e5523b') + line(`M112 ${y - 8}h66m40 0h66`, '#f58a72', 3),
  onion: (y) => line(`M104 ${y - 5}h82m26 0h84`, '#e9d4ea', 8) + line(`M112 ${y - 3}h66m40 0h66`, '#b98abf', 2),
  bacon: (y) =>
    line(`M82 ${y - 5}q18-12 36 0t36 0 36 0 36 0 36 0 36 0 20-2`, '#b5402f', 11) + line(`M82 ${y - 6}q18-12 36 0t36 0 36 0 36 0 36 0 36 0 20-2`, '#f0b39c', 3),
  avocado: (y) => box(96, y - 14, 208, 16, 8, '#a9cb5d') + box(96, y - 14, 208, 6, 3, '#cfe191'),
  slaw: (y) => at(200, y - 7, food.shreds(5, 26, 104, 9, ['#f3efe0', '#b76fb0', '#f08a3c', '#dff0c2'], 26, 5)),
  sauce: (y, fill = '#7b2d1d') => path(`M92 ${y - 8}H308q4 12-10 12-10 0-12 10-2 12-12 12t-12-14q0-8-12-8H170q-12 0-12 10 0 10-10 10t-10-12q0-8-12-8h-22q-14 0-12-12Z`, fill),
};
const heights = { bottom: 34, patty: 24, crispy: 26, garden: 24, cheese: 2, lettuce: 10, tomato: 12, onion: 6, bacon: 9, avocado: 13, slaw: 13, sauce: 4 };

export function burger(stack, base = 258) {
  let y = base;
  let drawn = '';
  for (const name of ['bottom', ...stack]) {
    drawn += layers[name](y);
    y -= heights[name];
  }
  const seeds = [[150, -50], [186, -66], [226, -64], [262, -46], [206, -42], [168, -30], [244, -26]];
  return (
    drawn +
    path(`M90 ${y}C84 ${y - 66} 138 ${y - 90} 200 ${y - 90}S316 ${y - 66} 310 ${y}Q200 ${y + 10} 90 ${y}Z`, bun.top) +
    path(`M106 ${y - 22}C112 ${y - 64} 152 ${y - 80} 200 ${y - 80}C160 ${y - 66} 126 ${y - 50} 106 ${y - 22}Z`, bun.light) +
    seeds.map(([x, up], index) => at(x, y + up, ellipse(0, 0, 6, 3.4, '#fff0cc'), index * 25 - 60)).join('')
  );
}

// A tumbler: what is in it, ice, and what sits on top.
export function glass(liquid, light, inside = '', top = '') {
  return (
    top +
    path('M132 58H268L252 250Q250 262 238 262H162Q150 262 148 250Z', '#ffffff', { opacity: '.65' }) +
    path('M138 92H262L249 244Q248 254 238 254H162Q152 254 151 244Z', liquid) +
    ellipse(200, 92, 62, 9, light) +
    inside +
    path('M146 70H160L170 246H160Z', '#fff', { opacity: '.45' }) +
    line('M132 58H268L252 250Q250 262 238 262H162Q150 262 148 250Z', '#d9e6ea', 4)
  );
}

export const ice = (x, y, turn) => at(x, y, box(-19, -19, 38, 38, 8, '#fff', { opacity: '.5' }) + box(-13, -13, 14, 6, 3, '#fff', { opacity: '.8' }), turn);
export const straw = (x, fill, stripe) => line(`M${x} 150L${x + 26} 24h34`, fill, 11) + line(`M${x + 8} 112l4-20m6-28l4-18`, stripe, 11, { 'stroke-linecap': 'butt' });
export const citrus = (fill, flesh) =>
  circle(0, 0, 34, fill) + circle(0, 0, 28, '#fff7dc') +
  [0, 60, 120, 180, 240, 300].map((turn) => at(0, 0, path('M0 0L24-11Q28 0 24 11Z', flesh), turn, 0.9)).join('');

// Sticks in a paper cup, longest in the middle.
export function sticks(fill, light, cup, stripe, count = 13) {
  const lengths = [70, 96, 84, 118, 102, 128, 110, 124, 98, 114, 88, 94, 66];
  const all = Array.from({ length: count }, (_, index) => {
    const x = 118 + (index * 164) / (count - 1);
    const turn = (index - (count - 1) / 2) * 3.4;
    const height = lengths[index % lengths.length];
    return at(x, 178, box(-9, -height, 18, height + 20, 4, index % 2 ? fill : light), turn);
  }).join('');
  return (
    all +
    path('M104 148Q200 186 296 148L274 254Q272 264 262 264H138Q128 264 126 254Z', cup) +
    path('M152 165l8 99h28l-5-90Zm66 9l-5 90h28l8-99Z', stripe)
  );
}

export const ring = () => circle(0, 0, 31, 'none', { stroke: '#d9933d', 'stroke-width': 17 }) + circle(0, 0, 34, 'none', { stroke: '#f0b866', 'stroke-width': 4, 'stroke-dasharray': '12 16' });
export const roll = () => box(-76, -19, 152, 38, 17, '#d99a45') + box(-70, -14, 130, 9, 5, '#efbf76') + line('M-40-17L-22 16M4-18L22 16', '#c0802f', 3) + ellipse(68, 0, 8, 15, '#b8742a');
export const wing = () =>
  path('M-46 2C-52-24-18-38 8-28C34-22 48-10 44 4C38 24 8 16-10 26C-30 34-44 22-46 2Z', '#b8612a') +
  path('M-36-4C-36-22-12-28 8-20C-8-18-24-12-36-4Z', '#dd8d48') +
  line('M42-4L64-12', '#f7e8d0', 11) + circle(66, -17, 7, '#f7e8d0') + circle(69, -7, 7, '#f7e8d0');
export const dip = (fill, light) => path('M-34 0H34L27 30Q0 40-27 30Z', '#fff') + ellipse(0, 0, 36, 12, '#ece4d6') + ellipse(0, 0, 29, 8.5, fill) + line('M-12 0q8-4 14 0t12 0', light, 3);
export const scoop = (fill, light) => circle(0, 0, 46, fill) + path('M-47 8q8 18 20 8 10 14 24 4 12 12 24 0 16 10 26-12L44-8H-44Z', fill) + path('M-32-14C-28-34-8-40 6-36C-12-30-22-24-32-14Z', light);
