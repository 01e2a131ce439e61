// The public API, and nothing else: what the page can do, every program can do.

import { askForKey, keyHeaders } from './key.js';
import { events } from './stream.js';

export const FINAL = new Set(['succeeded', 'failed', 'cancelled', 'partial']);

export class Refused extends Error {
  constructor(details, status = 0) {
    super(details.detail || details.title || 'The server refused.');
    this.title = details.title ?? null;
    this.findings = details.findings || [];
    this.status = status;
  }
}

// A reader whose key is missing or does not count is asked for another one, and the question put again.
async function asked(path, options = {}, read = null) {
  const used = keyHeaders();
  let response;
  try { response = await fetch(path, { ...options, headers: { ...options.headers, ...used } }); } catch (error) {
    throw new Refused({ detail: `The server cannot be reached (${error.message}).` });
  }
  if (read && response.ok) return read(response);
  const body = response.status === 204 ? null : await response.json().catch(() => ({ title: `The server answered ${response.status}, but not in JSON.` }));
  if (response.status === 401) {
    await askForKey(body, used);
    return asked(path, options, read);
  }
  if (!response.ok) throw new Refused(body, response.status);
  return body;
}

export const get = path => asked(path);

// The report of a solve: a file to save, its name and its text. `more` says what it shows first and besides.
export const report = (id, more = {}) => asked(`/v1/jobs/${encodeURIComponent(id)}/report?${new URLSearchParams(Object.entries(more).filter(([, value]) => value))}`, {}, async response => ({
  name: /filename="([^"]*)"/.exec(response.headers.get('content-disposition'))[1], text: await response.text(),
}));

// Where a browser finds the page of a decision sheet: with a key it is asked for here, since a link sends none.
export async function sheetPage(id) {
  const path = `/v1/jobs/${encodeURIComponent(id)}/sheet`;
  if (!Object.keys(keyHeaders()).length) return path;
  return URL.createObjectURL(await asked(path, {}, response => response.blob()));
}

export const post = (path, body) => asked(path, {
  method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body ?? {}),
});

// Whether a problem can be solved as it stands, its rules in words, and what it offers to move.
export const check = body => post('/v1/validate', body);

export const cancel = id => post(`/v1/jobs/${encodeURIComponent(id)}/cancel`);

export const remove = id => asked(`/v1/jobs/${encodeURIComponent(id)}`, { method: 'DELETE' });

// One job from asking to its envelope. `told` hears each event; `begun` gets the way to cancel it.
export async function run(kind, body, { told = () => {}, begun = () => {} } = {}) {
  const job = await post('/v1/jobs', { kind, ...body });
  begun(() => cancel(job.id));
  return answerOf(job, told);
}

// The envelope of a job that may still run, marked if it was cancelled.
export async function answerOf(job, told = () => {}) {
  if (!FINAL.has(job.state)) await ended(job.id, told);
  const over = await get(`/v1/jobs/${job.id}`);
  if (over.state === 'failed') throw new Refused({ detail: over.detail || over.reason, findings: over.findings });
  const envelope = await get(`/v1/jobs/${job.id}/result`);
  return over.state === 'cancelled' ? { ...envelope, cancelled: true } : envelope;
}

const pause = seconds => new Promise(done => { setTimeout(done, 1000 * seconds); });

// Returns when a job is over. What the stream cannot tell (it is lost, refused, or this browser has
// as many open as it should) is asked for once a second; a stream that is lost is taken up again
// where it broke off.
async function ended(id, told) {
  let last = 0;
  for (;;) {
    let lost = '';
    try {
      const over = await events(id, last, event => {
        last = event.id ?? last;
        told(event.data);
        return FINAL.has(event.data.state);
      });
      if (over) return;
    } catch (error) { lost = error.message; }
    if (lost) told({ state: 'connection lost, asking again' });
    await pause(1);
    try {
      const job = await get(`/v1/jobs/${id}`);
      if (FINAL.has(job.state)) return;
      told(job.progress ?? { state: job.state });
    } catch (error) { if (error.status >= 400 && error.status < 500) throw error; }
  }
}
