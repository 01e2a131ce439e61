// What was changed in a problem before it was solved, in words.

import { axisName, valueWords } from './points.js';

// The edit "rules[cn-cap].max_share=0.5" is "cn-cap, max share: 50 %".
export function changeWords(edit) {
  const cut = edit.lastIndexOf('=');
  const [, path, sign] = /^(.*?)([*+]?)$/s.exec(edit.slice(0, cut));
  const value = edit.slice(cut + 1);
  const axis = sign ? `${path}${sign}=` : path;
  return `${axisName(axis)}: ${value !== '' && Number.isFinite(Number(value)) ? valueWords(axis, Number(value)) : value}`;
}

export const changesInWords = edits => edits.map(changeWords).join('; ');
