// The points of a sweep: what they are called, what is measured at each, and the run that each stands for.

import { money, percent, tonnes } from './format.js';

const SIGN = /(\*=|\+=)$/;

// An axis in words: "rules[cn-cap].max_share" moves "cn-cap, max share".
export function axisName(axis) {
  const sign = SIGN.exec(axis)?.[1];
  const path = axis.replace(SIGN, '');
  const [, table, which, field] = /^(\w+)\[([^\]]*)\]\.(.+)$/.exec(path) ?? [null, '', '', path];
  const who = which === '*' ? `all ${table}` : which.includes('=') ? `${table} of ${which.split('=')[1]}` : which;
  const what = field.replaceAll('_', ' ').replace(/\[(.*)\]$/, ' in $1');
  return `${who ? `${who}, ` : ''}${what}${sign === '*=' ? ', times' : sign === '+=' ? ', plus' : ''}`;
}

const LETTER_WIDTH = 6.6; // pixels

// Words over several lines, so that the names of neighbours stay apart.
export function brokenUp(text, width) {
  const lines = [''];
  for (const word of text.split(' ')) {
    if (lines.at(-1) && (lines.at(-1).length + word.length + 1) * LETTER_WIDTH > width) lines.push('');
    lines[lines.length - 1] += `${lines.at(-1) ? ' ' : ''}${word}`;
  }
  return lines.join('\n');
}

const isShare = axis => !SIGN.test(axis) && /(share|min_met|fraction)(\[.*\])?$/.test(axis);

export const valueWords = (axis, value) => (isShare(axis) ? percent(value) : new Intl.NumberFormat(undefined, { maximumSignificantDigits: 4 }).format(value));

export const editOf = (axis, value) => (SIGN.test(axis) ? `${axis}${value}` : `${axis}=${value}`);

// The address of the page that solves a point. `order` is what was asked, `job` where it is recorded.
export function hrefOf(point, axes, order, job) {
  const edits = [...(order.edits ?? []), ...point.edits, ...axes.map((axis, place) => editOf(axis, point.values[place]))];
  const base = order.instance ? ['instance', order.instance] : ['job', job];
  return `/?${new URLSearchParams([base, ...edits.map(edit => ['edit', edit])])}`;
}

export const planned = point => point.objective_usd != null;

const sum = (point, figure, of, whose) => point.figures.filter(row => row[0] === figure && (of == null || row[1] === of) && (whose == null || row[2] === whose)).reduce((all, row) => all + row[3], 0);

// What can be shown at each point: [key, words, value of a point, words of a value, whether more is worse].
export function measures(points, nameOf) {
  const held = points.filter(planned);
  const found = [{ key: 'cost', words: 'least cost', of: point => point.objective_usd, told: money }];
  if (held.some(point => sum(point, 'unmet_t') > 1e-6)) found.push({ key: 'unmet', words: 'demand unmet, all goods', of: point => sum(point, 'unmet_t'), told: tonnes });
  const rows = held.flatMap(point => point.figures);
  const pairs = figure => [...new Set(rows.filter(row => row[0] === figure).map(row => JSON.stringify([row[1], row[2]])))].map(text => JSON.parse(text));
  for (const [good, country] of pairs('supply_t')) {
    if (held.some(point => sum(point, 'supply_t', good, country) > 1e-6)) {
      found.push({ key: `share ${good} ${country}`, words: `share of ${nameOf(country)} in the supply of ${good}`, told: percent,
        of(point) { const whole = sum(point, 'supply_t', good); return whole > 1e-9 ? sum(point, 'supply_t', good, country) / whole : null; } });
    }
  }
  for (const [store] of pairs('stock_t')) found.push({ key: `stock ${store}`, words: `stock in ${store}`, of: point => sum(point, 'stock_t', store), told: tonnes });
  return found.map(item => ({ ...item, of: point => (planned(point) ? item.of(point) : null) }));
}

// The values of an axis that occur, in order.
export const valuesOf = (points, place) => [...new Set(points.map(point => point.values[place]))].sort((a, b) => a - b);

// Whether each pair of values of two axes is one point.
export function isGrid(points, axes) {
  if (axes.length !== 2) return false;
  const [x, y] = [valuesOf(points, 0), valuesOf(points, 1)];
  return x.length > 1 && y.length > 1 && points.length === x.length * y.length;
}

