import { money, moneyUnit, number, signed } from '../format.js';
import { amounts, frame, inUnits, tooltip } from './frame.js';

const PART = 0.1;
const MOST_COUNTRIES = 4;
const LOW = '#4477aa';
const HIGH = '#ccbb44';

const highest = value => (typeof value === 'number' ? value : Math.max(...Object.entries(value ?? {}).filter(([key]) => key !== 'interpolate').map(([, item]) => item)));

// The axes that are moved: what is needed, what the largest sellers ask and can sell, and the limits of
// the rules. Each is [path, name].
function moved(view) {
  const { problem, tables } = view.result;
  const sold = {};
  for (const row of tables.offers) sold[row.country] = (sold[row.country] ?? 0) + row.bought_t;
  const largest = Object.keys(sold).filter(c => sold[c] > 0).sort((a, b) => sold[b] - sold[a] || a.localeCompare(b)).slice(0, MOST_COUNTRIES);
  const all = (country, field) => problem.offers.filter(item => item.country === country).every(item => item[field] != null);
  const axes = [];
  if (problem.demand?.length) axes.push(['demand[*].quantity', 'All demand']);
  for (const country of largest) {
    if (all(country, 'price')) axes.push([`offers[country=${country}].price`, `${view.nameOf(country)}, price`]);
    if (all(country, 'capacity')) axes.push([`offers[country=${country}].capacity`, `${view.nameOf(country)}, capacity`]);
  }
  for (const rule of problem.rules ?? []) {
    for (const [field, words] of [['max_share', 'the cap'], ['min_share', 'the floor'], ['cover_days', 'days of cover'], ['tonnes', 'the stock'], ['amount', 'the budget']]) {
      const most = rule[field] == null ? 0 : highest(rule[field]);
      if (most > 0 && !(field.endsWith('share') && most * (1 + PART) > 1)) axes.push([`rules[${rule.id}].${field}`, `${rule.id}, ${words}`]);
    }
  }
  return axes;
}

export const tornadoPicture = {
  title: 'What would change the answer?',
  wide: true,
  subtitle: view => `Least cost when one number is 10 % lower or 10 % higher and all others stay; every bar ${view.found.sweep ? 'is' : 'takes'} a solve`,
  job: { kind: 'sweep', label: 'Move each', asks: view => ({ axes: moved(view).map(([path]) => path), tornado: PART }) },
  has: view => moved(view).length > 0,
  height: view => (view.found.sweep ? 90 + 46 * view.found.sweep.bars.length : null),
  option(view, look) {
    const bars = view.found.sweep.bars;
    const named = new Map(moved(view));
    const nameOf = axis => named.get(axis.replace(/\*=$/, '')) ?? axis;
    const reached = bars.flatMap(bar => [bar.low_change_usd, bar.high_change_usd]).filter(usd => usd != null);
    const most = Math.max(1, ...reached.map(Math.abs));
    const unit = moneyUnit(most);
    const least = 10 ** (Math.floor(Math.log10(most / unit.size)) - 2);
    const told = usd => number(Math.round(usd / unit.size / least) * least);
    const side = (end, color) => ({
      type: 'bar', name: end === 'low' ? '10 % lower' : '10 % higher', itemStyle: { color }, barWidth: 13, barGap: '10%',
      data: bars.map(bar => {
        const usd = bar[`${end}_change_usd`];
        return { value: usd ?? 0, label: { show: true, color: look.ink, position: (usd ?? 0) < 0 ? 'left' : 'right',
          formatter: usd == null ? 'no plan' : Math.abs(usd) < 1e-9 * most ? 'no change' : Math.abs(usd) < least * unit.size ? `under ${number(least)}` : signed(usd, told) } };
      }),
    });
    return {
      ...frame(look, ['10 % lower', '10 % higher']),
      tooltip: tooltip({ trigger: 'item', formatter(item) {
        const usd = bars[item.dataIndex][item.seriesIndex === 0 ? 'low_change_usd' : 'high_change_usd'];
        return `${nameOf(bars[item.dataIndex].axis)}, ${item.seriesName}: ${usd == null ? 'no plan' : signed(usd, money)}`;
      } }),
      grid: { left: 12, right: 24, top: 30, bottom: 34, containLabel: true },
      xAxis: amounts(look, `change of the total cost, ${unit.word}`, { min: -1.5 * most, max: 1.5 * most, nameLocation: 'middle', nameGap: 28,
        axisLabel: { ...inUnits(look, unit), showMinLabel: false, showMaxLabel: false } }),
      yAxis: { type: 'category', inverse: true, data: bars.map(bar => nameOf(bar.axis)), axisTick: { show: false }, axisLine: { onZero: true, lineStyle: { color: look.muted } },
        axisLabel: { color: look.ink, width: look.width < 420 ? 92 : 150, overflow: 'break', lineHeight: 14, margin: 8 } },
      series: [side('low', LOW), side('high', HIGH)],
    };
  },
};
