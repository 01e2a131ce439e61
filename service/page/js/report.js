// The report of one run, in a file of its own: what the page shows of it without asking a server.

import { at, element, fillSelect } from './plain.js';
import { number } from './format.js';
import { get } from './api.js';
import { changeWords } from './changes.js';
import { showAnswer } from './answer.js';
import { UNITS, branches, goods, unitsOf, wayOf } from './reading.js';
import { table } from './tables.js';
import { nameOfGood, viewOf } from './view.js';

const section = (title, ...parts) => element('section', { class: 'card wide' }, element('h2', {}, title), ...parts);

// Every assumption that a record of the problem states, by its path.
function assumptions(value, path = '') {
  if (Array.isArray(value)) return value.flatMap((item, i) => assumptions(item, `${path}[${item?.id ?? i}]`));
  if (value == null || typeof value !== 'object') return [];
  const { assumption, ...rest } = value;
  const own = assumption == null ? [] : typeof assumption === 'string' ? [[path, assumption]] : Object.entries(assumption).map(([field, why]) => [`${path}.${field}`, why]);
  return [...own, ...Object.entries(rest).flatMap(([key, item]) => assumptions(item, path ? `${path}.${key}` : key))];
}

const flat = (value, path) => (value != null && typeof value === 'object' && !Array.isArray(value)
  ? Object.entries(value).flatMap(([key, item]) => flat(item, path ? `${path}: ${key}` : key)) : [[path, Array.isArray(value) ? value.join(', ') : value]]);

function made(result) {
  const { log, ...record } = result.record;
  const rows = [['status', `${result.status.point} (${result.status.stop})`], ['objective, USD', result.objective_usd], ['bound, USD', result.bound_usd], ['gap', result.gap],
    ['perspective', result.perspective], ['custody', result.custody], ...flat(record, '')];
  return section('How it was made', element('p', { class: 'muted' }, 'The same inputs, options and versions give it again.'),
    table(rows.filter(([, value]) => value != null).map(([what, value]) => ({ what, value: number(value) })), 'What repeats the run'));
}

function rests(result) {
  const assumed = assumptions(result.problem);
  const sources = (result.problem.sources ?? []).map(item => [item.id, [item.title, item.publisher, item.licence].filter(Boolean).join('. ')]);
  const listed = (title, pairs, said = null) => (pairs.length ? [element('h3', {}, title), said && element('p', { class: 'muted' }, said), element('dl', { class: 'listed' }, ...pairs.flatMap(([key, text]) => [element('dt', {}, key), element('dd', {}, text)]))].filter(Boolean) : []);
  const counted = 'As the problem states them. One that is stated of a whole record, such as a rule, holds for every number in it that names no source: a decision sheet counts those numbers, so that its count is another.';
  const nothing = assumed.length + sources.length ? [] : [element('p', {}, 'The problem states neither sources nor assumptions.')];
  return section('What it rests on', ...listed(`${assumed.length} assumption${assumed.length === 1 ? '' : 's'}`, assumed, counted), ...listed(`${sources.length} sources`, sources), ...nothing);
}

// Options by name and value; those that are off or not given are left out.
const optionWords = options => Object.entries(options).filter(([name, value]) => name !== 'log' && value != null && value !== false && value.length !== 0)
  .map(([name, value]) => `${name.replaceAll('_', ' ')}${value === true ? '' : ` ${Array.isArray(value) ? value.join(' and ') : value}`}`).join(', ');

// In which numbers a problem is not the shipped one of its name.
function unlike({ count, first }) {
  if (!count) return [element('p', {}, 'No number in it differs, but something else does.')];
  const shown = value => (value == null ? 'not stated' : number(value));
  return [element('p', {}, `${count === 1 ? 'One number differs' : `${count} numbers differ`}, shipped and here${count > first.length ? `; the first ${first.length}` : ''}:`),
    element('ul', {}, ...first.map(([path, old, here]) => element('li', {}, element('code', {}, path), ` ${shown(old)} → ${shown(here)}`)))];
}

// What tells this report from another one of the same problem: what was changed, when it was solved and how.
function changed({ instance, file, edits, solved, job, label, shipped }, { record }) {
  const from = instance || (shipped?.same && !edits?.length) ? `the problem ${instance ?? shipped.name} as it ships` : file ? `the problem in ${file}` : 'the problem as it was given';
  const moment = record.solved_at ?? solved;
  const statements = edits?.length === 1 ? 'one statement was' : `${edits?.length} statements were`;
  const other = shipped && !shipped.same && (!instance || (edits && !edits.length)); // it bears the name of a shipped one
  const heading = other ? `Not the shipped problem ${shipped.name}` : !edits ? 'What was changed is not recorded' : edits.length ? 'What was changed' : instance || shipped ? 'Nothing was changed' : 'Where it comes from';
  const told = other ? `This is not the shipped problem ${shipped.name}: it ${instance ? 'was solved by a version that shipped another one' : file ? `was given as a file (${file})` : 'was given in full'}.${edits?.length ? ` Before it was solved, ${statements} changed, too.` : ''}`
    : !edits ? 'The result does not hold what was changed in its problem before it was solved. What was solved is all in here.'
      : edits.length ? `This is not ${from}: before it was solved, ${statements} changed.` : `It is ${from}.`;
  const facts = {
    solved: moment && new Intl.DateTimeFormat(undefined, { dateStyle: 'long', timeStyle: 'long' }).format(new Date(moment)),
    label, job, options: record.options && optionWords(record.options),
    version: record.versions && `Diversify ${record.versions['supply-diversification'] ?? '(not installed)'}, HiGHS ${record.versions.highs}`,
    'hash of the problem': record.inputs_hash,
  };
  return [section(heading, element('p', {}, told),
    ...(other ? unlike(shipped) : []),
    ...(edits?.length ? [element('ul', {}, ...edits.map(edit => element('li', {}, changeWords(edit), ' ', element('code', {}, edit))))] : []),
    element('dl', { class: 'facts' }, ...Object.entries(facts).filter(([, text]) => text).flatMap(([name, text]) => [element('dt', {}, name), element('dd', {}, text)])))];
}

async function show() {
  const [envelope, first, order, found, places] = await Promise.all(['answer.json', 'view.json', 'asked.json', 'found.json', 'data/places.json'].map(path => get(`/page/${path}`)));
  const { result, words } = envelope;
  const known = {
    good: goods(result), branch: result.plan ? branches(result) : [],
    year: result.plan ? [...new Set(wayOf(result, null).map(row => row.period))] : [],
    units: [],
  };

  function draw() {
    const pick = key => (known[key].includes(at(key).value) ? at(key).value : null);
    if (result.plan) known.units = unitsOf(result, pick('good'));
    fillSelect(at('units'), known.units, pick('units') ?? known.units[0], unit => UNITS[unit]);
    showAnswer(at('result'), viewOf(result, { good: pick('good'), branch: pick('branch'), year: pick('year'), places, found, units: pick('units') ?? undefined }), {});
  }

  at('units').addEventListener('change', draw);
  at('changed').replaceChildren(...changed(order, result));
  at('about').replaceChildren(element('p', {}, result.problem.about || 'It does not say what it is about.'));
  for (const key of ['good', 'branch', 'year']) {
    const held = known[key].includes(first[key]);
    if (first[key] != null && !held) at('changed').append(element('p', { role: 'note' }, `It was asked to show the ${key} "${first[key]}", which it does not have; another is shown.`));
    const chosen = held ? first[key] : (key === 'year' ? known[key].at(-1) : known[key][0]);
    fillSelect(at(key), known[key], chosen, key === 'good' ? id => nameOfGood(result.problem, id) : undefined);
    at(key).addEventListener('change', draw);
  }
  at('view').hidden = !result.plan;
  at('branch').hidden = at('branch-label').hidden = !known.branch.length;
  draw();
  at('more').replaceChildren(...(words ? [section('In words', element('pre', { tabindex: '0' }, words))] : []), rests(result), made(result));
}

show();
