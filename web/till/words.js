// A refusal as a sentence a person can act on. The hub's own sentence is English; a code that has
// words here speaks the screen's language.
import { t } from '../shared/i18n.js';

export function refusalWords(error, name = '', verb = '') {
  const values = { name: name || error.sku || '', message: error.message, code: error.code };
  const keys = [`code.${error.code}.${verb}`, `code.${error.code}`];
  const key = keys.find((each) => t(each) !== each) ?? 'code.other';
  return t(key, values);
}

// A channel by its name; one of another make keeps its code.
export function channelName(channel) {
  const key = `channel.${channel}`;
  const name = t(key);
  return name === key ? channel : name;
}

// "10 %, late" or "€2.00, late": a discount as asked for on the ticket, or as the hub keeps it.
export function discountWords(desk, { percent, off, amount, reason }) {
  const much = percent === undefined ? desk.price(off ?? amount) : `${percent} %`;
  return `${much}, ${reason}`;
}

export const placeWords = ({ service, table }) =>
  service === 'dine_in' ? t('where.table', { table }) : t('where.takeaway');
