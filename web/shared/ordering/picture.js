// The picture of an item; a tinted tile with its initial where there is none, or it does not load.
import { html, useState } from '../ui.js';
import { pick } from '../i18n.js';

const kTints = 6;

export function Picture({ item, lazy = true }) {
  const [failed, setFailed] = useState('');
  const name = pick(item.name);
  if (!item.image || failed === item.image) {
    const tint = [...item.id].reduce((sum, letter) => sum + letter.codePointAt(0), 0) % kTints;
    return html`<span class=${`picture tile tint-${tint}`} aria-hidden="true">${[...name][0] ?? '·'}</span>`;
  }
  return html`<img
    class="picture"
    src=${item.image}
    alt=""
    loading=${lazy ? 'lazy' : 'eager'}
    decoding="async"
    draggable=${false}
    onError=${() => setFailed(item.image)}
  />`;
}
