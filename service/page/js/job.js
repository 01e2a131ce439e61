// One job of the list: what it is, how it stands, and what can be done with it.

import { element } from './plain.js';
import { days, money, percent } from './format.js';
import { FINAL, get } from './api.js';
import { changeWords } from './changes.js';
import { asShipped, editWords, nameOf, ownLabel, shortId } from './named.js';
import { save } from './tables.js';

const moment = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });
export const when = text => moment.format(new Date(text));

export function lasting(seconds) {
  if (seconds < 120) return `${seconds < 10 ? seconds.toFixed(1) : Math.round(seconds)} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`;
  return seconds < 172800 ? `${(seconds / 3600).toFixed(1)} h` : days(seconds / 86400);
}

const between = (from, to) => lasting((new Date(to) - new Date(from)) / 1000);

// Where the page shows a job; one of another kind, and one that has no answer, is read as it stands.
const SHOWN = {
  solve: id => `/?job=${id}`,
  stress: id => `/?job=${id}`,
  partners: id => `/?job=${id}`,
  sheet: id => `/?job=${id}`,
  sweep: id => `/sweeps/${id}`,
  compare: id => `/compare?job=${id}`,
};
const plainPage = id => `/answers/${id}`;

export const hasAnswer = job => ['succeeded', 'partial', 'cancelled'].includes(job.state) && !job.outcome.startsWith('no answer');

export const pageOf = job => (hasAnswer(job) || !FINAL.has(job.state) ? SHOWN[job.kind] ?? plainPage : plainPage)(encodeURIComponent(job.id));

// How far a job has come, in words.
export function standing(progress) {
  if (!progress) return '';
  if (progress.total) return `${progress.done} of ${progress.total} done`;
  return [
    progress.gap != null ? `gap ${percent(progress.gap)}` : null,
    progress.incumbent_usd != null ? `best plan ${money(progress.incumbent_usd)}` : progress.seconds != null ? 'no plan yet' : null,
    progress.seconds != null ? `${lasting(progress.seconds)} of solving` : null,
  ].filter(Boolean).join(', ');
}

function timing(job) {
  if (job.state === 'queued') return `asked for ${when(job.created)}, waits`;
  if (!FINAL.has(job.state)) return `asked for ${when(job.created)}, running for ${between(job.started ?? job.created, new Date())}`;
  if (job.answered_from) return `asked for ${when(job.created)}, known from an earlier job`;
  return `asked for ${when(job.created)}${job.started && job.finished ? `, took ${between(job.started, job.finished)}` : ''}`;
}

// A question that is not undone is asked twice.
function removal(job, remove) {
  const place = element('span', { class: 'removal' });
  const name = `${nameOf(job)}, ${shortId(job)}`;
  const offer = () => {
    place.replaceChildren(element('button', { type: 'button', 'aria-label': `Delete: ${name}`, onclick: () => {
      const keep = element('button', { type: 'button', onclick: () => { offer(); place.firstChild.focus(); } }, 'Keep it');
      place.replaceChildren(element('button', { type: 'button', class: 'danger', onclick: () => remove(job) }, 'Delete it, and its answer'), keep);
      keep.focus();
    } }, 'Delete'));
  };
  offer();
  return place;
}

function asking(job) {
  const shown = element('details', {}, element('summary', {}, 'What was asked'));
  shown.addEventListener('toggle', async () => {
    if (!shown.open || shown.children.length > 1) return;
    const text = element('pre', { tabindex: '0', 'aria-label': 'What was asked' });
    shown.append(text);
    try {
      const { problem, other, ...order } = await get(`/v1/jobs/${job.id}/order`);
      for (const [name, given] of Object.entries({ problem, other })) if (given) order[name] = `${given.name ?? 'a problem'}, in full`;
      text.textContent = JSON.stringify(order, null, 2);
      if (order.edits?.length) text.before(element('p', {}, `Changed: ${order.edits.map(changeWords).join('; ')}`));
    } catch (error) { text.textContent = error.message; }
  });
  return shown;
}

// `acts` does what buttons ask for: `cancel`, `remove`, `trouble`; `pick` takes up a job to compare.
export function jobItem(job, { cancel, remove, trouble, pick, picked }) {
  const over = FINAL.has(job.state);
  const answered = hasAnswer(job);
  const name = `${nameOf(job)}, ${shortId(job)}`;
  const said = !over ? 'Watch it' : answered ? 'See the answer' : 'See why there is none';
  const bar = over ? null : element('progress', { 'aria-label': `Progress of ${name}`, ...(job.progress?.total ? { max: job.progress.total, value: job.progress.done } : {}) });
  const json = async () => {
    try { save(`${job.kind}-${job.id}.json`, JSON.stringify(await get(`/v1/jobs/${job.id}/result`)), 'application/json'); } catch (error) { trouble(error); }
  };
  const why = job.reason && job.state !== 'cancelled' ? [job.reason, job.detail].filter(Boolean).join(': ') : null;
  return element('li', { class: `job card ${job.state}`, id: `job-${job.id}` },
    element('h2', {}, job.problem ?? 'no problem named', ownLabel(job) ? element('span', { class: 'chip' }, job.label) : null),
    editWords(job) || job.asks || asShipped(job) ? element('p', { class: 'asks' }, [editWords(job) ? `Changed: ${editWords(job)}` : asShipped(job) && 'As it ships', job.asks && `Asked: ${job.asks}`].filter(Boolean).join('. ')) : null,
    over ? element('p', { class: 'cost' }, element('strong', {}, job.cost_usd == null ? job.outcome : money(job.cost_usd)), job.cost_usd == null ? null : element('span', { class: 'muted' }, job.outcome)) : null,
    element('p', { class: 'state' }, element('strong', {}, `${job.kind}, ${job.state}`), over ? null : ` ${standing(job.progress)}`, bar),
    element('p', { class: 'muted' }, `${timing(job)}, job ${shortId(job)}`),
    why ? element('p', { class: 'why' }, why) : null,
    job.findings.length ? element('ul', { class: 'why' }, ...job.findings.map(item => element('li', {}, [item.where, item.what, item.value, item.remedy].filter(Boolean).join(' · ')))) : null,
    element('div', { class: 'acts' },
      element('a', { href: pageOf(job), 'aria-label': `${said}: ${name}` }, said),
      answered ? element('button', { type: 'button', 'aria-label': `Answer as JSON: ${name}`, onclick: json }, 'Answer as JSON') : null,
      job.kind === 'solve' && job.state === 'succeeded' ? element('label', { class: 'pick' }, element('input', { type: 'checkbox', checked: picked, 'aria-label': `compare: ${name}`, onchange: event => pick(job, event.target.checked) }), 'compare') : null,
      over ? removal(job, remove) : element('button', { type: 'button', 'aria-label': `Cancel: ${name}`, disabled: job.state === 'cancelling', onclick: () => cancel(job) }, 'Cancel')),
    asking(job));
}
