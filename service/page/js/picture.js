// A picture on the page: a card with its question, drawn by ECharts in the page's colours.

import * as echarts from '../vendor/echarts.js';
import { get } from './api.js';
import { element } from './plain.js';

let drawn = [];

// The colours of the page, its width and its paper may change while a picture stands.
// What has no size just now, as while a browser lays out a print, is left as it is.
const redrawn = () => drawn.filter(({ chart }) => chart.getDom().clientWidth > 0).forEach(({ chart, draw }) => { chart.resize(); draw(chart); });
addEventListener('resize', redrawn);
for (const query of ['(prefers-color-scheme: dark)', 'print']) matchMedia(query).addEventListener('change', redrawn);

export function forget() {
  drawn.forEach(({ chart }) => chart.dispose());
  drawn = [];
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
  const draw = chart => {
    const height = picture.height?.(view, place.clientWidth);
    if (height && chart.getHeight() !== height) { place.style.height = `${height}px`; chart.resize(); }
    chart.setOption(picture.option(view, { ...look(), width: place.clientWidth }), true);
    // what the drawing says of itself would replace the title that stands above it
    place.setAttribute('aria-label', said);
  };
  // a chart needs its size, which it has once it stands in the page
  requestAnimationFrame(async () => {
    if (picture.map) await world();
    if (!place.isConnected) return;
    const chart = echarts.init(place, null, { renderer: 'svg' });
    draw(chart);
    if (picture.edits && apply) chart.on('click', point => { const edits = picture.edits(view, point); if (edits) apply(edits); });
    drawn.push({ chart, draw });
  });
  return headed(picture, view, place);
}

// One that takes solves of its own: made when asked for, by a job of its own.
export function offerPicture(picture, view, ask, apply) {
  const { kind, label, asks } = picture.job;
  if (view.found[kind]) return drawPicture(picture, view, apply);
  return later(headed(picture, view), label, hear => ask(kind, asks(view), hear), found => {
    view.found[kind] = found;
    return drawPicture(picture, view, apply);
  });
}

// Puts a button into a card; what the job finds takes the card's place.
export function later(card, label, ask, made) {
  const status = element('p', { role: 'status' });
  const button = element('button', { type: 'button' }, label);
  button.addEventListener('click', async () => {
    button.disabled = true;
    status.textContent = 'Solving …';
    try {
      const envelope = await ask(told => { if (told.total) status.textContent = `${told.done} of ${told.total} solves`; });
      card.replaceWith(made(envelope.result));
    } catch (error) { status.textContent = error.message; button.disabled = false; }
  });
  card.append(button, status);
  return card;
}
