// A refusal as a sentence a person can act on. The hub's own sentence is English; a code that has
// words here speaks the screen's language.
import { t } from '../shared/i18n.js';

export function refusalWords(error, name = '') {
  const key = `code.${error.code}`;
  const words = t(key, { name: name || error.sku || '', message: error.message });
  return words === key ? t('code.other', { code: error.code, message: error.message }) : words;
}

// "10 %, late" or "€2.00, late": a discount as asked for on the ticket, or as the hub keeps it.
export function discountWords(desk, { percent, off, amount, reason }) {
  const much = percent === undefined ? desk.price(off ?? amount) : `${percent} %`;
  return `${much}, ${reason}`;
}

export const placeWords = ({ service, table }) =>
  service === 'dine_in' ? t('where.table', { table }) : t('where.takeaway');
