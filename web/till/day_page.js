// The close of the day: what was sold, given away and taken, and the cash that was counted. Prints
// as one page.
import { html, useEffect, useState } from '../shared/ui.js';
import { t } from '../shared/i18n.js';
import { Button, Sheet, State } from '../shared/components.js';
import { clock } from '../shared/format.js';
import { CloudBooks } from './cloud_books.js';
import { parseMoney } from '../shared/ordering/words.js';

const kSettleMs = 400; // many events in a row are one question to the hub

export function DayPage({ desk }) {
  const { statement, isOld, error } = useStatement(desk);
  const [typed, setTyped] = useState('');
  const [isAsking, setAsking] = useState(false);
  if (!statement) {
    return html`<main class="day-page"><${State} icon=${error ? 'plug' : 'plate'} title=${t(error ? 'day.none' : 'day.loading')} text=${error} /></main>`;
  }
  const counted = typed.trim() ? parseMoney(typed) : null;
  const close = () => desk.need('close', () => setAsking(true));
  return html`<main class=${`day-page ${isOld ? 'old' : ''}`} data-testid="day-page">
    <article class="statement" data-testid="statement">
      <header>
        <h2>${t('day.title', { day: dayWords(statement.day) })}</h2>
        <p>${desk.shop.hello.value?.name} · ${statement.closed ? t('day.closed-by', closedWords(desk, statement.closed)) : t('day.is-open')}</p>
      </header>
      <${Figures} desk=${desk} statement=${statement} />
      <${People} desk=${desk} people=${statement.figures.people} />
      <${Cash} desk=${desk} statement=${statement} counted=${counted} />
      <${CloudBooks} desk=${desk} day=${statement.day} />
    </article>
    <aside class="day-close no-print">
      ${statement.closed
        ? html`<p class="notice ok" data-testid="day-closed">${t('day.is-closed', closedWords(desk, statement.closed))}</p>`
        : html`<label class="field">
              ${t('day.counted')}
              <input class="figure-field" inputmode="decimal" value=${typed} onInput=${(event) => setTyped(event.target.value)} autocomplete="off" data-testid="cash-counted" />
            </label>
            <p class="hint">${t('day.counted.hint')}</p>
            ${statement.open.count > 0 && html`<p class="notice" data-testid="day-open">${t('day.open', { n: statement.open.count, price: desk.price(statement.open.amount) })}</p>`}
            <${Button} kind="danger" large disabled=${counted === null || !desk.isLive.value} onClick=${close} data-testid="day-close">${t('day.close')}<//>`}
      <${Button} large onClick=${() => print()} data-testid="day-print">${t('day.print')}<//>
    </aside>
    ${isAsking && html`<${CloseSheet} desk=${desk} statement=${statement} counted=${counted} onClose=${() => setAsking(false)} />`}
  </main>`;
}

// The hub's statement, asked for again whenever the orders move.
function useStatement(desk) {
  const [held, setHeld] = useState({ statement: null, error: '' });
  const { seq } = desk.ordersView.value;
  const isLive = desk.isLive.value;
  useEffect(() => {
    if (!isLive) return undefined;
    let isWanted = true;
    const ask = () =>
      desk.shop.hub.query('day.statement').then(
        ({ statement }) => isWanted && setHeld({ statement, error: '' }),
        (error) => isWanted && setHeld((was) => ({ ...was, error: error.message })),
      );
    const timer = setTimeout(ask, held.statement ? kSettleMs : 0);
    return () => {
      isWanted = false;
      clearTimeout(timer);
    };
  }, [seq, isLive]);
  return { ...held, isOld: !isLive };
}

const dayWords = (day) => `${Math.floor(day / 10000)}-${String(Math.floor(day / 100) % 100).padStart(2, '0')}-${String(day % 100).padStart(2, '0')}`;

const closedWords = (desk, { at, name, by }) => ({ time: clock(at / 1000, desk.shop.hello.value?.zone), name: name || by });

function Line({ label, count, value, strong = false, testid }) {
  return html`<tr class=${strong ? 'strong' : ''} data-testid=${testid}>
    <th scope="row">${label}</th>
    <td class="figure count">${count ?? ''}</td>
    <td class="figure">${value}</td>
  </tr>`;
}

function Figures({ desk, statement }) {
  const { orders, discounts, voids, cancelled, cash, card } = statement.figures;
  const minus = (tally) => desk.price(-tally.amount || 0); // no minus before nothing
  return html`<table class="figures">
    <thead><tr><th>${t('day.sales')}</th><th class="figure">${t('day.count')}</th><th class="figure">${t('day.amount')}</th></tr></thead>
    <tbody>
      <${Line} label=${t('day.gross')} count=${orders.count} value=${desk.price(orders.amount)} testid="day-gross" />
      <${Line} label=${t('day.discounts')} count=${discounts.count} value=${minus(discounts)} testid="day-discounts" />
      <${Line} label=${t('day.voids')} count=${voids.count} value=${minus(voids)} testid="day-voids" />
      <${Line} label=${t('day.cancelled')} count=${cancelled.count} value=${minus(cancelled)} />
      <${Line} label=${t('day.net')} value=${desk.price(statement.net)} strong testid="day-net" />
      <${Line} label=${t('day.cash')} count=${cash.paid.count} value=${desk.price(cash.paid.amount)} />
      ${cash.refunded.count > 0 && html`<${Line} label=${t('day.cash-back')} count=${cash.refunded.count} value=${minus(cash.refunded)} />`}
      <${Line} label=${t('day.card')} count=${card.paid.count} value=${desk.price(card.paid.amount)} />
      ${card.refunded.count > 0 && html`<${Line} label=${t('day.card-back')} count=${card.refunded.count} value=${minus(card.refunded)} />`}
      <${Line} label=${t('day.unpaid')} count=${statement.open.count} value=${desk.price(statement.open.amount)} />
    </tbody>
  </table>`;
}

function People({ desk, people }) {
  if (people.length === 0) return null;
  return html`<table class="figures people">
    <thead><tr><th>${t('day.by-name')}</th><th class="figure">${t('day.discounts')}</th><th class="figure">${t('day.voids')}</th></tr></thead>
    <tbody>
      ${people.map(
        ({ staff, device, name, discounts, voids }) => html`<tr key=${staff || device} data-testid=${`day-person-${staff || device}`}>
          <th scope="row">${name || staff || device}${!staff && html` <small>${t('day.nobody')}</small>`}</th>
          <td class="figure">${discounts.count > 0 ? `${discounts.count} · ${desk.price(discounts.amount)}` : '–'}</td>
          <td class="figure">${voids.count > 0 ? `${voids.count} · ${desk.price(voids.amount)}` : '–'}</td>
        </tr>`,
      )}
    </tbody>
  </table>`;
}

// Before the close what is typed, after it what was written down.
function Cash({ desk, statement, counted }) {
  const { closed } = statement;
  const expected = closed ? closed.cash_expected : statement.cash_expected;
  const inDrawer = closed ? closed.cash_counted : counted;
  const later = closed ? statement.cash_expected - closed.cash_expected : 0;
  return html`<table class="figures">
    <thead><tr><th>${t('day.drawer')}</th><th></th><th class="figure">${t('day.amount')}</th></tr></thead>
    <tbody>
      <${Line} label=${t('day.expected')} value=${desk.price(expected)} testid="day-expected" />
      <${Line} label=${t('day.counted-line')} value=${inDrawer === null ? '–' : desk.price(inDrawer)} testid="day-counted" />
      <${Line} label=${t('day.difference')} value=${inDrawer === null ? '–' : signed(desk, inDrawer - expected)} strong testid="day-difference" />
      ${later !== 0 && html`<${Line} label=${t('day.later')} value=${signed(desk, later)} testid="day-later" />`}
    </tbody>
  </table>`;
}

const signed = (desk, minor) => (minor > 0 ? '+' : '') + desk.price(minor);

function CloseSheet({ desk, statement, counted, onClose }) {
  const difference = counted - statement.cash_expected;
  const go = () => {
    const day = dayWords(statement.day);
    desk.act('day.close', { day: statement.day, cash_counted: counted }, { label: t('label.day', { day }), said: t('said.day', { day }) });
    onClose();
  };
  const footer = html`<${Button} large onClick=${onClose}>${t('action.cancel')}<//>
    <${Button} kind="danger" large disabled=${!desk.isLive.value} onClick=${go} data-testid="day-confirm">${t('day.confirm')}<//>`;
  return html`<${Sheet} title=${t('day.ask', { day: dayWords(statement.day) })} onClose=${onClose} footer=${footer} testid="day-sheet">
    <div class="tender">
      <p class="due"><span>${t('day.expected')}</span><span class="figure">${desk.price(statement.cash_expected)}</span></p>
      <p class="due"><span>${t('day.counted-line')}</span><span class="figure">${desk.price(counted)}</span></p>
      <p class="due"><span>${t('day.difference')}</span><strong>${signed(desk, difference)}</strong></p>
      <p>${t('day.once')}</p>
    </div>
  <//>`;
}
