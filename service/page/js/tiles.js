// The tiles above the pictures: what it costs, who supplies most, the least cover, what stays unmet.

import { element } from './plain.js';
import { days, money, percent, signed, tonnes } from './format.js';
import { nameOfGood } from './view.js';

// The rows of stock whose cover is least, of all goods: in every period, and at the end of the one shown.
export function leastCovers(view) {
  const rows = view.result.tables.stocks.filter(row => view.here(row) && row.cover_d != null);
  const least = of => of.reduce((best, row) => (best == null || row.cover_d < best.cover_d ? row : best), null);
  return { ever: least(rows), then: least(rows.filter(row => row.node === view.at.node)) };
}

// What a change of the problem came to: the cost against that without the change.
function against({ result, stated }) {
  if (stated?.usd == null || result.objective_usd == null) return null;
  const change = result.objective_usd - stated.usd;
  return Math.abs(change) < 1e-9 * Math.abs(stated.usd) ? `the same as ${stated.words}` : `${signed(change, money)} against ${stated.words}`;
}

// Why no stock has a cover: there is none, or nothing is needed that it could last for.
const withoutCover = view => (view.result.tables.stocks.some(view.here) ? 'stock is held, but not of goods with a demand of their own' : `no stock is held${(view.result.problem.rules ?? []).some(rule => rule.kind === 'stock_target') ? '' : ', and no rule asks for one'}`);

// A share of what is bought and made is none of the demand: what goes into stock is bought, too.
function shareOf(view, country) {
  const row = view.result.tables.shares.find(one => one.node === view.at.node && one.commodity === view.good && one.country === country);
  return `of all ${view.goodName} bought and made${row?.share_of_demand == null ? '' : `; as much as ${percent(row.share_of_demand)} of the demand`}`;
}

export function tiles(view, suppliers, unmet) {
  const { result } = view;
  const { period, node } = view.at;
  const figure = (name, text, more = null) => element('div', { class: 'figure' }, element('dt', {}, name), element('dd', {}, text), more ? element('dd', { class: 'said' }, more) : null);
  const { ever, then } = leastCovers(view);
  const periodOf = row => view.way.find(one => one.node === row.node).period;
  const goodOf = row => nameOfGood(result.problem, row.commodity);
  const cover = ever ? [days(ever.cover_d), `${goodOf(ever)}, end of ${periodOf(ever)}`
    + (then && then.node !== ever.node ? `; at the end of ${period} ${days(then.cover_d)}, ${goodOf(then)}` : '')] : ['not stated', withoutCover(view)];
  const whole = suppliers.reduce((sum, [, t]) => sum + t, 0);
  return element('dl', { class: 'figures' },
    figure('Total cost, discounted', money(result.objective_usd), against(view)),
    figure(`Largest supplier, ${period}${view.under}`, ...(whole > 0 ? [`${view.nameOf(suppliers[0][0])} ${percent(suppliers[0][1] / whole)}`, shareOf(view, suppliers[0][0])] : ['nobody'])),
    figure(`Least cover, all goods and years${view.under}`, ...cover),
    figure(`Demand unmet, all goods${view.under}`, unmet > 1e-6 ? tonnes(unmet) : 'none'));
}
