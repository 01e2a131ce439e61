import { money, moneyUnit, number, tonnes } from '../format.js';
import { nameOfGood } from '../view.js';
import { amounts, cutShort, frame, inUnits, LETTER, tooltip } from './frame.js';

const MOST_PARTNERS = 12;
const NAMES = 150; // pixels beside the bars

// Countries that sell or make something, the buyers' own apart.
function abroad({ offers = [], facilities = [], buyers = [], demand = [] }) {
  const home = new Set([...buyers, ...demand.map(item => item.country)]);
  return new Set([...offers, ...facilities].map(item => item.country).filter(country => !home.has(country)));
}

const lacking = (view, row) => Object.entries(row.unmet_t).map(([good, t]) => `${tonnes(t)} of ${nameOfGood(view.result.problem, good)}`);

// What is known of the loss of a partner: nothing that the gap hides counts as a difference.
function short(row) {
  if (row.dearer_usd == null) return row.held === 'infeasible' ? 'no plan without it' : 'not known';
  if (Math.abs(row.dearer_usd) > row.gap_usd) return null;
  return row.gap_usd ? `less than the ${money(row.gap_usd)} to which plans are known` : 'nothing';
}

function lossWords(view, row) {
  const own = view.found.partners.by_commodity.filter(one => one.partners[0] === row.partners[0]);
  const lines = [`Without ${view.nameOf(row.partners[0])}: ${short(row) ?? `${money(row.dearer_usd)} more`}`];
  if (row.reason) lines.push(row.reason);
  lines.push(...lacking(view, row).map(text => `${text} more unmet`));
  if (own.length > 1) lines.push(...own.map(one => `of ${nameOfGood(view.result.problem, one.commodities[0])} alone: ${short(one) ?? money(one.dearer_usd)}`));
  return lines.join('\n');
}

function partnersWords(view) {
  const told = view.found.partners;
  const what = 'What the least cost rises by, shortfall at what it is said to cost, if a country never sells or makes anything and all is planned anew';
  if (!told) return `${what}; two that can stand in for one another are each worth little`;
  const rest = told.losses.length - MOST_PARTNERS;
  const needed = told.losses.filter(row => row.held === 'infeasible').map(row => view.nameOf(row.partners[0]));
  return [`${what}.`, needed.length ? `Without ${needed.join(', or without ')} there is no plan.` : null, rest > 0 ? `${rest} more are worth less.` : null,
    cutShort(told)].filter(Boolean).join(' ');
}

export const partnersPicture = {
  title: 'What is each partner worth?',
  subtitle: partnersWords,
  job: { kind: 'partners', label: 'Rank the partners', asks: () => ({}) },
  has: view => abroad(view.result.problem).size > 0,
  height: view => (view.found.partners ? Math.max(120, 60 + 28 * Math.min(MOST_PARTNERS, view.found.partners.losses.length)) : null),
  option(view, look) {
    const rows = view.found.partners.losses.slice(0, MOST_PARTNERS);
    const most = Math.max(1e-9, ...rows.map(row => row.dearer_usd ?? 0));
    const unit = moneyUnit(most);
    const label = row => {
      const goods = Object.values(row.unmet_t);
      const lacks = goods.length > 1 ? `${tonnes(Number(goods.reduce((sum, t) => sum + t, 0).toPrecision(3)))} of ${goods.length} goods short` : goods.length ? `${tonnes(Number(goods[0].toPrecision(3)))} short` : null;
      const dearer = short(row)?.split(' to which')[0].replace('less than the ', 'under ') ?? number(Number((row.dearer_usd / unit.size).toPrecision(3)));
      return [dearer, lacks].filter(Boolean).join(', ');
    };
    // so far that each label finds room behind its bar
    const plot = Math.max(look.width - NAMES, 150);
    const reach = Math.max(...rows.map(row => (Math.max(row.dearer_usd ?? 0, most / 50) * plot) / Math.max(plot - LETTER * label(row).length - 12, 0.2 * plot)), most);
    return {
      ...frame(look), tooltip: tooltip({ trigger: 'item', formatter: item => lossWords(view, rows[item.dataIndex]) }),
      grid: { left: 12, right: 24, top: 8, bottom: 34, containLabel: true },
      xAxis: amounts(look, `dearer without it, ${unit.word}`, { min: 0, max: most > 1e-9 ? reach : 1, nameLocation: 'middle', nameGap: 28, axisLabel: { ...inUnits(look, unit), showMaxLabel: false } }),
      yAxis: { type: 'category', inverse: true, data: rows.map(row => view.nameOf(row.partners[0])), axisTick: { show: false }, axisLine: { lineStyle: { color: look.muted } },
        axisLabel: { color: look.ink, width: look.width < 420 ? 92 : 150, overflow: 'break', lineHeight: 14, interval: 0 } },
      series: [{ type: 'bar', barWidth: 16, data: rows.map(row => ({ value: Math.max(row.dearer_usd ?? 0, 0), itemStyle: { color: view.colours.of(row.partners[0]) },
        label: { show: true, position: 'right', color: look.ink, formatter: label(row) } })) }],
    };
  },
};
