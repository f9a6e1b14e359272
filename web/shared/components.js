// Components that every screen shares, named by what they are.
import { html, signal, useLayoutEffect, useRef } from './ui.js';
import { language, languages, setLanguage, t } from './i18n.js';
import { clock, quantity, span } from './format.js';

export function Button({ kind = '', large = false, class: extra = '', children, ...rest }) {
  const classes = ['button', kind, large ? 'large' : '', extra].filter(Boolean).join(' ');
  return html`<button type="button" class=${classes} ...${rest}>${children}</button>`;
}

// Colour and shape: a disc is live, a half disc connects, a cross is stale, a bar is refused.
const kDotShapes = {
  live: 'M8 1a7 7 0 1 1 0 14A7 7 0 0 1 8 1z',
  connecting: 'M8 1a7 7 0 0 0 0 14z',
  stale: 'M3 1 8 6l5-5 2 2-5 5 5 5-2 2-5-5-5 5-2-2 5-5-5-5z',
  refused: 'M1 6h14v4H1z',
};

export function LiveDot({ live }) {
  return html`<span
    class=${`live-dot ${live.state}`}
    role="status"
    data-testid="live-dot"
    data-state=${live.state}
    data-seq=${live.seq}
  >
    <svg class="shape" viewBox="0 0 16 16" aria-hidden="true">
      <path d=${kDotShapes[live.state]} fill="currentColor" />
    </svg>
    <strong>${t(`live.${live.state}`)}</strong>
    ${live.seq !== undefined &&
    html`<span class="optional" data-testid="live-seq">${t('live.seq', { seq: live.seq })}</span>`}
  </span>`;
}

// The top bar of every screen. `shop` is what start() answers.
export function LiveBar({ shop, title, children }) {
  const live = shop.live.value;
  const now = shop.now.value;
  const zone = shop.hello.value?.zone;
  const heard = live.lastHeartbeatAt;
  const age = heard === null ? '–' : Math.max(0, Math.floor((shop.wall.value - heard) / 1000));
  return html`<header class="live-bar" data-testid="live-bar">
      <h1 class="title">${title}</h1>
      <${LiveDot} live=${live} />
      <span class="live-dot optional" title=${t('live.heartbeat.title')} data-testid="heartbeat-age">
        ${t('live.heartbeat', { s: age })}
      </span>
      <${CloudNote} shop=${shop} />
      <span class="space"></span>
      ${children}
      <span class="time" title=${t('live.time.title')} data-testid="store-time">
        ${clock(now, zone)}
      </span>
    </header>
    <${StaleBanner} shop=${shop} />
    <${StorageBanner} shop=${shop} />
    <${RecoveryBanner} shop=${shop} />`;
}

// The cloud is out of reach: which link and since when, small, for the shop sells on without it. What a
// screen shows is not touched by this; when the screen itself is not live, that is what must be read.
export function CloudNote({ shop }) {
  const { lost, since } = shop.cloud.value;
  if (!lost || shop.live.value.state !== 'live') return null;
  const zone = shop.hello.value?.zone;
  const time = clock(since / 1000, zone);
  return html`<span
    class="cloud-note"
    role="status"
    data-testid="cloud-note"
    data-lost=${lost}
    title=${t(`link.hub-${lost}`)}
  >
    <svg class="shape" viewBox="0 0 16 16" aria-hidden="true">
      <path d="M4 13a3 3 0 0 1 0-6 4 4 0 0 1 7.7-1A3.5 3.5 0 0 1 12 13zM2 2l12 12" fill="none" stroke="currentColor" stroke-width="1.5" />
    </svg>
    <span>${t(`cloud.${lost}`, { time })}</span>
  </span>`;
}

// When not live: since when and which link, in words, over the whole width.
export function StaleBanner({ shop }) {
  const live = shop.live.value;
  if (live.state !== 'stale') return null;
  const zone = shop.hello.value?.zone;
  const hubSince = live.since + shop.wallOffset.value;
  return html`<div class="stale-banner" role="alert" data-testid="stale-banner">
    <span class="since" data-testid="stale-since">
      ${t('live.stale')} ${t('live.since', { time: clock(hubSince, zone, { seconds: true }) })}
    </span>
    <span data-testid="stale-link">${t(`link.${live.link}`)}</span>
    <span>${t('live.old')} ${t('live.trying')}</span>
    <span class="optional">${t('live.for', { span: span(shop.wall.value - live.since) })}</span>
  </div>`;
}

// The hub's disk is full: what still goes and what does not, in words, for as long as it lasts.
export function StorageBanner({ shop }) {
  if (shop.storage.value !== 'full' || shop.live.value.state !== 'live') return null;
  return html`<div class="stale-banner" role="alert" data-testid="storage-banner">
    <span class="since">${t('storage.full')}</span>
    <span>${t('storage.full.text')}</span>
  </div>`;
}

// The hub does not trust its books: nothing is sold until that is settled, and why.
export function RecoveryBanner({ shop }) {
  const { why, since, known } = shop.recovery.value;
  const live = shop.live.value;
  if (!why || live.state !== 'live') return null;
  const missing = Math.max(0, (known ?? 0) - live.seq);
  return html`<div class="stale-banner" role="alert" data-testid="recovery-banner" data-why=${why}>
    <span class="since">${t('recovery.title')} ${t('live.since', { time: clock(since / 1000, shop.hello.value?.zone) })}</span>
    <span>${t(`recovery.${why}`)}</span>
    ${missing > 0 && html`<span data-testid="recovery-missing">${t('recovery.missing', { n: missing })}</span>`}
    <span class="optional">${t('recovery.text')}</span>
  </div>`;
}

export function State({ icon = 'plate', title, text, children, testid = 'state' }) {
  return html`<section class="state" data-testid=${testid}>
    <${StateIcon} name=${icon} />
    <h2>${title}</h2>
    ${text && html`<p>${text}</p>`}
    ${children && html`<div class="actions">${children}</div>`}
  </section>`;
}

const kIcons = {
  plate: 'M32 8a24 24 0 1 0 0 48 24 24 0 0 0 0-48zm0 10a14 14 0 1 1 0 28 14 14 0 0 1 0-28z',
  plug: 'M20 8v14h-6v8c0 9 7 15 15 16v10h6V46c8-1 15-7 15-16v-8h-6V8h-6v14H26V8z',
  filter: 'M8 10h48L38 34v20l-12-6V34z',
  lock: 'M20 28v-8a12 12 0 0 1 24 0v8h4v28H16V28zm6 0h12v-8a6 6 0 0 0-12 0z',
  alert: 'M32 6 60 56H4zm-3 20v14h6V26zm0 18v6h6v-6z',
  tick: 'M52 14 26 46 12 32l-6 6 20 20 32-38z',
};

function StateIcon({ name }) {
  return html`<svg class="icon" viewBox="0 0 64 64" aria-hidden="true">
    <path d=${kIcons[name] ?? kIcons.plate} fill="currentColor" fill-rule="evenodd" />
  </svg>`;
}

// A dialog. Escape and the backdrop close it; focus goes in and comes back.
export function Sheet({ title, onClose, wide = false, footer, children, testid = 'sheet' }) {
  const box = useRef(null);
  const close = useRef(onClose);
  close.current = onClose;
  // Before the sheet is seen: a key pressed at once is meant for it.
  useLayoutEffect(() => {
    const before = document.activeElement;
    const first = box.current?.querySelector('[data-autofocus]') ?? box.current;
    first?.focus();
    // What had the focus may go while the sheet stays; Escape still means the sheet on top.
    const onEscape = (event) => {
      const isOnTop = [...document.querySelectorAll('.sheet-back')].at(-1)?.contains(box.current);
      if (event.key === 'Escape' && isOnTop) close.current();
    };
    document.addEventListener('keydown', onEscape);
    return () => {
      document.removeEventListener('keydown', onEscape);
      before?.focus?.();
    };
  }, []);
  const onKeyDown = (event) => {
    if (event.key === 'Escape') onClose();
    if (event.key === 'Tab') keepFocusIn(box.current, event);
    event.stopPropagation();
  };
  const onBack = (event) => event.target === event.currentTarget && onClose();
  return html`<div class="sheet-back" onClick=${onBack} onKeyDown=${onKeyDown}>
    <div
      class=${`sheet ${wide ? 'wide' : ''}`}
      role="dialog"
      aria-modal="true"
      aria-label=${title}
      tabindex="-1"
      ref=${box}
      data-testid=${testid}
    >
      <header>
        <h2>${title}</h2>
        <${Button} kind="quiet" onClick=${onClose} aria-label=${t('action.close')}>✕<//>
      </header>
      <div class="body">${children}</div>
      ${footer && html`<footer>${footer}</footer>`}
    </div>
  </div>`;
}

function keepFocusIn(box, event) {
  const all = [...box.querySelectorAll('button, input, select, textarea, a[href]')].filter(
    (each) => !each.disabled,
  );
  if (all.length === 0) return;
  const [first, last] = [all[0], all.at(-1)];
  const leavesBack = event.shiftKey && (document.activeElement === first || document.activeElement === box);
  if (leavesBack || (!event.shiftKey && document.activeElement === last)) {
    event.preventDefault();
    (event.shiftKey ? last : first).focus();
  }
}

export function Stepper({ value, min = 0, max = Infinity, onChange, label, testid = 'stepper' }) {
  return html`<span class="stepper" role="group" aria-label=${label} data-testid=${testid}>
    <button
      type="button"
      aria-label=${t('action.less')}
      disabled=${value <= min}
      onClick=${() => onChange(value - 1)}
    >−</button>
    <output>${quantity(value)}</output>
    <button
      type="button"
      aria-label=${t('action.more')}
      disabled=${value >= max}
      onClick=${() => onChange(value + 1)}
    >+</button>
  </span>`;
}

export function LanguageSwitch() {
  const next = languages.find((each) => each.id !== language.value);
  return html`<span class="language-switch">
    <${Button}
      kind="quiet"
      lang=${next.id}
      onClick=${() => setLanguage(next.id)}
      data-testid="language-switch"
    >${next.name}<//>
  </span>`;
}

// -- toasts ------------------------------------------------------------------------------------

const toasts = signal([]);
let nextToast = 1;

// toast('Bumped 12', { action: { label, run }, ms, kind: 'bad', key }): a toast with the same key
// replaces the one before. Answers a function that takes it away.
export function toast(text, { action, ms = 5000, kind = '', key } = {}) {
  const id = nextToast++;
  const gone = () => {
    toasts.value = toasts.value.filter((each) => each.id !== id);
  };
  const others = toasts.value.filter((each) => key === undefined || each.key !== key);
  toasts.value = [...others.slice(-2), { id, text, action, kind, key, gone }];
  if (ms) setTimeout(gone, ms);
  return gone;
}

export function Toasts() {
  return html`<div class="toasts" role="status" aria-live="polite" data-testid="toasts">
    ${toasts.value.map(
      ({ id, text, action, kind, gone }) => html`<div class=${`toast ${kind}`} key=${id} data-testid="toast">
        <span class="text">${text}</span>
        ${action &&
        html`<${Button} onClick=${() => (gone(), action.run())} data-testid="toast-action">
          ${action.label}
        <//>`}
      </div>`,
    )}
  </div>`;
}

// A command's refusal as a toast in words.
export function toastError(error) {
  toast(t('error.any', { message: error.message }), { kind: 'bad', ms: 8000 });
}
