// The line to the relay: what one store's guests may ask. `state` is live while an answer is not
// older than kStaleMs, else stale since the last one. A question that gets no answer is { status: 0 }.
import { signal } from '../shared/ui.js';

const kStaleMs = 3500;
const kPatienceMs = 6000; // the relay answers within five seconds, whatever happens
const kStockMs = 500;
const kHiddenMs = 5000;

export function makeLine(store) {
  const base = `/api/v1/storefront/stores/${encodeURIComponent(store)}`;
  const line = {
    store,
    live: signal({ state: 'connecting', since: Date.now() }),
    menu: signal(null),
    stock: signal(null), // { isLive, menuEpoch, menuVersion, stock }
    isUnknown: signal(false), // the relay knows no menu of this store
    wall: signal(Date.now()),
  };
  let heardAt = Date.now();
  const heard = () => {
    heardAt = Date.now();
    if (line.live.value.state !== 'live') line.live.value = { state: 'live', since: heardAt };
  };

  // { ok, data, status, error: { code, detail, skuId, availableQty }, etag }
  async function ask(method, path, { token, body, etag, keepalive = false } = {}) {
    const headers = {};
    if (token) headers['Order-Token'] = token;
    if (etag) headers['If-None-Match'] = etag;
    if (body !== undefined) headers['Content-Type'] = 'application/json';
    try {
      const answer = await fetch(base + path, {
        method,
        headers,
        keepalive,
        body: body === undefined ? undefined : JSON.stringify(body),
        signal: keepalive ? undefined : AbortSignal.timeout(kPatienceMs),
        cache: 'no-store',
      });
      if (answer.status === 304) return heard(), { ok: true, status: 304 };
      const envelope = await answer.json();
      heard();
      if (answer.ok) return { ok: true, status: answer.status, data: envelope.data, etag: answer.headers.get('etag') };
      return { ok: false, status: answer.status, error: envelope };
    } catch {
      return { ok: false, status: 0, error: { code: 'lost', detail: '' } };
    }
  }

  async function takeMenu() {
    const answer = await ask('GET', '/menu');
    if (answer.ok) line.menu.value = answer.data;
    return answer.ok;
  }

  // Asks for the stock again and again; a new menu is fetched when the stock speaks of one.
  async function follow() {
    let etag;
    for (;;) {
      const answer = await ask('GET', '/stock', { etag });
      if (answer.status === 404) line.isUnknown.value = true;
      if (answer.ok) line.isUnknown.value = false;
      if (answer.ok && answer.data) {
        // After its store was restored a menu may have the number of one that is lost.
        const before = line.stock.value;
        const isNew = line.menu.value?.version !== answer.data.menuVersion || (before && before.menuEpoch !== answer.data.menuEpoch);
        if (!isNew || (await takeMenu())) {
          etag = answer.etag;
          line.stock.value = answer.data;
        }
      }
      await pause(document.hidden || line.isUnknown.value ? kHiddenMs : kStockMs);
    }
  }

  setInterval(() => {
    line.wall.value = Date.now();
    if (line.live.value.state !== 'stale' && line.wall.value - heardAt > kStaleMs && !document.hidden) {
      line.live.value = { state: 'stale', since: heardAt };
    }
  }, 500);
  follow();
  return { ...line, ask, takeMenu };
}

// A hidden page is woken by being looked at.
function pause(ms) {
  return new Promise((done) => {
    const end = () => {
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', end);
      done();
    };
    const timer = setTimeout(end, ms);
    document.addEventListener('visibilitychange', end);
  });
}
