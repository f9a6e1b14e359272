// A ticket on the board, and a card of the expo: what to cook, for whom, since when.
import { html, useLayoutEffect, useRef, useState } from '../shared/ui.js';
import { quantity } from '../shared/format.js';
import { pick, t } from '../shared/i18n.js';
import { isDead, isTicketDead, phaseOf, serviceOf } from './tickets.js';
import { ServiceSign, TimerRing } from './shapes.js';

// The head is the same for a ticket and an expo card.
function Head({ order, now, device, place, onOpen, label, isReady = false }) {
  const ageMs = now - order.fired_at / 1000;
  const phase = phaseOf(ageMs, device);
  const word = isReady ? 'ready' : phase;
  const kind = serviceOf(order);
  const where = kind === 'dine_in' && order.table ? t('service.table', { table: order.table }) : t(`service.${kind}`);
  return html`<button type="button" class="head" onClick=${onOpen} data-testid="ticket-head">
    ${place !== undefined && html`<kbd class="place">${place}</kbd>`}
    <span class="number" data-testid="ticket-number">${order.number}</span>
    <${TimerRing} ageMs=${ageMs} phase=${phase} fullMs=${(device?.very_late_s ?? 480) * 1000} />
    <span class="service"><${ServiceSign} kind=${kind} />${where}</span>
    ${word !== 'calm' && !isDead(order) && html`<strong class="phase">${t(`phase.${word}`)}</strong>`}
    ${label && html`<span class="station-name">${label}</span>`}
  </button>`;
}

export function Line({ line, onTap, children }) {
  const name = pick(line.name);
  const state = line.voided ? 'voided' : line.done ? 'done' : '';
  return html`<li class=${`line ${state}`} data-state=${state}>
    <button type="button" onClick=${onTap} aria-pressed=${line.done} data-testid="ticket-line">
      ${line.voided && html`<strong class="void-word" data-testid="line-void">${t('line.void')}</strong>`}
      <span class="quantity">${quantity(line.quantity)}</span>
      <span class="name">${name}${line.done && !line.voided && html`<span class="visually-hidden">, ${t('line.done')}</span>`}</span>
      ${line.options.length > 0 &&
      html`<span class="options">
        ${line.options.map((option) => html`<b key=${option.option}>${pick(option.name)}</b>`)}
      </span>`}
    </button>
    ${children}
    ${line.note && !line.voided && html`<${Note} text=${line.note} />`}
  </li>`;
}

export function Note({ text }) {
  return html`<p class="note-strip" data-testid="ticket-note"><span aria-hidden="true">!</span>${text}</p>`;
}

// Why nothing of it is to be cooked any more: the order is dead, or all that this station had of it.
export function DeadStrip({ order }) {
  const word = isDead(order) ? `dead.${order.state}` : 'dead.lines';
  return html`<p class="dead-strip" role="status" data-testid="ticket-dead">
    <strong>${t(word)}</strong>
    ${isDead(order) && order.reason && html`<span>${order.reason}</span>`}
  </p>`;
}

// onTap(what, event): what is { open: true }, { line: index } or { bump: true }.
export function Ticket({ entry, now, device, menu, place, isSelected, waiting, showStation, room, onTap }) {
  const { order, ticket } = entry;
  const dead = isTicketDead(entry);
  const [list, { hidden, isDense }] = useFit(`${room}/${ticket.lines.length}`);
  const others = order.tickets.filter((other) => other.station !== ticket.station);
  return html`<article
    class=${['ticket', dead ? 'dead' : cardClass(order, now, device), isSelected ? 'selected' : '', isDense ? 'dense' : '', waiting].join(' ')}
    aria-label=${t('ticket.label', { number: order.number })}
    data-testid="ticket"
    data-order=${order.order}
    data-station=${ticket.station}
    data-number=${order.number}
  >
    <${Head}
      ...${{ order, now, device, place }}
      label=${showStation && stationName(menu, ticket.station)}
      onOpen=${(event) => onTap({ open: true }, event)}
    />
    ${dead && html`<${DeadStrip} order=${order} />`}
    ${!dead && ticket.last_action === 'recalled' && html`<p class="back-strip">↩ ${t('ticket.recalled')}</p>`}
    ${order.note && html`<${Note} text=${order.note} />`}
    <ul class="lines" ref=${list} tabindex=${hidden ? 0 : undefined} aria-label=${t('ticket.lines')}>
      ${ticket.lines.map(
        (line, index) =>
          html`<${Line} key=${index} line=${line} onTap=${(event) => onTap({ line: index }, event)} />`,
      )}
    </ul>
    ${hidden > 0 && html`<p class="more-lines" data-testid="more-lines">▼ ${t('ticket.more', { n: hidden })}</p>`}
    ${others.length > 0 && html`<${AlsoAt} tickets=${others} menu=${menu} />`}
    <button type="button" class="bump" onClick=${(event) => onTap({ bump: true }, event)} data-testid="bump">
      ${waiting ? t(`waiting.${waiting}`) : t(dead ? 'ticket.clear' : 'ticket.bump')}
    </button>
  </article>`;
}

function AlsoAt({ tickets, menu }) {
  return html`<p class="also-at">
    ${t('ticket.also')}
    ${tickets.map(
      ({ station, bumped }) =>
        html`<span key=${station} class=${bumped ? 'ready' : ''}>
          ${bumped ? '✓' : '…'} ${stationName(menu, station)}
        </span>`,
    )}
  </p>`;
}

// One order with all its stations. It can be handed over when every station has bumped.
export function ExpoCard({ entry, now, device, menu, place, isSelected, isLeaving, waiting, room, onTap }) {
  const { order } = entry;
  const dead = isDead(order);
  const ready = order.state === 'ready';
  const [list, { hidden }] = useFit(`${room}/${order.tickets.length}`);
  const button = isLeaving ? 'expo.leaving' : ready ? 'expo.hand-over' : dead ? 'expo.dead' : 'expo.waits';
  return html`<article
    class=${['ticket', 'expo', cardClass(order, now, device), ready ? 'ready' : '', isSelected ? 'selected' : ''].join(' ')}
    aria-label=${t('ticket.label', { number: order.number })}
    data-testid="expo-card"
    data-order=${order.order}
    data-number=${order.number}
    data-state=${order.state}
  >
    <${Head} ...${{ order, now, device, place }} isReady=${ready} onOpen=${(event) => onTap({ open: true }, event)} />
    ${dead && html`<${DeadStrip} order=${order} />`}
    ${order.note && html`<${Note} text=${order.note} />`}
    <div class="lines" ref=${list} tabindex=${hidden ? 0 : undefined}>
      ${order.tickets.map((ticket) => html`<${ExpoStation} key=${ticket.station} ...${{ ticket, menu }} />`)}
    </div>
    <button
      type="button"
      class="bump"
      disabled=${!ready || isLeaving}
      onClick=${(event) => onTap({ bump: true }, event)}
      data-testid="hand-over"
    >${waiting ? t(`waiting.${waiting}`) : t(button)}</button>
  </article>`;
}

function ExpoStation({ ticket, menu }) {
  return html`<section class=${`expo-station ${ticket.bumped ? 'ready' : ''}`} data-station=${ticket.station}>
    <h3>${ticket.bumped ? '✓' : '…'} ${stationName(menu, ticket.station)}</h3>
    <ul>
      ${ticket.lines.map(
        (line, i) => html`<li key=${i} class=${`line ${line.voided ? 'voided' : ''}`}>
          ${line.voided && html`<strong class="void-word">${t('line.void')}</strong>`}
          <span class="quantity">${quantity(line.quantity)}</span>
          <span class="name">${pick(line.name)}${line.done && !line.voided && !ticket.bumped && html` <span class="tick">✓</span>`}</span>
          ${line.note && html`<${Note} text=${line.note} />`}
        </li>`,
      )}
    </ul>
  </section>`;
}

function cardClass(order, now, device) {
  if (isDead(order)) return 'dead';
  return phaseOf(now - order.fired_at / 1000, device);
}

export function stationName(menu, station) {
  const found = menu?.stations.find((each) => each.id === station);
  return found ? pick(found.name) : station;
}

// Fits a ticket's lines into its height and each word into its width: in large type if they all
// fit, else in dense type, and what still does not fit is counted and not cut in silence. Measured
// before it is painted.
function useFit(room) {
  const list = useRef(null);
  const [fit, setFit] = useState({ room, hidden: 0, isDense: false });
  const isDense = fit.room === room && fit.isDense;
  useLayoutEffect(() => {
    const box = list.current;
    const measure = () => {
      const bottom = box.getBoundingClientRect().bottom + 2;
      const hidden = [...box.children].filter((li) => li.getBoundingClientRect().bottom > bottom).length;
      const isWide = [...box.querySelectorAll('.name')].some((name) => name.scrollWidth > name.clientWidth);
      const next = { room, hidden, isDense: isDense || hidden > 0 || isWide };
      setFit((was) => (sameFit(was, next) ? was : next));
    };
    const observer = new ResizeObserver(measure);
    observer.observe(box);
    box.addEventListener('scroll', measure, { passive: true });
    measure();
    return () => {
      observer.disconnect();
      box.removeEventListener('scroll', measure);
    };
  }, [room, isDense]);
  return [list, { hidden: fit.hidden, isDense }];
}

function sameFit(a, b) {
  return a.room === b.room && a.hidden === b.hidden && a.isDense === b.isDense;
}
