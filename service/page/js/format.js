// Numbers in the reader's locale, units in words.

const shown = (value, digits) => new Intl.NumberFormat(undefined, { maximumSignificantDigits: digits }).format(value);

export function money(usd) {
  if (usd == null) return 'not known';
  for (const [size, word] of [[1e9, 'billion '], [1e6, 'million ']]) {
    if (Math.abs(usd) >= size) return `${shown(usd / size, 4)} ${word}USD`;
  }
  return `${shown(usd, Math.abs(usd) >= 1000 ? 6 : 4)} USD`;
}

export const tonnes = t => (t == null ? 'not known' : `${shown(t, 4)} t`);
export const percent = fraction => (fraction == null ? 'not known' : `${shown(100 * fraction, 4)} %`);
export const days = d => (d == null ? 'not known' : `${shown(d, 4)} days`);
export const number = value => (typeof value === 'number' ? shown(value, 6) : String(value ?? ''));
