// A picture on the page: a card with its question, drawn by ECharts in the page's colours.

import * as echarts from '../vendor/echarts.js';
import { get } from './api.js';
import { element } from './plain.js';
import { table } from './tables.js';

let drawn = new Map(); // by place: what draws there, and how wide it was drawn

// A picture is drawn once its place has a size, and again when its width changes.
const sizes = new ResizeObserver(seen => seen.forEach(({ target }) => {
  const held = drawn.get(target);
  if (held && target.clientWidth > 0 && target.clientWidth !== held.width) held.draw();
}));

// The colours of the page may change while a picture stands. What has no size just now, as while a
// browser lays out a print, is left as it is.
for (const query of ['(prefers-color-scheme: dark)', 'print']) matchMedia(query).addEventListener('change', () => drawn.forEach((held, place) => { if (place.clientWidth > 0) held.draw(); }));

export function forget() {
  sizes.disconnect();
  drawn.forEach(held => held.chart?.dispose());
  drawn = new Map();
}

export function look() {
  const style = getComputedStyle(document.documentElement);
  return Object.fromEntries(['ink', 'muted', 'line', 'paper', 'accent', 'alarm'].map(name => [name, style.getPropertyValue(`--${name}`).trim()]));
}

const headed = (picture, view, ...more) => element('section', { class: picture.wide ? 'card wide' : 'card' },
  element('h2', {}, picture.title), element('p', { class: 'muted' }, picture.subtitle(view)), ...more);

// The countries are fetched once, when the first map is drawn.
let known = null;
const world = () => (known ??= get('/page/data/world.json').then(shapes => echarts.registerMap('world', shapes)));

// `apply` moves the page to the edits that a click on a point asks for.
export function drawPicture(picture, view, apply) {
  const said = `${picture.title} ${picture.subtitle(view)}`;
  const place = element('div', { class: 'chart', role: 'img', 'aria-label': said });
  const held = { width: 0, chart: null, draw() {
    held.width = place.clientWidth;
    const height = picture.height?.(view, held.width);
    if (height) place.style.height = `${height}px`;
    if (!held.chart) {
      held.chart = echarts.init(place, null, { renderer: 'svg' });
      if (picture.edits && apply) held.chart.on('click', point => { const edits = picture.edits(view, point); if (edits) apply(edits); });
    } else held.chart.resize();
    held.chart.setOption(picture.option(view, { ...look(), width: held.width }), true);
    // what the drawing says of itself would replace the title that stands above it
    place.setAttribute('aria-label', said);
  } };
  const stand = () => { drawn.set(place, held); sizes.observe(place); };
  if (picture.map) world().then(stand, () => place.replaceChildren(element('p', {}, 'The map could not be loaded.')));
  else stand();
  const told = picture.table?.(view);
  return headed(picture, view, place, told ? numbersOf(told) : null);
}

// The numbers of a picture that cannot all be read off it.
const numbersOf = ({ caption, rows }) => element('details', { class: 'numbers' }, element('summary', {}, 'In numbers'), table(rows, caption));

// One that takes solves of its own: made when asked for, by a job of its own. What was found may be about
// something else than what is looked at (`holds`); a report, where nobody solves, shows it nevertheless.
export function offerPicture(picture, view, ask, apply) {
  const { kind, label, asks, holds = seen => seen.found[kind] != null } = picture.job;
  // a picture keeps what it shows, whatever is found while it stands
  const drawnOf = found => drawPicture(picture, { ...view, found }, apply);
  if (!ask || holds(view)) return drawnOf({ ...view.found });
  return later(headed(picture, view), label, ask(kind, asks(view)), result => drawnOf({ ...view.found, [kind]: result }));
}

// Puts a button into a card that begins an errand; what that finds takes the card's place.
export function later(card, label, errand, made) {
  if (errand.state === 'over') return made(errand.result);
  const status = element('p', { role: 'status' });
  const button = element('button', { type: 'button', onclick: () => errand.begin() }, label);
  const stop = element('button', { type: 'button', onclick: () => errand.stop() }, 'Cancel');
  const words = { idle: () => errand.trouble, cancelling: () => 'Cancelling …', running: () => errand.trouble || (errand.total ? `${errand.done} of ${errand.total} solves` : 'Solving …') };
  errand.heard = () => {
    if (errand.state === 'over') { if (card.isConnected) card.replaceWith(made(errand.result)); return; }
    button.disabled = errand.state !== 'idle';
    stop.hidden = errand.state === 'idle' || !errand.cancel;
    stop.disabled = errand.state === 'cancelling';
    status.textContent = words[errand.state]();
  };
  errand.heard();
  card.classList.add('offered');
  card.append(element('div', { class: 'buttons' }, button, stop), status);
  return card;
}
