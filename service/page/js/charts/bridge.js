import { money, moneyUnit, signed } from '../format.js';
import { amounts, frame, inUnits, tooltip } from './frame.js';

const MORE = '#ccbb44';
const LESS = '#4477aa';

// The steps from the one cost to the other: each cause begins where the one before it ends.
function steps({ comparison }) {
  let reached = 0;
  const found = comparison.causes.map(({ cause, shapley_usd: usd }) => {
    const from = reached;
    reached += usd;
    return { name: cause, from, to: reached, usd };
  });
  return [...found, { name: 'together', from: 0, to: reached, usd: reached, whole: true }];
}

const bridgeUnit = view => moneyUnit(Math.max(1, ...steps(view).flatMap(({ from, to }) => [Math.abs(from), Math.abs(to)])));

export const bridgePicture = {
  title: 'Why does the cost differ?',
  wide: true,
  subtitle(view) {
    const [first, second] = view.ends;
    const how = view.comparison.causes.length < 2 ? '' : view.comparison.exact ? ', each the mean over all orders in which the causes can be taken' : ', each the mean over some of the orders in which the causes can be taken';
    return `From the cost of ${first.letter} to that of ${second.letter}: what each cause adds, ${bridgeUnit(view).word}${how}. Zero is the cost of ${first.letter}, ${money(view.comparison.before_usd)}`;
  },
  has: view => view.comparison.causes.length > 0,
  height: view => 80 + 44 * (view.comparison.causes.length + 1),
  option(view, look) {
    const rows = steps(view);
    const unit = bridgeUnit(view);
    const ends = rows.flatMap(({ from, to }) => [from, to]);
    const [low, high] = [Math.min(...ends), Math.max(...ends)];
    // room for the words beside the bars
    const room = (high - low || 1) * (look.width < 500 ? 0.4 : 0.15);
    const colour = row => (row.whole ? look.muted : row.usd < 0 ? LESS : MORE);
    const told = (row, words) => (Math.abs(row.usd) < 1e-9 * Math.max(1, Math.abs(view.comparison.before_usd)) ? 'no change' : signed(row.usd, words));
    const brief = new Intl.NumberFormat(undefined, { maximumSignificantDigits: 4 });
    return {
      ...frame(look), tooltip: tooltip({ trigger: 'item', formatter: item => `${rows[item.dataIndex].name}: ${told(rows[item.dataIndex], money)}` }),
      grid: { left: 12, right: 24, top: 12, bottom: 40, containLabel: true },
      xAxis: amounts(look, `more than ${view.ends[0].letter}, ${unit.word}`, { min: low - (low < 0 ? room : 0), max: high + (high > 0 || low === 0 ? room : 0), nameLocation: 'middle', nameGap: 28,
        axisLabel: { ...inUnits(look, unit), showMinLabel: low === 0, showMaxLabel: high === 0 } }),
      yAxis: { type: 'category', inverse: true, data: rows.map(row => row.name), axisTick: { show: false }, axisLine: { onZero: true, lineStyle: { color: look.muted } }, axisLabel: { color: look.ink } },
      series: [{
        type: 'custom', data: rows.map((row, place) => [row.from, row.to, place]), encode: { x: [0, 1], y: 2 },
        renderItem(_, api) {
          const row = rows[api.value(2)];
          const [start, middle] = api.coord([row.from, api.value(2)]);
          const [end] = api.coord([row.to, api.value(2)]);
          const [, next] = api.coord([row.to, api.value(2) + 1]);
          const thick = 22;
          const right = row.usd >= 0;
          return { type: 'group', children: [
            { type: 'rect', shape: { x: Math.min(start, end), y: middle - thick / 2, width: Math.max(1, Math.abs(end - start)), height: thick }, style: { fill: colour(row) } },
            ...(row.whole ? [] : [{ type: 'line', shape: { x1: end, y1: middle + thick / 2, x2: end, y2: next - thick / 2 }, style: { stroke: look.muted, lineDash: [3, 3] } }]),
            { type: 'text', style: { text: told(row, usd => brief.format(usd / unit.size)), x: right ? Math.max(start, end) + 6 : Math.min(start, end) - 6, y: middle, align: right ? 'left' : 'right', verticalAlign: 'middle', fill: look.ink, font: '13px Inter, system-ui, sans-serif' } },
          ] };
        },
      }],
    };
  },
};
