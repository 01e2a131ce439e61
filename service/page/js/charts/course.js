import { planned, valueWords } from '../points.js';
import { amounts, frame, tooltip } from './frame.js';

// One number moves: what is measured along it.
export const coursePicture = {
  title: 'What does it do?',
  wide: true,
  subtitle(view) {
    const without = view.points.filter(point => !planned(point)).length;
    return `${view.measure.words} as ${view.nameOf[0]} moves; a click on a point opens the run. The vertical axis need not begin at zero${without ? `; red crosses: no plan (${without})` : ''}`;
  },
  has: view => view.axes.length === 1 && view.points.length > 1,
  height: () => 380,
  edits: (view, item) => view.points[item.data?.point],
  option(view, look) {
    const { axes, points, measure } = view;
    const order = points.map((point, place) => ({ point, place, x: point.values[0], y: measure.of(point) })).sort((a, b) => a.x - b.x);
    const known = order.filter(({ y }) => y != null);
    const least = Math.min(...known.map(({ y }) => y));
    const item = ({ point, place, x, y }) => ({ value: [x, y], point: place, words: y == null ? point.reason ?? point.status : measure.told(y) });
    return {
      ...frame(look), tooltip: tooltip({ trigger: 'item', formatter: one => `${view.nameOf[0]}: ${valueWords(axes[0], one.value[0])}\n${measure.words}: ${one.data.words}` }),
      grid: { left: 12, right: 34, top: 34, bottom: 40, containLabel: true },
      xAxis: amounts(look, view.nameOf[0], { min: 'dataMin', max: 'dataMax', nameLocation: 'middle', nameGap: 28, axisLabel: { color: look.muted, hideOverlap: true, formatter: value => valueWords(axes[0], value) } }),
      yAxis: amounts(look, measure.words, { scale: true, axisLabel: { color: look.muted, hideOverlap: true, formatter: value => measure.brief(value) } }),
      series: [
        { type: 'line', symbol: 'circle', symbolSize: 9, itemStyle: { color: look.accent }, data: order.map(one => (one.y == null ? { value: [one.x, null], point: one.place, words: '' } : item(one))) },
        { type: 'scatter', symbol: 'path://M1 0L0 1L4 5L0 9L1 10L5 6L9 10L10 9L6 5L10 1L9 0L5 4Z', symbolSize: 11, itemStyle: { color: look.alarm },
          data: known.length ? order.filter(({ y }) => y == null).map(one => ({ ...item(one), value: [one.x, least] })) : [] },
      ],
    };
  },
};
