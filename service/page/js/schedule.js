// A number over time as a problem writes it: one for ever, or by year or date, held or interpolated.

const dayOf = key => (/^\d{1,4}$/.test(key) ? `${key.padStart(4, '0')}-01-01` : key);

// Years, and the part of the year that has passed.
function position(day) {
  const year = Number(day.slice(0, 4));
  const first = Date.UTC(year, 0, 1);
  return year + (Date.parse(`${day}T00:00:00Z`) - first) / (Date.UTC(year + 1, 0, 1) - first);
}

// The value on a day, null before the first stated date.
export function scheduleAt(value, day) {
  if (value == null || typeof value !== 'object') return value ?? null;
  const points = Object.entries(value).filter(([key]) => key !== 'interpolate').map(([key, number]) => [dayOf(key), number]).sort();
  const after = points.findIndex(([from]) => from > day);
  const at = (after < 0 ? points.length : after) - 1;
  if (at < 0) return null;
  const [start, number] = points[at];
  if (!value.interpolate || at + 1 === points.length) return number;
  const [end, following] = points[at + 1];
  return number + (following - number) * (position(day) - position(start)) / (position(end) - position(start));
}

export const differsByDate = value => value != null && typeof value === 'object' && new Set(Object.entries(value).filter(([key]) => key !== 'interpolate').map(([, number]) => number)).size > 1;
