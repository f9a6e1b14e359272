// Drawn signs: how an order leaves the house, and how long it has waited. Colour never speaks
// alone: each phase has its own outline, and the ring fills along it.
import { html } from '../shared/ui.js';
import { span } from '../shared/format.js';

const kServices = {
  // A table with two legs, a bag with a handle, a telephone.
  dine_in: 'M3 7h26v5h-2v15h-4V12H9v15H5V12H3z',
  takeaway: 'M10 11V9a6 6 0 0 1 12 0v2h5l2 18H3l2-18zm3 0h6V9a3 3 0 0 0-6 0z',
  online: 'M9 2h14a2 2 0 0 1 2 2v24a2 2 0 0 1-2 2H9a2 2 0 0 1-2-2V4a2 2 0 0 1 2-2zm1 4v18h12V6z',
};

export function ServiceSign({ kind }) {
  return html`<svg class="service-sign" viewBox="0 0 32 32" aria-hidden="true">
    <path d=${kServices[kind]} fill="currentColor" fill-rule="evenodd" />
  </svg>`;
}

// A circle, a diamond, an octagon; drawn from the top, clockwise.
const kOutlines = {
  calm: 'M36 4a32 32 0 0 1 0 64a32 32 0 0 1 0-64z',
  late: 'M36 2 70 36 36 70 2 36z',
  very_late: 'M36 3h13.5L69 22.5v27L49.5 69h-27L3 49.5v-27L22.5 3z',
};

export function TimerRing({ ageMs, phase, fullMs }) {
  const part = Math.min(1, Math.max(0, ageMs / fullMs));
  return html`<span class=${`timer-ring ${phase}`} data-testid="timer" data-phase=${phase}>
    <svg viewBox="0 0 72 72" aria-hidden="true">
      <path class="track" d=${kOutlines[phase]} />
      <path class="fill" d=${kOutlines[phase]} pathLength="100" stroke-dasharray=${`${part * 100} 100`} />
    </svg>
    <time>${span(ageMs)}</time>
  </span>`;
}
