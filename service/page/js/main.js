// The page of one run: the address is the state, the public API the only source.

import { at, element } from './plain.js';
import { get, run } from './api.js';
import { drawLevers } from './levers.js';
import { branches, goods, wayOf } from './reading.js';
import { showAnswer } from './answer.js';
import { viewOf } from './view.js';

const FIRST = 'gallium-usa';
let file = null;        // a problem from a file: no address holds it
let shown = null;       // the last result
let places = {};
let found = {};         // what jobs besides the solve have found of it
let readLevers = () => [];
let turn = 0;           // answers to questions no longer asked are dropped

const address = () => new URLSearchParams(location.search);
const body = (name, edits) => ({ ...(file ? { problem: file } : { instance: name }), edits });
const pathOf = edit => edit.slice(0, edit.lastIndexOf('='));

function trouble(error, again) {
  at('trouble').replaceChildren(element('section', { class: 'card alarm', role: 'alert' }, element('h2', {}, 'That did not work'),
    element('p', {}, error.message),
    element('ul', {}, ...(error.findings || []).map(item => element('li', {}, [item.where, item.what, item.value, item.remedy].filter(Boolean).join(' · ')))),
    again ? element('button', { type: 'button', onclick: again }, 'Try again') : null));
}

function about(problem, rules) {
  const folded = (title, lines) => (lines.length ? element('details', {}, element('summary', {}, `${lines.length} ${title}`), element('ul', {}, ...lines.map(text => element('li', {}, text)))) : null);
  at('name').textContent = problem.name ?? '';
  at('about').replaceChildren(element('section', { class: 'card' }, element('h2', {}, 'What it is'), element('p', {}, problem.about ?? 'It does not say.'),
    folded('rules', rules), folded('sources', (problem.sources ?? []).map(item => [item.title, item.publisher, item.licence].filter(Boolean).join('. ')))));
}

async function choose() {
  const state = address();
  const name = state.get('instance') ?? FIRST;
  const edits = state.getAll('edit');
  at('trouble').replaceChildren();
  try {
    const described = file ? { problem: file } : await get(`/v1/instances/${encodeURIComponent(name)}`);
    at('instance').value = file ? '' : name;
    readLevers = drawLevers(at('levers'), described.problem, edits);
    about(described.problem, described.rules ?? []);
    await solve(body(name, edits));
  } catch (error) { at('result').replaceChildren(); trouble(error, choose); }
}

async function solve(asked) {
  const mine = ++turn;
  const begun = performance.now();
  const seconds = () => (performance.now() - begun) / 1000;
  const late = setTimeout(() => at('result').classList.add('stale'), 300);
  let words = 'waiting';
  const clock = setInterval(() => { at('phase').textContent = `${words} · ${Math.round(seconds())} s`; }, 1000);
  at('progress').hidden = false;
  try {
    const envelope = await run('solve', asked, {
      begun: cancel => { at('cancel').hidden = false; at('cancel').onclick = () => cancel().catch(trouble); },
      told: data => { words = data.gap != null ? `gap ${(100 * data.gap).toPrecision(2)} %` : data.state ?? 'solving'; },
    });
    if (mine !== turn) return;
    shown = envelope.result;
    found = {};
    at('phase').textContent = `${shown.status.point} · ${seconds().toFixed(1)} s`;
    draw(asked);
  } catch (error) {
    if (mine === turn) { at('result').replaceChildren(); at('phase').textContent = ''; trouble(error, () => solve(asked)); }
  } finally {
    clearInterval(clock);
    clearTimeout(late);
    if (mine === turn) { at('progress').hidden = true; at('cancel').hidden = true; at('result').classList.remove('stale'); }
  }
}

const options = (select, values, chosen) => select.replaceChildren(...values.map(value => element('option', { value, selected: value === chosen }, value)));

function draw(asked) {
  const state = address();
  const known = { good: goods(shown), branch: shown.plan ? branches(shown) : [], year: shown.plan ? wayOf(shown, null).map(row => row.period).filter((p, i, all) => all.indexOf(p) === i) : [] };
  const wrong = Object.keys(known).find(key => state.has(key) && !known[key].includes(state.get(key)));
  if (wrong) trouble(new Error(`The address asks for the ${wrong} "${state.get(wrong)}", which this problem does not have; another is shown.`));
  const pick = key => (known[key].includes(state.get(key)) ? state.get(key) : key === 'year' ? known[key].at(-1) : known[key][0]);
  for (const key of Object.keys(known)) options(at(key), known[key], pick(key));
  at('view').hidden = !shown.plan;
  at('branch').hidden = at('branch-label').hidden = !known.branch.length;
  showAnswer(at('result'), viewOf(shown, { good: pick('good'), branch: pick('branch') ?? null, year: pick('year'), places, found }), {
    ask: (kind, more, told) => run(kind, { ...asked, ...more }, { told }),
    apply: edits => go({ edits: [...asked.edits.filter(edit => !edits.some(other => pathOf(other) === pathOf(edit))), ...edits] }),
  });
}

// Moves to another state: the address first, then what it asks for.
function go({ instance = address().get('instance') ?? FIRST, edits = [] }) {
  history.pushState(null, '', `?${new URLSearchParams([['instance', instance], ...edits.map(edit => ['edit', edit])])}`);
  return choose();
}

function look(key) {
  const next = address();
  next.set(key, at(key).value);
  history.replaceState(null, '', `?${next}`);
  draw(body(next.get('instance') ?? FIRST, next.getAll('edit')));
}

at('form').addEventListener('submit', event => { event.preventDefault(); go({ edits: readLevers() }); });
at('instance').addEventListener('change', () => { file = null; go({ instance: at('instance').value }); });
for (const key of ['good', 'year', 'branch']) at(key).addEventListener('change', () => look(key));
at('file').addEventListener('change', async () => {
  try { file = JSON.parse(await at('file').files[0].text()); await go({}); } catch (error) { trouble(error); }
});
addEventListener('popstate', choose);

try {
  const [listed, named] = await Promise.all([get('/v1/instances'), get('/page/data/places.json')]);
  places = named;
  options(at('instance'), listed.instances.map(item => item.name), address().get('instance') ?? FIRST);
  await choose();
} catch (error) { trouble(error); }
