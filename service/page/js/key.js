// The reader's key, where the server asks for one: kept until the tab is closed, sent with each request
// as a header, never in an address.

import { at, element } from './plain.js';

const NAME = 'diversify-key';
let waiting = null;     // everybody who waits for a key waits for the same one

const held = () => sessionStorage.getItem(NAME);

export function keyHeaders() {
  const key = held();
  return key ? { authorization: `Bearer ${key}` } : {};
}

function forget() {
  sessionStorage.removeItem(NAME);
  // what the key has shown must not stay on the screen
  location.reload();
}

// Shows how to forget the key, where one is held.
export function showKey() {
  at('key').replaceChildren(...(held() ? [element('button', { type: 'button', onclick: forget }, 'Forget the key')] : []));
}

// Returns when the reader has given a key that is not the one that was refused. `used` are the headers
// that were sent.
export function askForKey(refusal, used) {
  // another question may have been answered with a key since this one was put
  if (held() && used.authorization !== `Bearer ${held()}`) return Promise.resolve();
  waiting ??= new Promise(given => {
    const refused = Boolean(used.authorization);
    sessionStorage.removeItem(NAME);
    showKey();
    const field = element('input', { id: 'key-field', type: 'password', autocomplete: 'off', required: true, pattern: '\\s*[!-~]+\\s*', title: 'A key has letters, digits and signs, and no space in it.', 'aria-describedby': 'key-why' });
    const form = element('form', { class: 'card ask' },
      element('h2', {}, refused ? 'The key was refused' : 'This server asks for a key'),
      element('p', { id: 'key-why', role: refused ? 'alert' : null }, refused ? `${refusal.detail || refusal.title} ${refusal.remedy ?? ''} Enter another one.` : 'Whoever runs it makes one with "diversify keys create". It is kept until this tab is closed.'),
      element('label', { for: 'key-field' }, 'Key'), field,
      element('div', { class: 'buttons' }, element('button', { type: 'submit', class: 'first' }, 'Use this key')));
    form.addEventListener('submit', event => {
      event.preventDefault();
      const key = field.value.trim();
      if (!key) return;
      sessionStorage.setItem(NAME, key);
      place.remove();
      document.body.classList.remove('locked');
      showKey();
      waiting = null;
      given();
    });
    document.body.classList.add('locked');
    const place = element('main', { class: 'asking' }, form);
    document.querySelector('header').after(place);
    field.focus();
  });
  return waiting;
}
