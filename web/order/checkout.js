// Checkout: from the cart to a paid order, and what becomes of it. No page in here; `session` is
// anything with a `value`, `ask` the line's. One order has one token from the first try to its last
// answer, over reloads too; a second click finds the first one under way.
import { cartRequest } from '../shared/ordering/cart.js';

const kRetryMs = 1500;
const kEnded = new Set(['expired', 'released']);

// What a refused lock means for the cart.
export function afterLockRefused({ status, error }) {
  if (status === 0) return { kind: 'lost' };
  if (error.code === 'INV_002' && error.skuId) {
    return { kind: 'sold_out', sku: error.skuId, left: error.availableQty };
  }
  if (error.code === 'INV_002') return { kind: 'too_many', message: error.detail };
  if (status === 429 || status === 503) return { kind: 'busy' };
  if (status === 404 || status === 422) return { kind: 'menu_changed' };
  return { kind: 'no_hold', message: error.detail ?? '' };
}

export function makeCheckout({ ask, session, newToken, total, refresh, now = () => performance.now(), later = setTimeout }) {
  const set = (changes) => (session.value = { ...session.value, ...changes });
  const path = (rest = '') => `/orders/${session.value.lock.orderNo}${rest}`;
  const isMine = (token) => session.value.token === token;
  let endsAt = null; // by the page's monotonic clock; a reload asks anew
  let isAsking = false;

  const heard = (order) => (endsAt = order.stage === 'locked' ? now() + order.remainingMs : null);
  const remainingMs = () => (endsAt === null ? 0 : Math.max(0, endsAt - now()));

  // Locks the cart. `again`: this is the second try, nothing is tried a third time.
  async function enter({ notice = null, again = false } = {}) {
    if (isAsking) return;
    isAsking = true;
    const token = session.value.token || newToken();
    set({ token, isHolding: true, notice: null });
    const { lines, name, note } = session.value;
    const body = { lines: cartRequest(lines), name, expectedTotal: total() };
    if (note) body.note = note;
    const answer = await ask('POST', '/orders', { token, body });
    isAsking = false;
    if (!isMine(token) || session.value.lines !== lines) return outdated(answer, token);
    if (answer.ok && !kEnded.has(answer.data.stage)) return entered(answer.data, notice);
    if (answer.ok || answer.status === 409 || answer.error.code === 'INV_003') return enterAnew(answer, again);
    const keeps = answer.status === 0 || answer.status === 503; // it may be locked: the same token asks again
    if (answer.status === 404 || answer.status === 422) await refresh();
    set({ step: 'menu', isHolding: false, lock: null, token: keeps ? token : '', notice: afterLockRefused(answer) });
  }

  // The guest changed the cart meanwhile: what came is an answer about another one.
  function outdated(answer, token) {
    const isLocked = answer.ok && answer.data.stage === 'locked';
    if (isLocked) ask('POST', `/orders/${answer.data.orderNo}/release?reason=back`, { token });
    set({ isHolding: false, ...(isMine(token) ? { token: '' } : {}) });
  }

  function entered(order, notice) {
    heard(order);
    const isPaid = order.status === 'CONFIRMED';
    if (isPaid) return placed(order);
    set({ step: 'checkout', isHolding: false, lock: { orderNo: order.orderNo, total: order.total }, notice });
  }

  // What was locked under this token is gone, or the price is another: once more, with what is now.
  async function enterAnew(answer, again) {
    const before = total();
    await refresh();
    const isDearer = total() !== before;
    set({ token: '', lock: null, isHolding: false });
    if (again) return set({ step: 'menu', notice: afterLockRefused(answer) });
    return enter({ notice: isDearer ? { kind: 'price_changed' } : null, again: true });
  }

  // Back to the menu: others may have it at once.
  function release() {
    const { token, lock, isPaying } = session.value;
    if (isPaying) return;
    if (lock) ask('POST', path('/release?reason=back'), { token });
    endsAt = null;
    set({ step: 'menu', token: '', lock: null, isHolding: false, notice: null });
  }

  // The page goes away. What was sent to be paid stays.
  function left() {
    const { token, lock, step, isPaying } = session.value;
    if (step !== 'checkout' || isPaying || !lock) return;
    ask('POST', path('/release?reason=left'), { token, keepalive: true });
  }

  function pay() {
    if (session.value.isPaying || !session.value.lock) return Promise.resolve();
    set({ isPaying: true, isUnknown: false, notice: null });
    return confirm();
  }

  // Until there is an answer: the same order cannot be paid twice.
  async function confirm() {
    const { token } = session.value;
    const answer = await ask('POST', path('/confirm'), { token });
    if (!isMine(token) || !session.value.isPaying) return;
    if (answer.ok) return placed(answer.data);
    if (answer.status === 0 || answer.status >= 429) {
      set({ isUnknown: true });
      later(() => isMine(token) && session.value.isPaying && confirm(), kRetryMs);
      return;
    }
    lost('expired');
  }

  function placed(order) {
    endsAt = null;
    // With its number: the page asks by it how the order stands.
    const lock = { orderNo: order.orderNo, total: order.total };
    set({ step: 'order', order, lock, lines: [], isPaying: false, isHolding: false, isUnknown: false, notice: null });
  }

  // What was locked is free for others; the cart stays.
  function lost(kind) {
    endsAt = null;
    set({ step: 'menu', token: '', lock: null, isPaying: false, isHolding: false, isUnknown: false, notice: { kind } });
  }

  // How the order stands: while it is locked, and after it was paid.
  async function look() {
    const { token, lock, step, isPaying } = session.value;
    if (!lock || isPaying || (step !== 'checkout' && step !== 'order')) return;
    const answer = await ask('GET', path(), { token });
    if (!isMine(token) || session.value.isPaying || !answer.ok) return;
    const order = answer.data;
    if (order.status === 'CONFIRMED') {
      if (session.value.step !== 'order') placed(order);
      else set({ order });
      return;
    }
    heard(order);
    if (order.stage === 'expired') return lost('expired');
    if (order.stage !== 'released') return;
    if (order.reason !== 'left') return lost('expired');
    // This page, or its twin in another tab, was closed and is back.
    set({ token: '', lock: null });
    await enter();
  }

  // After a reload: what was under way goes on where it was.
  async function resume() {
    const { isPaying, isHolding, lock, step } = session.value;
    if (isPaying && lock) return confirm();
    if (isHolding) return enter();
    if (lock && step !== 'menu') await look();
  }

  return { enter, release, left, pay, look, resume, remainingMs };
}
