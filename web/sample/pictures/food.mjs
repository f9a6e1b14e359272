// Ingredients, each drawn around (0, 0) and placed by the dish with at().
import { at, box, circle, ellipse, line, path, random, scatter } from './svg.mjs';

export const egg_half = () =>
  ellipse(0, 0, 27, 22, '#fffdf6', { stroke: '#efe2c4', 'stroke-width': 2 }) +
  circle(1, 1, 13, '#f9a826') +
  circle(-3, -3, 5, '#ffc766');

export const fried_egg = () =>
  path('M-46 4C-52-22-28-40-6-34 12-46 44-34 46-10 60 6 44 32 20 30 4 44-38 38-46 4Z', '#fffdf7', {
    stroke: '#eadfc8',
    'stroke-width': 3,
  }) +
  circle(2, -3, 19, '#fbb034') +
  ellipse(-4, -10, 6, 4, '#ffe0a0');

export const salmon_slice = () =>
  path('M-26-10Q0-20 26-10Q30 2 24 12Q0 4-24 12Q-31 0-26-10Z', '#fa8b5f') +
  line('M-18-12Q-14 0-17 9M-5-14Q-1-4-4 6M9-14Q13-4 10 7', '#ffd2bb', 3);

export const avocado_slice = () =>
  path('M-8-32Q20-20 14 12Q10 30-6 32Q6 14 4-4Q2-22-8-32Z', '#d9e58a') +
  line('M-8-32Q20-20 14 12Q10 30-6 32', '#6b9b37', 5);

export const cucumber = () =>
  circle(0, 0, 15, '#e6f4c8', { stroke: '#4e9a3b', 'stroke-width': 4 }) +
  [0, 60, 120, 180, 240, 300].map((turn) => at(0, 0, ellipse(7, 0, 3, 1.4, '#bcdc92'), turn)).join('');

export const tomato_disc = () =>
  circle(0, 0, 17, '#e8503a') +
  [30, 150, 270].map((turn) => at(0, 0, ellipse(9, 0, 5, 3.6, '#ff9d7e'), turn)).join('');

export const cherry_tomato = () => circle(0, 0, 12, '#e5482f') + ellipse(-4, -5, 3.6, 2.4, '#ffb09b');

export const leaf = (fill = '#5aa845', vein = '#3f8a30') =>
  path('M-26 0Q-8-20 26 0Q-8 20-26 0Z', fill) + line('M-22 0H18', vein, 2);

export const broccoli = () =>
  box(-5, 4, 10, 18, 4, '#a9cf74') +
  circle(-11, 2, 11, '#4b9440') +
  circle(11, 2, 11, '#4b9440') +
  circle(0, -8, 13, '#5ba84c') +
  circle(-4, -11, 3, '#7cc06a') +
  circle(9, 0, 3, '#6ab45b');

export const spring_onion = () => circle(0, 0, 4.5, 'none', { stroke: '#4f9f3d', 'stroke-width': 3 });
export const chilli_ring = () => circle(0, 0, 6, '#ffe9da', { stroke: '#d9342b', 'stroke-width': 4 });
export const bean = () => ellipse(0, 0, 9, 6.5, '#8cc63f') + ellipse(-2, -2, 3, 1.8, '#b5df78');
export const corn = () => ellipse(0, 0, 6, 5, '#ffcf3f', { stroke: '#f2b21b', 'stroke-width': 1 });

export const chicken_slice = (dark = '#b9692b', light = '#f6dcb2') =>
  path('M-34-9Q0-20 34-9Q38 2 32 10Q0 2-32 10Q-38 2-34-9Z', light) +
  path('M-34-9Q0-20 34-9L32-2Q0-12-33-1Z', dark);

export const beef_strip = () =>
  path('M-30-6Q-14-16 2-8Q16-2 30-10Q36 2 24 9Q8 14-4 7Q-18 1-30 8Q-37 2-30-6Z', '#8a4a2b') +
  line('M-22-3Q-10-9 2-2Q14 4 24-2', '#b26e45', 3);

export const beef_cube = () =>
  box(-22, -16, 44, 32, 8, '#8d4a2a') + line('M-14-7H10M-12 3H14', '#b47450', 3) + box(-22, 8, 44, 8, 4, '#74391e');

export const tofu_cube = (side = '#f3dcae', top = '#e0a046') =>
  box(-18, -16, 36, 33, 6, '#d8ac63') + box(-17, -15, 34, 30, 5, side) + box(-17, -15, 34, 13, 5, top) + line('M-9-9H6', '#f3cd8c', 3);

export const prawn = () =>
  line('M-22 14C-26-14 2-26 20-12C28-4 26 8 16 12', '#f4845c', 15) +
  line('M-16-3L-27-8M-4-13L-8-25M10-12L15-24', '#ffd0bb', 3) +
  path('M-22 14L-36 22L-30 30L-14 26Z', '#d95f3c');

export const pak_choi = () =>
  path('M-8 30Q-14 4-4-6H4Q14 4 8 30Z', '#eef6dc') +
  path('M0 4C-34-6-26-40 0-36C26-40 34-6 0 4Z', '#4f9a45') +
  line('M0 6V-24M0-6L-11-16M0-8L11-18', '#c9e3ad', 3);

export const nori = () => box(-13, -34, 26, 68, 3, '#24493b') + line('M-6-26V22M4-22V26', '#34604f', 2);

export const wonton = () =>
  path('M-34 8Q-36-14-12-20Q0-34 12-20Q36-14 34 8Q16 22 0 20Q-16 22-34 8Z', '#fbe7c0') +
  path('M-16 0Q0-14 16 0Q12 13 0 13Q-12 13-16 0Z', '#f2c795') +
  line('M-28 4Q-20-8-12-12M28 4Q20-8 12-12M0-26V-14', '#e2c08c', 3);

export const mint = () => at(-9, 0, leaf('#58b368', '#3b8d4b'), 200, 0.7) + at(9, -4, leaf('#6cc47b', '#3b8d4b'), -35, 0.7);
export const raspberry = () =>
  circle(0, 0, 12, '#d6294b') +
  [[-5, -5], [4, -6], [0, 1], [-6, 4], [6, 4]].map(([x, y]) => circle(x, y, 3.2, '#ee5a75')).join('');

// A heap of loose things cut thin: cabbage, carrot, kimchi. One path per colour.
export function shreds(seed, count, rx, ry, colours, length = 22, width = 4) {
  const paths = colours.map(() => '');
  scatter(seed, count, 0, 0, rx, ry, 3).forEach((place, index) => {
    const turn = (place.turn * Math.PI) / 180;
    const point = (along, across) =>
      `${Math.round(along * Math.cos(turn) - across * Math.sin(turn))} ${Math.round(along * Math.sin(turn) + across * Math.cos(turn))}`;
    const start = `${Math.round(place.x)} ${Math.round(place.y)}`;
    paths[index % colours.length] += `M${start}q${point(length / 2, index % 2 ? 7 : -7)} ${point(length, 0)}`;
  });
  return paths.map((d, index) => line(d, colours[index], width)).join('');
}

// Grains of rice: short light strokes on a warm white.
export const rice = (seed, rx, ry, colours = ['#fff', '#efe3cb']) => shreds(seed, 26, rx, ry, colours, 7, 4);

// Noodles as loops of one thickness, darker below, lighter on top.
export function noodles(seed, rx, ry, dark, light, width = 7, loops = 16) {
  const next = random(seed);
  const loop = () => {
    const turn = next() * Math.PI * 2;
    const reach = 0.3 + next() * 0.55;
    const point = (angle, scale) => `${Math.round(Math.cos(angle) * rx * scale)} ${Math.round(Math.sin(angle) * ry * scale)}`;
    const inner = Math.max(0.15, reach - 0.35 + next() * 0.4);
    return `M${point(turn, reach)}Q${point(turn + 0.8, reach + 0.25)} ${point(turn + 1.6, reach)}T${point(turn + 2.9, inner)}`;
  };
  const many = (count) => Array.from({ length: count }, loop).join('');
  return line(many(loops), dark, width) + line(many(loops), light, width - 2);
}

export const sesame = (seed, count, rx, ry) =>
  line(
    scatter(seed, count, 0, 0, rx, ry, 6)
      .map((place, index) => `M${Math.round(place.x)} ${Math.round(place.y)}${index % 2 ? 'l3 1' : 'l2-2'}`)
      .join(''),
    '#fff3d6',
    4,
  );
