// Elements are made from text alone: what a problem calls itself can never become markup.

export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith('on')) made.addEventListener(name.slice(2), value);
    else if (value === true) made.setAttribute(name, '');
    else if (value !== false && value != null) made.setAttribute(name, value);
  }
  made.append(...children.filter(child => child != null));
  return made;
}

export const at = id => document.getElementById(id);

// Offers values in a select, each under a name; one of them is chosen.
export const fillSelect = (select, values, chosen, nameOf = value => value) => select.replaceChildren(
  ...values.map(value => element('option', { value, selected: value === chosen }, nameOf(value))));
