// The decision sheet of what is shown: a job, asked for on a button, and then a link to its page.

import { element } from './plain.js';
import { later } from './picture.js';

// `sheet` gives the address of the page of the sheet that was found.
export function sheetOffer(view, ask, sheet) {
  if (!ask || !sheet) return null;
  if (view.found.sheet) return found(view.found.sheet, sheet);
  return later(element('div', { class: 'sheet' }), 'Decision sheet: one page for whoever decides', ask('sheet', {}), told => {
    view.found.sheet = told;
    return found(told, sheet);
  });
}

function found(told, sheet) {
  const link = element('a', { target: '_blank' }, 'Open the decision sheet');
  const place = element('p', { class: 'sheet', role: 'status' }, link, ' in a page of its own, to read or print.', told.words.stopped && ` ${told.words.stopped}`);
  sheet().then(address => { link.href = address; }, error => place.append(` ${error.message}`));
  return place;
}
