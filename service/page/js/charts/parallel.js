import { moneyUnit, number } from '../format.js';
import { brokenUp, planned, valueWords } from '../points.js';
import { frame, inUnits } from './frame.js';

const SPAN = ['#9ecae1', '#4292c6', '#08519c', '#e6550d'];
const MOST_LINES = 2000; // lines

const drawnPoints = view => view.points.filter(planned).slice(0, MOST_LINES);

export const parallelPicture = {
  title: 'Which values go together?',
  wide: true,
  subtitle(view) {
    const held = view.points.filter(planned).length;
    const left = view.points.length - held;
    return ['A line for each point; draw along an axis to keep only the lines that pass there; an axis begins where its values do',
      left ? `${left} ${left === 1 ? 'point' : 'points'} without a plan ${left === 1 ? 'has' : 'have'} no line` : null,
      held > MOST_LINES ? `the first ${MOST_LINES} of ${held} are drawn` : null].filter(Boolean).join('; ');
  },
  has: view => view.axes.length > 1 && !view.bars.length && drawnPoints(view).length > 0,
  height: () => 400,
  option(view, look) {
    const points = drawnPoints(view);
    const costs = points.map(point => point.objective_usd);
    const unit = moneyUnit(Math.max(...costs.map(Math.abs)));
    const measures = view.measures.filter(item => item.key === 'cost' || item.key === 'unmet' || item.key === view.measure.key);
    const side = look.width < 500 ? 46 : 80;
    const gap = (look.width - 2 * side) / Math.max(1, view.axes.length + measures.length - 1);
    const short = name => brokenUp(name, Math.min(gap, 2 * side) - 8);
    const axis = (dim, name, more) => ({ dim, name: short(name), nameLocation: 'end', nameTextStyle: { color: look.ink, fontSize: 12, lineHeight: 15 }, scale: true,
      axisLabel: { color: look.ink, hideOverlap: true, ...more, backgroundColor: look.paper, padding: [1, 2] }, axisLine: { lineStyle: { color: look.muted } }, axisTick: { lineStyle: { color: look.muted } } });
    const shown = { cost: inUnits(look, unit) };
    const rows = points.map(point => [...point.values, ...measures.map(item => item.of(point))]);
    const last = view.axes.length;
    const titles = [...view.nameOf, ...measures.map(item => ({ cost: `least cost, ${unit.word}`, unmet: `${item.words}, t` }[item.key] ?? item.words))];
    const lines = Math.max(...titles.map(name => short(name).split('\n').length));
    return {
      ...frame(look),
      parallel: { left: side, right: side, top: 26 + 15 * lines, bottom: 24 },
      parallelAxis: [
        ...view.axes.map((name, place) => axis(place, titles[place], { formatter: value => valueWords(name, value) })),
        ...measures.map((item, place) => axis(last + place, titles[last + place], shown[item.key] ?? { formatter: value => (item.key.startsWith('share') ? item.told(value) : number(value)) })),
      ],
      visualMap: { show: false, dimension: last, min: Math.min(...costs), max: Math.max(Math.max(...costs), Math.min(...costs) + 1e-9), inRange: { color: SPAN } },
      series: [{ type: 'parallel', data: rows, lineStyle: { width: 1.5, opacity: points.length > 200 ? 0.35 : 0.75 }, inactiveOpacity: 0.04, activeOpacity: 0.9 }],
    };
  },
};
