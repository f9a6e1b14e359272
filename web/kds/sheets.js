// What opens over the board: one ticket, the recent ones, the 86 list, all-day counts, stations.
import { html, useState } from '../shared/ui.js';
import { clock, quantity, span } from '../shared/format.js';
import { pick, t } from '../shared/i18n.js';
import { Button, Sheet, State } from '../shared/components.js';
import { DeadStrip, Line, Note, stationName } from './ticket.js';
import { allDay, bumpedTickets, isDead, isTicketDead, kAll, kExpo, outOfStock, partlyOut, serviceOf, skusOf } from './tickets.js';

export function TicketSheet({ entry, menu, zone, actions, on86, onClose }) {
  const { order } = entry;
  const tickets = entry.ticket ? [entry.ticket] : order.tickets;
  const bump = (ticket) => (actions.bump({ order, ticket }), onClose());
  const where = order.table ? t('service.table', { table: order.table }) : t(`service.${serviceOf(order)}`);
  return html`<${Sheet}
    title=${`${order.number} · ${where} · ${clock(order.fired_at / 1000, zone)}`}
    onClose=${onClose}
    testid="ticket-sheet"
  >
    ${isDead(order) && html`<${DeadStrip} order=${order} />`}
    ${order.note && html`<${Note} text=${order.note} />`}
    ${tickets.map(
      (ticket) => html`<section class="sheet-ticket" key=${ticket.station}>
        <h3>${ticket.bumped ? '✓ ' : ''}${stationName(menu, ticket.station)}</h3>
        <ul class="lines">
          ${ticket.lines.map(
            (line, index) => html`<${Line}
              key=${index}
              line=${line}
              onTap=${() => line.voided || actions.check({ order, ticket }, index)}
            >
              <${Button}
                kind="danger"
                aria-label=${t('86.confirm', { name: pick(line.name) })}
                onClick=${() => on86(line.sku, pick(line.name))}
                data-testid="line-86"
              >86<//>
            <//>`,
          )}
        </ul>
        ${!ticket.bumped &&
        html`<${Button} kind="primary" large class="wide" onClick=${() => bump(ticket)} data-testid="sheet-bump">
          ${t(isTicketDead({ order, ticket }) ? 'ticket.clear' : 'ticket.bump')}
        <//>`}
      </section>`,
    )}
  <//>`;
}

const kRecentShown = 24;

export function RecentSheet({ view, filter, menu, now, actions, onClose }) {
  const entries = bumpedTickets(view, filter).slice(0, kRecentShown);
  const recall = (entry) => (actions.recall(entry), onClose());
  return html`<${Sheet} title=${t('recent.title')} onClose=${onClose} wide testid="recent-sheet">
    ${entries.length === 0 && html`<${State} icon="tick" title=${t('recent.none')} text=${t('recent.none.text')} />`}
    <ul class="recent">
      ${entries.map(
        (entry) => html`<li key=${entry.key}>
          <button type="button" onClick=${() => recall(entry)} data-testid="recent-ticket" data-order=${entry.order.order}>
            <span class="number">${entry.order.number}</span>
            <span class="what">${entry.ticket.lines.map((line) => `${quantity(line.quantity)} ${pick(line.name)}`).join(', ')}</span>
            <span class="when">
              ${stationName(menu, entry.ticket.station)} · ${t('recent.ago', { span: span(now - entry.ticket.bumped_at / 1000) })}
            </span>
            <strong>${t('recent.recall')}</strong>
          </button>
        </li>`,
      )}
    </ul>
  <//>`;
}

export function AllDayPanel({ view, filter, onClose }) {
  const counts = allDay(view, filter);
  return html`<aside class="all-day" aria-label=${t('all-day.title')} data-testid="all-day">
    <header>
      <h2>${t('all-day.title')}</h2>
      <${Button} kind="quiet" onClick=${onClose} aria-label=${t('action.close')}>✕<//>
    </header>
    ${counts.length === 0 && html`<p>${t('all-day.none')}</p>`}
    <ul tabindex="0" aria-label=${t('all-day.title')}>
      ${counts.map(
        (entry) => html`<li key=${entry.sku} data-testid="all-day-row" data-sku=${entry.sku}>
          <span class="quantity">${quantity(entry.quantity)}</span>
          <span class="name">${pick(entry.name)}</span>
        </li>`,
      )}
    </ul>
  </aside>`;
}

export function StationSheet({ menu, filter, own, counts, onChoose, onClose }) {
  const stations = menu?.stations ?? [];
  const choices = [
    ...stations.map(({ id, name }) => ({ id, name: pick(name), count: counts.get(id) ?? 0 })),
    { id: kAll, name: t('station.all'), text: t('station.all.text') },
    { id: kExpo, name: t('station.expo'), text: t('station.expo.text') },
  ];
  return html`<${Sheet} title=${t('station.choose')} onClose=${onClose} testid="station-sheet">
    <ul class="choices">
      ${choices.map(
        ({ id, name, count, text }) => html`<li key=${id}>
          <${Button}
            large
            class="wide"
            aria-pressed=${id === filter}
            onClick=${() => (onChoose(id), onClose())}
            data-testid="station-choice"
            data-station=${id}
          >
            <span class="choice-name">${name}${id === own ? ` · ${t('station.own')}` : ''}</span>
            <span class="choice-text">${text ?? t('station.waiting', { n: count })}</span>
          <//>
        </li>`,
      )}
    </ul>
  <//>`;
}

// The 86 list: what this station cooks first, then the rest; one tap, then a question that names it.
export function EightySixSheet({ menu, stock, filter, asked, actions, onClose }) {
  const [ask, setAsk] = useState(asked ?? null);
  const [typed, setTyped] = useState('');
  const out = outOfStock(stock);
  const partly = partlyOut(stock, menu);
  if (ask) {
    const cancel = () => (asked ? onClose() : setAsk(null));
    return html`<${Confirm86} ...${{ ask, actions, onClose, cancel }} />`;
  }
  const wanted = typed.trim().toLowerCase();
  const rows = skusOf(menu)
    .map((each) => ({ ...each, name: named(each), isOut: out.get(each.sku) === 'marked', out: out.get(each.sku), partly: partly.get(each.sku) }))
    .filter(({ name }) => name.toLowerCase().includes(wanted))
    .sort((a, b) => rank(a, filter) - rank(b, filter));
  return html`<${Sheet} title=${t('86.title')} onClose=${onClose} wide testid="86-sheet">
    <label class="field search-86">
      ${t('86.search')}
      <input value=${typed} onInput=${(event) => setTyped(event.target.value)} type="search" data-testid="86-search" />
    </label>
    <ul class="list-86">
      ${rows.map(
        (row) => html`<li key=${row.sku} class=${row.out ? 'out' : ''} data-testid="86-row" data-sku=${row.sku} data-out=${row.out ?? ''}>
          <span class="name">${row.name} ${row.out && html`<em>${t(`86.is-${row.out}`)}</em>`}${row.partly && html`<em class="partly" data-testid="86-partly">${t('86.is-partly', { channels: row.partly.map((channel) => t(`channel.${channel}`)).join(t('86.comma')) })}</em>`}</span>
          <${Button}
            aria-label=${`${t(row.isOut ? '86.back' : '86.mark')}: ${row.name}`}
            onClick=${() => setAsk({ sku: row.sku, name: row.name, status: row.isOut ? 'available' : 'sold_out' })}
            data-testid="86-item"
            data-sku=${row.sku}
          >${t(row.isOut ? '86.back' : '86.mark')}<//>
        </li>`,
      )}
    </ul>
  <//>`;
}

function Confirm86({ ask, actions, onClose, cancel }) {
  const { sku, name, status } = ask;
  const isOut = status === 'sold_out';
  const go = () => (actions.mark(sku, name, status), onClose());
  const footer = html`<${Button} large onClick=${cancel}>${t('action.cancel')}<//>
    <${Button} large kind=${isOut ? 'danger' : 'primary'} onClick=${go} data-autofocus data-testid="86-confirm">
      ${t(isOut ? '86.confirm' : '86.confirm-back', { name })}
    <//>`;
  const title = t(isOut ? '86.ask' : '86.ask-back', { name });
  return html`<${Sheet} title=${title} onClose=${cancel} footer=${footer} testid="86-ask">
    <p>${t(isOut ? '86.ask.text' : '86.ask-back.text')}</p>
  <//>`;
}

function named({ item, variant }) {
  return variant ? `${pick(item)} · ${pick(variant)}` : pick(item);
}

function rank({ out, partly, station }, filter) {
  if (out) return 0;
  if (partly) return 1;
  return station === filter ? 2 : 3;
}
