// Nobody touches the screen: a question first, with time to answer by one touch, then everything is
// reset and what was held is given back. Not while an order waits for its answer.
// Seconds may be given in the address for tests and for slow rooms: ?idle=90&ask=30.
import { html, useEffect, useState } from '../shared/ui.js';
import { t } from '../shared/i18n.js';
import { Button } from '../shared/components.js';

const kTouches = ['pointerdown', 'keydown', 'wheel', 'touchmove'];
const asked = new URLSearchParams(location.search);
const seconds = (name, otherwise) => Math.max(1, Number(asked.get(name)) || otherwise);
const kIdleS = seconds('idle', 60);
const kAskS = seconds('ask', 20);

export function Idle({ counter }) {
  const { session } = counter;
  const [left, setLeft] = useState(null); // seconds until the reset, while the question stands
  const { step } = session.value;
  const isWatched = step !== 'welcome' && step !== 'sending' && step !== 'done';

  useEffect(() => {
    setLeft(null);
    if (!isWatched) return undefined;
    let touched = performance.now();
    const touch = () => (touched = performance.now());
    for (const name of kTouches) addEventListener(name, touch, { passive: true, capture: true });
    const ticking = setInterval(() => {
      const quiet = (performance.now() - touched) / 1000;
      if (quiet >= kIdleS + kAskS) counter.reset();
      else setLeft(quiet >= kIdleS ? Math.ceil(kIdleS + kAskS - quiet) : null);
    }, 250);
    return () => {
      clearInterval(ticking);
      for (const name of kTouches) removeEventListener(name, touch, { capture: true });
    };
  }, [isWatched]);

  if (left === null || !isWatched) return null;
  return html`<div class="sheet-back idle" data-testid="idle">
    <div class="sheet" role="alertdialog" aria-modal="true" aria-label=${t('idle.title')}>
      <div class="body">
        <h2>${t('idle.title')}</h2>
        <p>${t('idle.text', { n: left })}</p>
      </div>
      <footer>
        <${Button} large onClick=${() => counter.reset()} data-testid="idle-reset">${t('start-over')}<//>
        <${Button} kind="primary" large onClick=${() => setLeft(null)} data-testid="idle-stay">${t('idle.stay')}<//>
      </footer>
    </div>
  </div>`;
}
