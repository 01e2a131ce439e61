import { KINDS } from '../palette.js';
import { money, moneyUnit } from '../format.js';
import { KINDS_OF_COST, spending, total } from '../reading.js';
import { amounts, frame, highestOf, inUnits, names, stacked, tooltip } from './frame.js';

const unitOf = sums => moneyUnit(Math.max(1, ...Object.values(sums).flatMap(of => Object.values(of).map(Math.abs))));

const SEEN = 0.004; // of the highest bar: a pixel
const periodsOf = view => [...new Set(view.result.tables.nodes.map(row => row.period))];

// By kind, the cost of each period; how far the bars reach; and the kinds of which no bar can be seen.
function barsOf(view, sums) {
  const bars = Object.fromEntries(Object.entries(sums).map(([name, of]) => [name, periodsOf(view).map(period => of[period] ?? 0)]));
  const highest = highestOf(Object.values(bars));
  return { bars, highest, unseen: Object.keys(bars).filter(name => bars[name].every(usd => Math.abs(usd) < SEEN * highest)) };
}

export const spendingPicture = {
  title: 'What are we paying for?',
  subtitle(view) {
    const sums = spending(view.result);
    const sum = total(sums);
    const whole = view.result.objective_usd;
    const same = Math.abs(sum - whole) <= 1e-6 * Math.max(1, Math.abs(whole));
    const what = same ? `the bars add up to the total of ${money(whole)}` : `the bars add up to the expected cost of ${money(sum)}; the total of ${money(whole)} weighs risk as well`;
    const { bars, unseen } = barsOf(view, sums);
    const small = unseen.map(name => `${name} ${money(bars[name].reduce((all, usd) => all + usd, 0))}`);
    return `Discounted cost by kind, ${unitOf(sums).word}${view.mean}; ${what}${small.length ? `; too little to be seen: ${small.join(', ')}` : ''}`;
  },
  has: view => Object.keys(spending(view.result)).length > 0,
  option(view, look) {
    const sums = spending(view.result);
    const unit = unitOf(sums);
    const { bars, highest, unseen } = barsOf(view, sums);
    return {
      ...frame(look, Object.keys(bars).filter(name => !unseen.includes(name))), tooltip: tooltip({ trigger: 'axis', valueFormatter: money }),
      xAxis: { ...names(look, periodsOf(view)), axisLine: { onZero: true, lineStyle: { color: look.muted } } }, yAxis: amounts(look, unit.word, { axisLabel: inUnits(look, unit) }),
      series: Object.entries(bars).map(([name, data]) => stacked(look, name, KINDS[KINDS_OF_COST.indexOf(name)], data, highest)),
    };
  },
};
