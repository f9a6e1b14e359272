// Taking an order: search or scan, the most sold in one tap, every category in two.
import { html, useEffect, useRef, useState } from '../shared/ui.js';
import { pick, t } from '../shared/i18n.js';
import { Button, State, toast } from '../shared/components.js';
import { quantity } from '../shared/format.js';
import { Picture } from '../shared/ordering/picture.js';
import { itemState, priceFrom, search } from '../shared/ordering/menu_index.js';
import { outReason, unitsLeft } from '../shared/ordering/sellable.js';
import { cartCount } from '../shared/ordering/cart.js';
import { TicketPanel } from './ticket_panel.js';
import { resolveTyped, searchWords } from './typed.js';

const kFavourites = '';
const kHere = new Set(['marked_here', 'empty_here']); // out at the till, and on sale elsewhere

export function OrderPage({ desk }) {
  const { index, ticket } = desk;
  const [typed, setTyped] = useState('');
  const [category, setCategory] = useState(kFavourites);
  const [isTicketOpen, setTicketOpen] = useState(false);
  const field = useRef(null);
  useTypingAnywhere(field);

  const words = searchWords(typed);
  const isFavourites = !words.trim() && category === kFavourites;
  const items = itemsOf(desk, words, category);
  const others = isFavourites ? index.value.items.filter((item) => !items.includes(item)) : [];
  const enter = (event) => {
    event.preventDefault();
    const found = resolveTyped(index.value, typed);
    if (found.kind === 'none' && typed.trim()) toast(t('search.none', { text: typed.trim() }), { kind: 'bad', key: 'search' });
    if (found.kind === 'none' || found.kind === 'many') return;
    desk.tap(found.item, found);
    setTyped('');
  };
  return html`<main class=${`order-page ${isTicketOpen ? 'ticket-open' : ''}`}>
    <section class="picker" aria-label=${t('picker')}>
      <form class="search" role="search" onSubmit=${enter}>
        <input
          type="search"
          ref=${field}
          value=${typed}
          onInput=${(event) => setTyped(event.target.value)}
          onKeyDown=${(event) => event.key === 'Escape' && setTyped('')}
          placeholder=${t('search.hint')}
          aria-label=${t('search.hint')}
          autocomplete="off"
          spellcheck=${false}
          data-testid="search"
        />
      </form>
      <nav class="tabs" aria-label=${t('categories')}>
        <${Tab} id=${kFavourites} name=${`★ ${t('favourites')}`} testid="favourites" ...${{ category, typed, setCategory, setTyped }} />
        ${index.value.categories.map(
          ({ id, name }) => html`<${Tab} key=${id} id=${id} name=${pick(name)} testid=${id} ...${{ category, typed, setCategory, setTyped }} />`,
        )}
      </nav>
      <div class="tiles">
        ${items.map((item) => html`<${ItemTile} key=${item.id} desk=${desk} item=${item} />`)}
        ${others.length > 0 && html`<h2>${t('everything-else')}</h2>`}
        ${others.map((item) => html`<${ItemTile} key=${item.id} desk=${desk} item=${item} />`)}
        ${items.length === 0 && html`<${State} icon="filter" title=${t('search.empty')} text=${t('search.empty.text')}><${Button} onClick=${() => setTyped('')}>${t('search.clear')}<//><//>`}
      </div>
    </section>
    <${TicketPanel} desk=${desk} onClose=${() => setTicketOpen(false)} />
    <${Button} kind="primary" large class="ticket-toggle" onClick=${() => setTicketOpen(true)} data-testid="open-ticket">
      ${t('ticket.open', { n: quantity(cartCount(ticket.value.lines)), price: desk.price(desk.total.value) })}
    <//>
  </main>`;
}

function itemsOf({ index, favourites }, words, category) {
  if (words.trim()) return search(index.value, words);
  const chosen = category && index.value.byCategory.get(category);
  if (category) return chosen ?? [];
  // A tile keeps its place but shows the menu of now.
  return favourites.value.map((item) => index.value.itemById.get(item.id)).filter(Boolean);
}

function Tab({ id, name, testid, category, typed, setCategory, setTyped }) {
  const choose = () => {
    setCategory(id);
    setTyped('');
  };
  return html`<button
    type="button"
    aria-current=${category === id && !typed.trim()}
    onClick=${choose}
    data-testid=${`category-${testid}`}
  >${name}</button>`;
}

// A key pressed anywhere that writes a letter goes to the search field: a scanner is a keyboard.
function useTypingAnywhere(field) {
  useEffect(() => {
    const onKeyDown = (event) => {
      const isWriting = event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey && event.key !== ' ';
      const isElsewhere = event.target.closest?.('input, textarea, select, [role=dialog], [role=alertdialog]');
      if (isWriting && !isElsewhere && !document.querySelector('[role=dialog]')) field.current?.focus();
    };
    addEventListener('keydown', onKeyDown, { capture: true });
    return () => removeEventListener('keydown', onKeyDown, { capture: true });
  }, []);
}

function ItemTile({ desk, item }) {
  const { index, levels } = desk;
  const isOut = itemState(index.value, levels.value, item) === 'sold_out';
  const reason = isOut ? outReason(levels.value, item) : '';
  const { price, isFrom } = priceFrom(item);
  const left = Math.max(...item.skus.map((sku) => unitsLeft(levels.value, sku.id)));
  const shown = desk.price(price);
  return html`<button
    type="button"
    class=${`tile ${isOut ? 'out' : ''}`}
    aria-disabled=${isOut}
    onClick=${() => desk.tap(item)}
    data-testid=${`item-${item.id}`}
  >
    <${Picture} item=${item} />
    <span class="name">${pick(item.name)}</span>
    <span class="foot">
      <span class="left">${isOut ? t(kHere.has(reason) ? `tile.${reason}` : 'state.sold-out') : left < Infinity ? t('tile.left', { n: quantity(left) }) : ''}</span>
      <span class="price">${isFrom ? t('price.from', { price: shown }) : shown}</span>
    </span>
  </button>`;
}
