// What of the day has reached the cloud, under the statement: taken, sent, applied, and where the
// two differ when they do. Asked for when the page opens and on a tap, not with every order: the
// hub reads the day anew for it.
import { html, useEffect, useState } from '../shared/ui.js';
import { t } from '../shared/i18n.js';
import { Button } from '../shared/components.js';
import { clock } from '../shared/format.js';

export function CloudBooks({ desk, day }) {
  const [books, setBooks] = useState(null);
  const isLive = desk.isLive.value;
  const ask = () => {
    if (isLive) desk.shop.hub.query('books.statement', { day }).then(setBooks, () => setBooks(null));
  };
  useEffect(ask, [day, isLive]);
  if (!books?.cloud) return null; // this hub stands alone
  const { taken, sent, applied } = books;
  return html`<table class="figures" data-testid="cloud-books">
    <thead><tr><th>${t('cloud.books')}</th><th class="figure">${t('cloud.events')}</th><th class="figure">${t('day.amount')}</th></tr></thead>
    <tbody>
      <${Row} name="taken" events=${taken.events} amount=${desk.price(taken.total)} />
      <${Row} name="sent" events=${sent.events} amount="" />
      <${Row} name="applied" events=${applied ? applied.events : '–'} amount=${applied ? desk.price(applied.total) : '–'} />
    </tbody>
    <tfoot>
      <tr><td colspan="3"><p data-testid="cloud-verdict">${verdict(desk, books)}</p>
        <${Button} class="no-print" onClick=${ask}>${t('cloud.again')}<//></td></tr>
    </tfoot>
  </table>`;
}

function Row({ name, events, amount }) {
  return html`<tr data-testid=${`cloud-${name}`}>
    <th scope="row">${t(`cloud.${name}`)}</th>
    <td class="figure count">${events}</td>
    <td class="figure">${amount}</td>
  </tr>`;
}

// One sentence that says where the two sides stand.
function verdict(desk, { applied, equal, differs_in: differsIn, differs_at: differsAt, cloud }) {
  if (equal) return t('cloud.equal');
  if (differsIn) return t(differsAt ? 'cloud.differs-at' : 'cloud.differs', { seq: differsAt });
  if (applied) return t('cloud.on-its-way');
  const time = clock(cloud.since / 1000, desk.shop.hello.value?.zone);
  return cloud.lost ? t('cloud.no-link', { time }) : t('cloud.no-answer');
}
