// The numbers behind the pictures as tables, and as CSV: the path for readers of screens, too.

import { element } from './plain.js';
import { number } from './format.js';
import { nameOfGood } from './view.js';

const MOST = 200;
const LONG = 30; // letters from which on a text wants a column of its own width

// `words` puts into words what a cell of a column holds.
export function table(rows, caption, { words = (column, value) => number(value), most = MOST } = {}) {
  const columns = Object.keys(rows[0]);
  const kinds = new Map(columns.map(column => [column, rows.some(row => typeof row[column] === 'number') ? 'number' : rows.some(row => String(row[column] ?? '').length > LONG) ? 'text' : null]));
  return element('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': caption }, element('table', {},
    element('caption', {}, caption),
    element('thead', {}, element('tr', {}, ...columns.map(column => element('th', { scope: 'col', class: kinds.get(column) }, column)))),
    element('tbody', {}, ...rows.slice(0, most).map(row => element('tr', {}, ...columns.map(column => element('td', { class: kinds.get(column) }, words(column, row[column]))))))));
}

const COUNTRIES = new Set(['country', 'origin', 'destination', 'seller', 'who']);
const GOODS = new Set(['commodity', 'goods']);

// Codes of countries and of goods with the name beside them.
export function namedCell(view, column, value) {
  const name = COUNTRIES.has(column) ? view.nameOf(value) : GOODS.has(column) ? nameOfGood(view.result.problem, value) : value;
  return name === value ? number(value) : `${name} (${value})`;
}

// A text that a spreadsheet would take for a formula is led by an apostrophe.
function cell(value) {
  if (value == null) return '';
  const text = typeof value === 'string' && /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value);
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

export function csv(rows) {
  const columns = Object.keys(rows[0]);
  return [columns.map(cell).join(','), ...rows.map(row => columns.map(column => cell(row[column])).join(','))].join('\r\n') + '\r\n';
}

export function save(name, text, type) {
  const link = element('a', { href: URL.createObjectURL(new Blob([text], { type })), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

export function numbers(view) {
  const { result } = view;
  const words = (column, value) => namedCell(view, column, value);
  const parts = Object.entries(result.tables).filter(([, rows]) => rows.length).map(([name, rows]) => {
    const shown = element('details', {}, element('summary', {}, `${name} (${rows.length} ${rows.length === 1 ? 'row' : 'rows'})`));
    const all = () => table(rows, name, { words, most: rows.length });
    shown.addEventListener('toggle', () => {
      if (!shown.open || shown.children.length > 1) return;
      shown.append(element('button', { type: 'button', onclick: () => save(`${name}.csv`, csv(rows), 'text/csv') }, `${name} as CSV`));
      if (rows.length <= MOST) { shown.append(all()); return; }
      const first = table(rows, `${name}: the first ${MOST} of ${rows.length} rows`, { words });
      const more = element('button', { type: 'button', onclick: () => { const whole = all(); first.replaceWith(whole); more.remove(); whole.focus(); } }, `All ${rows.length} rows`);
      shown.append(' ', more, first);
    });
    return shown;
  });
  return element('section', { class: 'card wide tables' }, element('h2', {}, 'The numbers'), ...parts,
    element('p', {}, element('button', { type: 'button', onclick: () => save(`${result.name}.json`, JSON.stringify(result), 'application/json') }, 'The whole result as JSON')));
}
