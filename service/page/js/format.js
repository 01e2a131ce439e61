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
export const percent = fraction => (fraction == null ? 'not known' : `${shown(100 * fraction, 3)} %`);
export const days = d => (d == null ? 'not known' : `${shown(d, 4)} days`);
export const number = value => (typeof value === 'number' ? shown(value, 6) : String(value ?? ''));
export const signed = (value, words) => `${value > 0 ? '+' : value < 0 ? '−' : ''}${words(Math.abs(value))}`;

// The unit that an axis of money is written in, so that its numbers stay short.
export function moneyUnit(most) {
  const [size, word] = [[1e9, 'billion USD'], [1e6, 'million USD'], [1e3, 'thousand USD']].find(([least]) => Math.abs(most) >= 2 * least) ?? [1, 'USD'];
  return { size, word };
}
