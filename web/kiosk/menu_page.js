// The menu: categories, pictures, and the cart always in sight.
import { html, useEffect, useRef, useState } from '../shared/ui.js';
import { pick, t } from '../shared/i18n.js';
import { money } from '../shared/format.js';
import { Picture } from '../shared/ordering/picture.js';
import { itemState, priceFrom } from '../shared/ordering/menu_index.js';
import { unitsLeft } from '../shared/ordering/sellable.js';
import { CartPanel } from './cart_panel.js';
import { ReplaceBar } from './notices.js';

const kFewLeft = 5;
const kJumpMs = 800; // a tab that was touched stays chosen while the list slides to it

export function MenuPage({ counter }) {
  const { index } = counter;
  const scroller = useRef(null);
  const [current, setCurrent] = useState(index.value.categories[0]?.id);
  const jumping = useRef(0);
  const show = (id) => {
    setCurrent(id);
    jumping.current = performance.now() + kJumpMs;
    const section = scroller.current?.querySelector(`[data-category="${CSS.escape(id)}"]`);
    section?.scrollIntoView({ behavior: prefersStill() ? 'auto' : 'smooth', block: 'start' });
  };
  useFollowScroll(scroller, (id) => performance.now() > jumping.current && setCurrent(id), index.value);
  return html`<main class="menu-page">
    <${Categories} index=${index.value} current=${current} onShow=${show} />
    <div class="dishes" ref=${scroller} tabindex="-1">
      <${ReplaceBar} counter=${counter} />
      ${index.value.categories.map(
        (category) => html`<section key=${category.id} data-category=${category.id} aria-label=${pick(category.name)}>
          <h2>${pick(category.name)}</h2>
          <div class="cards">
            ${index.value.byCategory.get(category.id).map((item) => html`<${MenuCard} key=${item.id} ...${{ counter, item }} />`)}
          </div>
        </section>`,
      )}
    </div>
    <${CartPanel} counter=${counter} />
  </main>`;
}

const prefersStill = () => matchMedia('(prefers-reduced-motion: reduce)').matches;

function Categories({ index, current, onShow }) {
  const row = useRef(null);
  useEffect(() => {
    const chosen = row.current?.querySelector('[aria-current="true"]');
    if (!chosen || row.current.scrollWidth <= row.current.clientWidth) return;
    row.current.scrollTo({ left: chosen.offsetLeft - row.current.clientWidth / 2 + chosen.offsetWidth / 2 });
  }, [current]);
  return html`<nav class="categories" ref=${row} aria-label=${t('menu.categories')}>
    ${index.categories.map((category) => {
      const face = index.byCategory.get(category.id)[0];
      return html`<button
        type="button"
        key=${category.id}
        aria-current=${current === category.id}
        onClick=${() => onShow(category.id)}
        data-testid=${`category-${category.id}`}
      >
        <${Picture} item=${face} lazy=${false} />
        <span>${pick(category.name)}</span>
      </button>`;
    })}
  </nav>`;
}

// The tab follows what is on top of the list.
function useFollowScroll(scroller, setCurrent, index) {
  useEffect(() => {
    const box = scroller.current;
    let waiting = false;
    const look = () => {
      waiting = false;
      const sections = [...box.querySelectorAll('[data-category]')];
      const isAtEnd = box.scrollTop + box.clientHeight >= box.scrollHeight - 4;
      const line = box.getBoundingClientRect().top + 120;
      const above = sections.filter((section) => section.getBoundingClientRect().top <= line);
      const top = isAtEnd && box.scrollTop > 0 ? sections.at(-1) : (above.at(-1) ?? sections[0]);
      if (top) setCurrent(top.dataset.category);
    };
    const onScroll = () => {
      if (waiting) return;
      waiting = true;
      requestAnimationFrame(look);
    };
    box.addEventListener('scroll', onScroll, { passive: true });
    return () => box.removeEventListener('scroll', onScroll);
  }, [index]);
}

export function MenuCard({ counter, item }) {
  const { index, levels } = counter;
  const isOut = itemState(index.value, levels.value, item) === 'sold_out';
  const { price, isFrom } = priceFrom(item);
  const shown = money(price, index.value.currency);
  const left = Math.max(...item.skus.map((sku) => unitsLeft(levels.value, sku.id)));
  const isFew = !isOut && left <= kFewLeft;
  return html`<button
    type="button"
    class=${`menu-card ${isOut ? 'out' : ''}`}
    aria-disabled=${isOut}
    onClick=${() => !isOut && counter.open(item)}
    data-testid=${`item-${item.id}`}
  >
    <span class="face">
      <${Picture} item=${item} />
      ${isOut && html`<span class="badge out" data-testid=${`sold-out-${item.skus[0].id}`}>${t('state.sold-out')}</span>`}
      ${isFew && html`<span class="badge few">${t('state.left', { n: left })}</span>`}
    </span>
    <span class="name">${pick(item.name)}</span>
    <span class="about">${pick(item.description)}</span>
    <span class="price">${isFrom ? t('price.from', { price: shown }) : shown}</span>
  </button>`;
}
