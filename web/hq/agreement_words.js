// What a comparison of a store's stock with its hub found, in words. Pure; times are the relay's.
import { t } from '../shared/i18n.js';
import { age, millis, moment } from './words.js';

// Of one comparison: 'unanswered' | 'unrepaired' | 'repaired' | 'moving' | 'equal'.
export function verdictOf(made) {
  if (made.unanswered) return 'unanswered';
  if (made.differences.some((each) => !each.is_repaired)) return 'unrepaired';
  if (made.differences.length > 0) return 'repaired';
  return made.is_equal ? 'equal' : 'moving';
}

export function verdictText(made) {
  const verdict = verdictOf(made);
  const many = made.differences.length;
  if (verdict === 'unanswered') return t('agree.unanswered', { why: withoutStop(made.unanswered) });
  if (verdict === 'equal') return t('agree.equal', { n: made.skus, seq: made.seq.toLocaleString('en') });
  if (verdict === 'moving') return t('agree.none-now');
  if (verdict === 'repaired') return t('agree.repaired', { n: many });
  const left = made.differences.filter((each) => !each.is_repaired).length;
  return t('agree.unrepaired', { n: many, left });
}

// Items that sold while they were compared say nothing either way; '' when there were none.
export function movingText(made) {
  return made.moving > 0 ? t('agree.moving', { n: made.moving }) : '';
}

export function comparedText(view, now) {
  const at = millis(view.reconciled_at);
  if (at === null) return t('agree.never');
  const when = t('agree.when', { time: moment(at, now), age: age(now - at) });
  const found = view.differences > 0 ? t('agree.found', { n: view.differences }) : t('agree.found-none');
  return `${when} ${found}`;
}

export function causeText({ cause }) {
  return cause ? t('agree.cause', { cause: withoutStop(cause) }) : t('agree.no-cause');
}

// "12:03, event no. 120, found on schedule"
export function foundText(difference, now) {
  const values = { time: moment(millis(difference.found_at), now), n: difference.seq.toLocaleString('en'), by: difference.by };
  return t(difference.by === 'schedule' ? 'agree.at-schedule' : 'agree.at-person', values);
}

const withoutStop = (sentence) => sentence.replace(/\.\s*$/, '');
