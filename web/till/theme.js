// Light or dark: the till's own setting, the device's until a person chose.
import { signal } from '../shared/ui.js';
import { applyAccent } from '../shared/accent.js';

const kKey = 'larder.till.theme';
export const theme = signal('light');

export function startTheme() {
  const device = matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
  show(localStorage.getItem(kKey) ?? device);
}

export function switchTheme(accent) {
  show(theme.value === 'dark' ? 'light' : 'dark');
  localStorage.setItem(kKey, theme.value);
  applyAccent(accent);
}

function show(next) {
  theme.value = next;
  document.documentElement.dataset.theme = next;
}
