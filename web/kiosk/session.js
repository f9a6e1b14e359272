// The guest's session: where they are and what they chose. Kept in localStorage at every change, so
// that a reload in the middle of an order loses nothing; above all not the id of an order that was
// sent and not answered yet.
//
// Steps: welcome -> table -> menu -> checkout -> terminal -> sending -> done.

export const kEmpty = Object.freeze({
  step: 'welcome',
  service: '',
  table: '',
  lines: [],
  hold: null, // { hold, expires_at (hub time, microseconds), total, version }
  order: null, // { id, args, how: 'card'|'counter' }: sent, maybe not answered
  isUnknown: false, // the answer to `order` is late
  done: null, // { number, total, how, service, table, at (wall ms) }
  notice: null, // { kind, ... }: what the guest should know about the cart
  touchedAt: 0, // wall ms of the last touch
});

const kKey = 'larder.kiosk.session';
const kForgetMs = 3 * 60 * 1000; // a session left for so long belongs to a guest who is gone

// What a page finds when it starts. An order without an answer is kept however old it is.
export function restored(text, now) {
  let kept;
  try {
    kept = { ...kEmpty, ...JSON.parse(text ?? 'null') };
  } catch {
    return kEmpty;
  }
  if (!Array.isArray(kept.lines)) return kEmpty;
  if (kept.order) return { ...kept, step: 'sending' };
  if (now - kept.touchedAt > kForgetMs || kept.step === 'done') return kEmpty;
  // The simulated terminal forgets; nobody was charged.
  if (kept.step === 'terminal') return { ...kept, step: 'checkout' };
  if (kept.step === 'checkout' && !kept.hold) return { ...kept, step: 'menu' };
  return kept;
}

export const loadSession = (now = Date.now()) => restored(localStorage.getItem(kKey), now);

export function keepSession(session) {
  try {
    localStorage.setItem(kKey, JSON.stringify(session));
  } catch {
    // A full disk costs the memory over a reload, not the order.
  }
}
