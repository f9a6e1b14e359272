// The store's stock at the relay beside its hub's: when they were last compared, what differed, and
// the button that has them compared now.
import { html, useState } from '../shared/ui.js';
import { t } from '../shared/i18n.js';
import { Button } from '../shared/components.js';
import { ask, isAdmin, storePath, usePoll } from './line.js';
import { causeText, comparedText, foundText, movingText, verdictOf, verdictText } from './agreement_words.js';

const kPatienceMs = 23_000; // the relay ends a comparison after 20 s
const kShownFirst = 5;

export function AgreementPanel({ view, now, nameOf }) {
  const path = storePath(view.store);
  const { data, error } = usePoll(`${path}/differences`);
  const [answer, setAnswer] = useState(null);
  const [isBusy, setBusy] = useState(false);
  const compare = async () => {
    setBusy(true);
    setAnswer(null);
    setAnswer(await ask('POST', `${path}/reconcile`, { patience: kPatienceMs }));
    setBusy(false);
  };
  return html`<section class="panel agreement" data-testid="agreement"><h3>${t('agree.title')}</h3>
    <p class="note" data-testid="agree-when">${comparedText(view, now)}</p>
    ${isAdmin()
      ? html`<${Button} disabled=${isBusy} aria-busy=${isBusy} onClick=${compare} data-testid="agree-go">${t(isBusy ? 'agree.busy' : 'agree.go')}<//>`
      : html`<p class="note">${t('agree.read-only')}</p>`}
    <div role="status">${answer?.ok && html`<${Verdict} made=${answer.data} />`}</div>
    ${answer && !answer.ok && html`<p class="wrong" role="alert">${t('hq.not-done', { why: answer.detail || t('hq.stale.link') })}</p>`}
    ${error && html`<p class="wrong" role="alert">${error.detail || t('hq.storage')}</p>`}
    ${data && html`<${Found} differences=${data.differences} now=${now} nameOf=${nameOf} />`}
    ${!data && !error && html`<p class="note">${t('hq.waiting')}</p>`}
  </section>`;
}

function Verdict({ made }) {
  const verdict = verdictOf(made);
  const moving = movingText(made);
  return html`<div class=${`verdict ${verdict}`} data-testid="agree-verdict" data-verdict=${verdict}>
    <p><strong>${verdictText(made)}</strong></p>
    ${moving && html`<p>${moving}</p>`}
  </div>`;
}

function Found({ differences, now, nameOf }) {
  const [isWhole, setWhole] = useState(false);
  if (differences.length === 0) return html`<p class="note" data-testid="agree-none">${t('agree.none')}</p>`;
  const shown = isWhole ? differences : differences.slice(0, kShownFirst);
  return html`<h4>${t('agree.list')}</h4>
    <ul class="words">${shown.map((each) => html`<${Difference} key=${`${each.sku}/${each.found_at}`} difference=${each} now=${now} nameOf=${nameOf} />`)}</ul>
    ${shown.length < differences.length && html`<${Button} onClick=${() => setWhole(true)} data-testid="agree-all">${t('agree.all', { n: differences.length })}<//>`}`;
}

function Difference({ difference, now, nameOf }) {
  const name = nameOf(difference.sku);
  return html`<li class=${difference.is_repaired ? 'applied' : 'refused'} data-testid="difference" data-sku=${difference.sku} data-repaired=${difference.is_repaired}>
    <strong>${name === difference.sku ? name : `${name} (${difference.sku})`}: ${difference.what}</strong>
    <span>${causeText(difference)} <b>${t(difference.is_repaired ? 'agree.is-repaired' : 'agree.not-repaired')}</b></span>
    <small>${foundText(difference, now)}</small>
  </li>`;
}
