// The line to the relay: every question goes through ask(), which also knows whether the relay is
// there. `line` is live while an answer is not older than kStaleMs, else stale since the last one.
import { signal, useEffect, useState } from '../shared/ui.js';

const kStaleMs = 3500;
const kPatienceMs = 2500;
const kPollMs = 1000;

export const line = signal({ state: 'connecting', since: Date.now(), heardAt: null });
export const wall = signal(Date.now());
// Who is logged in: undefined while not known, null when nobody is.
export const me = signal(undefined);

export function startLine() {
  setInterval(() => {
    wall.value = Date.now();
    const { state, since, heardAt } = line.value;
    const last = heardAt ?? since;
    if (state !== 'stale' && wall.value - last > kStaleMs) {
      line.value = { state: 'stale', since: last, heardAt };
    }
  }, 500);
}

function heard() {
  line.value = { state: 'live', since: line.value.since, heardAt: Date.now() };
}

// { ok, data } or { ok: false, status, code, detail }; status 0: the relay did not answer.
export async function ask(method, path, { body, key, patience = kPatienceMs } = {}) {
  const headers = {};
  if (body !== undefined) headers['Content-Type'] = 'application/json';
  if (key) headers['Idempotency-Key'] = key;
  try {
    const answer = await fetch(path, {
      method,
      headers,
      body: body === undefined ? undefined : JSON.stringify(body),
      signal: AbortSignal.timeout(patience),
      cache: 'no-store',
    });
    const envelope = await answer.json();
    heard();
    if (answer.ok) return { ok: true, data: envelope.data };
    if (answer.status === 401) me.value = null;
    return { ok: false, status: answer.status, code: envelope.code, detail: envelope.detail };
  } catch {
    return { ok: false, status: 0, code: 'lost', detail: '' };
  }
}

// Asks again each second: { data, error }. What was seen last stays while the relay is away.
export function usePoll(path, every = kPollMs) {
  const [held, setHeld] = useState({ path, data: null, error: null });
  useEffect(() => {
    let isGone = false;
    let timer;
    const round = async () => {
      const answer = await ask('GET', path);
      if (isGone) return;
      if (answer.ok) setHeld({ path, data: answer.data, error: null });
      else if (answer.status !== 0) {
        setHeld((old) => ({ path, data: old.path === path ? old.data : null, error: answer }));
      }
      timer = setTimeout(round, every);
    };
    round();
    return () => {
      isGone = true;
      clearTimeout(timer);
    };
  }, [path, every]);
  return held.path === path ? held : { path, data: null, error: null };
}

export const storePath = (store) => `/api/v1/hq/stores/${encodeURIComponent(store)}`;
export const mayChange = () => ['BUSINESS', 'ADMIN'].includes(me.value?.role);
export const isAdmin = () => me.value?.role === 'ADMIN' && me.value.stores.length === 0;
