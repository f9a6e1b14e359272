// HQ's page: all stores at a glance, one store in full, and the words that HQ gives them.
import '../shared/base.css';
import './hq.css';
import { html, render } from '../shared/ui.js';
import { startLanguage } from '../shared/i18n.js';
import { Toasts } from '../shared/components.js';
import en from './strings/en.js';
import zh from './strings/zh.js';
import { Hq } from './hq.js';
import { startLine } from './line.js';

startLanguage('hq', { en, zh });
startLine();
// The shell survives a reload while the relay is away; what it shows does not.
if ('serviceWorker' in navigator && isSecureContext) {
  navigator.serviceWorker.register('./sw.js').catch(() => {});
}
render(html`<${Hq} /><${Toasts} />`, document.getElementById('app'));
