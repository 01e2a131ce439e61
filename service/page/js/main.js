// The page of one run: the address is the state, the public API the only source.

import { at, element, fillSelect } from './plain.js';
import { answerOf, cancel, check, get, report, run, sheetPage } from './api.js';
import { percent } from './format.js';
import { labelOf } from './changes.js';
import { showKey } from './key.js';
import { showTrouble } from './trouble.js';
import { drawLevers } from './levers.js';
import { UNITS, branches, goods, unitsOf, wayOf } from './reading.js';
import { showAnswer } from './answer.js';
import { errands } from './errands.js';
import { fileOf, isHeld, offerOwn, offerProblem, ownWords, readOwn } from './own.js';
import { save } from './tables.js';
import { nameOfGood, viewOf } from './view.js';

const FIRST = 'gallium-usa';
const OF_A_PLAN = new Set(['stress', 'partners', 'sheet']); // jobs that are shown with the plan that they are about
const SHORT = 8;        // signs of a job's id that are shown
const SEEN = ['good', 'year', 'branch', 'units']; // what is seen of an answer, each a select and a part of the address
let own = null;         // a problem of the reader's own: no address holds it, at most a job that solved it
let shown = null;       // the last result
let stated = null;      // what the problem cost before changes: { of, usd, words }; null until it was solved here
let asked = null;       // what it answers
let source = null;      // the job that found it
let places = {};
let found = {};         // what jobs besides the solve have found of it
let foundBy = {};       // and which jobs those were
let ask = null;         // the jobs about it
let readLevers = () => [];
let prepared = 0;       // so are levers of a problem no longer shown
let turn = 0;           // answers to questions no longer asked are dropped

const address = () => new URLSearchParams(location.search);
const pathOf = edit => edit.slice(0, edit.lastIndexOf('='));

const trouble = (error, again) => showTrouble(at('trouble'), error, again);

function about(problem, rules) {
  const folded = (title, lines) => (lines.length ? element('details', {}, element('summary', {}, `${lines.length} ${title}${lines.length === 1 ? '' : 's'}`), element('ul', {}, ...lines.map(text => element('li', {}, text)))) : null);
  at('name').textContent = problem.name ?? '';
  at('about').replaceChildren(element('section', { class: 'card' }, element('h2', {}, 'What it is'), element('p', {}, problem.about ?? 'It does not say.'),
    folded('rule', rules), folded('source', (problem.sources ?? []).map(item => [item.title, item.publisher, item.licence].filter(Boolean).join('. '))),
    element('p', {}, offerProblem(problem, 'Download this problem'), ' as JSON, without your changes: change the file, and give it here again.')));
}

async function choose() {
  const state = address();
  const name = state.get('instance') ?? FIRST;
  const edits = state.getAll('edit');
  at('instance').value = state.has('job') || state.has('own') ? '' : name;
  if (at('instance').selectedIndex < 0) at('instance').value = '';
  at('trouble').replaceChildren();
  wait();
  try {
    const held = isHeld(own, state);
    at('own-place').replaceChildren(...(held ? [ownWords(own)] : []));
    if (held) { await solveOwn(own, edits); return; }
    if (state.has('own')) throw new Error(`The address cannot hold a problem of your own: choose ${state.get('own')} again.`);
    if (state.has('job')) { await revisit(state.get('job'), edits); return; }
    const described = await get(`/v1/instances/${encodeURIComponent(name)}`);
    prepare(described, edits);
    await solve({ instance: name, edits }, { of: name });
  } catch (error) { at('result').replaceChildren(); settle(); at('phase').textContent = ''; trouble(error, choose); }
}

// The first solve of a problem of one's own is the job by which an address can name it.
async function solveOwn(mine, edits) {
  at('instance').value = '';
  prepare(mine, edits);
  const solved = await solve({ problem: mine.problem, edits }, { of: mine });
  if (!solved || mine.job || edits.length || solved !== shown) return;
  mine.job = source;
  const next = address();
  next.delete('own');
  history.replaceState(null, '', `?${new URLSearchParams([['job', mine.job], ...next])}`);
  at('own-place').replaceChildren(ownWords(mine));
}

// What is shown is of the run before, from the first moment on until an answer takes its place.
function wait() {
  at('result').classList.add('stale');
  at('progress').hidden = false;
  at('phase').textContent = 'waiting';
}

function settle() {
  at('result').classList.remove('stale');
  at('progress').hidden = at('cancel').hidden = true;
}

// Levers of a shipped problem come with it; those of another one are asked for, beside the solve.
function prepare(described, edits) {
  const mine = ++prepared;
  const draw = levers => { if (mine === prepared) readLevers = drawLevers(at('levers'), levers, edits, described.problem); };
  about(described.problem, described.rules ?? []);
  readLevers = () => edits;
  if (described.levers) { draw(described.levers); return; }
  at('levers').replaceChildren();
  check({ problem: described.problem }).then(told => {
    if (told.valid && mine === prepared) about(described.problem, told.rules);
    draw(told.levers ?? []);
  }, () => draw([]));
}

// Shows what a job found, and what edits make of it; of one about a plan, that plan, too; of another kind of
// job, its problem.
async function revisit(id, edits) {
  const job = await get(`/v1/jobs/${encodeURIComponent(id)}`);
  at('instance').value = '';
  at('own-place').replaceChildren(element('p', { class: 'said' }, `The problem of the job ${id.slice(0, SHORT)}.`));
  if (job.kind !== 'solve') {
    const order = await get(`/v1/jobs/${encodeURIComponent(id)}/order`);
    const described = order.problem ? { problem: order.problem } : await get(`/v1/instances/${encodeURIComponent(order.instance)}`);
    const tested = OF_A_PLAN.has(job.kind) && !edits.length;
    const told = tested ? order.edits ?? [] : edits;
    prepare(described, told);
    const solved = await solve({ problem: described.problem, edits: told });
    if (!solved || !tested) return;
    const envelope = await answerOf(job);
    if (solved !== shown) return;
    found[job.kind] = foundIn(envelope);
    foundBy[job.kind] = job.id;
    draw();
    return;
  }
  const base = { of: id, words: `the run of the job ${id.slice(0, SHORT)}` };
  const known = await solve(null, base, (_, { told, begun }) => { begun(() => cancel(job.id)); return answerOf(job, told); }, () => revisit(id, edits));
  if (!known) return;
  prepare({ problem: known.problem }, edits);
  if (edits.length) await solve({ problem: known.problem, edits }, base);
}

// `order` is what is asked for; null for a job that knows itself. `base` is the problem that was changed, and what
// its cost is called where it is set against another. Returns the result, null without one.
async function solve(order, base = null, way = (body, hooks) => run('solve', { ...body, ...labelOf(body.edits, fileOf(own, address())) }, hooks), again = () => solve(order, base)) {
  const mine = ++turn;
  const begun = performance.now();
  const seconds = () => (performance.now() - begun) / 1000;
  let words = 'waiting';
  const clock = setInterval(() => { at('phase').textContent = `${words} · ${Math.round(seconds())} s`; }, 1000);
  wait();
  try {
    const envelope = await way(order, {
      begun: cancel => { at('cancel').hidden = false; at('cancel').onclick = () => cancel().catch(trouble); },
      told: data => { words = data.gap != null ? `gap ${(100 * data.gap).toPrecision(2)} %` : data.state ?? 'solving'; },
    });
    if (mine !== turn) return null;
    shown = envelope.result;
    if (!order?.edits.length) stated = base && { words: 'the problem as stated', ...base, usd: shown.objective_usd };
    else if (stated?.of !== base?.of) stated = null;
    source = envelope.run.job;
    asked = order ?? { problem: shown.problem, edits: [] };
    attend();
    at('phase').textContent = `${shown.status.point === 'none' ? 'no plan held' : shown.status.point} · ${seconds().toFixed(1)} s`;
    draw();
    return shown;
  } catch (error) {
    if (mine === turn) { at('result').replaceChildren(); at('phase').textContent = ''; trouble(error, again); }
    return null;
  } finally {
    clearInterval(clock);
    if (mine === turn) settle();
  }
}

// What a search found, and why not all.
const foundIn = ({ result, cancelled = false }) => ({ ...result, cancelled });

// What is asked about the run shown from here on; what was asked about the one before is found for nobody.
function attend() {
  const [what, by, about] = [{}, {}, asked];
  [found, foundBy] = [what, by];
  ask = errands(async (kind, more, hooks) => {
    const envelope = await run(kind, { ...about, ...labelOf(about.edits, fileOf(own, address())), ...more }, hooks);
    by[kind] = envelope.run.job;
    return (what[kind] = foundIn(envelope));
  });
}

function draw() {
  const state = address();
  const known = { good: goods(shown), branch: shown.plan ? branches(shown) : [], year: shown.plan ? wayOf(shown, null).map(row => row.period).filter((p, i, all) => all.indexOf(p) === i) : [] };
  known.units = shown.plan ? unitsOf(shown, known.good.includes(state.get('good')) ? state.get('good') : known.good[0]) : [];
  const wrong = Object.keys(known).find(key => state.has(key) && !known[key].includes(state.get(key)));
  if (wrong) trouble(new Error(`The address asks for the ${wrong} "${state.get(wrong)}", which this problem does not have; another is shown.`));
  const pick = key => (known[key].includes(state.get(key)) ? state.get(key) : key === 'year' ? known[key].at(-1) : known[key][0]);
  for (const key of Object.keys(known)) fillSelect(at(key), known[key], pick(key), { good: id => nameOfGood(shown.problem, id), units: unit => UNITS[unit], branch: id => `${id}, ${percent(shown.tables.scenarios.find(row => row.scenario === id).probability)}` }[key]);
  at('view').hidden = !shown.plan;
  at('branch').hidden = at('branch-label').hidden = !known.branch.length;
  showAnswer(at('result'), viewOf(shown, { good: pick('good'), branch: pick('branch') ?? null, year: pick('year'), places, found, stated: asked.edits.length ? stated : null, units: pick('units') }), {
    ask,
    sheet: () => sheetPage(foundBy.sheet),
    keep: async () => { const { name, text } = await report(source, { good: pick('good'), branch: pick('branch'), year: pick('year'), stress: foundBy.stress, file: fileOf(own, address()) }); save(name, text, 'text/html'); },
    apply: edits => go({ edits: [...asked.edits.filter(edit => !edits.some(other => pathOf(other) === pathOf(edit))), ...edits] }),
  });
}

// Moves to another state: the address first, then what it asks for. What is seen of a problem stays as its numbers move.
function go({ instance = null, edits = [] }) {
  const seen = instance ? [] : SEEN.filter(key => address().has(key)).map(key => [key, address().get(key)]);
  const from = instance ? ['instance', instance] : [...address()].find(([key]) => ['own', 'job', 'instance'].includes(key)) ?? ['instance', FIRST];
  history.pushState(null, '', `?${new URLSearchParams([from, ...edits.map(edit => ['edit', edit]), ...seen])}`);
  return choose();
}

function look(key) {
  const next = address();
  next.set(key, at(key).value);
  // a share of demand is told of no good that nobody asks for
  if (next.has('units') && !unitsOf(shown, at('good').value).includes(next.get('units'))) next.delete('units');
  history.replaceState(null, '', `?${next}`);
  draw();
}

at('form').addEventListener('submit', event => { event.preventDefault(); go({ edits: readLevers() }); });
at('instance').addEventListener('change', () => { go({ instance: at('instance').value }); });
for (const key of SEEN) at(key).addEventListener('change', () => look(key));
offerOwn({ inputs: [at('file'), at('folder')], async chosen(files) {
  at('trouble').replaceChildren();
  wait();
  try {
    own = await readOwn(await files);
    history.pushState(null, '', `?${new URLSearchParams({ own: own.from })}`);
    await choose();
  } catch (error) { settle(); at('phase').textContent = ''; trouble(error); }
} });
addEventListener('popstate', choose);

showKey();
try {
  const [listed, named] = await Promise.all([get('/v1/instances'), get('/page/data/places.json')]);
  places = named;
  fillSelect(at('instance'), listed.instances.map(item => item.name), address().get('instance') ?? FIRST);
  at('instance').prepend(element('option', { value: '', hidden: true }, 'none of these'));
  await choose();
} catch (error) { trouble(error); }
