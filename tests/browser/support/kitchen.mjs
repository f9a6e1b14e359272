// A kitchen at noon for the photographs and the KDS tests.
const text = (en, zh) => ({ en, zh });
const options = (...names) =>
  names.map(([en, zh], i) => ({ group: 'g', option: `o${i}`, name: text(en, zh), price_delta: 0 }));

const burger = { station: 'grill', sku: 'classic-burger', name: text('Classic burger', '经典汉堡') };
const bowl = { station: 'grill', sku: 'chicken-bowl-l', name: text('Chicken bowl, large', '鸡肉饭（大）') };
const noodles = { station: 'grill', sku: 'beef-noodle-soup', name: text('Beef noodle soup', '牛肉面') };
const fries = { station: 'fry', sku: 'fries-l', name: text('Fries, large', '大薯条') };
const rings = { station: 'fry', sku: 'onion-rings', name: text('Onion rings', '洋葱圈') };
const salad = { station: 'cold', sku: 'side-salad', name: text('Side salad', '小沙拉') };
const cola = { station: 'bar', sku: 'cola', name: text('Cola', '可乐') };

const medium = options(['Medium', '五分熟'], ['No onion', '不要洋葱']);
const hot = options(['Extra hot', '特辣'], ['Coriander', '香菜']);
const base = options(['Brown rice', '糙米饭'], ['Fried egg', '煎蛋'], ['Peanut sauce', '花生酱']);

export const noon = [
  { agoS: 560, service: 'dine_in', table: '12', lines: [{ ...burger, quantity: 2, options: medium }, fries, cola] },
  { agoS: 497, lines: [{ ...noodles, quantity: 3, options: hot, note: 'Peanut allergy' }, rings] },
  { agoS: 390, service: 'dine_in', table: '4', note: 'Birthday: all together, please', lines: [bowl, { ...burger, options: medium }, salad] },
  { agoS: 330, channel: 'online_order', lines: [{ ...bowl, quantity: 2, options: base }] },
  { agoS: 250, lines: [burger] },
  { agoS: 210, service: 'dine_in', table: '7', lines: [{ ...noodles, quantity: 2 }, { ...burger, options: medium }, { ...bowl, options: base }, fries] },
  { agoS: 170, lines: [{ ...noodles, options: hot }] },
  { agoS: 130, channel: 'online_order', lines: [{ ...burger, quantity: 4 }, { ...fries, quantity: 4 }] },
  { agoS: 95, service: 'dine_in', table: '21', lines: [bowl, noodles] },
  { agoS: 70, lines: [{ ...burger, options: medium }] },
  { agoS: 42, lines: [{ ...bowl, options: base }, cola] },
  { agoS: 15, service: 'dine_in', table: '3', lines: [{ ...noodles, quantity: 1.5 }] },
  { agoS: 4, lines: [burger, fries] },
];

export function fireNoon(fake, count = noon.length) {
  return noon.slice(0, count).map((order, i) => fake.fire({ number: 131 + i, ...order }));
}
