import { OTHER } from '../palette.js';
import { number, tonnes } from '../format.js';
import { rounded } from '../sharing.js';
import { amounts, frame, tooltip } from './frame.js';

const LEAST = 1e-6; // tonnes that are none
const LETTER = 7;   // pixels
const PALE = '38';  // of what is left over, so that it stays apart from a light colour that is bought

// What is for sale of the material in the year shown, the cheapest first, and how much is needed. An
// offer that stretches far beyond the need is cut behind it: `cut` is where the first one is.
function merit(view) {
  const rows = view.result.tables.offers.filter(row => row.node === view.at?.node && row.commodity === view.good);
  const landed = rows.every(row => row.landed_usd_per_t != null);
  const price = row => (landed ? row.landed_usd_per_t : row.price_usd_per_t);
  const need = view.result.tables.unmet.filter(row => row.node === view.at?.node && row.commodity === view.good).reduce((sum, row) => sum + row.needed_t, 0);
  const bought = rows.reduce((sum, row) => sum + row.bought_t, 0);
  const span = Math.max(need, bought);
  const dearest = Math.max(0, ...rows.filter(row => row.bought_t > LEAST).map(price));
  let x = 0;
  let cut = null;
  const bars = rows.map(row => ({ ...row, usd: price(row) })).sort((a, b) => a.usd - b.usd || a.offer.localeCompare(b.offer)).map(row => {
    const whole = row.room_t ?? Infinity;
    const free = row.contract ? 0 : Math.max(whole - row.bought_t, 0);
    const shown = Math.min(free, Math.max(need - x - row.bought_t, 0) + 0.25 * span);
    if (shown < free && cut == null) cut = x + row.bought_t + shown;
    const bar = { ...row, x, taken: row.bought_t, left: shown, cut: shown < free, free, shut: free > LEAST && row.usd < dearest * (1 - 1e-9) };
    x += row.bought_t + shown;
    return bar;
  });
  const made = view.result.tables.shares.filter(row => row.node === view.at?.node && row.commodity === view.good).reduce((sum, row) => sum + (row.made_t || 0), 0);
  return { bars, need, landed, cut, width: x, made };
}

// The supplier with its country, told once, and the contract that it sells under.
function sellerOf(view, { country, supplier, contract }) {
  const name = view.nameOf(country);
  return `${supplier.toLowerCase().includes(name.toLowerCase()) ? supplier : `${name}, ${supplier}`}${contract ? ` (contract ${contract})` : ''}`;
}
const leftOf = bar => (bar.free === Infinity ? 'no limit' : `${tonnes(bar.free)} left`);

// Where the words of the upright line stand: clear of the edge, and of the unit above the axis.
function beside(at) {
  if (at > 0.8) return { align: 'right' };
  return at < 0.2 ? { align: 'left', padding: [0, 0, 0, 4 + 36 * (1 - at / 0.2)] } : { align: 'center' };
}

export const meritPicture = {
  title: 'Who is next in line?',
  subtitle(view) {
    const { bars, landed, cut, need, made } = merit(view);
    const price = landed ? 'price with freight and tariffs' : 'price at the seller, before freight and tariffs';
    return `${view.goodName}${view.under}, ${view.at.period}: offers by ${price}; full colour is bought, pale with an outline is left over`
      + (bars.some(bar => bar.shut) ? ', a dashed outline is cheaper than the dearest bought, yet left: a limit shuts it out' : '')
      + (need > 0 ? '; the upright line is the demand' : '') + (made > LEAST ? `; ${tonnes(made)} more are made and no offer` : '')
      + (cut == null ? '' : '; a bar with » is cut short and says what is left in all: the axis has no tonnes to read from there on');
  },
  // Every offer in the order of the picture, uncut.
  table(view) {
    const { bars, landed } = merit(view);
    const shut = bars.some(bar => bar.shut);
    return { caption: `Offers of ${view.goodName} in ${view.at.period}, ${landed ? 'prices with freight and tariffs' : 'prices at the seller'}`, rows: bars.map(bar => ({
      seller: sellerOf(view, bar), 'USD/t': bar.usd, 'bought, t': bar.bought_t,
      'left, t': bar.contract ? 0 : bar.room_t == null ? 'no limit' : bar.free, ...(shut ? { 'shut out': bar.shut ? 'by a limit' : '' } : {}),
    })) };
  },
  has: view => view.at != null && view.result.tables.offers.some(row => row.node === view.at.node && row.commodity === view.good),
  option(view, look) {
    const { bars, need, cut, width } = merit(view);
    const most = Math.max(1e-9, ...bars.map(bar => bar.usd));
    const [scale, unit] = most >= 10_000 ? [1000, 'USD/kg'] : [1, 'USD/t'];
    const colour = bar => (bar.country in view.colours.hue ? view.colours.of(bar.country) : OTHER);
    const lowest = Math.min(0, ...bars.map(bar => bar.usd / scale));
    return {
      ...frame(look),
      grid: { left: 12, right: 24, top: 44, bottom: 34, containLabel: true },
      tooltip: tooltip({ trigger: 'item', formatter(item) {
        const bar = bars[item.dataIndex];
        return bar ? `${sellerOf(view, bar)}\n${number(bar.usd / scale)} ${unit}\nbought ${tonnes(bar.bought_t)}${bar.room_t == null ? bar.contract ? '' : ', no limit stated' : ` of ${tonnes(bar.room_t)}`}${!bar.contract && bar.room_t != null ? `\nleft over ${tonnes(bar.free)}` : ''}${bar.cut ? ', drawn short' : ''}${bar.shut ? '\na limit shuts the rest out' : ''}` : '';
      } }),
      xAxis: amounts(look, `t in ${view.at.period}`, { min: 0, max: Math.max(width, need) || 1, nameLocation: 'middle', nameGap: 28, splitLine: { show: false }, axisTick: { show: false },
        axisLabel: { color: look.muted, hideOverlap: true, formatter: t => (cut != null && t > cut ? '' : number(t)), showMaxLabel: false } }),
      yAxis: amounts(look, unit, { min: lowest, max: rounded(1.08 * most / scale) }),
      series: [{
        type: 'custom', data: bars.map(bar => [bar.x, bar.usd / scale]), clip: true,
        markLine: need > 0 ? { silent: true, symbol: 'none', lineStyle: { type: 'solid', color: look.ink, width: 2 }, label: { color: look.ink, formatter: `demand ${tonnes(need)}`, position: 'end', ...beside(need / width) }, data: [{ xAxis: need }] } : undefined,
        renderItem(params, api) {
          const bar = bars[params.dataIndex];
          const [left, top] = api.coord([bar.x, bar.usd / scale]);
          const [middle] = api.coord([bar.x + bar.taken, 0]);
          const [right, bottom] = api.coord([bar.x + bar.taken + bar.left, 0]);
          const box = (from, to, style) => ({ type: 'rect', shape: { x: from, y: Math.min(top, bottom), width: Math.max(to - from, 0), height: Math.abs(bottom - top) }, style: { stroke: look.paper, lineWidth: 1, ...style } });
          const name = view.nameOf(bar.country);
          const told = bar.cut ? `${name} » ${leftOf(bar)}` : name;
          const space = right - left;
          const height = Math.abs(bottom - top);
          const turned = space < LETTER * told.length;
          // what has no room whole is told short, or only that it goes on
          const text = !turned || height >= LETTER * told.length + 8 ? told : height >= LETTER * name.length + 8 ? name : '';
          const shown = text && (!turned || space >= 13) ? text : '';
          // words stand clear of the upright line: in the wider part of the bar beside it
          const [line] = api.coord([need, 0]);
          const half = turned ? LETTER : 0.41 * LETTER * text.length;
          const centre = (left + right) / 2;
          const standing = need > 0 && Math.abs(line - centre) < half + 4 ? (line - left > right - line ? Math.min((left + line) / 2, line - half - 4) : Math.max((line + right) / 2, line + half + 4)) : centre;
          const style = { fill: look.ink, stroke: look.paper, lineWidth: 3, align: 'center', font: '12px Inter, system-ui, sans-serif' };
          return { type: 'group', children: [
            box(middle, right, { fill: colour(bar) + PALE, lineWidth: 1.5, ...(bar.shut ? { stroke: look.ink, lineDash: [5, 4] } : { stroke: colour(bar) }) }),
            box(left, middle, { fill: colour(bar) }),
            ...(shown ? [{ type: 'text', silent: true, x: standing, y: turned ? Math.max(top, bottom) - height / 2 : Math.min(top, bottom) - 3, rotation: turned ? Math.PI / 2 : 0,
              style: { ...style, text: shown, verticalAlign: turned ? 'middle' : 'bottom' } }] : []),
            ...(bar.cut && shown !== told ? [{ type: 'text', silent: true, x: right - 2, y: Math.max(top, bottom) - 10, style: { ...style, text: '»', align: 'right', verticalAlign: 'middle', font: '16px system-ui, sans-serif' } }] : []),
          ] };
        },
      }],
    };
  },
};
