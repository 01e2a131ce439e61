import { OTHER } from '../palette.js';
import { number, percent, tonnes } from '../format.js';
import { amounts, frame, highestOf, names, stacked, tooltip } from './frame.js';

const TOLD = { t: 't in each period', supply: 'each period as % of all that is bought and made', demand: 'each period as % of its demand (more where stock is filled or some is sold on)' };

// By node: of how many tonnes a share is told, 1 for tonnes themselves.
function wholes({ result, good, units, bought, nodes }) {
  const sum = numbers => numbers.reduce((all, one) => all + one, 0);
  if (units === 'supply') return nodes.map(node => sum(Object.values(bought).map(of => of[node] ?? 0)));
  if (units === 'demand') return nodes.map(node => sum(result.tables.unmet.filter(row => row.node === node && row.commodity === good).map(row => row.needed_t)));
  return nodes.map(() => 1);
}

export const supplyPicture = {
  title: 'Who supplies us?',
  subtitle: view => `${view.goodName}${view.under}: bought and made by country, ${TOLD[view.units]}`,
  has: view => Object.keys(view.bought).length > 0,
  option(view, look) {
    const { bought, colours, nodes, units } = view;
    const whole = wholes(view);
    // a share of nothing is none
    const parts = countries => nodes.map((n, at) => (whole[at] > 0 ? countries.reduce((sum, c) => sum + (bought[c][n] ?? 0), 0) / whole[at] : null));
    const rows = colours.order.filter(c => bought[c]).map(c => [view.nameOf(c), colours.of(c), parts([c])]);
    rows.push(['Other', OTHER, parts(Object.keys(bought).filter(c => !colours.order.includes(c)))]);
    const seen = rows.filter(([, , data]) => data.some(value => value > 1e-6));
    const axis = units === 't' ? amounts(look, 't', { min: 0 })
      : amounts(look, units === 'supply' ? '% of supply' : '% of demand', { min: 0, ...(units === 'supply' ? { max: 1 } : {}), axisLabel: { color: look.muted, formatter: value => number(100 * value) } });
    return {
      ...frame(look, seen.map(([name]) => name)), tooltip: tooltip({ trigger: 'axis', valueFormatter: units === 't' ? tonnes : percent }),
      xAxis: names(look, view.periods), yAxis: axis,
      series: seen.map(row => stacked(look, ...row, highestOf(seen.map(([, , data]) => data)))),
    };
  },
};
