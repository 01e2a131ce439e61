// The page of jobs: the address holds the filters and the place in the list, the public API the rest.

import { at, element } from './plain.js';
import { FINAL, cancel, get, remove } from './api.js';
import { showKey } from './key.js';
import { showTrouble } from './trouble.js';
import { jobItem } from './job.js';
import { nameOf, shortId } from './named.js';

const CHOICES = {
  state: ['queued', 'running', 'cancelling', 'succeeded', 'partial', 'cancelled', 'failed'],
  kind: ['solve', 'sweep', 'frontier', 'stress', 'alternatives', 'explain', 'compare', 'worth', 'sheet', 'partners', 'purse', 'instruments', 'validate'],
};
const PAGE = 25;
const SOON = 2000;      // milliseconds until the list is asked for again while a job of it runs
const LATER = 15000;    // and while none does

const address = () => new URLSearchParams(location.search);
const shown = new Map();    // what each item was drawn from
const picked = new Map();
let timer = null;
let turn = 0;               // answers to questions no longer asked are dropped

const trouble = (error, again) => showTrouble(at('trouble'), error, again);

function filtered() {
  const state = address();
  return ['state', 'kind', 'label'].filter(name => state.get(name)).map(name => [name, state.get(name)]);
}

async function refresh() {
  clearTimeout(timer);
  const mine = ++turn;
  const query = new URLSearchParams([...filtered(), ['limit', PAGE]]);
  if (address().get('cursor')) query.set('cursor', address().get('cursor'));
  let wait = LATER;
  try {
    const page = await get(`/v1/jobs?${query}`);
    if (mine !== turn) return;
    at('trouble').replaceChildren();
    draw(page);
    if (page.jobs.some(job => !FINAL.has(job.state))) wait = SOON;
  } catch (error) {
    if (mine !== turn) return;
    trouble(error, refresh);
    // what the server refuses, it refuses again
    if (error.status >= 400 && error.status < 500) { clear(); return; }
    at('told').textContent = 'Asking again …';
    wait = SOON;
  }
  timer = setTimeout(refresh, wait);
}

function clear() {
  shown.clear();
  at('list').replaceChildren();
  at('told').textContent = '';
  at('older').hidden = true;
}

function draw({ jobs, next }) {
  const list = at('list');
  at('told').textContent = words(jobs, next);
  const wanted = new Set(jobs.map(job => `job-${job.id}`));
  for (const item of [...list.children]) if (!wanted.has(item.id)) item.remove();
  for (const id of [...shown.keys()]) if (!wanted.has(`job-${id}`)) shown.delete(id);
  jobs.forEach((job, place) => {
    const text = JSON.stringify(job);
    let item = at(`job-${job.id}`);
    // one that has not changed stays as it is, with what is open or asked in it
    if (!item || shown.get(job.id) !== text || !FINAL.has(job.state)) {
      const focused = item?.contains(document.activeElement) ? [...item.querySelectorAll('a, button, input, summary')].indexOf(document.activeElement) : -1;
      const open = item?.querySelector('details')?.open;
      const made = jobItem(job, { cancel: stop, remove: discard, trouble, pick, picked: picked.has(job.id) });
      if (item && open) made.querySelector('details').replaceWith(item.querySelector('details'));
      item?.replaceWith(made);
      item = made;
      if (focused >= 0) (made.querySelectorAll('a, button, input, summary')[focused] ?? list).focus();
      shown.set(job.id, text);
    }
    if (list.children[place] !== item) list.insertBefore(item, list.children[place] ?? null);
  });
  const state = address();
  at('newest').hidden = !state.has('cursor');
  at('newest').href = `/jobs?${new URLSearchParams(filtered())}`;
  at('older').hidden = !next;
  if (next) at('older').href = `/jobs?${new URLSearchParams([...filtered(), ['cursor', next]])}`;
  if (!jobs.length) list.replaceChildren(element('li', { class: 'card' }, ...nothing()));
}

function words(jobs, next) {
  if (!jobs.length) return 'No jobs.';
  const going = jobs.filter(job => !FINAL.has(job.state)).length;
  return `${jobs.length} ${jobs.length === 1 ? 'job' : 'jobs'}${next ? ', and older ones' : ''}; ${going ? `${going} not over yet` : 'all of them over'}.`;
}

function nothing() {
  if (address().has('cursor')) return ['No job is older than those. ', element('a', { href: `/jobs?${new URLSearchParams(filtered())}` }, 'Back to the newest')];
  if (filtered().length) return ['No job fits. ', element('a', { href: '/jobs' }, 'Show all')];
  return ['Nobody has asked for anything yet. ', element('a', { href: '/' }, 'Solve a first problem'), ', or type ', element('code', {}, 'diversify jobs submit gallium-usa'), '.'];
}

async function stop(job) {
  try { await cancel(job.id); await refresh(); } catch (error) { trouble(error, () => stop(job)); }
}

async function discard(job) {
  try {
    await remove(job.id);
    pick(job, false);
    await refresh();
    at('list').focus();
  } catch (error) { trouble(error, () => discard(job)); }
}

function pick(job, taken) {
  if (taken) picked.set(job.id, job); else picked.delete(job.id);
  const chosen = [...picked.values()];
  const name = one => `${nameOf(one)}, ${shortId(one)}`;
  at('pair').hidden = !chosen.length;
  at('pair').replaceChildren(chosen.length === 2
    ? element('a', { href: `/compare?${new URLSearchParams({ a: chosen[0].id, b: chosen[1].id })}` }, `Compare ${name(chosen[0])} with ${name(chosen[1])}`)
    : element('p', { class: 'muted' }, chosen.length < 2 ? 'Choose one more to compare with.' : 'Two can be compared: leave out some.'));
}

function fill() {
  const state = address();
  for (const [name, known] of Object.entries(CHOICES)) {
    const given = state.get(name);
    // a value that is none stays to be seen, and the server says what is wrong with it
    at(name).replaceChildren(...['', ...known, ...(given && !known.includes(given) ? [given] : [])].map(value => element('option', { value, selected: value === (given ?? '') }, value || 'any')));
  }
  at('label').value = state.get('label') ?? '';
  at('all').hidden = !filtered().length;
}

function go(query) {
  history.pushState(null, '', query.size ? `/jobs?${query}` : '/jobs');
  fill();
  refresh();
}

at('filters').addEventListener('submit', event => {
  event.preventDefault();
  go(new URLSearchParams([...new FormData(at('filters'))].filter(([, value]) => value)));
});
for (const id of ['newest', 'older', 'all']) {
  at(id).addEventListener('click', event => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    go(new URL(event.target.href).searchParams);
    if (id !== 'all') at('list').focus();
  });
}
addEventListener('popstate', () => { fill(); refresh(); });
// a page that nobody sees asks nothing
document.addEventListener('visibilitychange', () => { if (document.hidden) clearTimeout(timer); else refresh(); });
showKey();
fill();
refresh();
