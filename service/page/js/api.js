// The public API, and nothing else: what the page can do, every program can do.

const FINAL = new Set(['succeeded', 'failed', 'cancelled', 'partial']);

export class Refused extends Error {
  constructor(details) {
    super(details.detail || details.title || 'The server refused.');
    this.findings = details.findings || [];
  }
}

async function asked(path, options) {
  const response = await fetch(path, options);
  const body = response.status === 204 ? null : await response.json();
  if (!response.ok) throw new Refused(body);
  return body;
}

export const get = path => asked(path);

const post = (path, body) => asked(path, {
  method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body ?? {}),
});

// One job from asking to its envelope. `told` hears each event; `begun` gets the way to cancel it.
export async function run(kind, body, { told = () => {}, begun = () => {} } = {}) {
  let job = await post('/v1/jobs', { kind, ...body });
  begun(() => post(`/v1/jobs/${job.id}/cancel`));
  if (!FINAL.has(job.state)) await watched(job.id, told);
  job = await get(`/v1/jobs/${job.id}`);
  if (job.state === 'failed') throw new Refused({ detail: job.detail || job.reason, findings: job.findings });
  return get(`/v1/jobs/${job.id}/result`);
}

// A lost stream is taken up again by the browser where it broke off; one that cannot be is replaced
// by asking once a second.
function watched(id, told) {
  return new Promise((done, fail) => {
    const stream = new EventSource(`/v1/jobs/${id}/events`);
    const ask = async () => {
      try {
        const job = await get(`/v1/jobs/${id}`);
        if (FINAL.has(job.state)) done();
        else setTimeout(ask, 1000);
      } catch (error) { fail(error); }
    };
    stream.addEventListener('progress', event => told(JSON.parse(event.data)));
    stream.addEventListener('state', event => {
      const data = JSON.parse(event.data);
      told(data);
      if (FINAL.has(data.state)) { stream.close(); done(); }
    });
    stream.onerror = () => {
      if (stream.readyState === EventSource.CLOSED) { told({ state: 'asking again' }); ask(); }
    };
  });
}
