export default { 'kds.title': '后厨' };
