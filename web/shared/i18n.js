// Words in two languages. An app gives its own strings; what it does not name comes from the
// shared ones. A missing key shows itself as the key, and the browser tests look for that.
import { signal } from './ui.js';
import en from './strings/en.js';
import zh from './strings/zh.js';

export const languages = [
  { id: 'en', name: 'English' },
  { id: 'zh', name: '中文' },
];

export const language = signal('en');
const shared = { en, zh };
let own = { en: {}, zh: {} };
let keyOf = '';

export function startLanguage(app, strings, fallback) {
  own = strings;
  keyOf = `larder.${app}.language`;
  const browser = (navigator.language ?? 'en').startsWith('zh') ? 'zh' : 'en';
  setLanguage(localStorage.getItem(keyOf) ?? fallback ?? browser, false);
}

export function setLanguage(id, keep = true) {
  language.value = languages.some((each) => each.id === id) ? id : 'en';
  document.documentElement.lang = language.value === 'zh' ? 'zh-Hans' : 'en';
  if (keep) localStorage.setItem(keyOf, language.value);
}

// t('ticket.waits', { n: 3 }): "{n}" is replaced. A value may be { one, other } chosen by `n`.
export function t(key, values = {}) {
  const lang = language.value;
  let text = own[lang]?.[key] ?? shared[lang][key] ?? own.en?.[key] ?? shared.en[key] ?? key;
  if (typeof text === 'object') text = Number(values.n) === 1 ? text.one : text.other;
  return text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

// A TEXT of the protocol, {"en":"Soup","zh":"汤"}, in the screen's language.
export function pick(text) {
  if (!text) return '';
  return text[language.value] || text.en || Object.values(text)[0] || '';
}
