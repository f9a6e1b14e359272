import '../shared/base.css';
import { start } from '../shared/start.js';
import { LiveBar } from '../shared/components.js';
import { html } from '../shared/ui.js';
import { t } from '../shared/i18n.js';
import en from './strings/en.js';
import zh from './strings/zh.js';

function Kds({ shop }) {
  return html`<${LiveBar} shop=${shop} title=${t('kds.title')} />`;
}

start({ app: 'kds', version: __VERSION__, strings: { en, zh }, App: Kds });
