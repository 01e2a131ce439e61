import { KINDS } from '../palette.js';
import { money } from '../format.js';
import { spending } from '../reading.js';
import { amounts, frame, millions, names, stacked, tooltip } from './frame.js';

export const spendingPicture = {
  title: 'What are we paying for?',
  subtitle: view => `Discounted cost by kind, million USD${view.mean}; the bars add up to the total`,
  has: view => view.result.tables.costs.length > 0,
  option(view, look) {
    return {
      ...frame(look), tooltip: tooltip({ trigger: 'axis', valueFormatter: money }),
      xAxis: names(look, view.allPeriods), yAxis: amounts(look, 'million USD', { axisLabel: millions(look) }),
      series: Object.entries(spending(view.result)).map(([name, of], i) => stacked(look, name, KINDS[i % KINDS.length], view.allPeriods.map(p => of[p] ?? 0))),
    };
  },
};
