// A comparison, in the order of the analyst's questions: what differs, what that does to the cost, who
// gains and who loses, and both runs side by side on the same axes.

import { element } from './plain.js';
import { money, percent, signed } from './format.js';
import { palette } from './palette.js';
import { nameOfGood, viewOf } from './view.js';
import { drawPicture, forget } from './picture.js';
import { save, csv, table } from './tables.js';
import { sharing } from './sharing.js';
import { bridgePicture } from './charts/bridge.js';
import { volumesPicture } from './charts/volumes.js';
import { supplyPicture } from './charts/supply.js';
import { coverPicture } from './charts/cover.js';
import { spendingPicture } from './charts/spending.js';

const SIDE_BY_SIDE = [supplyPicture, spendingPicture, coverPicture];

const titleOf = end => `${end.letter}, ${end.name}`;

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

// The sentence, the figures, and what the two problems state differently.
export function showDifferences(place, { ends, comparison }) {
  const [first, second] = ends;
  const figure = (name, ...parts) => element('div', { class: 'figure' }, element('dt', {}, name), element('dd', {}, ...parts));
  const cost = end => figure(`Cost of ${titleOf(end)}`, end.result.plan ? money(end.result.objective_usd) : `no plan: ${end.result.status.point}`);
  const both = first.result.plan && second.result.plan;
  const change = both ? second.result.objective_usd - first.result.objective_usd : null;
  place.replaceChildren(
    element('p', { class: 'verdict', id: 'verdict' }, verdict(ends, change)),
    element('dl', { class: 'figures' }, cost(first), cost(second), figure('Difference', change == null ? 'not known' : signed(change, money))),
    element('p', {}, 'See ', element('a', { href: first.href }, `A by itself`), ' or ', element('a', { href: second.href }, 'B by itself'), '.'),
    comparison ? differing(comparison, ends) : element('p', { class: 'muted' }, 'What differs is being worked out.'));
}

function verdict([first, second], change) {
  const gone = [first, second].filter(end => !end.result.plan);
  if (gone.length) return `${gone.map(titleOf).join(' and ')} ${gone.length === 2 ? 'have' : 'has'} no plan, so that the costs cannot be compared; what differs can.`;
  const base = Math.abs(first.result.objective_usd);
  if (Math.abs(change) <= 1e-9 * Math.max(1, base)) return `${titleOf(second)} costs the same as ${titleOf(first)}.`;
  const part = base > 0 ? ` (${percent(Math.abs(change) / base)})` : '';
  return `${titleOf(second)} costs ${money(Math.abs(change))} ${change > 0 ? 'more' : 'less'} than ${titleOf(first)}${part}, discounted over the whole horizon.`;
}

function differing(comparison, [first, second]) {
  const rows = comparison.differences.map(item => ({ 'what is stated': item.path, cause: item.cause, [titleOf(first)]: stated(item.old), [titleOf(second)]: stated(item.new) }));
  return element('section', { class: 'card' }, element('h2', {}, 'What differs between the two problems?'),
    rows.length ? table(rows, `${rows.length} ${rows.length === 1 ? 'difference' : 'differences'}`) : element('p', {}, 'Nothing that changes a plan.'),
    comparison.complete ? null : element('p', { class: 'muted' }, 'The comparison was stopped before it was complete: there may be more to find.'));
}

export function showComparison(place, { ends, comparison }, { good, branch, places }) {
  forget();
  // one colour for a country in both runs, although they may list other sellers
  const views = ends.map(end => ({ ...viewOf(end.result, { good, branch, places }), colours: palette(...ends.map(one => one.result)) }));
  const view = { ends, comparison, views, good, colours: views[0].colours, nameOf: views[0].nameOf };
  const parts = comparison ? [bridgePicture, volumesPicture].filter(picture => picture.has(view)).map(picture => drawPicture(picture, view)) : [];
  if (comparison && !parts.length && ends.every(end => end.result.plan)) parts.push(element('section', { class: 'card wide' }, element('h2', {}, 'Who gains and who loses?'), element('p', {}, `Nobody gains or loses volume of ${views[0].goodName}.`)));
  for (const note of comparison?.notes ?? []) parts.push(element('p', { class: 'muted wide' }, `Note: ${note}`));
  for (const picture of SIDE_BY_SIDE) {
    const held = views.map(one => Boolean(one.result.plan) && picture.has(one));
    if (!held.some(Boolean)) continue;
    const common = sharing(picture, views.filter((_, side) => held[side]));
    views.forEach((one, side) => {
      const title = `${picture.title} ${titleOf(ends[side])}`;
      parts.push(held[side] ? drawPicture({ ...common, wide: false, title }, one)
        : element('section', { class: 'card' }, element('h2', {}, title), element('p', {}, one.result.plan ? 'There is nothing to draw.' : `There is no plan: ${one.result.status.point}.`)));
    });
  }
  if (comparison) parts.push(numbers(view));
  place.replaceChildren(...parts);
}

// Every number of the pictures, as tables and CSV.
function numbers({ comparison, ends, nameOf }) {
  const sure = { true: 'yes', false: 'no: other plans cost the same' };
  const of = (letter, name) => `${letter}, ${name}`;
  const volumes = comparison.volumes.map(row => ({
    material: nameOfGood(ends[0].result.problem, row.commodity), country: nameOf(row.country), when: row.node, [of('A', 't')]: row.before_t, [of('B', 't')]: row.after_t, 'change, t': row.change_t,
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

