// What a guest chooses on an item's sheet: size, parts of a combo, options. The rules are in
// choices.js; this shows them, in words, with what is missing marked.
import { html } from '../ui.js';
import { pick, t } from '../i18n.js';
import { money } from '../format.js';
import { Picture } from './picture.js';
import { chosenIn, countOf, addOption, mayRepeat, removeOption, tapOption } from './choices.js';
import { isSellable } from './sellable.js';
import { skuName } from './words.js';
import { language } from '../i18n.js';

export const delta = (minor, currency) => {
  if (!minor) return '';
  return `${minor > 0 ? '+' : '−'} ${money(Math.abs(minor), currency)}`;
};

// The rule of a group as a guest reads it.
export function ruleOf({ min, max }) {
  if (min === max) return min === 1 ? t('group.one') : t('group.exactly', { n: min });
  if (min === 0) return max === 1 ? t('group.optional-one') : t('group.up-to', { n: max });
  return t('group.range', { min, max });
}

// `missing`: the ids of parts and groups that were asked for in vain.
export function Choices({ index, levels, item, choice, onChange, missing = new Set() }) {
  return html`<div class="choices">
    ${item.skus.length > 1 && html`<${Sizes} ...${{ index, levels, item, choice, onChange }} />`}
    ${(item.parts ?? []).map((part) => {
      const isMissing = missing.has(part.id) && !choice.parts[part.id];
      return html`<${Part} key=${part.id} ...${{ index, levels, part, choice, onChange, isMissing }} />`;
    })}
    ${(item.option_groups ?? []).map((id) => {
      const group = index.groups.get(id);
      if (!group) return null;
      const need = missing.has(id) ? Math.max(0, group.min - chosenIn(choice, id)) : 0;
      return html`<${Group} key=${id} ...${{ index, levels, group, choice, onChange, need }} />`;
    })}
  </div>`;
}

function Field({ id, title, rule, isDone, need, children }) {
  return html`<section
    class=${`choice-group ${need ? 'missing' : ''}`}
    role="group"
    aria-label=${`${title}. ${rule}`}
    data-group=${id}
    data-testid=${`group-${id}`}
  >
    <h3>
      <span>${title}</span>
      ${isDone && html`<span class="tick" aria-hidden="true">✓</span>`}
      <small>${need ? html`<strong role="alert">${t('group.need', { n: need })}</strong>` : rule}</small>
    </h3>
    <div class="choice-list">${children}</div>
  </section>`;
}

function Tile({ label, price, isChosen, isOut, isRadio, onTap, item, children, testid }) {
  return html`<div class=${`choice ${isChosen ? 'chosen' : ''} ${isOut ? 'out' : ''} ${item ? 'pictured' : ''}`}>
    <button
      type="button"
      role=${isRadio ? 'radio' : 'checkbox'}
      aria-checked=${isChosen}
      disabled=${isOut}
      onClick=${onTap}
      data-testid=${testid}
    >
      ${item && html`<${Picture} item=${item} />`}
      <span class=${`mark ${isRadio ? 'radio' : 'box'}`} aria-hidden="true"></span>
      <span class="words">
        <span class="label">${label}</span>
        <span class="price">${isOut ? t('state.sold-out') : price}</span>
      </span>
    </button>
    ${children}
  </div>`;
}

function Sizes({ index, levels, item, choice, onChange }) {
  return html`<${Field} id="size" title=${t('group.size')} rule=${t('group.one')} isDone=${true}>
    ${item.skus.map(
      (sku) => html`<${Tile}
        key=${sku.id}
        label=${pick(sku.name)}
        price=${money(sku.price, index.currency)}
        isChosen=${choice.sku === sku.id}
        isOut=${!isSellable(levels, sku.id)}
        isRadio=${true}
        onTap=${() => onChange({ ...choice, sku: sku.id })}
        testid=${`sku-${sku.id}`}
      />`,
    )}
  <//>`;
}

function Part({ index, levels, part, choice, onChange, isMissing }) {
  const chosen = choice.parts[part.id];
  const shape = { id: part.id, title: pick(part.name), rule: t('group.one'), isDone: Boolean(chosen), need: isMissing ? 1 : 0 };
  return html`<${Field} ...${shape}>
    ${part.choices.map(
      (each) => html`<${Tile}
        key=${each.sku}
        item=${index.everySku.get(each.sku)?.item}
        label=${skuName(index, each.sku, language.value)}
        price=${delta(each.price_delta, index.currency) || t('price.included')}
        isChosen=${chosen === each.sku}
        isOut=${!isSellable(levels, each.sku)}
        isRadio=${true}
        onTap=${() => onChange({ ...choice, parts: { ...choice.parts, [part.id]: each.sku } })}
        testid=${`part-${part.id}-${each.sku}`}
      />`,
    )}
  <//>`;
}

function Group({ index, levels, group, choice, onChange, need }) {
  const total = chosenIn(choice, group.id);
  const isFull = group.max > 1 && total >= group.max;
  const rule = isFull ? t('group.full') : ruleOf(group);
  const isDone = total > 0 && total >= group.min;
  return html`<${Field} id=${group.id} title=${pick(group.name)} rule=${rule} isDone=${isDone} need=${need}>
    ${group.options.map((option) => {
      const count = countOf(choice, group.id, option.id);
      const isOut = Boolean(option.uses) && !isSellable(levels, option.uses) && count === 0;
      const repeats = count > 0 && mayRepeat(group, option);
      return html`<${Tile}
        key=${option.id}
        label=${pick(option.name)}
        price=${delta(option.price_delta, index.currency)}
        isChosen=${count > 0}
        isOut=${isOut}
        isRadio=${group.max === 1 && group.min === 1}
        onTap=${() => onChange(tapOption(choice, group, option))}
        testid=${`option-${group.id}-${option.id}`}
      >
        ${repeats &&
        html`<${Repeat}
          count=${count}
          isFull=${isFull}
          name=${pick(option.name)}
          onLess=${() => onChange(removeOption(choice, group, option))}
          onMore=${() => onChange(addOption(choice, group, option))}
        />`}
      <//>`;
    })}
  <//>`;
}

function Repeat({ count, isFull, name, onLess, onMore }) {
  return html`<span class="repeat" role="group" aria-label=${name}>
    <button type="button" aria-label=${`${t('action.less')}: ${name}`} onClick=${onLess}>−</button>
    <output>${count}</output>
    <button type="button" aria-label=${`${t('action.more')}: ${name}`} disabled=${isFull} onClick=${onMore}>+</button>
  </span>`;
}
