// The kitchen by keyboard or bump bar: 1-9 and 0 select a ticket, arrows move, Enter bumps, o
// opens, r recalls the last, u takes the last action back, a shows all-day counts.
import { signal, useLayoutEffect } from '../shared/ui.js';

const isUsed = signal(false); // the places are shown once somebody uses keys

export function useKeys({ board, selected, sheet, actions, taps, recallLast, toggleAllDay }) {
  // Before the screen is painted: a key never acts on a view that is gone.
  useLayoutEffect(() => {
    const onKey = (event) => {
      if (sheet.value || event.ctrlKey || event.metaKey || event.altKey) return;
      if (/^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName)) return;
      if (press(event)) {
        isUsed.value = true;
        event.preventDefault();
      }
    };
    const press = (event) => {
      const { shown } = board.value;
      const at = shown.findIndex(({ key }) => key === selected.value);
      const select = (i) => {
        if (!shown[i]) return;
        selected.value = shown[i].key;
        document.activeElement?.blur(); // Enter is for the ticket now, not for a button
      };
      if (/^[0-9]$/.test(event.key)) return (select((Number(event.key) + 9) % 10), true);
      const entry = shown[at];
      switch (event.key) {
        case 'ArrowRight':
          return (select(Math.min(shown.length - 1, at + 1)), true);
        case 'ArrowLeft':
          return (select(Math.max(0, at - 1)), true);
        case 'Enter':
          if (!entry) return false;
          select(at + 1 < shown.length ? at + 1 : at - 1);
          return (taps.tap(entry, { bump: true }, { detail: 0 }), true);
        case 'Tab':
          selected.value = null; // from here on Enter is for what has the focus
          return false;
        case 'o':
          if (entry) sheet.value = { kind: 'ticket', key: entry.key };
          return true;
        case 'r':
          return (recallLast(), true);
        case 'u':
          return (actions.undo(), true);
        case 'a':
          return (toggleAllDay(), true);
        default:
          return false;
      }
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  });
  return isUsed;
}
