// The page of a sweep: the address names the job, the public API has its points.

import { at, element, fillSelect } from './plain.js';
import { FINAL, Refused, answerOf, cancel, get } from './api.js';
import { showKey } from './key.js';
import { showTrouble } from './trouble.js';
import { pageOf, standing } from './job.js';
import { measures } from './points.js';
import { showPoints, showSweep } from './swept.js';

const trouble = (error, again) => showTrouble(at('trouble'), error, again);
const address = () => new URLSearchParams(location.search);
const id = decodeURIComponent(location.pathname.replace(/^\/sweeps\//, ''));
let places = {};
let shown = null;       // the job, what was asked, and what the sweep found

async function choose() {
  at('trouble').replaceChildren();
  const begun = performance.now();
  let words = 'fetching the sweep';
  const clock = setInterval(() => { at('phase').textContent = `${words} · ${Math.round((performance.now() - begun) / 1000)} s`; }, 1000);
  at('work').hidden = false;
  at('phase').textContent = words;
  try {
    const path = `/v1/jobs/${encodeURIComponent(id)}`;
    const job = await get(path);
    if (job.kind !== 'sweep') {
      const other = new Refused({ detail: `The job is of the kind ${job.kind}, not a sweep.` });
      trouble(other);
      if (pageOf(job)) at('trouble').firstChild.append(element('a', { href: pageOf(job) }, 'See it where it is shown'));
      return;
    }
    at('name').textContent = [job.problem, job.label].filter(Boolean).join(', ');
    if (!FINAL.has(job.state)) {
      at('cancel').hidden = false;
      at('cancel').onclick = () => { at('cancel').disabled = true; cancel(id).catch(trouble); };
    }
    const [order, envelope] = await Promise.all([get(`${path}/order`), answerOf(job, told => {
      if (told.total) { at('progress').max = told.total; at('progress').value = told.done; }
      words = standing(told) || (told.state ?? words);
    })]);
    shown = { job, order, sweep: envelope.result };
    draw();
  } catch (error) { trouble(error, choose); } finally {
    clearInterval(clock);
    at('work').hidden = true;
  }
}

// Points with the same edits before them belong together: they differ in the values of the axes alone.
function cases(points) {
  const found = new Map();
  for (const point of points) {
    const key = point.edits.join(' and ');
    if (!found.has(key)) found.set(key, []);
    found.get(key).push(point);
  }
  return found;
}

function draw() {
  const { sweep } = shown;
  const state = address();
  const groups = sweep.axes.length ? cases(sweep.points) : new Map([['', sweep.points]]);
  const found = measures(sweep.points, code => places[code]?.[0] ?? code);
  const known = { show: found.map(item => [item.key, item.words]), case: [...groups.keys()].map(key => [key, key || 'none']) };
  const wrong = Object.keys(known).find(key => state.has(key) && !known[key].some(([value]) => value === state.get(key)));
  at('trouble').replaceChildren();
  if (wrong) trouble(new Error(`The address asks for ${wrong} "${state.get(wrong)}", which this sweep does not have; another is shown.`));
  const pick = key => (known[key].some(([value]) => value === state.get(key)) ? state.get(key) : known[key][0][0]);
  for (const key of Object.keys(known)) fillSelect(at(key), known[key].map(([value]) => value), pick(key), value => new Map(known[key]).get(value));
  // of a tornado and of named cases the cost alone is drawn
  at('view').hidden = !sweep.axes.length || (sweep.bars != null && groups.size < 2);
  at('case-part').hidden = groups.size < 2;
  showSweep(at('told'), shown);
  showPoints(at('seen'), shown, { points: groups.get(pick('case')), measures: found, measure: found.find(item => item.key === pick('show')) });
}

for (const key of ['show', 'case']) {
  at(key).addEventListener('change', () => {
    const next = address();
    next.set(key, at(key).value);
    history.replaceState(null, '', `?${next}`);
    draw();
  });
}

showKey();
try {
  places = await get('/page/data/places.json');
  await choose();
} catch (error) { trouble(error, () => location.reload()); }
