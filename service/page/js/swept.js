// A sweep as it is shown: how its points ended, the pictures that fit its design, and a row for each.

import { element } from './plain.js';
import { money, moneyUnit, number, tonnes } from './format.js';
import { drawPicture, forget } from './picture.js';
import { csv, save, table } from './tables.js';
import { axisName, hrefOf, planned, valueWords } from './points.js';
import { heatPicture } from './charts/heat.js';
import { parallelPicture } from './charts/parallel.js';
import { endsPicture } from './charts/ends.js';
import { coursePicture } from './charts/course.js';
import { casesPicture } from './charts/cases.js';

const PICTURES = [endsPicture, coursePicture, heatPicture, casesPicture, parallelPicture];
const ROWS = 100;

export function showSweep(place, { sweep }) {
  const costs = sweep.points.map(point => point.objective_usd).filter(usd => usd != null).sort((a, b) => a - b);
  const counts = Object.entries(sweep.counts).map(([status, many]) => `${many} ${status}`).join(', ');
  const whole = sweep.points.length;
  const figure = (name, text) => element('div', { class: 'figure' }, element('dt', {}, name), element('dd', {}, text));
  const word = sweep.state === 'complete' ? 'all answered' : 'not all of them answered';
  place.replaceChildren(
    element('p', { class: 'verdict', id: 'verdict' }, `${sweep.name} at ${number(whole)} ${whole === 1 ? 'point' : 'points'}, ${word}: ${counts}. ${costs.length ? `The least cost goes from ${money(costs[0])} to ${money(costs.at(-1))}.` : 'No point has a plan.'}`),
    element('dl', { class: 'figures' }, figure('Points', number(whole)), figure('Cheapest point', money(costs[0])), figure('Median', money(costs[Math.floor(costs.length / 2)])), figure('Dearest point', money(costs.at(-1)))),
    ...reasons(sweep),
    ...sweep.warnings.map(text => element('p', { class: 'muted' }, `Note: ${text}`)),
    element('p', { class: 'muted' }, `${sweep.checked} of the points were solved again from nothing, with the same cost.`));
}

// Why points have no answer, the most frequent reason first.
function reasons(sweep) {
  const found = {};
  for (const point of sweep.points) {
    if (planned(point) || point.status === 'infeasible') continue;
    const why = `${point.status}: ${point.reason ?? point.stop ?? 'it was not reached'}`;
    found[why] = (found[why] ?? 0) + 1;
  }
  const told = Object.entries(found).sort((a, b) => b[1] - a[1]);
  return told.length ? [element('section', { class: 'card alarm' }, element('h2', {}, 'Points without an answer'), element('ul', {}, ...told.slice(0, 10).map(([why, many]) => element('li', {}, `${many} ${why}`))))] : [];
}

// A value so short that it fits into a cell or beside an axis.
function brief(measure, points) {
  if (measure.key !== 'cost') return value => measure.told(value).replace(/ t$/, '');
  const unit = moneyUnit(Math.max(1, ...points.map(point => Math.abs(point.objective_usd ?? 0))));
  const format = new Intl.NumberFormat(undefined, { maximumSignificantDigits: 4 });
  return value => format.format(value / unit.size);
}

export function showPoints(place, { job, order, sweep }, { points, measures, measure }) {
  forget();
  const unit = measure.key === 'cost' ? moneyUnit(Math.max(1, ...points.map(point => Math.abs(point.objective_usd ?? 0)))).word : measure.key.startsWith('share') ? '' : 't';
  const base = points.find(point => point.point === 'base');
  const view = {
    axes: sweep.axes, nameOf: sweep.axes.map(axisName), points, measures, bars: sweep.bars ?? [], baseWords: base ? money(base.objective_usd) : 'the base',
    measure: { ...measure, brief: brief(measure, points), words: unit && measure.key === 'cost' ? `${measure.words}, ${unit}` : measure.words },
  };
  const open = point => { if (point) location.href = hrefOf(point, sweep.axes, order, job.id); };
  place.replaceChildren(
    ...PICTURES.filter(picture => picture.has(view)).map(picture => drawPicture(picture, view, open)),
    ...(sweep.influence ? [element('section', { class: 'card wide' }, element('h2', {}, 'What moves the cost most?'), table(sweep.influence, 'Screening: how much each number moves the least cost'))] : []),
    listed(view, { job, order, sweep }));
}

function listed(view, { job, order, sweep }) {
  const { axes, points } = view;
  const unmet = view.measures.find(item => item.key === 'unmet');
  const named = points.some(point => point.edits.length) || points.some(point => !/^\d+$/.test(point.point));
  const head = [...(named ? ['point'] : []), ...view.nameOf, 'ended', 'least cost', ...(unmet ? ['unmet'] : []), 'run'];
  const body = element('tbody', {});
  const rowOf = point => element('tr', {},
    ...(named ? [element('td', {}, point.point)] : []),
    ...axes.map((axis, place) => element('td', { class: 'number' }, valueWords(axis, point.values[place]))),
    element('td', {}, point.reason && !planned(point) ? `${point.status}: ${point.reason}` : point.status),
    element('td', { class: 'number' }, planned(point) ? money(point.objective_usd) : 'none'),
    ...(unmet ? [element('td', { class: 'number' }, planned(point) ? tonnes(unmet.of(point)) : 'none')] : []),
    element('td', {}, point.status === 'invalid' ? 'none' : element('a', { href: hrefOf(point, axes, order, job.id), 'aria-label': `Open the run of point ${point.point}` }, 'Open')));
  const more = element('button', { type: 'button', onclick: () => extend() }, '');
  const extend = () => {
    const begun = body.children.length;
    body.append(...points.slice(begun, begun + ROWS).map(rowOf));
    more.hidden = body.children.length >= points.length;
    more.textContent = `Show more (${body.children.length} of ${points.length})`;
  };
  extend();
  const rows = () => points.map(point => ({ point: point.point, ...Object.fromEntries(axes.map((axis, place) => [axis, point.values[place]])), edits: point.edits.join('; '), status: point.status,
    objective_usd: point.objective_usd, unmet_t: planned(point) && unmet ? unmet.of(point) : planned(point) ? 0 : null, reason: point.reason }));
  return element('section', { class: 'card wide' }, element('h2', {}, 'The points'),
    element('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': 'The points' }, element('table', {}, element('caption', {}, 'Each point is a run'),
      element('thead', {}, element('tr', {}, ...head.map(name => element('th', { scope: 'col' }, name)))), body)), more,
    element('p', { class: 'acts' }, element('button', { type: 'button', onclick: () => save(`${sweep.name}-sweep.csv`, csv(rows()), 'text/csv') }, 'The points as CSV'),
      element('button', { type: 'button', onclick: () => save(`${sweep.name}-sweep.json`, JSON.stringify(sweep), 'application/json') }, 'The whole sweep as JSON')));
}
