import { money, moneyUnit, number, signed } from '../format.js';
import { differsByDate } from '../schedule.js';
import { amounts, cutShort, frame, inUnits, tooltip } from './frame.js';

const isOf = (curve, rule) => curve.path.startsWith(`rules[${rule.id}].`);

// The rule that the curve was traced for, whatever else is looked at since; before it is, the cap whose price is asked.
const ruleOf = ({ result, found, cap }) => (found.frontier ? (result.problem.rules ?? []).find(rule => isOf(found.frontier, rule)) ?? null : cap);

// The number of that rule, as it stands in the run shown; null where it differs by date.
function standing(view) {
  const field = view.found.frontier.path.split('.').at(-1);
  const value = ruleOf(view)?.[field];
  return differsByDate(value) ? null : typeof value === 'object' && value ? Object.values(value).find(item => typeof item === 'number') : value ?? null;
}

// The least cost at a value of the rule; null where the curve does not say it: beyond its dots, and
// between two of a curve that is not exact.
function costAt({ vertices, exact }, value) {
  const solved = vertices.filter(v => v.objective_usd != null);
  const after = solved.findIndex(v => v.value >= value - 1e-9);
  if (after < 0) return null;
  const next = solved[after];
  if (Math.abs(next.value - value) < 1e-9) return next.objective_usd;
  const last = solved[after - 1];
  return !exact || !last ? null : last.objective_usd + (next.objective_usd - last.objective_usd) * (value - last.value) / (next.value - last.value);
}

// The dots, and between those of an exact curve each tenth of the whole: what the line says, for who cannot point at it.
function frontierRows(view) {
  const curve = view.found.frontier;
  const share = curve.unit === 'fraction';
  const tenths = share && curve.exact ? Array.from({ length: 11 }, (_, tenth) => tenth / 10) : [];
  const values = [...new Set([...curve.vertices.filter(v => v.objective_usd != null).map(v => v.value), ...tenths.filter(value => curve.vertices.every(v => Math.abs(v.value - value) > 1e-9))])].sort((a, b) => a - b);
  const run = view.result.objective_usd;
  return values.map(value => [value, costAt(curve, value)]).filter(([, usd]) => usd != null).map(([value, usd]) => ({
    [`${ruleOf(view)?.id ?? curve.path} at all dates${share ? ', %' : curve.unit ? `, ${curve.unit}` : ''}`]: share ? 100 * value : value,
    'least cost, USD': usd, ...(run == null ? {} : { 'against this run, USD': usd - run }),
  }));
}

// The least cost at each value of a rule. At a corner another decision turns.
export const frontierPicture = {
  title: 'What does a tighter cap cost?',
  subtitle(view) {
    const curve = view.found.frontier;
    const about = `Least cost if ${ruleOf(view)?.id ?? curve.path} stands at one value at all dates: a point moves every date, not one year.`;
    if (!curve) return about;
    const dots = curve.exact ? 'At each dot another decision turns; between them the line is straight.' : `Each dot is a solve: ${curve.reason}.`;
    const run = standing(view) == null ? 'The dotted line is this run, whose limit differs by date.' : 'The diamond is this run.';
    return [about, dots, run, 'The cost axis does not begin at zero.', cutShort(curve)].filter(Boolean).join(' ');
  },
  job: { kind: 'frontier', label: 'Trace it', asks: view => ({ rule: view.cap.id }), holds: view => view.found.frontier != null && isOf(view.found.frontier, view.cap) },
  table: view => ({ caption: `What a limit costs: ${ruleOf(view)?.id ?? view.found.frontier.path} at one value at all dates`, rows: frontierRows(view) }),
  has: view => view.cap != null,
  // what a click on a solved point asks for
  edits: (view, point) => (point.seriesName === 'least cost' ? [`${view.found.frontier.path}=${view.found.frontier.vertices[point.dataIndex].value}`] : null),
  option(view, look) {
    const curve = view.found.frontier;
    const scale = curve.unit === 'fraction' ? 100 : 1;
    const unit = curve.unit === 'fraction' ? '%' : curve.unit ?? '';
    const shown = curve.vertices.filter(v => v.objective_usd != null);
    const here = standing(view);
    const run = view.result.objective_usd;
    const shut = [[curve.low, curve.impossible_below], [curve.impossible_above, curve.high]].filter(([a, b]) => a != null && b != null && a < b);
    const costs = [...shown.map(v => v.objective_usd), ...(run == null ? [] : [run])];
    const room = 0.06 * (Math.max(...costs) - Math.min(...costs) || Math.abs(costs[0]) || 1);
    const money_ = moneyUnit(Math.max(...costs.map(Math.abs)));
    const thisRun = run == null ? [] : [here == null
      ? { type: 'line', name: 'this run', data: [[curve.low * scale, run], [curve.high * scale, run]], symbol: 'none', lineStyle: { type: 'dotted', width: 2, color: look.ink }, itemStyle: { color: look.ink }, endLabel: { show: false } }
      : { type: 'scatter', name: 'this run', data: [[here * scale, run]], symbol: 'diamond', symbolSize: 16, z: 5, itemStyle: { color: look.ink, borderColor: look.paper, borderWidth: 2 }, label: { show: true, formatter: 'this run', position: 'top', distance: 8, color: look.ink, textBorderColor: look.paper, textBorderWidth: 3 } }];
    return {
      ...frame(look),
      tooltip: tooltip({ trigger: 'axis', axisPointer: { type: 'line', snap: !curve.exact }, formatter([point]) {
        const value = curve.exact ? point.axisValue : point.value[0];
        const usd = costAt(curve, value / scale);
        if (usd == null) return '';
        return `${number(Number(value.toFixed(curve.unit === 'fraction' ? 1 : 4)))} ${unit} at all dates: ${money(usd)}${run == null ? '' : `\n${signed(usd - run, money)} against this run`}`;
      } }),
      grid: { left: 12, right: 24, top: 34, bottom: 34, containLabel: true },
      xAxis: amounts(look, `${unit} at all dates`.trim(), { min: curve.low * scale, max: curve.high * scale, nameLocation: 'middle', nameGap: 28 }),
      yAxis: amounts(look, money_.word, { min: Math.min(...costs) - room, max: Math.max(...costs) + room, axisLabel: { ...inUnits(look, money_), showMinLabel: false, showMaxLabel: false } }),
      series: [{
        type: 'line', name: 'least cost', symbol: 'circle', symbolSize: 8, itemStyle: { color: look.accent }, lineStyle: { color: look.accent, width: 2 },
        data: shown.map(v => [v.value * scale, v.objective_usd]),
        markArea: { silent: true, itemStyle: { color: look.alarm, opacity: 0.14 }, label: { color: look.ink, position: 'inside', rotate: 90 },
          data: shut.map(([a, b]) => [{ name: 'not possible', xAxis: a * scale }, { xAxis: b * scale }]) },
      }, ...thisRun],
    };
  },
};
