// The guest's session, of this tab alone: where they are, what they chose, and the secret of the
// order that is under way. Kept at every change, so that a reload in the middle asks with the same
// secret again.
//
// Steps: menu -> checkout -> order.

export const kEmpty = Object.freeze({
  step: 'menu',
  service: 'takeaway',
  name: '',
  note: '',
  lines: [],
  token: '', // of the order that was asked for, answered or not
  lock: null, // { orderNo, total }
  isHolding: false, // the lock was asked for
  isPaying: false, // the payment was sent; until it is answered nothing else may happen
  isUnknown: false, // no answer to the payment yet
  order: null, // what the relay last said of a paid order
  notice: null, // { kind, ... }: what the guest should know about the cart
});

const kKey = (store) => `larder.order.${store}`;

export function restored(text) {
  let kept;
  try {
    kept = { ...kEmpty, ...JSON.parse(text ?? 'null') };
  } catch {
    return kEmpty;
  }
  return Array.isArray(kept.lines) ? kept : kEmpty;
}

export const loadSession = (store) => restored(sessionStorage.getItem(kKey(store)));

export function keepSession(store, session) {
  try {
    sessionStorage.setItem(kKey(store), JSON.stringify(session));
  } catch {
    // A full disk costs the memory over a reload, not the order.
  }
}

// What was asked for and not answered was another cart: this one has a token of its own.
export const withCart = ({ lock }, changes) => (changes.lines && !lock ? { token: '', ...changes } : changes);

// Who calls for it. The same guest asks with the token that got no answer; another name or note is
// another order.
export function withGuest(session, name, note) {
  const isSame = session.name === name && session.note === note;
  return { name, note, ...(session.lock || isSame ? {} : { token: '' }) };
}

// 128 random bits: whoever has them has the order.
export function newToken() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
