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

// Tonnes of each country in each period: the numbers of the bars, those that share one colour apart.
function supplyTable({ bought, colours, nodes, periods, nameOf, goodName }) {
  const sum = country => nodes.reduce((all, node) => all + (bought[country][node] ?? 0), 0);
  const ranked = Object.keys(bought).sort((a, b) => sum(b) - sum(a));
  // where nobody supplies anything, all of them stand with nothing
  const countries = sum(ranked[0]) > 1e-6 ? ranked.filter(country => sum(country) > 1e-6) : ranked;
  return { caption: `${goodName}: bought and made by country, t`, rows: countries.map(country => ({
    country: `${nameOf(country)}${colours.order.includes(country) ? '' : ' (in "Other")'}`,
    ...Object.fromEntries(periods.map((period, at) => [`in ${period}`, bought[country][nodes[at]] ?? 0])),
  })) };
}

export const supplyPicture = {
  title: 'Who supplies us?',
  subtitle: view => `${view.goodName}${view.under}: bought and made by country, ${TOLD[view.units]}`,
  has: view => Object.keys(view.bought).length > 0,
  table: supplyTable,
  option(view, look) {
    const { bought, colours, nodes, units } = view;
    const whole = wholes(view);
    // a share of nothing is none
    const parts = countries => nodes.map((n, at) => (whole[at] > 0 ? countries.reduce((sum, c) => sum + (bought[c][n] ?? 0), 0) / whole[at] : null));
    const rows = colours.order.filter(c => bought[c]).map(c => [view.nameOf(c), colours.of(c), parts([c])]);
    const rest = Object.keys(bought).filter(c => !colours.order.includes(c));
    rows.push(['Other', OTHER, parts(rest)]);
    const words = units === 't' ? tonnes : percent;
    // who "Other" is, the greatest first
    const members = (value, at) => [words(value), ...rest.map(c => [view.nameOf(c), parts([c])[at]]).filter(([, part]) => part > 1e-6).sort((a, b) => b[1] - a[1]).map(([name, part]) => `${name} ${words(part)}`)].join('\n');
    const seen = rows.filter(([, , data]) => data.some(value => value > 1e-6));
    const axis = units === 't' ? amounts(look, 't', { min: 0 })
      : amounts(look, units === 'supply' ? '% of supply' : '% of demand', { min: 0, ...(units === 'supply' ? { max: 1 } : {}), axisLabel: { color: look.muted, formatter: value => number(100 * value) } });
    return {
      ...frame(look, seen.map(([name]) => name)), tooltip: tooltip({ trigger: 'axis', valueFormatter: words }),
      xAxis: names(look, view.periods), yAxis: axis,
      series: seen.map(row => ({ ...stacked(look, ...row, highestOf(seen.map(([, , data]) => data))), ...(row[0] === 'Other' ? { tooltip: { valueFormatter: members } } : {}) })),
    };
  },
};
