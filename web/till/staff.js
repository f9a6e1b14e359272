// Who is signed in at this till: the name in the bar, the sheet with the PIN, and the way back to
// what the person wanted to do.
import { html, useState } from '../shared/ui.js';
import { t } from '../shared/i18n.js';
import { Button, Sheet } from '../shared/components.js';

const kKeys = ['1', '2', '3', '4', '5', '6', '7', '8', '9'];
const kDigitsMin = 4;
const kDigitsMax = 8;

// In the bar: the name, or the way in. Nothing while the store has no staff.
export function StaffButton({ desk }) {
  const { staff, me, signIn } = desk;
  if (staff.value.staff.length === 0) return null;
  if (!me.value) {
    return html`<${Button} kind="primary" onClick=${() => (signIn.value = {})} data-testid="sign-in">${t('staff.sign-in')}<//>`;
  }
  return html`<span class="signed-in" data-testid="signed-in">
    <strong>${me.value.name}</strong>
    <${Button} onClick=${() => desk.signOut()} disabled=${!desk.isLive.value} data-testid="sign-out">${t('staff.sign-out')}<//>
  </span>`;
}

export function SignInSheet({ desk }) {
  const { staff, signIn } = desk;
  const { permission } = signIn.value;
  const [who, setWho] = useState(staff.value.staff.length === 1 ? staff.value.staff[0] : null);
  const [pin, setPin] = useState('');
  const [wrong, setWrong] = useState('');
  const [isAsking, setAsking] = useState(false);
  const close = () => (signIn.value = null);
  const go = async (event) => {
    event?.preventDefault();
    if (pin.length < kDigitsMin || isAsking) return;
    setAsking(true);
    setWrong('');
    const words = await desk.signInAs(who.staff, pin);
    setAsking(false);
    setPin('');
    setWrong(words);
  };
  const type = (digits) => setPin(digits.replace(/\D/g, '').slice(0, kDigitsMax));
  if (!who) {
    return html`<${Sheet} title=${t('staff.who')} onClose=${close} testid="sign-in-sheet">
      ${permission && html`<p>${t(`staff.needs.${permission}`)}</p>`}
      <div class="names">
        ${staff.value.staff.map((each) => html`<${Button} key=${each.staff} large onClick=${() => setWho(each)} data-testid=${`name-${each.staff}`}>${each.name}<//>`)}
      </div>
    <//>`;
  }
  const footer = html`${staff.value.staff.length > 1 && html`<${Button} large onClick=${() => (setWho(null), setPin(''), setWrong(''))} data-testid="other-name">${t('staff.other')}<//>`}
    <${Button} kind="primary" large disabled=${pin.length < kDigitsMin || isAsking || !desk.isLive.value} onClick=${go} data-testid="pin-confirm">
      ${t(isAsking ? 'staff.checking' : 'staff.confirm')}
    <//>`;
  return html`<${Sheet} title=${t('staff.pin', { name: who.name })} onClose=${close} footer=${footer} testid="sign-in-sheet">
    <form class="tender" onSubmit=${go}>
      ${permission && html`<p>${t(`staff.needs.${permission}`)}</p>`}
      <label class="field">
        ${t('staff.pin.label')}
        <input class="figure-field" type="password" inputmode="numeric" autocomplete="off" value=${pin} onInput=${(event) => type(event.target.value)} data-autofocus data-testid="pin" />
      </label>
      <p class="wrong" role="alert" data-testid="pin-wrong">${wrong}</p>
      <div class="pin-keys" role="group" aria-label=${t('staff.pin.label')}>
        ${kKeys.map((key) => html`<${Button} key=${key} large onClick=${() => type(pin + key)} data-testid=${`key-${key}`}>${key}<//>`)}
        <${Button} large onClick=${() => setPin('')} aria-label=${t('staff.pin.clear')}>✕<//>
        <${Button} large onClick=${() => type(`${pin}0`)} data-testid="key-0">0<//>
        <${Button} large onClick=${() => setPin(pin.slice(0, -1))} aria-label=${t('staff.pin.back')}>⌫<//>
      </div>
    </form>
  <//>`;
}
