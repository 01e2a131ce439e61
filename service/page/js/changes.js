// What was changed in a problem before it was solved, in words.

import { axisName, valueWords } from './points.js';

// The edit "rules[cn-cap].max_share=0.5" is "cn-cap, max share: 50 %".
export function changeWords(edit) {
  const cut = edit.lastIndexOf('=');
  const [, path, sign] = /^(.*?)([*+]?)$/s.exec(edit.slice(0, cut));
  const value = edit.slice(cut + 1);
  const axis = sign ? `${path}${sign}=` : path;
  return `${axisName(axis)}: ${value !== '' && Number.isFinite(Number(value)) ? valueWords(axis, Number(value)) : value === 'null' ? 'none' : value}`;
}

const LONGEST = 200; // signs of a label

// What the page calls a run that it asks for, so that the list of jobs tells it from others: the file of a
// problem of the reader's own, else the edits; nothing without either.
export function labelOf(edits, file = null) {
  const words = (file ?? edits.map(changeWords).join('; ')).replaceAll(/\p{C}|\p{Zl}|\p{Zp}/gu, ' ').replaceAll(/\p{Zs}/gu, ' ').trim();
  return words === '' ? {} : { label: words.length > LONGEST ? `${words.slice(0, LONGEST - 1)}…` : words };
}
