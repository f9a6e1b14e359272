// Figures as people read them.
import { language } from './i18n.js';

const formats = new Map();

function locale() {
  return language.value === 'zh' ? 'zh-Hans-CN' : 'en-GB';
}

function cached(key, make) {
  if (!formats.has(key)) formats.set(key, make());
  return formats.get(key);
}

// Minor units and a currency: money(1175, 'EUR') -> "€11.75".
export function money(minor, currency = 'EUR') {
  const format = cached(`money/${locale()}/${currency}`, () => {
    return new Intl.NumberFormat(locale(), { style: 'currency', currency });
  });
  const digits = format.resolvedOptions().maximumFractionDigits;
  return format.format(minor / 10 ** digits);
}

// 2 -> "2", 1.5 -> "1.5".
export function quantity(value) {
  return Number.isInteger(value) ? String(value) : Number(value).toFixed(1);
}

// Hub time (ms) as the store's wall clock: "12:07", with seconds "12:07:31".
export function clock(ms, zone, { seconds = false } = {}) {
  const format = cached(`clock/${zone}/${seconds}`, () => {
    const second = seconds ? '2-digit' : undefined;
    const shape = { hour: '2-digit', minute: '2-digit', second, hourCycle: 'h23' };
    try {
      return new Intl.DateTimeFormat('en-GB', { ...shape, timeZone: zone || undefined });
    } catch {
      return new Intl.DateTimeFormat('en-GB', shape);
    }
  });
  return format.format(ms);
}

// Hub time (ms) as the store's date: "22 Nov".
export function day(ms, zone) {
  const format = cached(`day/${locale()}/${zone}`, () => {
    const shape = { day: 'numeric', month: 'short' };
    try {
      return new Intl.DateTimeFormat(locale(), { ...shape, timeZone: zone || undefined });
    } catch {
      return new Intl.DateTimeFormat(locale(), shape);
    }
  });
  return format.format(ms);
}

// A span as mm:ss, or h:mm:ss from an hour on. Never negative.
export function span(ms) {
  const all = Math.max(0, Math.floor(ms / 1000));
  const [hours, minutes, seconds] = [Math.floor(all / 3600), Math.floor(all / 60) % 60, all % 60];
  const two = (n) => String(n).padStart(2, '0');
  return hours ? `${hours}:${two(minutes)}:${two(seconds)}` : `${minutes}:${two(seconds)}`;
}
