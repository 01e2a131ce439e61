// An answer of any kind, as it can be read: its sentences, its numbers, and each of its lists as a table.

import { element } from './plain.js';
import { days, money, number, percent, tonnes } from './format.js';
import { csv, namedCell, save, table } from './tables.js';

const MOST = 100; // rows of a table that are shown
const APART = new Set(['schema', 'name', 'hash', 'status', 'words', 'summary', 'plan', 'seconds']); // told elsewhere, or for programs
const UNITS = [[/_usd$/, 'USD'], [/_t$/, 't'], [/_d$/, 'days']];

const PARTNERS = new Set(['partners', 'members']); // lists of countries

const isRows = value => Array.isArray(value) && value.length > 0 && value.every(item => item != null && typeof item === 'object' && !Array.isArray(item));

const heading = name => { const words = fieldName(name); return words[0].toUpperCase() + words.slice(1); };

// The name of a field, with the unit that ends it: "least_cost_usd" is "least cost, USD".
export function fieldName(name) {
  const [ending, unit] = UNITS.find(([end]) => end.test(name)) ?? [null, null];
  return `${(ending ? name.replace(ending, '') : name).replaceAll('_', ' ')}${unit ? `, ${unit}` : ''}`;
}

const FRACTIONS = /(^|_)(share|met|money|bought|needed|assumed|premium|margin)(_|$)/;

// A value in words; a number with the unit that its name says.
export function valueOf(name, value) {
  if (value == null) return 'none';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (Array.isArray(value)) return value.map(item => valueOf(name, item)).join(', ') || 'none';
  if (typeof value === 'object') return Object.entries(value).map(([key, item]) => `${fieldName(key)}: ${valueOf(key, item)}`).join('; ') || 'none';
  if (typeof value !== 'number') return String(value);
  if (/_usd$/.test(name)) return money(value);
  if (/_t$/.test(name)) return tonnes(value);
  if (/_d(ays)?$/.test(name)) return days(value);
  return FRACTIONS.test(name) && Math.abs(value) <= 1 ? percent(value) : number(value);
}

// Rows with a cell for each plain value, a sentence first; columns that hold nothing are left out, and what a
// program reads (tables within a row), too.
export function flatRows(rows) {
  const flat = rows.map(row => Object.fromEntries(Object.entries(row).filter(([, value]) => !Object.values(value ?? {}).some(part => Array.isArray(part) || isRows(part) || (part != null && typeof part === 'object')))));
  const columns = [...new Set(flat.flatMap(Object.keys))].filter(name => flat.some(row => row[name] != null && (typeof row[name] !== 'object' || Object.keys(row[name]).length)));
  columns.sort((a, b) => Number(b === 'sentence') - Number(a === 'sentence'));
  return flat.map(row => Object.fromEntries(columns.map(name => [name, row[name] ?? null])));
}

// A cell keeps numbers as they are, so that a column of them stands at the right; the unit stands in its head.
const cell = value => (value == null ? '' : typeof value === 'number' ? value : valueOf('', value));

const card = (title, ...parts) => element('section', { class: 'card wide' }, element('h2', {}, title), ...parts);

function tableCard(name, rows, view, opens) {
  const flat = flatRows(rows);
  const shown = flat.slice(0, MOST).map(row => Object.fromEntries(Object.entries(row).map(([key, value]) => [fieldName(key), typeof value === 'string' ? namedCell(view, key, value) : PARTNERS.has(key) && Array.isArray(value) ? value.map(view.nameOf).join(', ') : cell(value)])));
  // a change that was worked out can be looked at as a run
  if (opens && rows.some(row => Array.isArray(row.edits) && row.edits.length)) {
    shown.forEach((row, place) => { row.run = rows[place].edits?.length ? element('a', { href: opens(rows[place].edits), 'aria-label': `Open row ${place + 1} as a run` }, 'Open') : ''; });
  }
  const drawn = table(shown, flat.length > MOST ? `${heading(name)}: the first ${MOST} of ${flat.length} rows` : `${heading(name)}: ${flat.length} ${flat.length === 1 ? 'row' : 'rows'}`, { words: (column, value) => (value instanceof Element ? value : number(value)) });
  return card(heading(name), drawn,
    element('p', {}, element('button', { type: 'button', onclick: () => save(`${name}.csv`, csv(flat.map(row => Object.fromEntries(Object.entries(row).map(([key, value]) => [key, value != null && typeof value === 'object' ? JSON.stringify(value) : value])))), 'text/csv') }, `${fieldName(name)} as CSV`)));
}

// Every part of a result as cards: sentences, numbers, tables. `opens` gives the address of a run with edits.
export function plainly(result, view, opens = null) {
  const facts = [];
  const cards = [];
  for (const [name, value] of Object.entries(result)) {
    if (APART.has(name) || name === 'sentence' || (name === 'complete' && value === true)) continue;
    if (isRows(value)) cards.push(tableCard(name, value, view, opens));
    else if (Array.isArray(value) && value.length && value.every(item => typeof item === 'string')) cards.push(card(heading(name), element('ul', {}, ...value.map(text => element('li', {}, namedCell(view, name, text))))));
    else if (value != null && (typeof value !== 'object' || Object.keys(value).length)) facts.push([name, value]);
  }
  const told = result.sentence ? [card('In words', ...result.sentence.split('\n').map(line => element('p', {}, line)))] : [];
  const words = result.words?.sections ? [card('In words', ...result.words.head.map(line => element('p', {}, line)), ...result.words.sections.flatMap(part => [element('h3', {}, part.title), ...part.lines.map(line => element('p', {}, line))]))] : [];
  const listed = facts.length ? [card('In short', element('dl', { class: 'facts' }, ...facts.flatMap(([name, value]) => [element('dt', {}, fieldName(name).replace(/, (USD|t|days)$/, '')), element('dd', {}, valueOf(name, value))])))] : [];
  return [...told, ...words, ...listed, ...cards];
}
