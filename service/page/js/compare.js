// The page of two runs: the address names them, the public API compares them.

import { at, element, fillSelect } from './plain.js';
import { FINAL, Refused, answerOf, cancel, get, run } from './api.js';
import { showKey } from './key.js';
import { showTrouble } from './trouble.js';
import { standing, when } from './job.js';
import { asShipped, cameTo, editWords, nameOf, ownLabel, shortId } from './named.js';
import { branches, goods } from './reading.js';
import { nameOfGood } from './view.js';
import { showComparison, showDifferences } from './comparison.js';

const address = () => new URLSearchParams(location.search);
const trouble = (error, again) => showTrouble(at('trouble'), error, again);
let places = {};
let shown = null;       // the two results, what they are called, and the comparison
let turn = 0;           // answers to questions no longer asked are dropped

// The runs that can be chosen: solves that are over, newest first. One that was answered from another of
// them, under the same name, is that run again.
async function offer() {
  const { jobs: listed } = await get('/v1/jobs?kind=solve&state=succeeded&limit=100');
  const state = address();
  const byId = new Map(listed.map(job => [job.id, job]));
  const again = job => byId.has(job.answered_from) && nameOf(byId.get(job.answered_from)) === nameOf(job);
  const jobs = listed.filter(job => !again(job) || ['a', 'b'].some(name => state.get(name) === job.id));
  for (const name of ['a', 'b']) {
    const given = state.get(name);
    const kept = given && !jobs.some(job => job.id === given) ? [element('option', { value: given, selected: true }, given)] : [];
    at(name).replaceChildren(element('option', { value: '' }, jobs.length ? 'choose a run' : 'there is none yet'), ...kept,
      ...jobs.map(job => element('option', { value: job.id, selected: job.id === given }, `${nameOf(job)} · ${cameTo(job)} · ${when(job.created)} · ${shortId(job)}`)));
  }
  sayChosen();
}

// The run that is chosen in full, below a list that some browsers cut short.
function sayChosen() {
  for (const name of ['a', 'b']) {
    const words = at(name).value ? at(name).selectedOptions[0].textContent : '';
    at(`${name}-said`).textContent = words;
    at(name).title = words;
  }
}

// A run in short: its label, else its edits, else that it is as it ships, else which one it is; `apart`
// tells it from another of the same label.
function endOf(letter, job) {
  const name = ownLabel(job) ?? editWords(job) ?? `${job.problem ?? job.kind}, ${asShipped(job) ? 'as it ships' : shortId(job)}`;
  return { letter, name, apart: editWords(job) ?? shortId(job), href: `/?job=${encodeURIComponent(job.id)}` };
}

async function ofSolve(letter, id, told) {
  const job = await get(`/v1/jobs/${encodeURIComponent(id)}`);
  if (job.kind !== 'solve') throw new Refused({ detail: `${letter} is a job of the kind ${job.kind}; two solves can be compared.` });
  const { result } = await answerOf(job, told);
  return { ...endOf(letter, job), result };
}

// What two addresses ask for: two jobs that were solved, or a comparison that was asked for elsewhere.
async function asked(hooks) {
  const state = address();
  if (state.has('job')) {
    const job = await get(`/v1/jobs/${encodeURIComponent(state.get('job'))}`);
    if (job.kind !== 'compare') throw new Refused({ detail: `The job is of the kind ${job.kind}, not a comparison.` });
    const order = await get(`/v1/jobs/${encodeURIComponent(job.id)}/order`);
    const base = order.problem ? { problem: order.problem } : { instance: order.instance };
    const [edits, changes] = [order.edits ?? [], order.changes ?? []];
    const first = { ...base, edits };
    const second = order.other ? { problem: order.other, edits: changes } : { ...base, edits: [...edits, ...changes] };
    const ends = await Promise.all([first, second].map(body => run('solve', body, { told: hooks.told })));
    const named = (letter, name, { result, run: { job: id } }) => ({ letter, name, href: `/?job=${encodeURIComponent(id)}`, result });
    return { ends: [named('A', 'the first problem', ends[0]), named('B', 'the second problem', ends[1])],
      compare() { hooks.begun(() => cancel(job.id)); return answerOf(job, hooks.told); } };
  }
  const ids = ['a', 'b'].map(name => state.get(name) ?? '');
  const missing = ['A', 'B'].filter((_, place) => !ids[place]);
  if (missing.length) throw new Refused({ detail: `The address does not say which run is ${missing.join(' and ')}.` });
  const ends = await Promise.all(['A', 'B'].map((letter, place) => ofSolve(letter, ids[place], hooks.told)));
  if (ends[0].name === ends[1].name) for (const end of ends) end.name = `${end.name}, ${end.apart}`;
  return { ends, compare: () => run('compare', { problem: ends[0].result.problem, other: ends[1].result.problem }, hooks) };
}

async function choose() {
  const state = address();
  const mine = ++turn;
  clear();
  if (!['a', 'b', 'job'].some(name => state.has(name))) {
    at('told').replaceChildren(element('section', { class: 'card' }, element('h2', {}, 'Nothing is compared yet'),
      element('p', {}, 'Choose two runs above: what differs between them, why the cost does, and who gains and loses volume is shown here.')));
    return;
  }
  const begun = performance.now();
  let words = 'fetching both runs';
  const clock = setInterval(() => { at('phase').textContent = `${words} · ${Math.round((performance.now() - begun) / 1000)} s`; }, 1000);
  at('work').hidden = false;
  at('phase').textContent = words;
  const hooks = {
    told(data) { words = data.state === 'queued' ? 'waiting' : standing(data) || (data.state && !FINAL.has(data.state) ? data.state : words); },
    begun(stop) { words = 'comparing'; at('cancel').hidden = false; at('cancel').onclick = () => stop().catch(trouble); },
  };
  try {
    const { ends, compare } = await asked(hooks);
    if (mine !== turn) return;
    shown = { ends, comparison: null };
    draw();
    words = 'comparing';
    const { result } = await compare();
    if (mine !== turn) return;
    shown.comparison = result;
    draw();
  } catch (error) {
    if (mine === turn) trouble(error, choose);
  } finally {
    clearInterval(clock);
    if (mine === turn) { at('work').hidden = true; at('cancel').hidden = true; }
  }
}

function clear() {
  shown = null;
  for (const id of ['trouble', 'told', 'seen']) at(id).replaceChildren();
  at('view').hidden = true;
}

function draw() {
  const state = address();
  const results = shown.ends.map(end => end.result);
  const planned = results.filter(result => result.plan);
  const known = {
    good: [...new Set(planned.flatMap(goods))],
    branch: [...new Set(planned.flatMap(branches))],
  };
  const wrong = Object.keys(known).find(key => state.has(key) && !known[key].includes(state.get(key)));
  if (wrong) trouble(new Error(`The address asks for the ${wrong} "${state.get(wrong)}", which the runs do not have; another is shown.`));
  const nameOfAny = id => results.map(result => nameOfGood(result.problem, id)).find(name => name !== id) ?? id;
  const pick = key => (known[key].includes(state.get(key)) ? state.get(key) : known[key][0] ?? null);
  for (const key of Object.keys(known)) fillSelect(at(key), known[key], pick(key), key === 'good' ? nameOfAny : undefined);
  at('view').hidden = !planned.length;
  at('branch-part').hidden = !known.branch.length;
  showDifferences(at('told'), shown, pick('branch'));
  showComparison(at('seen'), shown, { good: pick('good'), branch: pick('branch'), places });
}

function look(key) {
  const next = address();
  next.set(key, at(key).value);
  history.replaceState(null, '', `?${next}`);
  at('trouble').replaceChildren();
  draw();
}

function go(a, b) {
  history.pushState(null, '', `/compare?${new URLSearchParams({ a, b })}`);
  choose();
}

at('chosen').addEventListener('submit', event => { event.preventDefault(); go(at('a').value, at('b').value); });
at('swap').addEventListener('click', () => { const [a, b] = [at('b').value, at('a').value]; at('a').value = a; at('b').value = b; sayChosen(); go(a, b); });
for (const name of ['a', 'b']) at(name).addEventListener('change', sayChosen);
for (const key of ['good', 'branch']) at(key).addEventListener('change', () => look(key));
addEventListener('popstate', () => { offer().then(choose).catch(trouble); });

showKey();
try {
  [places] = await Promise.all([get('/page/data/places.json'), offer()]);
  await choose();
} catch (error) { trouble(error); }
