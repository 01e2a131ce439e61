import { OTHER } from '../palette.js';
import { signed, tonnes } from '../format.js';
import { amounts, frame, highestOf, names, stacked, tooltip } from './frame.js';

const LEAST_CHANGE = 1e-6; // tonnes
const MOST_TOLD = 12;        // countries named

// By country and period: tonnes gained of the good that is seen; on the way through one branch, or as
// expected where the trees of the two runs differ.
function gainsOf({ comparison, good, views, periods: common }) {
  const way = views.find(one => one.way.length)?.way ?? [];
  // a period that one of them does not have is no loss
  const kept = new Map(way.filter(row => common.includes(row.period)).map(row => [comparison.same_tree ? row.node : row.period, row.period]));
  const found = {};
  for (const row of comparison.volumes) {
    if (row.commodity !== good || !kept.has(row.node)) continue;
    const period = kept.get(row.node);
    const of = (found[row.country] ??= {});
    of[period] = (of[period] ?? 0) + row.change_t;
  }
  return { found, periods: [...new Set(kept.values())] };
}

// Countries and what they gain in all, the greatest gain first.
export function changesOf(view) {
  return Object.entries(gainsOf(view).found).map(([country, of]) => [country, Object.values(of).reduce((sum, t) => sum + t, 0)]).sort((a, b) => b[1] - a[1]);
}

export const volumesPicture = {
  title: 'Who gains and who loses?',
  wide: true,
  subtitle(view) {
    const [first, second] = view.ends;
    const told = changesOf(view).filter(([, t]) => Math.abs(t) > LEAST_CHANGE);
    const parts = told.length > MOST_TOLD ? [...told.slice(0, MOST_TOLD / 2), ...told.slice(-MOST_TOLD / 2)] : told;
    const between = told.slice(MOST_TOLD / 2, -MOST_TOLD / 2);
    const rest = between.length ? `, and ${between.length} more between ${signed(between.at(-1)[1], tonnes)} and ${signed(between[0][1], tonnes)}` : '';
    const over = view.comparison.same_tree ? '' : ', as expected over the scenarios and in the periods that both have';
    return `${view.goodName}: t bought or made in ${second.letter} above what ${first.letter} has, by country and period${over}. In all: ${parts.map(([country, t]) => `${view.nameOf(country)} ${signed(t, tonnes)}`).join(', ')}${rest}`;
  },
  has: view => changesOf(view).some(([, t]) => Math.abs(t) > LEAST_CHANGE) || Object.values(gainsOf(view).found).some(of => Object.values(of).some(t => Math.abs(t) > LEAST_CHANGE)),
  option(view, look) {
    const { found, periods } = gainsOf(view);
    const { colours } = view;
    const rows = colours.order.filter(country => found[country]).map(country => [view.nameOf(country), colours.of(country), periods.map(p => found[country][p] ?? 0)]);
    const rest = Object.keys(found).filter(country => !colours.order.includes(country));
    // gains and losses of those without a colour of their own would hide one another
    for (const [word, side] of [['gain', 1], ['loss', -1]]) rows.push([`Other, ${word}`, OTHER, periods.map(p => rest.reduce((sum, country) => sum + Math.max(0, side * (found[country][p] ?? 0)), 0) * side)]);
    const seen = rows.filter(([, , data]) => data.some(t => Math.abs(t) > LEAST_CHANGE));
    return {
      ...frame(look, seen.map(([name]) => name)), tooltip: tooltip({ trigger: 'axis', valueFormatter: t => signed(t, tonnes) }),
      xAxis: { ...names(look, periods), axisLine: { onZero: true, lineStyle: { color: look.muted } } }, yAxis: amounts(look, 't gained (above zero) or lost'),
      series: seen.map(row => stacked(look, ...row, highestOf(seen.map(([, , data]) => data)))),
    };
  },
};
