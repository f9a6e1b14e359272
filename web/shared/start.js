// start(): what every screen does first: token, connection, language, accent, service worker.
//
//   start({ app: 'kds', version: '0.1.0', strings: { en, zh }, App });
//
// App gets { shop }: { hub, live, hello, device, storage, recovery, cloud, now, wall, wallOffset, follow(topic) } where all
// but hub and follow are signals. `now` is the hub's time in ms, ticking once a second; `wall` the
// tablet's own clock. follow('menu') answers a signal { view, seq, at, fresh } or { view: null }.
import { connect } from '../../lan-protocol/js/larder.js';
import { html, render, signal } from './ui.js';
import { startLanguage } from './i18n.js';
import { applyAccent } from './accent.js';
import { Gate, Refused } from './gate.js';
import { Toasts } from './components.js';
import { openStorage } from '../../lan-protocol/js/storage.js';

export function start({ app, version, strings, App, language }) {
  startLanguage(app, strings, language);
  const root = document.getElementById('app');
  const token = takeToken(app);
  registerServiceWorker();
  if (!token) {
    render(html`<${Gate} onToken=${(typed) => openShop({ app, version, App, root, token: typed })} />`, root);
    return;
  }
  openShop({ app, version, App, root, token });
}

function openShop({ app, version, App, root, token }) {
  keepToken(app, token);
  const shop = makeShop({ app, version, token });
  globalThis.larder = { shop }; // for the browser tests and a person with the console open
  render(null, root);
  render(html`<${Page} shop=${shop} app=${app} App=${App} />`, root);
}

function Page({ shop, app, App }) {
  const live = shop.live.value;
  const again = (token) => {
    if (token) keepToken(app, token);
    shop.hub.retry({ token });
  };
  if (live.state === 'refused') return html`<${Refused} reason=${live.reason} onRetry=${again} />`;
  return html`<${App} shop=${shop} /><${Toasts} />`;
}

export function makeShop({ app, version, token }) {
  const { protocol, host } = location;
  const hub = connect({
    url: `${protocol === 'https:' ? 'wss' : 'ws'}://${host}/ws/v1`,
    token,
    client: `${app}-web ${version}`,
    storage: openStorage(`larder.${app}`),
  });
  const shop = {
    hub,
    live: signal(hub.live),
    hello: signal(null),
    device: signal(null),
    pending: signal([]),
    storage: signal(hub.storage),
    recovery: signal(hub.recovery),
    cloud: signal(hub.cloud),
    now: signal(hub.serverNow()),
    wall: signal(Date.now()),
    wallOffset: signal(hub.serverNow() - Date.now()),
    follow: (topic) => followed(shop, topic),
    topics: new Map(),
  };
  hub.on('live', (live) => (shop.live.value = live));
  hub.on('hello', (hello) => (shop.hello.value = hello));
  hub.on('pending', (pending) => (shop.pending.value = pending));
  hub.on('storage', (storage) => (shop.storage.value = storage));
  hub.on('recovery', (recovery) => (shop.recovery.value = recovery));
  hub.on('cloud', (cloud) => (shop.cloud.value = cloud));
  hub.on('device', (device) => {
    shop.device.value = device;
    applyAccent(device.accent);
  });
  tickEverySecond(shop);
  addEventListener('pagehide', () => hub.keepNow());
  return shop;
}

function followed(shop, topic) {
  if (!shop.topics.has(topic)) {
    const held = signal({ view: null, seq: 0, at: 0, fresh: false });
    shop.topics.set(topic, held);
    shop.hub.follow(topic, (view, { seq, at, fresh }) => (held.value = { view, seq, at, fresh }));
  }
  return shop.topics.get(topic);
}

function tickEverySecond(shop) {
  const tick = () => {
    shop.wall.value = Date.now();
    shop.now.value = shop.hub.serverNow();
    shop.wallOffset.value = shop.now.value - shop.wall.value;
  };
  tick();
  setInterval(tick, 1000);
}

// The token comes once in the fragment (which no server sees and no log keeps), then from
// localStorage; the fragment is taken off the address at once.
function takeToken(app) {
  const given = new URLSearchParams(location.hash.slice(1)).get('token');
  if (given) {
    keepToken(app, given);
    history.replaceState(null, '', location.pathname + location.search);
  }
  return given ?? localStorage.getItem(`larder.${app}.token`);
}

function keepToken(app, token) {
  localStorage.setItem(`larder.${app}.token`, token);
}

// Only where the browser allows it (https or localhost). Elsewhere a reload needs the hub.
function registerServiceWorker() {
  if (!('serviceWorker' in navigator) || !isSecureContext) return;
  navigator.serviceWorker.register('./sw.js').catch(() => {});
}
