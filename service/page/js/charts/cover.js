import { KINDS } from '../palette.js';
import { days } from '../format.js';
import { scheduleAt } from '../schedule.js';
import { amounts, frame, names, tooltip } from './frame.js';

// Days of cover at the end of each node, by stockpile, and the target where a rule states one in days.
function covers(view) {
  const stores = {};
  for (const row of view.result.tables.stocks) {
    if (row.commodity === view.good && view.here(row)) (stores[row.stockpile] ??= { held: {}, target: {} }).held[row.node] = row.cover_d;
  }
  const start = new Map(view.way.map(row => [row.node, row.start]));
  for (const row of view.result.tables.rules) {
    const rule = row.kind === 'stock_target' ? view.result.problem.rules.find(item => item.id === row.rule) : null;
    const store = rule && view.here(row) ? stores[rule.stockpile] : null;
    if (!store || rule.cover_days == null) continue;
    const asked = scheduleAt(rule.cover_days, start.get(row.node));
    if (asked != null) store.target[row.node] = Math.max(asked, store.target[row.node] ?? 0);
  }
  return Object.entries(stores).filter(([, { held }]) => Object.values(held).some(d => d != null));
}

export const coverPicture = {
  title: 'How long could we hold out?',
  subtitle(view) {
    const stated = covers(view).some(([, { target }]) => Object.keys(target).length > 0);
    return `${view.goodName}${view.under}: stock at the end of each period, days of the demand that follows${stated ? '; dashed: what the rules ask for, red: what is missing of it' : ''}`;
  },
  has: view => covers(view).length > 0,
  option(view, look) {
    const found = covers(view);
    const step = { type: 'line', step: 'middle', symbol: 'none' };
    const series = found.flatMap(([name, { held, target }], i) => {
      const color = KINDS[i % KINDS.length];
      const asked = view.nodes.map(n => target[n] ?? null);
      const kept = view.nodes.map(n => held[n] ?? null);
      const missing = asked.map((d, at) => (d != null && kept[at] != null && d - kept[at] > 0.01 ? d - kept[at] : 0));
      const parts = [{ ...step, name, data: kept, color, lineStyle: { color, width: 2.5 }, symbol: 'circle', symbolSize: 6, areaStyle: found.length === 1 ? { color, opacity: 0.12 } : null }];
      if (asked.some(d => d != null)) parts.push({ ...step, name: `${name}, target`, data: asked, color: look.alarm, lineStyle: { type: 'dashed', width: 1.5, color: look.alarm } });
      if (missing.some(d => d > 0)) {
        const stack = `gap ${i}`;
        parts.push({ ...step, name: `${name}, below`, stack, data: kept.map((d, at) => (missing[at] > 0 ? d : null)), lineStyle: { opacity: 0 }, silent: true, tooltip: { show: false } },
          { ...step, name: `${name}, missing`, stack, data: missing.map(d => (d > 0 ? d : null)), lineStyle: { opacity: 0 }, areaStyle: { color: look.alarm, opacity: 0.3 } });
      }
      return parts;
    });
    const seen = found.length > 1 ? found.map(([name]) => name) : [];
    return {
      ...frame(look, seen), tooltip: tooltip({ trigger: 'axis', valueFormatter: days }),
      xAxis: names(look, view.periods), yAxis: amounts(look, 'days', { min: 0 }), series,
    };
  },
};
