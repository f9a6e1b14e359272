// A refusal as a sentence a person can act on. The hub's own sentence is English; a code that has
// words here speaks the screen's language.
import { t } from '../shared/i18n.js';

export function refusalWords(error, name = '') {
  const key = `code.${error.code}`;
  const words = t(key, { name: name || error.sku || '', message: error.message });
  return words === key ? t('code.other', { code: error.code, message: error.message }) : words;
}

export const placeWords = ({ service, table }) =>
  service === 'dine_in' ? t('where.table', { table }) : t('where.takeaway');
