// The numbers that a problem's rules offer to move, as slider and number field, and as edits.

import { element } from './plain.js';

// Unit shown, what one of it is in the edit, and the range in the edit's unit.
const FIELDS = {
  max_share: ['%', 0.01, 0, 1], min_share: ['%', 0.01, 0, 1], min_met: ['%', 0.01, 0, 1],
  max_hhi: ['concentration, 0 to 1', 1, 0.01, 1], cover_days: ['days of demand', 1, 0, 730],
  tonnes: ['t', 1, 0, null], amount: ['USD a year', 1, 0, null], count: ['number', 1, 0, 20],
};
const rounded = value => Math.round(value * 1e6) / 1e6;

// `given` maps paths to values of edits: one that sets a whole schedule makes one lever of it.
export function leversOf(problem, given) {
  const found = [];
  for (const rule of problem.rules || []) {
    for (const [field, [unit, scale, low, most]] of Object.entries(FIELDS)) {
      const set = Number(given.get(`rules[${rule.id}].${field}`) ?? NaN);
      const value = Number.isFinite(set) ? set : rule[field];
      if (value == null) continue;
      const dates = typeof value === 'number' ? [[null, value]] : Object.entries(value).filter(([key]) => key !== 'interpolate');
      for (const [date, amount] of dates) {
        if (typeof amount !== 'number') continue;
        const path = `rules[${rule.id}].${field}` + (date ? `[${date}]` : '');
        const high = most ?? Math.max(2 * amount, 1);
        found.push({ path, rule: rule.id, date, unit, scale, low: rounded(low / scale), high: rounded(high / scale), value: rounded(amount / scale) });
      }
    }
  }
  found.push({ path: 'demand[*].quantity*', rule: 'all demand', date: null, unit: '% of what is stated', scale: 0.01, low: 0, high: 200, value: 100 });
  return found;
}

const cut = edit => [edit.slice(0, edit.lastIndexOf('=')), edit.slice(edit.lastIndexOf('=') + 1)];

// Draws the levers; `edits` are those of the address. Returns a function that reads them back.
export function drawLevers(place, problem, edits) {
  const given = new Map(edits.map(cut));
  const levers = leversOf(problem, given);
  const own = new Set(levers.map(lever => lever.path));
  const kept = edits.filter(edit => !own.has(cut(edit)[0]) || !Number.isFinite(Number(cut(edit)[1])));
  const groups = new Map();
  const fields = levers.map((lever, index) => {
    const set = Number(given.get(lever.path));
    const now = given.has(lever.path) && Number.isFinite(set) ? rounded(set / lever.scale) : lever.value;
    const label = (lever.date ? `${lever.date}, ` : '') + lever.unit;
    const range = { min: lever.low, max: Math.max(lever.high, now), step: 'any', value: now };
    const slider = element('input', { type: 'range', ...range, 'aria-label': `${lever.rule}: ${label}` });
    const field = element('input', { type: 'number', ...range, id: `lever-${index}` });
    slider.addEventListener('input', () => { field.value = Number(Number(slider.value).toPrecision(3)); });
    field.addEventListener('input', () => { slider.value = field.value; });
    if (!groups.has(lever.rule)) groups.set(lever.rule, element('fieldset', {}, element('legend', {}, lever.rule)));
    groups.get(lever.rule).append(element('label', { for: `lever-${index}` }, label), element('div', { class: 'pair' }, slider, field));
    return { lever, field };
  });
  place.replaceChildren(...groups.values(), ...kept.map(edit => element('p', { class: 'muted' }, edit)));
  return () => [...kept, ...fields.filter(({ lever, field }) => field.value !== '' && (given.has(lever.path) || lever.value !== Number(field.value)))
    .map(({ lever, field }) => `${lever.path}=${rounded(field.value * lever.scale)}`)];
}
