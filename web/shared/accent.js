// The store's accent colour, made readable: --accent-ink on it, --accent-text as text on the page.
export function applyAccent(accent) {
  const rgb = parse(accent);
  if (!rgb) return;
  const { style, dataset } = document.documentElement;
  style.setProperty('--accent', accent);
  style.setProperty('--accent-ink', contrast(rgb, [255, 255, 255]) >= 4.5 ? '#ffffff' : '#111111');
  const isDark = dataset.theme === 'dark';
  const page = isDark ? [27, 30, 36] : [247, 245, 242];
  style.setProperty('--accent-text', hex(readable(rgb, page, isDark ? 255 : 0)));
}

// Moves the colour towards white or black until it has AA contrast with the page.
function readable(rgb, page, towards) {
  let next = rgb;
  for (let i = 0; i < 20 && contrast(next, page) < 4.5; i += 1) {
    next = next.map((part) => Math.round(part + (towards - part) * 0.15));
  }
  return next;
}

function parse(text) {
  const match = /^#([0-9a-f]{6})$/i.exec(text ?? '');
  return match && [0, 2, 4].map((at) => parseInt(match[1].slice(at, at + 2), 16));
}

function hex(rgb) {
  return `#${rgb.map((part) => part.toString(16).padStart(2, '0')).join('')}`;
}

// WCAG 2.2, relative luminance and contrast ratio.
export function contrast(a, b) {
  const [bright, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (bright + 0.05) / (dark + 0.05);
}

function luminance(rgb) {
  const [r, g, b] = rgb.map((part) => {
    const c = part / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
