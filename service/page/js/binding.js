// What binds: the limits that are reached, by rule, and what room at them would save.

import { element } from './plain.js';
import { money } from './format.js';
import { table } from './tables.js';

const POINT = 'percentage point';

// What one step of room is, and what it saves: of a share a percentage point.
function priceOf(row) {
  const share = row.unit === 'fraction' && row.shadow_price_per === '1.0 of share';
  return { step: share ? POINT : row.shadow_price_per, usd: share ? row.shadow_price_usd / 100 : row.shadow_price_usd };
}

// The limits reached, one entry for each rule and step of room, the dearest first. Room at several limits at once
// saves the sum of what it saves at each, to the first order.
export function byRule(rows) {
  const groups = new Map();
  for (const row of rows.filter(one => one.shadow_price_usd > 0)) {
    const { step, usd } = priceOf(row);
    const key = JSON.stringify([row.rule, step]);
    if (!groups.has(key)) groups.set(key, { rule: row.rule, step, limits: 0, usd: 0, dearest: 0, sentence: '' });
    const group = groups.get(key);
    group.limits += 1;
    group.usd += usd;
    if (usd > group.dearest) Object.assign(group, { dearest: usd, sentence: row.sentence });
  }
  return [...groups.values()].sort((a, b) => b.usd - a.usd);
}

const several = (count, what) => `${count} ${what}${count === 1 ? '' : 's'}`;

function folded(title, rows, more) {
  return rows.length ? element('details', {}, element('summary', {}, title), table(rows.map(row => ({ rule: row.rule, 'what it says': row.sentence, ...more(row) })), title)) : null;
}

export function bindingCard(view) {
  const reached = view.result.tables.rules.filter(row => row.binds && view.here(row));
  if (!reached.length) return null;
  const groups = byRule(reached);
  const steps = [...new Set(groups.map(group => group.step))].sort((a, b) => Number(b === POINT) - Number(a === POINT));
  const tables = steps.flatMap(step => [element('h3', {}, step === POINT ? 'Limits on shares: what one percentage point of room saves' : step === 't' ? 'Limits in tonnes: what one tonne of room saves' : `What room of one ${step} saves`),
    table(groups.filter(group => group.step === step).map(group => ({
      rule: group.rule, 'limits reached': group.limits, 'room at all of them at once saves': money(group.usd), 'the dearest alone': money(group.dearest), 'the dearest says': group.sentence,
    })), `By rule, the dearest first, a ${step === 't' ? 'tonne' : step} at a time`)]);
  const free = reached.filter(row => row.shadow_price_usd != null && !(row.shadow_price_usd > 0));
  const unpriced = reached.filter(row => row.shadow_price_usd == null);
  return element('section', { class: 'card wide', id: 'binding' }, element('h2', {}, 'What binds, and what does it cost?'),
    element('p', { class: 'muted' }, `${several(reached.length, 'limit')} of the rules ${reached.length === 1 ? 'is' : 'are'} reached. Where one keeps the plan from being cheaper, a little more room there would lower the least cost, discounted, by what is shown: a price of the first step, that may fall with the next.`),
    ...tables, folded(`${several(free.length, 'limit')} reached that cost nothing: room there would save nothing`, free, () => ({})),
    folded(`${several(unpriced.length, 'limit')} reached whose price is not known`, unpriced, row => ({ why: row.reason ?? 'not told' })));
}
