// The board: as many tickets side by side as fit without scrolling, the rest counted. With few
// tickets the type is large; when they no longer fit it becomes compact, and large again only when
// there is room to spare, so that it does not flicker between the two.
import { html, useLayoutEffect, useRef, useState } from '../shared/ui.js';

const kGap = 8;
const kPadding = 12;
const kRow = 420;
const kColumn = { large: 340, compact: 176 };
const kPhone = 640; // below this width tickets are a list that scrolls

// Pure, for the tests: { columns, rows, fits, size } for a box of this size and so many tickets.
// In a wide room large tickets stand in one row and compact ones may use a second; in a tall one
// both use the rows that there are.
export function capacity({ width, height, count, was = 'large' }) {
  if (width < kPhone) return { columns: 1, rows: 1, fits: Infinity, size: 'large' };
  const most = Math.max(1, Math.floor(height / kRow));
  const isTall = height > width * 1.1;
  const columnsOf = (size) => {
    return Math.max(1, Math.floor((width - 2 * kPadding + kGap) / (kColumn[size] + kGap)));
  };
  const roomLarge = columnsOf('large') * (isTall ? most : 1);
  const spare = was === 'compact' ? 1 : 0;
  const size = count <= roomLarge - spare ? 'large' : 'compact';
  const columns = columnsOf(size);
  const rows = Math.min(size === 'large' && !isTall ? 1 : most, Math.ceil(count / columns) || 1);
  return { columns, rows, fits: columns * rows, size };
}

export function Board({ entries, render, onShown, isOld }) {
  const box = useRef(null);
  const size = useRef('large');
  const [area, setArea] = useState({ width: 0, height: 0 });
  useLayoutEffect(() => {
    const measure = () => {
      const { clientWidth: width, clientHeight: height } = box.current;
      setArea((was) => (was.width === width && was.height === height ? was : { width, height }));
    };
    const observer = new ResizeObserver(measure);
    observer.observe(box.current);
    measure();
    return () => observer.disconnect();
  }, []);
  const fit = capacity({ ...area, count: entries.length, was: size.current });
  size.current = fit.size;
  const shown = area.width ? entries.slice(0, fit.fits) : [];
  useLayoutEffect(() => onShown({ shown, hidden: entries.length - shown.length }));
  return html`<main
    class=${`board ${fit.size} ${isOld ? 'old-view' : ''}`}
    style=${{ '--columns': fit.columns, '--rows': rowsCss(fit.rows) }}
    ref=${box}
    data-testid="board"
    data-size=${fit.size}
  >
    ${shown.map((entry, i) => render(entry, i, `${area.width}x${area.height}/${fit.size}/${fit.rows}`))}
  </main>`;
}

// The older rows take what their tickets need, within reason; the last one takes the rest.
function rowsCss(rows) {
  const older = `fit-content(${Math.round(115 / rows)}%) `;
  return `${older.repeat(rows - 1)}minmax(0, 1fr)`;
}
