import { money, moneyUnit } from '../format.js';
import { brokenUp } from '../points.js';
import { amounts, frame, inUnits, tooltip } from './frame.js';

// Named lists of edits: the least cost of each.
export const casesPicture = {
  title: 'What does each case cost?',
  wide: true,
  subtitle: () => 'Least cost after the edits of each case; a click opens the run',
  has: view => view.axes.length === 0 && view.points.length > 0,
  height: view => 90 + 34 * view.points.length,
  edits: (view, item) => view.points[item.dataIndex],
  option(view, look) {
    const { points } = view;
    const unit = moneyUnit(Math.max(1, ...points.map(point => Math.abs(point.objective_usd ?? 0))));
    return {
      ...frame(look), tooltip: tooltip({ formatter: item => `${points[item.dataIndex].point}: ${points[item.dataIndex].objective_usd == null ? points[item.dataIndex].reason ?? points[item.dataIndex].status : money(points[item.dataIndex].objective_usd)}` }),
      grid: { left: 12, right: look.width < 420 ? 90 : 120, top: 12, bottom: 40, containLabel: true },
      xAxis: amounts(look, `least cost, ${unit.word}`, { nameLocation: 'middle', nameGap: 28, axisLabel: inUnits(look, unit) }),
      yAxis: { type: 'category', inverse: true, data: points.map(point => brokenUp(point.point, look.width < 420 ? 90 : 190)), axisTick: { show: false }, axisLine: { onZero: true, lineStyle: { color: look.muted } },
        axisLabel: { color: look.ink, lineHeight: 14 } },
      series: [{ type: 'bar', barWidth: 18, itemStyle: { color: look.accent }, cursor: 'pointer',
        data: points.map(point => ({ value: point.objective_usd ?? 0, label: { show: true, position: 'right', color: look.ink, formatter: point.objective_usd == null ? point.status : money(point.objective_usd) } })) }],
    };
  },
};
