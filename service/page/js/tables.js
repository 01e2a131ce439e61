// The numbers behind the pictures as tables, and as CSV: the path for readers of screens, too.

import { element } from './plain.js';
import { number } from './format.js';

const MOST = 200;

export function table(rows, caption) {
  const columns = Object.keys(rows[0]);
  const kind = column => (rows.some(row => typeof row[column] === 'number') ? 'number' : null);
  return element('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': caption }, element('table', {},
    element('caption', {}, caption),
    element('thead', {}, element('tr', {}, ...columns.map(column => element('th', { scope: 'col', class: kind(column) }, column)))),
    element('tbody', {}, ...rows.slice(0, MOST).map(row => element('tr', {}, ...columns.map(column => element('td', { class: kind(column) }, number(row[column]))))))));
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

export function numbers(result) {
  const parts = Object.entries(result.tables).filter(([, rows]) => rows.length).map(([name, rows]) => {
    const shown = element('details', {}, element('summary', {}, `${name} (${rows.length} rows)`));
    shown.addEventListener('toggle', () => {
      if (!shown.open || shown.children.length > 1) return;
      shown.append(element('button', { type: 'button', onclick: () => save(`${name}.csv`, csv(rows), 'text/csv') }, `${name} as CSV`),
        table(rows, rows.length > MOST ? `${name}: the first ${MOST} of ${rows.length} rows` : name));
    });
    return shown;
  });
  return element('section', { class: 'card wide' }, element('h2', {}, 'The numbers'), ...parts,
    element('p', {}, element('button', { type: 'button', onclick: () => save(`${result.name}.json`, JSON.stringify(result), 'application/json') }, 'The whole result as JSON')));
}
