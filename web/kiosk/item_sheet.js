// One dish: picture, choices, how many, and the price of exactly that.
import { html, useRef, useState } from '../shared/ui.js';
import { pick, t } from '../shared/i18n.js';
import { Button, Sheet, Stepper } from '../shared/components.js';
import { money } from '../shared/format.js';
import { Picture } from '../shared/ordering/picture.js';
import { Choices } from '../shared/ordering/option_groups.js';
import { choiceProblems, kQuantityMax, unitPrice } from '../shared/ordering/choices.js';
import { unitsLeft } from '../shared/ordering/sellable.js';

export function ItemSheet({ counter }) {
  const { index, levels, sheet } = counter;
  const { item, key } = sheet.value;
  const [choice, setChoice] = useState(sheet.value.choice);
  const [missing, setMissing] = useState(new Set());
  const body = useRef(null);
  const problems = choiceProblems(index.value, levels.value, choice);
  const left = unitsLeft(levels.value, choice.sku);
  const soldOut = problems.find((each) => each.kind === 'sku');
  const close = () => (sheet.value = null);
  const take = () => {
    if (problems.length === 0) return counter.take(choice);
    const ids = problems.map((each) => each.group?.id ?? each.part?.id ?? each.group).filter(Boolean);
    setMissing(new Set(ids));
    const first = body.current?.querySelector(`[data-group="${CSS.escape(ids[0] ?? 'size')}"]`);
    first?.scrollIntoView({ block: 'center' });
    return undefined;
  };
  const price = money(unitPrice(index.value, choice) * choice.quantity, index.value.currency);
  const footer = html`<${Stepper}
      value=${choice.quantity}
      min=${1}
      max=${Math.max(1, Math.min(kQuantityMax, Math.floor(left)))}
      label=${t('item.quantity')}
      onChange=${(quantity) => setChoice({ ...choice, quantity })}
      testid="item-quantity"
    />
    <${Button} kind="primary" large class="next" disabled=${Boolean(soldOut)} onClick=${take} data-testid="add-to-cart">
      ${soldOut ? t('state.sold-out') : t(key ? 'item.keep' : 'item.add', { price })}
    <//>`;
  return html`<${Sheet} title=${pick(item.name)} wide onClose=${close} footer=${footer} testid="item-sheet">
    <div class="item-sheet" ref=${body}>
      <div class="face">
        <${Picture} item=${item} lazy=${false} />
        <p>${pick(item.description)}</p>
        ${left <= 5 && left > 0 && html`<p class="few">${t('state.left', { n: left })}</p>`}
      </div>
      <${Choices}
        index=${index.value}
        levels=${levels.value}
        item=${item}
        choice=${choice}
        onChange=${setChoice}
        missing=${missing}
      />
    </div>
  <//>`;
}
