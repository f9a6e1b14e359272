// Words of the item sheet and the cart, shared by the kiosk and the till.
export default {
  'group.one': 'Choose one',
  'group.optional-one': 'Choose one, if you like',
  'group.exactly': 'Choose {n}',
  'group.range': 'Choose {min} to {max}',
  'group.up-to': 'Choose up to {n}, if you like',
  'group.need': { one: 'Please choose one', other: 'Please choose {n} more' },
  'group.full': 'That is all you can choose here',
  'group.size': 'Size',
  'state.sold-out': 'Sold out',
  'state.left': { one: 'Only one left', other: 'Only {n} left' },
  'price.from': 'from {price}',
  'price.included': 'included',
};
