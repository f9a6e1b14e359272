// The service worker of one app: keeps the shell, so that a reload with the hub down still shows
// the page (which then shows its last view, marked). The two constants are filled in at build time;
// a new build is a new cache, taken over at the next load and never in the middle of an order.
const kCache = '__CACHE__';
const kShell = __SHELL__;

self.addEventListener('install', (event) => {
  const fill = caches.open(kCache).then((cache) => cache.addAll(kShell));
  event.waitUntil(fill.then(() => self.skipWaiting()));
});

self.addEventListener('activate', (event) => {
  event.waitUntil(dropOldCaches().then(() => self.clients.claim()));
});

async function dropOldCaches() {
  const prefix = kCache.slice(0, kCache.lastIndexOf('-') + 1);
  const names = await caches.keys();
  const old = names.filter((name) => name.startsWith(prefix) && name !== kCache);
  await Promise.all(old.map((name) => caches.delete(name)));
}

self.addEventListener('fetch', (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== 'GET' || url.origin !== location.origin) return;
  if (event.request.mode === 'navigate') event.respondWith(networkFirst('./', event.request));
  else if (url.pathname.startsWith('/media/')) event.respondWith(cacheFirst(event.request));
  else if (url.pathname.startsWith(new URL('./', location).pathname)) {
    event.respondWith(cacheFirst(event.request));
  }
});

// The page itself: the hub's when it answers soon, else the kept one.
async function networkFirst(key, request) {
  const cache = await caches.open(kCache);
  try {
    const answer = await fetch(request, { signal: AbortSignal.timeout(2500) });
    if (answer.ok) return answer;
  } catch {
    // The hub is down: that is what this worker is for.
  }
  return (await cache.match(new URL(key, location))) ?? Response.error();
}

async function cacheFirst(request) {
  const cache = await caches.open(kCache);
  const kept = await cache.match(request, { ignoreSearch: true });
  if (kept) return kept;
  const answer = await fetch(request);
  if (answer.ok) cache.put(request, answer.clone());
  return answer;
}
