// The numbers that a problem offers to move, as the API gives them: slider and number field, and as edits.

import { element } from './plain.js';

// How a unit is shown: in words, and how many of what is shown make one of it.
const SHOWN = {
  fraction: ['%', 100], hhi: ['concentration, 0 to 1', 1], d: ['days of demand', 1], t: ['t', 1],
  USD: ['USD', 1], 'USD/yr': ['USD a year', 1], count: ['number', 1],
};
const MILLION = 1e6;
const shownAs = ({ unit, high }) => (unit.startsWith('USD') && high >= 10 * MILLION ? [`million ${SHOWN[unit][0]}`, 1 / MILLION] : SHOWN[unit]);
const rounded = value => Math.round(value * 1e6) / 1e6;
const cut = edit => [edit.slice(0, edit.lastIndexOf('=')), edit.slice(edit.lastIndexOf('=') + 1)];
const numeric = text => text !== '' && Number.isFinite(Number(text));

// An edit that sets a whole schedule makes one lever of its dates.
function merged(levers, given) {
  const seen = new Set();
  return levers.flatMap(lever => {
    if (lever.path === lever.whole || !numeric(given.get(lever.whole) ?? '')) return [lever];
    if (seen.has(lever.whole)) return [];
    seen.add(lever.whole);
    return [{ ...lever, path: lever.whole, date: null, now: Number(given.get(lever.whole)) }];
  });
}

function drawn(lever, index, given) {
  const [words, scale] = shownAs(lever);
  const now = rounded(scale * (numeric(given.get(lever.path) ?? '') ? Number(given.get(lever.path)) : lever.now));
  const what = lever.whole.slice(lever.whole.lastIndexOf('.') + 1).replaceAll('_', ' ');
  const label = lever.factor ? `${words} of what is stated` : [what, lever.date && `from ${lever.date}`, words].filter(Boolean).join(', ');
  const range = { min: rounded(scale * lever.low), max: Math.max(rounded(scale * lever.high), now), step: 'any', value: now };
  const slider = element('input', { type: 'range', ...range, 'aria-label': `${lever.of}: ${label}` });
  const field = element('input', { type: 'number', ...range, id: `lever-${index}` });
  const step = scale * lever.step;
  slider.addEventListener('input', () => { field.value = rounded(Math.round(slider.value / step) * step); });
  field.addEventListener('input', () => { slider.value = field.value; });
  const edit = () => (field.value !== '' && (given.has(lever.path) || Number(field.value) !== rounded(scale * lever.now)) ? [`${lever.path}=${rounded(field.value / scale)}`] : []);
  return { parts: [element('label', { for: `lever-${index}` }, label), element('div', { class: 'pair' }, slider, field)], edit };
}

// Scenarios are believed as stated, or one of them for sure: their probabilities add up to 1.
function choice(levers, given) {
  const stated = levers.every(lever => !given.has(lever.path));
  const sure = stated ? null : levers.find(lever => Number(given.get(lever.path)) === 1);
  const name = lever => lever.path.slice(lever.path.indexOf('[') + 1, lever.path.indexOf(']'));
  const select = element('select', { id: 'lever-scenario' }, element('option', { value: '' }, 'all of them, as stated'),
    ...levers.map(lever => element('option', { value: lever.path, selected: lever === sure }, `${name(lever)} for sure`)),
    stated || sure ? null : element('option', { value: 'given', selected: true }, 'as in the address'));
  const edit = () => (select.value === '' ? [] : levers.filter(lever => select.value !== 'given' || given.has(lever.path))
    .map(lever => `${lever.path}=${select.value === 'given' ? given.get(lever.path) : Number(lever.path === select.value)}`));
  // a branch of probability 0 is in the problem still: what must hold in every branch holds in it, too
  const said = element('p', { class: 'said', id: 'said-scenario' }, 'For sure means that the others have a probability of 0: their costs no longer count, but the plan must keep the rules and meet hard demand in them, too. Where it prepares for them, it costs more than if they were not there.');
  select.setAttribute('aria-describedby', said.id);
  return { parts: [element('label', { for: 'lever-scenario' }, 'What is believed to happen'), select, said], edit };
}

// Whether the values between the dates of a schedule lie on a line; `whole` is its path.
function interpolates(problem, whole) {
  const [, id, field] = /^rules\[(.*)\]\.([^.]*)$/.exec(whole) ?? [];
  return problem.rules?.find(rule => rule.id === id)?.[field]?.interpolate === true;
}

function between(members, problem) {
  const dated = members.filter(lever => lever.date);
  if (!dated.length) return null;
  return dated.some(lever => interpolates(problem, lever.whole)) ? 'From one date to the next the number moves along a straight line: moving one date moves the years on both sides of it.'
    : 'Each number holds until the next date.';
}

// Draws the levers of a problem; `edits` are those of the address. Returns a function that reads them back.
export function drawLevers(place, offered, edits, problem) {
  const given = new Map(edits.map(cut));
  const levers = merged(offered, given);
  const own = new Set(levers.map(lever => lever.path));
  const kept = edits.filter(edit => !own.has(cut(edit)[0]) || !numeric(cut(edit)[1]));
  const groups = new Map();
  levers.forEach(lever => groups.set(lever.of, [...(groups.get(lever.of) ?? []), lever]));
  let index = 0;
  const all = [...groups].map(([of, members]) => ({ legend: { demand: 'all demand', scenarios: 'scenarios' }[of] ?? of, said: of in { demand: 1, scenarios: 1 } ? [] : [`As stated: ${members[0].sentence}`, between(members, problem)].filter(Boolean),
    drawn: of === 'scenarios' ? [choice(members, given)] : members.map(lever => drawn(lever, index++, given)) }));
  place.replaceChildren(...all.map(group => element('fieldset', {}, element('legend', {}, group.legend), ...group.said.map(text => element('p', { class: 'said' }, text)), ...group.drawn.flatMap(({ parts }) => parts))),
    ...kept.map(edit => element('p', { class: 'muted' }, edit)));
  return () => [...kept, ...all.flatMap(group => group.drawn.flatMap(({ edit }) => edit()))];
}
