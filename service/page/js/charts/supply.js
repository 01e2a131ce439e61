import { OTHER } from '../palette.js';
import { tonnes } from '../format.js';
import { amounts, frame, names, stacked, tooltip } from './frame.js';

export const supplyPicture = {
  title: 'Who supplies us?',
  subtitle: view => `${view.goodName}: bought and made by country, t in each period`,
  has: view => Object.keys(view.bought).length > 0,
  option(view, look) {
    const { bought, colours, nodes } = view;
    const rows = colours.order.filter(c => bought[c]).map(c => [view.nameOf(c), colours.of(c), nodes.map(n => bought[c][n] ?? 0)]);
    const rest = Object.keys(bought).filter(c => !colours.order.includes(c));
    rows.push(['Other', OTHER, nodes.map(n => rest.reduce((sum, c) => sum + (bought[c][n] ?? 0), 0))]);
    const seen = rows.filter(([, , data]) => data.some(t => t > 1e-6));
    return {
      ...frame(look, seen.map(([name]) => name)), tooltip: tooltip({ trigger: 'axis', valueFormatter: tonnes }),
      xAxis: names(look, view.periods), yAxis: amounts(look, 't', { min: 0 }),
      series: seen.map(row => stacked(look, ...row)),
    };
  },
};
