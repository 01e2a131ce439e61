import { KINDS } from '../palette.js';
import { money, moneyUnit } from '../format.js';
import { KINDS_OF_COST, spending, total } from '../reading.js';
import { amounts, frame, inUnits, names, stacked, tooltip } from './frame.js';

const unitOf = sums => moneyUnit(Math.max(1, ...Object.values(sums).flatMap(of => Object.values(of).map(Math.abs))));

export const spendingPicture = {
  title: 'What are we paying for?',
  subtitle(view) {
    const sums = spending(view.result);
    const sum = total(sums);
    const whole = view.result.objective_usd;
    const same = Math.abs(sum - whole) <= 1e-6 * Math.max(1, Math.abs(whole));
    const what = same ? `the bars add up to the total of ${money(whole)}` : `the bars add up to the expected cost of ${money(sum)}; the total of ${money(whole)} weighs risk as well`;
    return `Discounted cost by kind, ${unitOf(sums).word}${view.mean}; ${what}`;
  },
  has: view => Object.keys(spending(view.result)).length > 0,
  option(view, look) {
    const sums = spending(view.result);
    const unit = unitOf(sums);
    const periods = [...new Set(view.result.tables.nodes.map(row => row.period))];
    return {
      ...frame(look, Object.keys(sums)), tooltip: tooltip({ trigger: 'axis', valueFormatter: money }),
      xAxis: { ...names(look, periods), axisLine: { onZero: true, lineStyle: { color: look.muted } } }, yAxis: amounts(look, unit.word, { axisLabel: inUnits(look, unit) }),
      series: Object.entries(sums).map(([name, of]) => stacked(look, name, KINDS[KINDS_OF_COST.indexOf(name)], periods.map(p => of[p] ?? 0))),
    };
  },
};
