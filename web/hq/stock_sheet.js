// Set one SKU of one store. Each button names the store, and the store's own answer comes back here.
import { html, useEffect, useState } from '../shared/ui.js';
import { t } from '../shared/i18n.js';
import { Button, Sheet } from '../shared/components.js';
import { ask, storePath } from './line.js';
import { ackText, amount, wordText } from './words.js';

export function StockSheet({ store, row, isLive, onClose }) {
  const [count, setCount] = useState(row.type === 'limited' ? String(row.available) : '');
  const [asked, setAsked] = useState(null);
  const name = row.name || row.sku;
  const say = (verb, args) => setAsked({ verb, args: { sku: row.sku, ...args }, key: crypto.randomUUID?.() ?? makeKey() });
  const figure = readCount(count);
  const [back, setBack] = useState('');
  const [warning, setWarning] = useState(row.warning > 0 ? String(row.warning) : '');
  const [critical, setCritical] = useState(row.critical > 0 ? String(row.critical) : '');
  const [low, lowest] = [warning, critical].map((typed) => (typed.trim() === '' ? 0 : readCount(typed)));
  const isLow = low !== null && lowest !== null && lowest <= low;
  const out = back ? { status: 'sold_out', restore: 'at', restore_local: back } : { status: 'sold_out' };
  const isOut = row.status === 'sold_out';
  return html`<${Sheet} title=${t('sheet.title', { name, store })} onClose=${onClose} testid="stock-sheet">
    <p class="scope">${t('sheet.scope', { store })}</p>
    <p class="now">${t('sheet.now', { state: t(isOut ? 'stock.marked' : 'stock.on-sale'), left: amount(row) })}</p>
    <div class="choices">
      ${isOut
        ? html`<${Button} kind="primary" onClick=${() => say('stock.mark', { status: 'available' })} data-testid="say-back">${t('sheet.back', { store })}<//>`
        : html`<label class="field">${t('sheet.until')}
            <input type="datetime-local" value=${back} onInput=${(event) => setBack(event.target.value.slice(0, 16))} data-testid="back" />
          </label>
          <${Button} kind="danger" onClick=${() => say('stock.mark', out)} data-testid="say-out">${t('sheet.out', { store })}<//>`}
      <form class="count" onSubmit=${(event) => (event.preventDefault(), figure !== null && say('stock.limit', { type: 'limited', available: figure }))}>
        <label class="field">${t('sheet.count')}
          <input inputmode="decimal" value=${count} onInput=${(event) => setCount(event.target.value)}
            aria-invalid=${count !== '' && figure === null} data-testid="count" />
        </label>
        <button type="submit" class="button primary" disabled=${figure === null} data-testid="say-count">
          ${t('sheet.sell', { n: figure ?? '…', store })}
        </button>
      </form>
      ${count !== '' && figure === null && html`<p class="wrong" role="alert">${t('sheet.count.wrong')}</p>`}
      ${row.type === 'limited' && html`<${Button} onClick=${() => say('stock.limit', { type: 'unlimited' })} data-testid="say-unlimited">${t('sheet.unlimited', { store })}<//>`}
    </div>
    ${row.type === 'limited' && html`<form class="count" onSubmit=${(event) => (event.preventDefault(), isLow && say('stock.thresholds', { warning: low, critical: lowest }))}>
      <label class="field">${t('sheet.warning')}
        <input inputmode="decimal" value=${warning} onInput=${(event) => setWarning(event.target.value)} data-testid="warning" />
      </label>
      <label class="field">${t('sheet.critical')}
        <input inputmode="decimal" value=${critical} onInput=${(event) => setCritical(event.target.value)} data-testid="critical" />
      </label>
      <button type="submit" class="button" disabled=${!isLow} data-testid="say-low">${t('sheet.low', { store })}</button>
    </form>`}
    ${asked && html`<${Ack} key=${asked.key} store=${store} asked=${asked} name=${name} isLive=${isLive} />`}
  <//>`;
}

// Sends the word, with the same key until the relay has it, then follows it to the store and back.
function Ack({ store, asked, name, isLive }) {
  const [word, setWord] = useState(null);
  const [wrong, setWrong] = useState('');
  useEffect(() => {
    let isGone = false;
    follow(store, asked, (next) => !isGone && setWord(next), (why) => !isGone && setWrong(why), () => isGone);
    return () => (isGone = true);
  }, []);
  const what = wordText(asked, () => name);
  return html`<div class=${`ack ${wrong ? 'refused' : (word?.state ?? 'sending')}`} role="status" aria-live="polite"
    data-testid="ack" data-state=${wrong ? 'refused' : (word?.state ?? 'sending')}>
    <strong>${what}</strong>
    <span>${wrong || (word ? ackText(word, isLive) : t('ack.sending'))}</span>
  </div>`;
}

async function follow(store, { verb, args, key }, show, refuse, isGone) {
  let word = null;
  while (!isGone()) {
    const answer = word
      ? await ask('GET', `${storePath(store)}/words/${word.number}?wait=applied`, { patience: 6000 })
      : await ask('POST', `${storePath(store)}/words`, { body: { verb, args }, key, patience: 6000 });
    if (answer.ok) {
      word = answer.data;
      show(word);
      if (word.state !== 'sent') return;
    } else if (answer.status !== 0 && answer.status !== 503) {
      refuse(t('hq.not-done', { why: answer.detail }));
      return;
    } else {
      await new Promise((done) => setTimeout(done, 1000));
    }
  }
}

// "12" or "2.5" (a comma is a point too); null when it is no quantity.
export function readCount(text) {
  const match = /^(\d{1,9})(?:[.,](\d))?$/.exec(text.trim());
  if (!match) return null;
  const value = Number(match[1]) + Number(match[2] ?? 0) / 10;
  return value <= 100000000 ? value : null;
}

// Where the browser has no randomUUID (plain http on a LAN).
function makeKey() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
