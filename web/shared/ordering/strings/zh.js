export default {
  'group.one': '请选一项',
  'group.optional-one': '可选一项',
  'group.exactly': '请选 {n} 项',
  'group.range': '请选 {min} 至 {max} 项',
  'group.up-to': '最多可选 {n} 项',
  'group.need': '请再选 {n} 项',
  'group.full': '已选满',
  'group.size': '规格',
  'state.sold-out': '已售完',
  'state.left': '仅剩 {n} 份',
  'price.from': '{price} 起',
  'price.included': '已含',
};
