// Server-sent events by fetch, which unlike EventSource can send a key.

import { keyHeaders } from './key.js';

// A browser opens six connections to a host over HTTP/1.1, for all its pages together: with more
// streams than this open, nothing else would get through.
const MOST = 3;

// Runs `action` if one of the places is free, in whichever page of this browser; else returns null.
async function placed(action, place = 0) {
  // outside of HTTPS and this machine there are no locks to count with
  if (!navigator.locks) return action();
  if (place === MOST) return null;
  return navigator.locks.request(`diversify-stream-${place}`, { ifAvailable: true }, lock => (lock ? action() : placed(action, place + 1)));
}

// Hands on the events of a job that follow number `after`, until `hear` says that it was the last
// one. Returns whether it was; not if there is no place for a stream, or it ended before.
// Raises an error where the connection is lost or the server refuses.
export const events = (id, after, hear) => placed(async () => {
  const response = await fetch(`/v1/jobs/${id}/events?after=${after}`, { headers: keyHeaders(), cache: 'no-store' });
  if (response.status === 204) return true;
  if (!response.ok) throw new Error(`The server answered ${response.status}.`);
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  try {
    for (let held = ''; ;) {
      const { done, value } = await reader.read();
      if (done) return false;
      const blocks = (held + value).split('\n\n');
      held = blocks.pop();
      for (const event of blocks.map(read)) if (event && hear(event)) return true;
    }
  } finally { await reader.cancel(); }
});

// One event: lines `name: text`; those that begin with a colon only keep the connection open.
export function read(block) {
  const fields = Object.fromEntries(block.split('\n').filter(line => line.includes(': ') && !line.startsWith(':')).map(line => [line.slice(0, line.indexOf(': ')), line.slice(line.indexOf(': ') + 2)]));
  return fields.data ? { id: fields.id == null ? null : Number(fields.id), kind: fields.event, data: JSON.parse(fields.data) } : null;
}
