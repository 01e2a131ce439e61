// The page of one job of any kind: what was asked, what came of it, and each of its numbers to be read.

import { at, element } from './plain.js';
import { FINAL, answerOf, cancel, get } from './api.js';
import { showKey } from './key.js';
import { showTrouble } from './trouble.js';
import { lasting, standing, when } from './job.js';
import { cameTo, nameOf, ownLabel, shortId } from './named.js';
import { changeWords } from './changes.js';
import { axisName } from './points.js';
import { fieldName, plainly, valueOf } from './plainly.js';
import { drawPicture, forget } from './picture.js';
import { frontierPicture } from './charts/frontier.js';
import { save } from './tables.js';

const trouble = (error, again) => showTrouble(at('trouble'), error, again);
const id = decodeURIComponent(location.pathname.replace(/^\/answers\//, ''));
const PROBLEMS = new Set(['problem', 'other']);
let places = {};

async function choose() {
  at('trouble').replaceChildren();
  const begun = performance.now();
  let words = 'fetching the answer';
  const clock = setInterval(() => { at('phase').textContent = `${words} · ${Math.round((performance.now() - begun) / 1000)} s`; }, 1000);
  at('work').hidden = false;
  at('phase').textContent = words;
  try {
    const path = `/v1/jobs/${encodeURIComponent(id)}`;
    const [first, order] = await Promise.all([get(path), get(`${path}/order`)]);
    at('name').textContent = nameOf(first);
    document.title = `${first.kind}: ${nameOf(first)} · Diversify`;
    if (!FINAL.has(first.state)) {
      at('cancel').hidden = false;
      at('cancel').onclick = () => { at('cancel').disabled = true; cancel(id).catch(trouble); };
    }
    let answer = null;
    let why = null;
    try {
      answer = await answerOf(first, told => {
        if (told.total) { at('progress').max = told.total; at('progress').value = told.done; }
        words = standing(told) || (told.state ?? words);
      });
    } catch (error) { why = error; }
    const job = FINAL.has(first.state) ? first : await get(path);
    if (why && !FINAL.has(job.state)) throw why;
    await draw(job, order, answer);
  } catch (error) { trouble(error, choose); } finally {
    clearInterval(clock);
    at('work').hidden = true;
  }
}

// What the names of goods and countries are, in the problem that was asked about; without it codes are shown.
async function viewOfNames(order) {
  let problem = order.problem ?? null;
  try { problem ??= (await get(`/v1/instances/${encodeURIComponent(order.instance)}`)).problem; } catch { problem = null; }
  return { result: { problem: problem ?? {} }, nameOf: code => (problem?.countries ?? []).find(item => item.id === code)?.name ?? places[code]?.[0] ?? code };
}

async function draw(job, order, answer) {
  forget();
  at('told').replaceChildren(
    element('p', { class: 'verdict', id: 'verdict' }, `${job.problem ?? 'No problem named'}, ${job.kind}: ${cameTo(job)}.`),
    asked(job, order),
    ...reasons(job));
  if (!answer) { at('seen').replaceChildren(); return; }
  const view = await viewOfNames(order);
  const result = answer.result ?? answer;
  const edits = order.edits ?? [];
  const base = order.instance ? ['instance', order.instance] : ['job', job.id];
  const opens = more => `/?${new URLSearchParams([base, ...[...edits, ...more].map(edit => ['edit', edit])])}`;
  const run = job.kind === 'validate' && !answer.valid ? null : element('a', { href: opens([]) }, 'Open the problem as a run');
  at('seen').replaceChildren(
    ...(job.kind === 'frontier' && result.vertices?.some(point => point.objective_usd != null) ? [curve(result, view)] : []),
    ...plainly(result, view, opens),
    element('section', { class: 'card wide' }, element('h2', {}, 'To go on'),
      element('p', { class: 'acts' }, run, element('button', { type: 'button', onclick: () => save(`${job.kind}-${job.id}.json`, JSON.stringify(answer), 'application/json') }, 'The whole answer as JSON'))));
}

// The curve alone: no run stands on it.
function curve(result, view) {
  const [, rule] = /^rules\[([^\]]*)\]/.exec(result.path) ?? [];
  const name = axisName(result.path);
  const picture = { ...frontierPicture, edits: null, wide: true, title: 'What does each value cost?',
    subtitle: () => `Least cost at each value of ${name}, at all dates at once. ${result.exact ? 'At each dot another decision turns; between them the line is straight.' : `Each dot is a solve: ${result.reason}.`} The cost axis does not begin at zero.` };
  return drawPicture(picture, { ...view, result: { ...view.result, objective_usd: null }, cap: { id: rule ?? name }, found: { frontier: result } });
}

function asked(job, order) {
  const took = job.started && job.finished && !job.answered_from ? `, took ${lasting((new Date(job.finished) - new Date(job.started)) / 1000)}` : '';
  const facts = [
    ['problem', job.problem ?? 'no problem named'], ['label', ownLabel(job)],
    ...Object.entries(order).filter(([name, value]) => !['kind', 'label', 'edits', 'changes', 'instance'].includes(name) && value != null)
      .map(([name, value]) => [fieldName(name), PROBLEMS.has(name) ? `${value.name ?? 'a problem'}, in full` : valueOf(name, value)]),
    ['asked for', `${when(job.created)}${took}${job.answered_from ? ', known from an earlier job' : ''}`], ['job', `${shortId(job)} (${job.id})`],
  ].filter(([, text]) => text);
  const changes = [...(order.edits ?? []), ...(order.changes ?? [])];
  return element('section', { class: 'card' }, element('h2', {}, 'What was asked'),
    element('dl', { class: 'facts' }, ...facts.flatMap(([name, text]) => [element('dt', {}, name), element('dd', {}, text)])),
    changes.length ? element('div', {}, element('p', {}, 'Changed before:'), element('ul', {}, ...changes.map(edit => element('li', {}, changeWords(edit), ' ', element('code', {}, edit))))) : element('p', { class: 'muted' }, 'Nothing was changed in the problem.'));
}

// Why there is no answer, or not a whole one.
function reasons(job) {
  if (job.state === 'succeeded') return [];
  const words = { partial: 'It ended before all was found.', cancelled: 'It was cancelled; what it held by then is shown.', failed: 'It failed.' }[job.state];
  return [element('section', { class: 'card alarm' }, element('h2', {}, job.state === 'failed' ? 'There is no answer' : 'Not a whole answer'),
    element('p', {}, [words, job.reason, job.detail].filter(Boolean).join(' ')),
    job.findings.length ? element('ul', {}, ...job.findings.map(item => element('li', {}, [item.where, item.what, item.value, item.remedy].filter(Boolean).join(' · ')))) : null)];
}

showKey();
try {
  places = await get('/page/data/places.json');
  await choose();
} catch (error) { trouble(error, () => location.reload()); }
