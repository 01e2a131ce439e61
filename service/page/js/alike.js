// What of two runs cannot be set against each other, and why: the money, the time, the goods, the scenarios.

import { branches, goods } from './reading.js';
import { nameOfGood } from './view.js';

// A value as the problem states it.
export function stated(value) {
  if (value == null) return 'not stated';
  if (Array.isArray(value)) return value.map(stated).join(', ') || 'none';
  // no number of a problem has more digits than this; what arithmetic adds behind them says nothing
  if (typeof value === 'number') return new Intl.NumberFormat(undefined, { maximumSignificantDigits: 10 }).format(value);
  if (typeof value !== 'object') return String(value);
  if ('id' in value) return 'there';
  const { interpolate, ...rest } = value;
  const parts = Object.entries(rest).map(([key, part]) => `${key}: ${stated(part)}`);
  return parts.join(', ') + (interpolate ? ', on a line between' : '');
}

const { stringify } = JSON;

const needed = result => new Set(result.problem.demand.map(item => item.commodity));

const namesOf = (result, ids) => [...ids].map(id => nameOfGood(result.problem, id)).join(', ');

// The periods of a run, by label; without a plan there are none to show.
export const periodsOf = result => (result.plan ? [...new Set(result.tables.nodes.map(row => row.period))] : []);

const span = periods => (periods.length === 1 ? periods[0] : `${periods[0]} to ${periods.at(-1)}`);

function horizon(result) {
  const periods = periodsOf(result);
  return periods.length > 1 ? `${periods.length} periods, ${span(periods)}` : periods.length ? `one period, ${span(periods)}` : stated(result.problem.periods);
}

// Why the two costs are not sums of the same kind, in sentences; none where they are.
export function unlikeCosts([a, b]) {
  const [first, second] = [a.result, b.result];
  const told = [];
  const say = (differ, what, of) => { if (differ) told.push(`${what}: ${of(first)} in ${a.letter}, ${of(second)} in ${b.letter}.`); };
  const differs = name => stringify(first.problem[name]) !== stringify(second.problem[name]);
  say(differs('base_year'), 'They are dollars of different years', result => String(result.problem.base_year ?? 'not stated'));
  say(first.perspective !== second.perspective, 'They are counted from different perspectives', result => result.perspective);
  say(differs('periods'), 'They cover different times', horizon);
  say(first.problem.discount?.rate !== second.problem.discount?.rate, 'Later money weighs differently', result => `discount rate ${stated(result.problem.discount?.rate)}`);
  const [here, there] = [needed(first), needed(second)];
  say([...here, ...there].some(id => !here.has(id) || !there.has(id)), 'They meet different needs', result => namesOf(result, needed(result)));
  return told;
}

// What else a reader has to know before the pictures are set side by side.
export function unlikeParts([a, b], branch) {
  const told = [];
  const [ways, others] = [a, b].map(end => (end.result.plan ? branches(end.result) : []));
  if (stringify(ways) !== stringify(others)) {
    const words = (end, names) => `${end.letter} has ${names.length ? `${names.length} scenarios (${names.join(', ')})` : 'one course of events'}`;
    told.push(`The scenarios differ: ${words(a, ways)}, ${words(b, others)}. Costs are expected over them; volumes gained and lost are, too. The pictures of one run show one scenario${[[a, ways], [b, others]].map(([end, names]) => (names.length ? `, of ${end.letter} "${branchOf(end.result, branch)}"` : '')).join('')}.`);
  }
  if (a.result.plan && b.result.plan) {
    const [mine, theirs] = [a, b].map(end => new Set(goods(end.result)));
    for (const [end, own, other] of [[a, mine, theirs], [b, theirs, mine]]) {
      const alone = [...own].filter(id => !other.has(id));
      if (alone.length) told.push(`Only ${end.letter} has ${namesOf(end.result, alone)}.`);
    }
    const shared = commonPeriods([a, b]);
    const apart = [a, b].map(end => periodsOf(end.result).filter(period => !shared.includes(period)));
    if (apart.some(list => list.length)) told.push(shared.length ? `Volumes are compared in the periods that both have, ${span(shared)}; ${[a, b].map((end, side) => (apart[side].length ? `${end.letter} alone has ${apart[side].join(', ')}` : null)).filter(Boolean).join('; ')}.` : 'They have no period in common, so that volumes cannot be compared.');
  }
  return told;
}

// The periods that both runs have.
export const commonPeriods = ([a, b]) => periodsOf(a.result).filter(period => periodsOf(b.result).includes(period));

// The scenario that is shown of a run: the one chosen, or its first where it does not have that.
export function branchOf(result, branch) {
  const known = result.plan ? branches(result) : [];
  return known.includes(branch) ? branch : known[0] ?? null;
}
