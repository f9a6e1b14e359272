export default { 'kds.title': 'Kitchen' };
