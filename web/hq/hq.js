// The frame of HQ's page: who is here, the top bar, and which of the pages is shown.
import { html, signal, useEffect } from '../shared/ui.js';
import { t } from '../shared/i18n.js';
import { Button, LanguageSwitch, LiveDot, State } from '../shared/components.js';
import { clock, span } from '../shared/format.js';
import { ask, isAdmin, line, me, wall } from './line.js';
import { LetterPage } from './letter_page.js';
import { LoginPage } from './login_page.js';
import { OversellPage } from './oversell_page.js';
import { StorePage } from './store_page.js';
import { StoresPage } from './stores_page.js';

const place = signal(location.hash);
addEventListener('hashchange', () => (place.value = location.hash));

export function Hq() {
  useEffect(() => {
    const look = async () => {
      const answer = await ask('GET', '/api/v1/hq/me');
      if (answer.ok) me.value = answer.data;
      else if (me.value === undefined) setTimeout(look, 1000);
    };
    look();
  }, []);
  if (me.value === undefined) {
    return html`<${Bar} /><${State} icon="plug" title=${t('hq.waiting')} text=${t('hq.waiting.text')} />`;
  }
  if (me.value === null) return html`<${LoginPage} />`;
  return html`<${Bar} /><main class=${`page ${line.value.state === 'stale' ? 'old' : ''}`}><${Page} /></main>`;
}

function Page() {
  const [, kind, id] = /^#\/(\w+)(?:\/(.+))?$/.exec(place.value) ?? [];
  if (kind === 'store' && id) {
    const store = decodeURIComponent(id);
    return html`<${StorePage} store=${store} key=${store} />`;
  }
  if (kind === 'oversells') return html`<${OversellPage} />`;
  if (kind === 'letters' && isAdmin()) return html`<${LetterPage} />`;
  return html`<${StoresPage} />`;
}

function Bar() {
  const here = place.value.split('/')[1] || 'stores';
  const heardAt = line.value.heardAt;
  const age = heardAt === null ? '–' : Math.max(0, Math.floor((wall.value - heardAt) / 1000));
  return html`<header class="live-bar hq-bar" data-testid="live-bar">
      <h1 class="title"><a href="#/">${t('hq.title')}</a></h1>
      <${LiveDot} live=${line.value} />
      <span class="live-dot optional" title=${t('hq.heard')} data-testid="heartbeat-age">
        ${t('live.heartbeat', { s: age })}
      </span>
      ${me.value && html`<nav aria-label=${t('hq.pages')}>
        <a class="button quiet" href="#/" aria-current=${here === 'stores' ? 'page' : undefined}>${t('hq.stores')}</a>
        <a class="button quiet" href="#/oversells" aria-current=${here === 'oversells' ? 'page' : undefined} data-testid="go-oversells">${t('hq.oversells')}</a>
        ${isAdmin() && html`<a class="button quiet" href="#/letters" aria-current=${here === 'letters' ? 'page' : undefined} data-testid="go-letters">${t('hq.letters')}</a>`}
      </nav>`}
      <span class="space"></span>
      ${me.value && html`<span class="who optional" data-testid="who">${me.value.name} · ${me.value.role}</span>
      <${Button} kind="quiet" onClick=${logOut} data-testid="log-out">${t('hq.log-out')}<//>`}
      <${LanguageSwitch} />
      <span class="time optional">${clock(wall.value)}</span>
    </header>
    ${line.value.state === 'stale' && html`<div class="stale-banner" role="alert" data-testid="stale-banner">
      <span class="since" data-testid="stale-since">
        ${t('live.stale')} ${t('live.since', { time: clock(line.value.since, undefined, { seconds: true }) })}
      </span>
      <span data-testid="stale-link">${t('hq.stale.link')}</span>
      <span>${t('live.old')} ${t('live.trying')}</span>
      <span class="optional">${t('live.for', { span: span(wall.value - line.value.since) })}</span>
    </div>`}`;
}

async function logOut() {
  await ask('POST', '/logout');
  me.value = null;
}
