import { isGrid, planned, valueWords, valuesOf } from '../points.js';
import { frame, names, tooltip } from './frame.js';

// One hue from light to dark (ColorBrewer, Blues): read without colour, too.
const SHADES = ['#deebf7', '#9ecae1', '#4292c6', '#08519c', '#08306b'];
const NO_PLAN = '#f3c6c6';
const MOST_WORDS = 150; // cells

export const heatPicture = {
  title: 'What does each pair of values give?',
  wide: true,
  subtitle: view => `${view.measure.words}, the darker the more${view.points.every(planned) ? '' : '; red: no plan'}; a click on a cell opens the run`,
  has: view => isGrid(view.points, view.axes),
  height: view => Math.max(260, 120 + 34 * valuesOf(view.points, 1).length),
  edits: (view, item) => view.points[item.data?.point],
  option(view, look) {
    const { axes, points, measure } = view;
    const [xs, ys] = [valuesOf(points, 0), valuesOf(points, 1)];
    const known = points.map(measure.of).filter(value => value != null);
    const [low, high] = [Math.min(...known), Math.max(...known)];
    const dark = value => high > low && (value - low) / (high - low) > 0.45;
    const words = points.length <= MOST_WORDS && (look.width - 120) / xs.length > 62;
    const at = point => [xs.indexOf(point.values[0]), ys.indexOf(point.values[1])];
    const cells = points.map((point, place) => ({ point, place, value: measure.of(point) }));
    const told = place => axes.map((axis, number) => `${view.nameOf[number]}: ${valueWords(axis, points[place].values[number])}`).join('\n');
    const without = point => (planned(point) ? 'not known' : point.status === 'infeasible' ? 'no plan' : point.status);
    const cell = { itemStyle: { borderColor: look.paper, borderWidth: 2 } };
    return {
      ...frame(look),
      tooltip: tooltip({ formatter: item => `${told(item.data.point)}\n${measure.words}: ${item.data.words}` }),
      grid: { left: 12, right: 24, top: 30, bottom: 84, containLabel: true },
      xAxis: { ...names(look, xs.map(value => valueWords(axes[0], value))), name: view.nameOf[0], nameLocation: 'middle', nameGap: 32, nameTextStyle: { color: look.muted } },
      yAxis: { ...names(look, ys.map(value => valueWords(axes[1], value))), name: view.nameOf[1], nameTextStyle: { color: look.muted, align: 'left' } },
      visualMap: { show: known.length > 0, seriesIndex: 0, dimension: 2, min: low, max: high === low ? low + 1 : high, orient: 'horizontal', left: 12, bottom: 0, itemHeight: Math.max(40, Math.min(160, look.width - 300)), itemWidth: 14, calculable: false,
        text: [measure.told(high), measure.told(low)], textStyle: { color: look.ink }, inRange: { color: SHADES } },
      series: [
        { type: 'heatmap', ...cell, data: cells.filter(({ value }) => value != null).map(({ point, place, value }) => ({ value: [...at(point), value], point: place, words: measure.told(value),
          label: { show: words, formatter: measure.brief(value), color: dark(value) ? '#ffffff' : '#10151b' } })) },
        { type: 'heatmap', itemStyle: { ...cell.itemStyle, color: NO_PLAN }, data: cells.filter(({ value }) => value == null).map(({ point, place }) => ({ value: [...at(point), 0], point: place, words: without(point),
          label: { show: words, formatter: without(point), color: '#7a1212' } })) },
      ],
    };
  },
};
