import { money, moneyUnit, signed } from '../format.js';
import { brokenUp, valueWords } from '../points.js';
import { amounts, frame, inUnits, tooltip } from './frame.js';

const AT_LOW = '#4477aa';
const AT_HIGH = '#ccbb44';

const farthest = ({ bars }) => Math.max(1e-9, ...bars.flatMap(bar => [bar.low_change_usd, bar.high_change_usd]).filter(usd => usd != null).map(Math.abs));
const endsUnit = view => moneyUnit(farthest(view));

// How far the least cost goes when one axis is at either end and the others stay.
export const endsPicture = {
  title: 'What moves the cost most?',
  wide: true,
  subtitle: view => `Change of the least cost of ${view.baseWords} when one number is at its low or its high end and the others stay; at each bar the value and what it changes, ${endsUnit(view).word}; a click opens the run`,
  has: view => view.bars.length > 0,
  height: view => 100 + 50 * view.bars.length,
  edits: (view, item) => view.points.find(point => point.point === item.data?.point),
  option(view, look) {
    const { axes, bars } = view;
    const most = farthest(view);
    const unit = endsUnit(view);
    const brief = new Intl.NumberFormat(undefined, { maximumSignificantDigits: 3 });
    const told = usd => (usd == null ? 'no plan' : Math.abs(usd) < 1e-9 * most ? 'no change' : signed(usd, size => brief.format(size / unit.size)));
    // room for the words beside the bars
    const reach = look.width < 500 ? 3.2 : 1.3;
    const name = bar => view.nameOf[axes.indexOf(bar.axis)] ?? bar.axis;
    const side = (end, color) => ({
      type: 'bar', name: `${end} end`, itemStyle: { color }, barWidth: 14, barGap: '12%', cursor: 'pointer',
      data: bars.map(bar => {
        const usd = bar[`${end}_change_usd`];
        return { value: usd ?? 0, point: `${axes.indexOf(bar.axis)}-${end}`,
          label: { show: true, color: look.ink, position: (usd ?? 0) < 0 ? 'left' : 'right', formatter: `${valueWords(bar.axis, bar[end])}: ${told(usd)}` } };
      }),
    });
    return {
      ...frame(look, ['low end', 'high end']),
      tooltip: tooltip({ formatter(item) {
        const bar = bars[item.dataIndex];
        const end = item.seriesIndex === 0 ? 'low' : 'high';
        const usd = bar[`${end}_change_usd`];
        return `${name(bar)} at ${valueWords(bar.axis, bar[end])}\n${usd == null ? 'no plan' : `${signed(usd, money)}, ${money(bar[`${end}_usd`])} in all`}`;
      } }),
      grid: { left: 12, right: 24, top: 30, bottom: 40, containLabel: true },
      xAxis: amounts(look, `change of the least cost, ${unit.word}`, { min: -reach * most, max: reach * most, nameLocation: 'middle', nameGap: 28, axisLabel: { ...inUnits(look, unit), showMinLabel: false, showMaxLabel: false } }),
      yAxis: { type: 'category', inverse: true, data: bars.map(bar => brokenUp(name(bar), look.width < 420 ? 90 : 190)), axisTick: { show: false }, axisLine: { onZero: true, lineStyle: { color: look.muted } },
        axisLabel: { color: look.ink, lineHeight: 14, margin: 8 } },
      series: [side('low', AT_LOW), side('high', AT_HIGH)],
    };
  },
};
