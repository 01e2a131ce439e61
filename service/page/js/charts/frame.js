// What all pictures share. A picture is a title (the question it answers), a subtitle, whether there is
// anything to draw, and a pure function `option(view, look)`: what is seen of a result (`view.js`) and
// the page's colours and the width in pixels in, an ECharts option out. No module here touches the
// document or the network, and no two declare the same name, so that one script can hold them all.

import { number } from '../format.js';

const AWAY = 16; // pixels of a tooltip from the pointer

// Where a tooltip stands so that what it tells of is seen: of a column at the other side of the drawing,
// of one thing at its right or left, else above or below the pointer.
function clearOf([x, y], params, _, thing, { contentSize: [wide, high], viewSize: [width, height] }) {
  const within = (from, size, most) => Math.max(0, Math.min(from, most - size));
  const level = within(y - high / 2, high, height);
  if (Array.isArray(params)) return [x < width / 2 ? width - wide : 0, level];
  const [left, right] = thing ? [Math.min(thing.x, x), Math.max(thing.x + thing.width, x)] : [x, x];
  if (right + AWAY + wide <= width) return [right + AWAY, level];
  if (left - AWAY - wide >= 0) return [left - AWAY - wide, level];
  return [within(x - wide / 2, wide, width), y - high >= AWAY ? y - high - AWAY : y + AWAY];
}

// Tooltips are drawn as text: no name is ever read as HTML.
export const tooltip = more => ({ renderMode: 'richText', confine: true, position: clearOf, ...more });

// Why a search did not come to its end, in a sentence; null where it did.
export const cutShort = ({ complete, cancelled }) => (complete !== false ? null : `${cancelled ? 'Cancelled' : 'Time ran out'}: not everything was looked at.`);

export const LETTER = 7; // pixels
const LINE = 22;

// Space for a legend of these names above the drawing.
export function legendHeight(look, names) {
  let lines = 1;
  let used = 0;
  for (const name of names) {
    const needed = 46 + LETTER * name.length;
    if (used + needed > look.width && used > 0) { lines += 1; used = 0; }
    used += needed;
  }
  return names.length ? LINE * lines : 0;
}

export const frame = (look, names = []) => ({
  animation: false, aria: { enabled: true }, textStyle: { color: look.ink, fontFamily: 'Inter, system-ui, sans-serif' },
  grid: { left: 12, right: 24, top: legendHeight(look, names) + 34, bottom: 12, containLabel: true },
  legend: { show: names.length > 0, data: names, top: 0, left: 0, itemWidth: 18, textStyle: { color: look.ink } },
});

export const amounts = (look, name, more = {}) => ({
  type: 'value', name, nameTextStyle: { color: look.muted, align: more.nameLocation === 'middle' ? 'center' : 'left' }, splitNumber: look.width < 420 ? 3 : 5,
  axisLabel: { color: look.muted, hideOverlap: true, formatter: number }, splitLine: { lineStyle: { color: look.line } }, ...more,
});

const MARGIN = 80; // pixels of a drawing beside its axis
const GAP = 5;     // between names

// Every name is told where all have room; else as many, evenly, as have.
const roomy = (look, data) => data.reduce((sum, name) => sum + LETTER * String(name).length + GAP, 0) < look.width - MARGIN;

export const names = (look, data) => ({ type: 'category', data, axisLabel: { color: look.muted, ...(roomy(look, data) ? { interval: 0 } : { hideOverlap: true }) }, axisLine: { lineStyle: { color: look.muted } } });

// How far bars reach from the axis, the numbers of each part stacked on one another.
export const highestOf = parts => Math.max(0, ...(parts[0] ?? []).flatMap((_, at) => [1, -1].map(sign => parts.reduce((sum, data) => sum + Math.max(0, sign * data[at]), 0))));

// The border of a bar as thin as itself would hide it, or break the axis.
const THIN = 0.02; // of the highest
export const stacked = (look, name, color, data, highest) => ({
  name, data: data.map(value => (Math.abs(value) > THIN * highest ? value : { value, itemStyle: { borderWidth: 0 } })), type: 'bar', stack: 'all', itemStyle: { color, borderColor: look.paper, borderWidth: 1 }, barCategoryGap: '12%',
});

export const inUnits = (look, { size }) => ({ color: look.muted, hideOverlap: true, formatter: usd => number(usd / size) });
