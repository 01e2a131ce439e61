// What went wrong, in a card: the sentence, every finding, and the way to try again.

import { element } from './plain.js';

const told = item => [item.where, item.what, item.value, item.nearest && `nearest: ${item.nearest}`, item.remedy].filter(Boolean).join(' · ');

export function showTrouble(place, error, again) {
  const findings = (error.findings || []).map(item => element('li', {}, told(item)));
  place.replaceChildren(element('section', { class: 'card alarm', role: 'alert' }, element('h2', {}, 'That did not work'),
    // the sentence of the server strings together what the list has line by line
    element('p', {}, (findings.length && error.title) || error.message), findings.length ? element('ul', {}, ...findings) : null,
    again ? element('button', { type: 'button', onclick: again }, 'Try again') : null));
}
