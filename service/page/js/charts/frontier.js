import { money } from '../format.js';
import { amounts, frame, millions, tooltip } from './frame.js';

// The least cost at each value of a rule. At a corner another decision turns.
export const frontierPicture = {
  title: 'What does a tighter cap cost?',
  subtitle: view => `Least cost as ${view.cap} moves, all its dates at once. The cost axis need not begin at zero.`,
  job: { kind: 'frontier', label: 'Trace it', asks: view => (view.cap ? { rule: view.cap } : null) },
  has: view => view.cap != null,
  option(view, look) {
    const curve = view.found.frontier;
    const scale = curve.unit === 'fraction' ? 100 : 1;
    const unit = curve.unit === 'fraction' ? '%' : curve.unit;
    const shut = [[curve.low, curve.impossible_below], [curve.impossible_above, curve.high]].filter(([a, b]) => a != null && b != null && a < b);
    return {
      ...frame(look), tooltip: tooltip({ trigger: 'item', formatter: point => `${point.value[0].toPrecision(4)} ${unit}: ${money(point.value[1])}` }),
      grid: { left: 12, right: 24, top: 34, bottom: 34, containLabel: true },
      xAxis: amounts(look, unit, { min: curve.low * scale, max: curve.high * scale, nameLocation: 'middle', nameGap: 28 }),
      yAxis: amounts(look, 'million USD', { scale: true, axisLabel: millions(look) }),
      series: [{
        type: 'line', symbolSize: 7, itemStyle: { color: look.accent },
        data: curve.vertices.filter(v => v.objective_usd != null).map(v => [v.value * scale, v.objective_usd]),
        markArea: { silent: true, itemStyle: { color: 'rgba(160,24,24,0.12)' }, label: { color: look.ink },
          data: shut.map(([a, b]) => [{ name: 'not possible', xAxis: a * scale }, { xAxis: b * scale }]) },
      }],
    };
  },
};
