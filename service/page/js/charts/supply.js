import { OTHER } from '../palette.js';
import { tonnes } from '../format.js';
import { amounts, frame, names, stacked, tooltip } from './frame.js';

export const supplyPicture = {
  title: 'Who supplies us?',
  subtitle: view => `${view.good}: bought and made by country, t in each period`,
  has: view => view.periods.length > 0,
  option(view, look) {
    const { bought, colours, periods } = view;
    const rows = colours.order.filter(c => bought[c]).map(c => [view.nameOf(c), colours.of(c), periods.map(p => bought[c][p] ?? 0)]);
    const rest = colours.others.filter(c => bought[c]);
    rows.push(['Other', OTHER, periods.map(p => rest.reduce((sum, c) => sum + (bought[c][p] ?? 0), 0))]);
    return {
      ...frame(look), tooltip: tooltip({ trigger: 'axis', valueFormatter: tonnes }),
      xAxis: names(look, periods), yAxis: amounts(look, 't', { min: 0 }),
      series: rows.filter(([, , data]) => data.some(t => t > 1e-6)).map(row => stacked(look, ...row)),
    };
  },
};
