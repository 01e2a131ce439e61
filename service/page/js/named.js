// What a job is called, so that it can be told from others of the same problem.

import { money } from './format.js';
import { changeWords, labelOf } from './changes.js';

const SHOWN = 3; // edits in a name

export const shortId = job => job.id.slice(0, 8);

// The edits in words; null where nothing was changed, or where that is not recorded.
export function editWords(job, most = SHOWN) {
  if (!job.edits?.length) return null;
  const more = job.edit_count - Math.min(most, job.edits.length);
  return [...job.edits.slice(0, most).map(changeWords), ...(more ? [`${more} more`] : [])].join('; ');
}

// A label of the page's own says no more than the edits do.
export const ownLabel = job => (job.label == null || job.label === labelOf(job.edits ?? []).label ? null : job.label);

// A problem that comes with the program, in which nothing was changed.
export const asShipped = job => job.instance != null && job.edit_count === 0;

// What was asked of the problem, in words; null where it stands as it is and nothing else was asked.
export const askedWords = job => [ownLabel(job), editWords(job), job.asks].filter(Boolean).join(' · ') || (asShipped(job) ? 'as it ships' : null);

// The problem and what was asked of it.
export const nameOf = job => [job.problem ?? job.instance ?? 'no problem named', askedWords(job)].filter(Boolean).join(': ');

// What it came to: its cost, the answer in a few words, or why there is none.
export const cameTo = job => (job.cost_usd == null ? job.outcome : job.outcome === 'optimal' ? money(job.cost_usd) : `${money(job.cost_usd)}, ${job.outcome}`);
