// A comparison, in the order of the analyst's questions: what differs, what that does to the cost, who
// gains and who loses, and both runs side by side on the same axes.

import { element } from './plain.js';
import { money, percent, signed } from './format.js';
import { palette } from './palette.js';
import { nameOfGood, viewOf } from './view.js';
import { drawPicture, forget } from './picture.js';
import { save, csv, table } from './tables.js';
import { sharing } from './sharing.js';
import { branchOf, commonPeriods, stated, unlikeCosts, unlikeParts } from './alike.js';
import { goods } from './reading.js';
import { bridgePicture } from './charts/bridge.js';
import { volumesPicture } from './charts/volumes.js';
import { supplyPicture } from './charts/supply.js';
import { coverPicture } from './charts/cover.js';
import { spendingPicture } from './charts/spending.js';

const SIDE_BY_SIDE = [supplyPicture, spendingPicture, coverPicture];

const MOST = 40; // differences that are shown at once

const LONG = 40; // signs of a name from which on it stands in the sentence at the top alone

const fullTitle = end => `${end.letter} (${end.name})`;
const titleOf = end => (end.name.length > LONG ? end.letter : fullTitle(end));

// The sentence, the figures, and what the two problems state differently.
export function showDifferences(place, { ends, comparison }, branch) {
  const [first, second] = ends;
  const figure = (name, ...parts) => element('div', { class: 'figure' }, element('dt', {}, name), element('dd', {}, ...parts));
  const cost = end => figure(`Cost of ${titleOf(end)}`, end.result.plan ? money(end.result.objective_usd) : `no plan: ${end.result.status.point}`);
  const both = first.result.plan && second.result.plan;
  const change = both ? second.result.objective_usd - first.result.objective_usd : null;
  const unlike = unlikeCosts(ends);
  const parts = unlikeParts(ends, branch);
  place.replaceChildren(
    element('p', { class: 'verdict', id: 'verdict' }, verdict(ends, change, unlike)),
    element('dl', { class: 'figures' }, cost(first), cost(second), figure('Difference', change == null ? 'not known' : unlike.length ? 'cannot be told' : signed(change, money))),
    unlike.length || parts.length ? element('section', { class: 'card', id: 'unlike' }, element('h2', {}, 'What cannot be set against each other'),
      unlike.length ? element('p', {}, 'The costs are not sums of the same kind:') : null, unlike.length ? element('ul', {}, ...unlike.map(text => element('li', {}, text))) : null, ...parts.map(text => element('p', {}, text))) : '',
    element('p', {}, 'See ', element('a', { href: first.href }, `A by itself`), ' or ', element('a', { href: second.href }, 'B by itself'), '.'),
    comparison ? differing(comparison, ends) : element('p', { class: 'muted' }, 'What differs is being worked out.'));
}

function verdict([first, second], change, unlike) {
  const gone = [first, second].filter(end => !end.result.plan);
  if (gone.length) return `${gone.map(fullTitle).join(' and ')} ${gone.length === 2 ? 'have' : 'has'} no plan, so that the costs cannot be compared; what differs can.`;
  if (unlike.length) return `${fullTitle(first)} costs ${money(first.result.objective_usd)}, ${fullTitle(second)} ${money(second.result.objective_usd)}: these sums cannot be set against each other.`;
  const base = Math.abs(first.result.objective_usd);
  if (Math.abs(change) <= 1e-9 * Math.max(1, base)) return `${fullTitle(second)} costs the same as ${fullTitle(first)}.`;
  const part = base > 0 ? ` (${percent(Math.abs(change) / base)})` : '';
  return `${fullTitle(second)} costs ${money(Math.abs(change))} ${change > 0 ? 'more' : 'less'} than ${fullTitle(first)}${part}, discounted over the whole horizon.`;
}

function differing(comparison, [first, second]) {
  const rows = comparison.differences.map(item => ({ 'what is stated': item.path, cause: item.cause, [titleOf(first)]: stated(item.old), [titleOf(second)]: stated(item.new) }));
  const counted = `${rows.length} ${rows.length === 1 ? 'difference' : 'differences'}`;
  return element('section', { class: 'card' }, element('h2', {}, 'What differs between the two problems?'),
    rows.length > MOST ? element('details', {}, element('summary', {}, `${counted}: ${byCause(comparison.differences)}`), table(rows, counted, { most: rows.length }))
      : rows.length ? table(rows, counted) : element('p', {}, 'Nothing that changes a plan.'),
    comparison.complete ? null : element('p', { class: 'muted' }, 'The comparison was stopped before it was complete: there may be more to find.'));
}

function byCause(differences) {
  const counts = new Map();
  for (const { cause } of differences) counts.set(cause, (counts.get(cause) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1]).map(([cause, many]) => `${many} of ${cause}`).join(', ');
}

export function showComparison(place, { ends, comparison }, { good, branch, places }) {
  forget();
  // one colour for a country in both runs, although they may list other sellers
  const views = ends.map(end => ({ ...viewOf(end.result, { good, branch: branchOf(end.result, branch), places }), colours: palette(...ends.map(one => one.result)) }));
  const unlike = unlikeCosts(ends);
  const both = ends.every(end => end.result.plan);
  const shared = ends.every(end => end.result.plan && goods(end.result).includes(good));
  const nameOf = code => views.map(one => one.nameOf(code)).find(name => name !== code) ?? code;
  const goodName = views.map(one => one.goodName).find(name => name !== good) ?? good;
  const view = { ends, comparison, views, good, goodName, colours: views[0].colours, nameOf, periods: commonPeriods(ends) };
  const parts = [];
  const card = (title, text) => parts.push(element('section', { class: 'card wide' }, element('h2', {}, title), element('p', {}, text)));
  if (comparison && both && unlike.length) card(bridgePicture.title, 'Nothing is drawn: the costs are not sums of the same kind.');
  else if (comparison && bridgePicture.has(view)) parts.push(drawPicture(bridgePicture, view));
  if (comparison && both && !shared) card(volumesPicture.title, `Nothing is drawn: only one of them has ${goodName}.`);
  else if (comparison && both && !view.periods.length) card(volumesPicture.title, 'Nothing is drawn: they have no period in common.');
  else if (comparison && volumesPicture.has(view)) parts.push(drawPicture(volumesPicture, view));
  else if (comparison && both) card(volumesPicture.title, `Nobody gains or loses volume of ${goodName}.`);
  for (const note of comparison?.notes ?? []) parts.push(element('p', { class: 'muted wide' }, `Note: ${note}`));
  for (const picture of SIDE_BY_SIDE) {
    const held = views.map(one => Boolean(one.result.plan) && picture.has(one));
    if (!held.some(Boolean)) continue;
    // sums of different kinds have no axis in common
    const common = picture === spendingPicture && unlike.length ? picture : sharing(picture, views.filter((_, side) => held[side]));
    views.forEach((one, side) => {
      const title = `${picture.title} ${titleOf(ends[side])}${one.branch == null ? '' : `, scenario ${one.branch}`}`;
      const nothing = !one.result.plan ? `There is no plan: ${one.result.status.point}.` : goods(one.result).includes(good) ? 'There is nothing to draw.' : `It has no ${goodName}.`;
      parts.push(held[side] ? drawPicture({ ...common, wide: false, title }, one) : element('section', { class: 'card' }, element('h2', {}, title), element('p', {}, nothing)));
    });
  }
  if (comparison) parts.push(numbers(view));
  place.replaceChildren(...parts);
}

// Every number of the pictures, as tables and CSV.
function numbers({ comparison, ends, nameOf }) {
  const sure = { true: 'yes', false: 'no: other plans cost the same' };
  const of = (letter, name) => `${letter}, ${name}`;
  const nameOfEither = id => ends.map(end => nameOfGood(end.result.problem, id)).find(name => name !== id) ?? id;
  const volumes = comparison.volumes.map(row => ({
    material: nameOfEither(row.commodity), country: nameOf(row.country), when: row.node, [of('A', 't')]: row.before_t, [of('B', 't')]: row.after_t, 'change, t': row.change_t,
    [of('A', 'share')]: row.before_share == null ? 'none' : percent(row.before_share), [of('B', 'share')]: row.after_share == null ? 'none' : percent(row.after_share),
    determined: sure[row.determined] ?? 'not looked into',
  }));
  const causes = comparison.causes.map(row => ({ cause: row.cause, 'mean over all orders, USD': row.shapley_usd, 'taken in this order, USD': row.ordered_usd ?? 'a step has no plan' }));
  const parts = Object.entries({ 'cost by cause': causes, volumes }).filter(([, rows]) => rows.length).map(([name, rows]) => element('details', {},
    element('summary', {}, `${name} (${rows.length} ${rows.length === 1 ? 'row' : 'rows'})`),
    element('button', { type: 'button', onclick: () => save(`${name.replaceAll(' ', '-')}.csv`, csv(rows), 'text/csv') }, `${name} as CSV`),
    table(rows, rows.length > 200 ? `${name}: the first 200 of ${rows.length} rows` : name)));
  return element('section', { class: 'card wide' }, element('h2', {}, 'The numbers'), ...parts,
    element('p', {}, element('button', { type: 'button', onclick: () => save(`${ends[0].result.name}-comparison.json`, JSON.stringify(comparison), 'application/json') }, 'The whole comparison as JSON')));
}

