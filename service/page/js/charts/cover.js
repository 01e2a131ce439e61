import { KINDS } from '../palette.js';
import { amounts, frame, names, tooltip } from './frame.js';

export const coverPicture = {
  title: 'How long could we hold out?',
  subtitle: () => 'Stock at the end of each period, days of demand',
  has: view => Object.values(view.stores).some(of => Object.values(of).some(days => days != null)),
  option(view, look) {
    return {
      ...frame(look), tooltip: tooltip({ trigger: 'axis' }), xAxis: names(look, view.periods), yAxis: amounts(look, 'days', { min: 0 }),
      series: Object.entries(view.stores).map(([name, of], i) => ({
        name, data: view.periods.map(p => of[p] ?? null), type: 'line', symbolSize: 7, itemStyle: { color: KINDS[i % KINDS.length] },
      })),
    };
  },
};
