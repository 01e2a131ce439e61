// Pictures as pure functions: numbers in, an ECharts option out.

import { KINDS, OTHER } from './palette.js';
import { money, percent, tonnes } from './format.js';

// Tooltips are drawn as text: no name is ever read as HTML.
const tooltip = more => ({ renderMode: 'richText', confine: true, ...more });
const frame = theme => ({
  animation: false, aria: { enabled: true }, textStyle: { color: theme.ink, fontFamily: 'Inter, system-ui, sans-serif' },
  grid: { left: 12, right: 24, top: 64, bottom: 12, containLabel: true },
  legend: { top: 0, left: 0, textStyle: { color: theme.ink } },
});
const axis = (theme, name, more = {}) => ({
  type: 'value', name, nameTextStyle: { color: theme.muted, align: 'left' }, axisLabel: { color: theme.muted, hideOverlap: true },
  splitLine: { lineStyle: { color: theme.line } }, ...more,
});
const category = (theme, data) => ({ type: 'category', data, axisLabel: { color: theme.muted, hideOverlap: true } });
const stacked = (theme, name, color, data) => ({
  name, data, type: 'bar', stack: 'all', itemStyle: { color, borderColor: theme.paper, borderWidth: 1 }, barCategoryGap: '12%',
});
const millions = theme => ({ color: theme.muted, formatter: usd => String(usd / 1e6) });

export function supplyChart({ bought, periods, colours, nameOf }, theme) {
  const rows = colours.order.filter(c => bought[c]).map(c => [nameOf(c), colours.of(c), periods.map(p => bought[c][p] ?? 0)]);
  const rest = colours.others.filter(c => bought[c]);
  rows.push(['Other', OTHER, periods.map(p => rest.reduce((sum, c) => sum + (bought[c][p] ?? 0), 0))]);
  return {
    ...frame(theme), tooltip: tooltip({ trigger: 'axis', valueFormatter: tonnes }),
    xAxis: category(theme, periods), yAxis: axis(theme, 't', { min: 0 }),
    series: rows.filter(([, , data]) => data.some(t => t > 1e-6)).map(row => stacked(theme, ...row)),
  };
}

export function spendingChart({ sums, periods }, theme) {
  return {
    ...frame(theme), tooltip: tooltip({ trigger: 'axis', valueFormatter: money }),
    xAxis: category(theme, periods), yAxis: axis(theme, 'million USD', { axisLabel: millions(theme) }),
    series: Object.entries(sums).map(([name, of], i) => stacked(theme, name, KINDS[i % KINDS.length], periods.map(p => of[p] ?? 0))),
  };
}

export function coverChart({ stores, periods }, theme) {
  return {
    ...frame(theme), tooltip: tooltip({ trigger: 'axis' }), xAxis: category(theme, periods), yAxis: axis(theme, 'days', { min: 0 }),
    series: Object.entries(stores).map(([name, of], i) => ({
      name, data: periods.map(p => of[p] ?? null), type: 'line', symbolSize: 7, itemStyle: { color: KINDS[i % KINDS.length] },
    })),
  };
}

// The least cost at each value of a rule. At a corner another decision turns.
export function frontierChart(curve, theme) {
  const scale = curve.unit === 'fraction' ? 100 : 1;
  const unit = curve.unit === 'fraction' ? '%' : curve.unit;
  const shut = [[curve.low, curve.impossible_below], [curve.impossible_above, curve.high]].filter(([a, b]) => a != null && b != null && a < b);
  return {
    ...frame(theme), tooltip: tooltip({ trigger: 'item', formatter: point => `${point.value[0].toPrecision(4)} ${unit}: ${money(point.value[1])}` }),
    grid: { left: 12, right: 24, top: 34, bottom: 34, containLabel: true },
    xAxis: axis(theme, unit, { min: curve.low * scale, max: curve.high * scale, nameLocation: 'middle', nameGap: 28 }),
    yAxis: axis(theme, 'million USD', { scale: true, axisLabel: millions(theme) }),
    series: [{
      type: 'line', symbolSize: 7, itemStyle: { color: theme.accent },
      data: curve.vertices.filter(v => v.objective_usd != null).map(v => [v.value * scale, v.objective_usd]),
      markArea: { silent: true, itemStyle: { color: 'rgba(160,24,24,0.12)' }, label: { color: theme.ink },
        data: shut.map(([a, b]) => [{ name: 'not possible', xAxis: a * scale }, { xAxis: b * scale }]) },
    }],
  };
}

export function stressChart(cases, nameOf, theme) {
  const who = [...new Set(cases.map(item => item.who))];
  const when = [...new Set(cases.map(item => item.onset))].sort();
  const worst = new Map();
  for (const item of cases) {
    const key = `${item.who} ${item.onset}`;
    if (item.met != null) worst.set(key, Math.min(worst.get(key) ?? 1, item.met));
  }
  const data = who.flatMap((name, y) => when.map((onset, x) => [x, y, worst.get(`${name} ${onset}`)])).filter(([, , met]) => met != null);
  return {
    ...frame(theme), tooltip: tooltip({ formatter: cell => `${nameOf(who[cell.value[1]])}, ${when[cell.value[0]]}: ${percent(cell.value[2])} met` }),
    grid: { left: 12, right: 24, top: 12, bottom: 12, containLabel: true },
    xAxis: category(theme, when), yAxis: category(theme, who.map(nameOf)),
    visualMap: { show: false, min: 0, max: 1, dimension: 2, inRange: { color: ['#e57373', '#f2d0a0', '#dfe9f3'] } },
    series: [{ type: 'heatmap', data, label: { show: true, color: '#10151b', formatter: cell => `${Math.floor(100 * cell.value[2])} %` }, itemStyle: { borderColor: theme.paper, borderWidth: 2 } }],
  };
}
