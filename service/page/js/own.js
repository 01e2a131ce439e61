// Problems of the reader's own: files, a folder or a zip, chosen or dropped anywhere on the page. The
// server reads them, as the command line does.

import { element } from './plain.js';
import { Refused, post } from './api.js';
import { save } from './tables.js';

const ENDINGS = ['.yaml', '.yml', '.json', '.csv', '.xlsx', '.zip'];
const FEW = 5;
const MOST = 32e6; // bytes that are read at all

const fits = name => ENDINGS.some(ending => name.toLowerCase().endsWith(ending));

// A file as a request carries it: its text, or its bytes where it is none.
async function packed(file) {
  try { return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(await file.arrayBuffer()); } catch {
    const url = await new Promise((done, failed) => {
      const reader = Object.assign(new FileReader(), { onload: () => done(reader.result), onerror: () => failed(reader.error) });
      reader.readAsDataURL(file);
    });
    return { base64: url.slice(url.indexOf(',') + 1) };
  }
}

// What files hold: the problem, its rules and its levers, and what it is called here. `files` are pairs of
// a name, with the folders in front, and a file.
export async function readOwn(files) {
  const taken = files.filter(([name]) => fits(name));
  if (!taken.length) throw new Refused({ detail: `A problem is a file that ends in ${ENDINGS.join(', ')}, or a folder of such; ${files.length ? `none of these is: ${files.slice(0, FEW).map(([name]) => name).join(', ')}` : 'nothing was given'}.` });
  if (taken.reduce((sum, [, file]) => sum + file.size, 0) > MOST) throw new Refused({ detail: `These files are larger than ${MOST / 1e6} MB together: leave out what the problem does not need.` });
  const told = await post('/v1/read', { files: Object.fromEntries(await Promise.all(taken.map(async ([name, file]) => [name, await packed(file)]))) });
  return { ...told, from: taken.length === 1 ? taken[0][0] : `${taken[0][0].split('/')[0]} (${taken.length} files)`, job: null };
}

const namesOf = list => [...list].map(file => [file.webkitRelativePath || file.name, file]);

// Files of what was dropped, with what stands in its folders.
async function dropped(items) {
  const walk = async entry => {
    if (entry instanceof File) return [[entry.name, entry]];
    if (entry.isFile) return [[entry.fullPath.replace(/^\//, ''), await new Promise((done, failed) => { entry.file(done, failed); })]];
    const reader = entry.createReader();
    const found = [];
    // a folder tells its entries in several goes
    for (;;) {
      const more = await new Promise((done, failed) => { reader.readEntries(done, failed); });
      if (!more.length) return (await Promise.all(found.map(walk))).flat();
      found.push(...more);
    }
  };
  return (await Promise.all([...items].map(item => item.webkitGetAsEntry() ?? item.getAsFile()).filter(Boolean).map(walk))).flat();
}

// `chosen` is told a promise of what was chosen: pairs of name and file.
export function offerOwn({ inputs, chosen }) {
  for (const input of inputs) {
    input.addEventListener('change', () => {
      if (input.files.length) chosen(Promise.resolve(namesOf(input.files)));
      input.value = ''; // the same file can be chosen again once it is mended
    });
  }
  addEventListener('dragover', event => { if (event.dataTransfer.types.includes('Files')) event.preventDefault(); });
  addEventListener('drop', event => {
    if (!event.dataTransfer.types.includes('Files')) return;
    event.preventDefault();
    chosen(dropped(event.dataTransfer.items));
  });
}

// Whether the address means the problem of one's own that is held here, and which file it came from if so.
export const isHeld = (own, state) => Boolean(own && (state.get('own') === own.from || (own.job && state.get('job') === own.job)));
const LONGEST = 200; // signs of a file's name that a report takes
export const fileOf = (own, state) => (isHeld(own, state) ? own.from.slice(0, LONGEST) : null);

// The problem as a file that can be changed and chosen here again.
export const offerProblem = (problem, words) => element('button', { type: 'button', onclick: () => save(`${problem.name ?? 'problem'}.json`, JSON.stringify(problem, null, 1), 'application/json') }, words);

// What the address can and cannot carry of a problem of one's own.
export const ownWords = own => element('p', { class: 'said', id: 'own', role: 'status' }, `From your ${own.from}. ${own.note ? `${own.note} ` : ''}${own.job
  ? 'The address names its first solve, which this server keeps for a while; it does not hold the problem: keep the files.'
  : 'No address holds it before its first solve is over.'}`);
