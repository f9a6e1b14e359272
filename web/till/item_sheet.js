// One dish on the ticket: size, parts, options, a note for the kitchen.
import { html, useRef, useState } from '../shared/ui.js';
import { pick, t } from '../shared/i18n.js';
import { Button, Sheet, Stepper } from '../shared/components.js';
import { Choices } from '../shared/ordering/option_groups.js';
import { isStockProblem } from './override.js';
import { choiceProblems, kQuantityMax, unitPrice } from '../shared/ordering/choices.js';

const kNoteCharactersMax = 200;

export function ItemSheet({ desk }) {
  const { index, levels, sheet } = desk;
  const { item, key } = sheet.value;
  const [choice, setChoice] = useState(sheet.value.choice);
  const [missing, setMissing] = useState(new Set());
  const body = useRef(null);
  const all = choiceProblems(index.value, levels.value, choice);
  const problems = sheet.value.isForced ? all.filter((each) => !isStockProblem(each)) : all;
  const close = () => (sheet.value = null);
  const take = () => {
    if (problems.length === 0) return desk.take(choice, key);
    const ids = problems.map((each) => each.group?.id ?? each.part?.id ?? each.group).filter(Boolean);
    setMissing(new Set(ids));
    body.current?.querySelector(`[data-group="${CSS.escape(ids[0] ?? 'size')}"]`)?.scrollIntoView({ block: 'center' });
    return undefined;
  };
  const price = desk.price(unitPrice(index.value, choice) * choice.quantity);
  const footer = html`<${Stepper}
      value=${choice.quantity}
      min=${1}
      max=${kQuantityMax}
      label=${t('item.quantity')}
      onChange=${(quantity) => setChoice({ ...choice, quantity })}
      testid="item-quantity"
    />
    <${Button} kind="primary" large class="grow" onClick=${take} data-testid="add-to-cart">
      ${t(key ? 'item.keep' : 'item.add', { price })}
    <//>`;
  return html`<${Sheet} title=${pick(item.name)} wide onClose=${close} footer=${footer} testid="item-sheet">
    <div ref=${body} class="item-choices">
      <${Choices} index=${index.value} levels=${levels.value} item=${item} choice=${choice} onChange=${setChoice} missing=${missing} />
      <label class="field">
        ${t('item.note')}
        <input
          value=${choice.note}
          maxlength=${kNoteCharactersMax}
          onInput=${(event) => setChoice({ ...choice, note: event.target.value })}
          autocomplete="off"
          data-testid="item-note"
        />
      </label>
    </div>
  <//>`;
}
