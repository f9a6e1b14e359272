// One recipe per item of the sample menu.
import { at, box, circle, ellipse, group, line, path, picture, scatter } from './svg.mjs';
import * as food from './food.mjs';
import { bowl, burger, citrus, dip, fields, glass, ice, plate, ring, roll, scoop, steam, sticks, straw, wing, within } from './dishes.mjs';

// Ground and disc by kind of dish: warm, light, and never competing with the food.
const cream = ['#fbf1e1', '#fdf8ef'];
const sage = ['#edf3e4', '#f6faf0'];
const rose = ['#fbeae6', '#fdf5f2'];
const sky = ['#e6f1f3', '#f2f9fa'];
const sand = ['#f7ecd9', '#fcf6ea'];

const teal = { body: '#3d7f86', dark: '#28626a', rim: '#5b9aa0' };
const navy = { body: '#44597f', dark: '#2f4164', rim: '#6079a3' };
const clay = { body: '#c8674a', dark: '#a54d33', rim: '#dc8568' };
const stone = { body: '#ece4d6', dark: '#cfc3ae', rim: '#fbf7ef' };
const coal = { body: '#3f3b3a', dark: '#292625', rim: '#5a5452' };

const shallow = { cx: 200, cy: 266, rx: 100, ry: 12 };
const sprinkle = (seed, count, draw, rx = 100, ry = 30, cy = 150, apart = 16) =>
  scatter(seed, count, 200, cy, rx, ry, apart).map((place) => at(place.x, place.y, draw(), place.turn)).join('');

// Bowls -------------------------------------------------------------------------------------------
const salmon_bowl = () =>
  picture(...sage, bowl(teal, at(200, 150, food.rice(1, 108, 34)), fields([
    [136, 128, sprinkleOf(food.bean, 11, 9, 34, 16)],
    [196, 112, food.cucumber(), 0, 1.1], [222, 118, food.cucumber(), 20, 1.1], [208, 132, food.cucumber(), 40, 1.1],
    [272, 128, food.avocado_slice(), 38, 1.1], [290, 138, food.avocado_slice(), 44, 1.1], [254, 122, food.avocado_slice(), 32, 1.1],
    [124, 156, food.salmon_slice(), -16, 1.4], [158, 164, food.salmon_slice(), -6, 1.4], [194, 158, food.salmon_slice(), -14, 1.4],
    [250, 164, food.shreds(4, 16, 34, 12, ['#f28c38', '#f7a65b'])],
    [170, 150, food.sesame(9, 12, 70, 18)],
  ])), shallow);

function sprinkleOf(draw, seed, count, rx, ry, apart = 12) {
  return scatter(seed, count, 0, 0, rx, ry, apart).map((place) => at(place.x, place.y, draw(), place.turn)).join('');
}

const chicken_bowl = () =>
  picture(...sand, bowl(navy, at(200, 150, food.rice(2, 108, 34)), fields([
    [132, 122, food.broccoli(), -12, 1.3], [164, 114, food.broccoli(), 8, 1.3], [112, 142, food.broccoli(), -6, 1.2],
    [252, 122, food.shreds(14, 20, 44, 15, ['#f28c38', '#f7a65b'])],
    [286, 142, sprinkleOf(food.corn, 15, 12, 26, 14, 9)],
    [150, 166, food.chicken_slice(), -20, 1.1], [182, 160, food.chicken_slice(), -20, 1.1], [214, 156, food.chicken_slice(), -20, 1.1], [246, 160, food.chicken_slice(), -20, 1.1],
    [200, 158, food.sesame(5, 14, 66, 14)], [206, 140, sprinkleOf(food.spring_onion, 6, 7, 50, 14)],
  ])), shallow);

const beef_bowl = () =>
  picture(...rose, bowl(coal, at(200, 150, food.rice(3, 108, 34)), fields([
    [262, 124, food.shreds(21, 26, 42, 16, ['#d8452f', '#ef7a4f', '#f6d9b8'], 24, 7)],
    [134, 120, food.leaf(), -30, 1.1], [154, 112, food.leaf('#6cbb52'), -8, 1.1], [120, 138, food.leaf('#6cbb52'), -60, 1],
    [140, 158, food.beef_strip(), -10, 1.2], [182, 150, food.beef_strip(), 12, 1.2], [166, 172, food.beef_strip(), 4, 1.2], [214, 168, food.beef_strip(), -14, 1.2], [122, 172, food.beef_strip(), 16, 0.9],
    [256, 154, food.egg_half(), -10, 1.2],
    [172, 160, food.sesame(8, 14, 56, 14)], [180, 146, sprinkleOf(food.spring_onion, 4, 7, 50, 16)],
  ])), shallow);

const tofu_bowl = () =>
  picture(...sage, bowl(clay, ellipse(200, 151, 119, 42, '#a8cf78'), fields([
    [128, 130, food.shreds(31, 30, 36, 18, ['#7d3c98', '#a569bd', '#c39bd3'])],
    [200, 114, sprinkleOf(food.corn, 32, 20, 34, 14, 9)],
    [276, 130, sprinkleOf(food.bean, 33, 13, 34, 18)],
    [146, 160, food.tofu_cube(), -8, 1.15], [184, 152, food.tofu_cube(), 10, 1.15], [222, 156, food.tofu_cube(), -6, 1.15], [256, 166, food.tofu_cube(), 14, 1.15], [202, 174, food.tofu_cube(), 4, 1.15], [164, 178, food.tofu_cube(), -14, 1.15],
    [208, 140, sprinkleOf(food.chilli_ring, 6, 3, 60, 14, 30)],
  ])), shallow);

// Burgers -----------------------------------------------------------------------------------------
const low = { cx: 200, cy: 262, rx: 128, ry: 13 };
const classic_burger = () => picture(...cream, burger(['patty', 'onion', 'tomato', 'lettuce']), low);
const cheese_burger = () => picture(...sand, burger(['lettuce', 'patty', 'cheese', 'tomato']), low);
const bbq_burger = () => picture(...rose, burger(['patty', 'cheese', 'bacon', 'patty', 'sauce', 'bacon'], 270), { ...low, cy: 272 });
const chicken_burger = () => picture(...sand, burger(['lettuce', 'crispy', 'slaw']), low);
const veggie_burger = () => picture(...sage, burger(['lettuce', 'garden', 'avocado', 'tomato']), low);

// Noodles and soups -------------------------------------------------------------------------------
const broth = (id, fill, inside) => within(id, ellipse(200, 151, 119, 42, fill) + inside);
const nest = (seed, dark, light, width, loops) => at(200, 152, food.noodles(seed, 112, 38, dark, light, width, loops));

const beef_noodle_soup = () =>
  picture(...rose, bowl(clay, broth('a', '#9c4a1f', nest(2, '#e0b25c', '#f5d68d', 7, 15)), fields([
    [142, 132, food.beef_cube(), -8], [186, 124, food.beef_cube(), 6], [156, 158, food.beef_cube(), 4],
    [266, 140, food.pak_choi(), 30, 1.1], [240, 128, food.pak_choi(), -8, 1],
    [216, 164, sprinkleOf(food.spring_onion, 6, 8, 46, 12)], [230, 166, food.chilli_ring()], [196, 172, food.chilli_ring()],
  ]) + steam(200, 92)), shallow);

const dan_dan = () =>
  picture(...cream, bowl(stone, broth('a', '#c96b2c', nest(7, '#ddaa52', '#f4d283', 8, 17)), fields([
    [196, 142, sprinkleOf(() => ellipse(0, 0, 9, 6, '#7b4222'), 5, 26, 46, 18, 9)],
    [262, 142, food.pak_choi(), 34, 1.05], [204, 138, sprinkleOf(food.spring_onion, 9, 9, 44, 14)],
    [190, 146, sprinkleOf(() => ellipse(0, 0, 6, 4, '#e8c07c'), 19, 9, 44, 16, 14)], [136, 154, food.chilli_ring()], [154, 166, food.chilli_ring()],
  ])), shallow);

const chow_mein = () =>
  picture(...sage, plate(
    ellipse(200, 196, 112, 34, '#d2913a') + at(200, 178, food.noodles(12, 106, 46, '#c98a34', '#edbd63', 8, 22)) + fields([
      [146, 160, food.shreds(2, 8, 34, 16, ['#e4472f'], 34, 8)], [236, 166, food.shreds(3, 8, 38, 18, ['#f6bd2c'], 34, 8)],
      [190, 182, food.shreds(6, 8, 60, 20, ['#4f9f3d'], 34, 8)], [200, 166, food.shreds(8, 14, 70, 26, ['#fdf4dc'], 30, 4)],
      [270, 190, food.broccoli(), 12, 1.1], [130, 190, food.broccoli(), -10, 1.1], [200, 168, food.sesame(3, 14, 80, 24)],
    ])), { cx: 200, cy: 258, rx: 140, ry: 12 });

const udon = () =>
  picture(...sky, bowl(navy, broth('a', '#d9a441', nest(16, '#ead9b4', '#fffaf0', 11, 10)), fields([
    [288, 118, food.nori(), 14, 1.1], [268, 114, food.nori(), 6, 1.1],
    [146, 138, food.prawn(), -10, 1.25], [202, 134, food.prawn(), 8, 1.25], [176, 166, food.egg_half(), 10, 1.05],
    [236, 164, sprinkleOf(food.spring_onion, 6, 9, 36, 10)],
  ]) + steam(170, 84)), shallow);

const soup = (tints, colours, fill, light, heap) =>
  picture(...tints, bowl(colours, broth('a', fill, line('M96 156c30-22 66-22 100-6s74 14 104-6M120 172c40-14 84-4 150-2', light, 7)), heap), shallow);

const tomato_soup = () =>
  soup(rose, stone, '#e2502f', '#ee7654', line('M150 146c20-20 70-18 84 0s-30 24-60 16', '#fff1dc', 6) + fields([
    [196, 146, food.leaf(), -24, 0.9], [222, 142, food.leaf('#6cbb52'), 30, 0.8], [262, 160, circle(0, 0, 5, '#7fae3e')], [132, 160, circle(0, 0, 4, '#7fae3e')], [150, 170, circle(0, 0, 3, '#7fae3e')],
  ]) + steam(200, 100));
const seed = () => ellipse(0, 0, 9, 5, '#6f8f3d') + line('M-5 0H5', '#93b45d', 2);
const pumpkin_soup = () =>
  soup(cream, teal, '#f29a2e', '#f8b455', line('M130 152c30-26 60 20 90-2s40-4 54 6', '#fff5e1', 7) + sprinkle(41, 9, seed, 60, 18, 148, 20) + steam(200, 100));
const silken = () => food.tofu_cube('#fff3d8', '#fffaf0');
const miso_soup = () =>
  soup(sky, coal, '#d8ad66', '#e5c285', fields([
    [150, 144, silken(), 8, 0.9], [196, 158, silken(), -10, 0.9], [236, 140, silken(), 14, 0.9], [268, 158, silken(), -6, 0.8], [126, 164, silken(), 0, 0.75],
    [180, 138, food.leaf('#2f6b50', '#1f4f3b'), 12, 1], [224, 168, food.leaf('#2f6b50', '#1f4f3b'), -20, 0.9],
    [206, 146, sprinkleOf(food.spring_onion, 5, 10, 76, 20, 16)],
  ]) + steam(200, 96));
const wonton_soup = () =>
  soup(cream, navy, '#ecc67a', '#f4d99c', fields([
    [142, 140, food.wonton(), -10, 1.05], [204, 130, food.wonton(), 6, 1.05], [262, 144, food.wonton(), 12, 1], [176, 166, food.wonton(), 4, 1.05],
    [236, 168, food.pak_choi(), 70, 0.8], [206, 152, sprinkleOf(food.spring_onion, 5, 9, 80, 22, 16)],
  ]) + steam(200, 84));

// Sides -------------------------------------------------------------------------------------------
const fries = () => picture(...rose, sticks('#f2bb45', '#fad474', '#d8422f', '#f0685a'), { cx: 200, cy: 266, rx: 84, ry: 11 });
const sweet_fries = () => picture(...sage, sticks('#e27a2b', '#f09a4d', '#3f7f6a', '#5f9c88'), { cx: 200, cy: 266, rx: 84, ry: 11 });
const onion_rings = () =>
  picture(...sand, plate(fields([[118, 190, ring()], [282, 190, ring()], [200, 204, ring()], [158, 158, ring()], [244, 158, ring()], [200, 122, ring()], [200, 178, ring(), 0, 0.9]])), { cx: 200, cy: 258, rx: 140, ry: 12 });
const wings = () =>
  picture(...cream, plate(fields([[130, 196, wing(), -8], [212, 204, wing(), 6], [162, 160, wing(), 4], [246, 168, wing(), -14], [206, 128, wing(), -4, 0.95], [292, 200, dip('#d9342b', '#f0776a')]]) + sprinkle(9, 8, food.spring_onion, 80, 32, 170)), { cx: 200, cy: 258, rx: 140, ry: 12 });
const spring_rolls = () =>
  picture(...sage, plate(at(180, 198, food.leaf('#7cc35c', '#5aa845'), -10, 3) + fields([[174, 196, roll(), -6], [190, 162, roll(), -16], [290, 194, dip('#e0562e', '#f59a6e')]])), { cx: 200, cy: 258, rx: 140, ry: 12 });
const side_salad = () =>
  picture(...sage, bowl(stone, ellipse(200, 151, 119, 42, '#9ccb6b'), fields([
    [120, 140, food.leaf(), -40, 1.5], [160, 118, food.leaf('#7cc35c'), -14, 1.7], [220, 112, food.leaf(), 10, 1.6], [272, 128, food.leaf('#7cc35c'), 34, 1.6], [180, 146, food.leaf('#8fd06e'), 8, 1.6], [246, 152, food.leaf('#8fd06e'), -22, 1.5], [140, 164, food.leaf('#6cbb52'), 14, 1.3],
    [150, 138, food.cucumber(), 0, 1.1], [206, 128, food.cherry_tomato(), 0, 1.3], [258, 138, food.cucumber(), 0, 1.1], [226, 160, food.cherry_tomato(), 0, 1.3], [168, 164, food.cherry_tomato(), 0, 1.2], [194, 150, food.cucumber()], [284, 156, food.cherry_tomato()],
  ])), shallow);
const fried_egg = () => picture(...sky, plate(at(200, 206, food.fried_egg(), 0, 1.5)), { cx: 200, cy: 258, rx: 140, ry: 12 });
const party_platter = () =>
  picture(...rose, path('M40 216H360L338 250Q336 256 328 256H72Q64 256 62 250Z', '#b07a45') + ellipse(200, 214, 162, 40, '#c99058') + ellipse(200, 210, 148, 33, '#dba86e') + fields([
    [100, 196, wing(), -6, 0.85], [126, 168, wing(), 8, 0.85], [92, 220, wing(), 4, 0.8], [280, 192, roll(), -10, 0.75], [272, 164, roll(), -22, 0.75], [286, 216, roll(), 0, 0.75],
    [178, 160, ring(), 0, 0.8], [216, 150, ring(), 0, 0.8], [196, 184, ring(), 0, 0.85], [160, 206, dip('#d9342b', '#f0776a'), 0, 0.9], [224, 212, dip('#fbf1cf', '#e9d79d'), 0, 0.9],
  ]), { cx: 200, cy: 260, rx: 150, ry: 11 });

// Desserts ----------------------------------------------------------------------------------------
const flat = { cx: 200, cy: 258, rx: 140, ry: 12 };
const brownie = () =>
  picture(...rose, plate(
    path('M122 144L216 124L288 150V204L194 228L122 196Z', '#5b3322') + path('M122 144L216 124L288 150L194 172Z', '#7d4a32') + path('M194 172L288 150V204L194 228Z', '#472618') +
    path('M140 143L216 127L272 148Q260 158 258 176 256 188 248 180 244 166 232 166 222 168 220 190 216 202 208 194 206 170 194 168Q160 160 140 143Z', '#331a10') +
    circle(214, 124, 25, '#fff6e3') + path('M194 112Q206 98 222 102 208 106 200 118Z', '#fffdf7') + at(232, 106, food.mint(), 0, 0.9) + circle(110, 214, 5, '#331a10') + circle(96, 208, 3, '#331a10')), flat);
const cheesecake = () =>
  picture(...sky, plate(
    path('M96 170L278 126L306 152V196L118 226Q98 222 96 208Z', '#fff3cf') + path('M96 170L278 126L306 152L118 184Q96 180 96 170Z', '#fffaf0') + path('M96 202L118 216L306 186V198L118 230Q98 224 96 212Z', '#c98b4a') +
    path('M120 166Q200 138 276 132Q292 140 292 150 290 168 278 160 270 150 254 158 250 182 238 176 232 160 212 168 176 178 150 174 126 176 120 166Z', '#cf2f4f') +
    fields([[196, 146, food.raspberry(), 0, 1.2], [226, 138, food.raspberry(), 0, 1.2], [214, 158, food.raspberry(), 0, 1.2], [250, 138, food.mint()]])), flat);
const mango_pudding = () =>
  picture(...cream, path('M112 110H288L262 240Q260 254 246 254H154Q140 254 138 240Z', '#fff', { opacity: '.7' }) + path('M122 132H278L258 236Q256 246 246 246H154Q144 246 142 236Z', '#fbb02d') + path('M118 118H282L278 140Q200 158 122 140Z', '#fff8ea') +
    path('M130 150H150L162 240H152Z', '#ffd27a', { opacity: '.8' }) + fields([[166, 112, box(-15, -13, 30, 26, 5, '#f99a1c'), -12], [200, 106, box(-15, -13, 30, 26, 5, '#fdb53f'), 8], [232, 114, box(-15, -13, 30, 26, 5, '#f99a1c'), 20], [206, 88, food.mint(), 0, 1.1]]) +
    line('M112 110H288L262 240Q260 254 246 254H154Q140 254 138 240Z', '#e4ddcd', 4), { cx: 200, cy: 256, rx: 80, ry: 10 });
const ice_cream = () =>
  picture(...sky, line('M262 92L306 34', '#e3b36b', 15) + at(154, 126, scoop('#fdf0cf', '#fffaf0')) + at(246, 126, scoop('#f2a0ae', '#f9c6ce')) + at(200, 88, scoop('#7a4a32', '#9a6549')) +
    path('M92 158H308L272 242Q266 256 250 256H150Q134 256 128 242Z', '#4aa3a8') + ellipse(200, 158, 108, 15, '#6bbabf') + path('M126 176L156 240H168L146 176Z', '#8acdd1', { opacity: '.7' }) +
    fields([[154, 136, scoop('#fdf0cf', '#fffaf0'), 0, 0.7], [246, 136, scoop('#f2a0ae', '#f9c6ce'), 0, 0.7]]) + at(200, 40, food.raspberry(), 0, 1.1), { cx: 200, cy: 258, rx: 74, ry: 10 });
const churro = () => box(-11, -92, 22, 184, 11, '#c98239') + line('M-4-82V80M4-82V80', '#e3a75f', 4) + scatter(4, 12, 0, 0, 8, 84, 12).map((place) => circle(place.x, place.y, 1.8, '#fff4de')).join('');
const churros = () =>
  picture(...sand, fields([[140, 130, churro(), -18], [180, 118, churro(), -6], [222, 118, churro(), 8], [258, 132, churro(), 20]]) + path('M110 140H276L258 250Q256 262 244 262H144Q132 262 130 250Z', '#f6ead6') + path('M110 140H276L273 158H113Z', '#e2cfae') + at(292, 222, dip('#4a2717', '#7a4a32'), 0, 1.15), { cx: 210, cy: 264, rx: 110, ry: 10 });

// Drinks ------------------------------------------------------------------------------------------
const stand = { cx: 200, cy: 264, rx: 72, ry: 10 };
const bubbles = (count) => scatter(51, count, 200, 180, 44, 62, 14).map((place) => circle(place.x, place.y, 3.4, '#fff', { opacity: '.55' })).join('');
const cola = () => picture(...rose, glass('#5b2a17', '#7d4527', ice(176, 118, 14) + ice(222, 126, -18) + ice(196, 164, 30) + bubbles(10), straw(210, '#e0483a', '#fff')), stand);
const lemonade = () => picture(...sage, glass('#f9e58a', '#fdf2bb', ice(178, 124, 10) + ice(218, 160, -20) + at(214, 112, citrus('#f7cf2e', '#fbe27a'), 10, 0.8) + at(178, 196, citrus('#f7cf2e', '#fbe27a'), 30, 0.8) + at(196, 150, food.mint()), straw(206, '#4c9f70', '#fff') + at(268, 66, citrus('#f7cf2e', '#fbe27a'))), stand);
const iced_tea = () => picture(...cream, glass('#d07a2a', '#e39a50', ice(180, 120, 18) + ice(222, 150, -12) + ice(184, 186, 32) + at(216, 208, path('M-30 8Q0-30 30 8Q0 20-30 8Z', '#f9a35c')), straw(206, '#fff', '#e8a25c') + at(146, 58, path('M-36 10Q0-34 36 10Q0 24-36 10Z', '#f6954a') + line('M-34 10Q0 24 34 10', '#d9512f', 5), -20)), stand);
const orange_juice = () => picture(...sand, glass('#fa9f1e', '#ffc25e', bubbles(6), at(262, 70, citrus('#f58a12', '#ffb347'), 0, 1.1)) + at(300, 232, citrus('#f58a12', '#ffb347'), 20, 0.95), { ...stand, cx: 226, rx: 104 });
const water = () =>
  picture(...sky, box(178, 20, 44, 26, 6, '#2f7fb3') + path('M182 46H218V70Q246 88 246 122V248Q246 264 230 264H170Q154 264 154 248V122Q154 88 182 70Z', '#cfe9f5') + path('M160 128Q200 114 240 128V246Q240 258 230 258H170Q160 258 160 246Z', '#9fd3ec') +
    box(154, 150, 92, 60, 0, '#fff') + path('M200 160Q216 180 216 188A16 16 0 0 1 184 188Q184 180 200 160Z', '#3f9fd0') + bubbles(7) + path('M166 120Q170 96 184 84L190 90Q178 102 178 130V146H166Z', '#fff', { opacity: '.7' }), { ...stand, rx: 60 });
const coffee = () =>
  picture(...sand, ellipse(194, 244, 128, 22, '#fff') + ellipse(194, 240, 100, 14, '#eee4d3') + line('M280 150q44-4 40 32t-56 28', '#fff', 15) + path('M98 126H290Q290 232 226 240H162Q98 232 98 126Z', '#fff') + path('M236 234Q284 216 290 126H272Q270 206 220 238Z', '#eee4d3') + ellipse(194, 126, 96, 25, '#f3ebde') + ellipse(194, 127, 85, 19, '#7a4a2c') +
    path('M194 142Q150 130 168 119Q184 112 194 124Q204 112 220 119Q238 130 194 142Z', '#f1d9b5') + steam(194, 92), { cx: 194, cy: 262, rx: 120, ry: 9 });
const green_tea = () =>
  picture(...sage, line('M268 132q52-8 50 40t-62 42', '#4d8a74', 15) + path('M104 150Q60 150 44 112L66 104Q82 128 112 132Z', '#4d8a74') + path('M96 152Q96 104 190 104T284 152Q290 250 226 256H154Q90 250 96 152Z', '#5f9f88') + path('M228 256Q290 248 284 152Q282 142 274 134Q282 220 212 256Z', '#4d8a74') +
    ellipse(190, 110, 62, 13, '#4d8a74') + path('M132 108Q140 84 190 84T248 108Z', '#6fae97') + circle(190, 78, 11, '#4d8a74') + at(170, 186, food.leaf('#cfe8b8', '#9cc98a'), -30, 1.2) + at(210, 192, food.leaf('#e0f1cf', '#9cc98a'), 24, 1) + steam(58, 96), { cx: 190, cy: 260, rx: 100, ry: 10 });
const beer = () =>
  picture(...cream, line('M262 116h26q24 0 24 26v44q0 26-24 26h-26', '#e8e0cf', 17) + path('M120 84H270V244Q270 262 254 262H136Q120 262 120 244Z', '#f7b731') + path('M140 110h14v132h-14zM180 110h14v132h-14zM220 110h14v132h-14z', '#fccf62') + path('M254 262Q270 262 270 244V110H256V262Z', '#e39f1b') +
    circle(138, 84, 28, '#fffaf0') + circle(178, 70, 32, '#fffdf8') + circle(220, 72, 30, '#fffaf0') + circle(254, 86, 26, '#fffdf8') + path('M114 88H276Q278 112 258 112H236Q228 112 228 126 226 140 216 138 208 134 208 122 206 112 196 112H134Q112 112 114 88Z', '#fffaf0'), { cx: 208, cy: 264, rx: 94, ry: 10 });

// Meals: the dishes again, smaller, together. ------------------------------------------------------
const part = (dish, x, y, scale) => group(dish.inside, { transform: `translate(${x} ${y}) scale(${scale})` });
const burger_meal = () => picture(...cream, part(fries(), 186, 30, 0.7) + part(cola(), -34, 36, 0.7) + part(cheese_burger(), 46, 64, 0.78), { cx: 204, cy: 262, rx: 150, ry: 12 });
const noodle_meal = () => picture(...sage, part(green_tea(), 176, 16, 0.62) + bowl_of_noodles() + part(spring_rolls_small(), 190, 124, 0.52), { cx: 200, cy: 264, rx: 160, ry: 11 });
const bowl_of_noodles = () =>
  group(bowl(clay, broth('a', '#c96b2c', nest(7, '#ddaa52', '#f4d283', 9, 9)), fields([[190, 138, food.beef_cube()], [236, 140, food.pak_choi(), 24], [150, 150, food.egg_half()], [206, 164, sprinkleOf(food.spring_onion, 6, 5, 40, 10)]])), { transform: 'translate(-14 62) scale(.76)' });
const spring_rolls_small = () => picture(...sage, plate(fields([[176, 198, roll(), -6], [196, 164, roll(), -14], [292, 194, dip('#e0562e', '#f59a6e')]])));

export const recipes = {
  'burger-meal': burger_meal, 'noodle-meal': noodle_meal,
  'salmon-bowl': salmon_bowl, 'chicken-bowl': chicken_bowl, 'beef-bowl': beef_bowl, 'tofu-bowl': tofu_bowl,
  'classic-burger': classic_burger, 'cheese-burger': cheese_burger, 'bbq-burger': bbq_burger, 'chicken-burger': chicken_burger, 'veggie-burger': veggie_burger,
  'beef-noodle-soup': beef_noodle_soup, 'dan-dan': dan_dan, 'chow-mein': chow_mein, udon,
  fries, 'sweet-fries': sweet_fries, 'onion-rings': onion_rings, wings, 'spring-rolls': spring_rolls, 'side-salad': side_salad, 'fried-egg': fried_egg, 'party-platter': party_platter,
  'tomato-soup': tomato_soup, 'pumpkin-soup': pumpkin_soup, 'miso-soup': miso_soup, 'wonton-soup': wonton_soup,
  brownie, cheesecake, 'mango-pudding': mango_pudding, 'ice-cream': ice_cream, churros,
  cola, lemonade, 'iced-tea': iced_tea, 'orange-juice': orange_juice, water, coffee, 'green-tea': green_tea, beer,
};
