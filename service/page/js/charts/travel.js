import { tonnes } from '../format.js';
import { frame, tooltip } from './frame.js';

const WIDEST = 10; // pixels

// The loads of the year shown by where from and where to, and the tonnes that no place is known for.
function loads(view) {
  const sums = new Map();
  let unplaced = 0;
  for (const row of view.result.tables.shipments) {
    if (row.node !== view.at?.node || row.commodity !== view.good || row.loaded_t < 1e-6) continue;
    const ends = [row.origin, row.destination].map(code => view.places[code]?.slice(1));
    if (ends.some(spot => spot == null || spot[0] == null)) { unplaced += row.loaded_t; continue; }
    const key = `${row.origin} ${row.destination}`;
    const found = sums.get(key) ?? { from: row.origin, to: row.destination, ends, tonnes: 0 };
    found.tonnes += row.loaded_t;
    sums.set(key, found);
  }
  return { arcs: [...sums.values()].sort((a, b) => b.tonnes - a.tonnes), unplaced };
}

export const travelPicture = {
  title: 'Where does it travel?',
  wide: true,
  map: true,
  subtitle(view) {
    const { arcs, unplaced } = loads(view);
    const whole = arcs.reduce((sum, arc) => sum + arc.tonnes, 0);
    return `${view.goodName}${view.under}, loaded in ${view.at.period}: colour by origin, width by tonnes, ${tonnes(whole)} in all`
      + (unplaced > 0 ? `; ${tonnes(unplaced)} between places that the map does not show` : '')
      + '. Lines join the middles of countries and are no routes; borders are those of Natural Earth.';
  },
  has: view => loads(view).arcs.length > 0,
  // Every load, also where the map has no room for a name.
  table: view => ({ caption: `${view.goodName}: loaded in ${view.at.period}`, rows: loads(view).arcs.map(arc => ({ from: view.nameOf(arc.from), to: view.nameOf(arc.to), 'loaded, t': arc.tonnes })) }),
  height: (view, width) => Math.min(480, Math.max(200, Math.round(width * 0.5))),
  option(view, look) {
    const { arcs } = loads(view);
    const most = Math.max(...arcs.map(arc => arc.tonnes));
    const ends = [...new Set(arcs.flatMap(arc => [arc.from, arc.to]))];
    const senders = new Set(arcs.map(arc => arc.from));
    // where the map is small, the ends of large loads alone are named
    const said = look.width < 800 ? new Set(arcs.slice(0, Math.max(3, Math.floor(look.width / 120))).flatMap(arc => [arc.from, arc.to])) : new Set(ends);
    return {
      ...frame(look),
      tooltip: tooltip({ trigger: 'item', formatter: item => (item.seriesType === 'lines' ? `${view.nameOf(arcs[item.dataIndex].from)} to ${view.nameOf(arcs[item.dataIndex].to)}: ${tonnes(arcs[item.dataIndex].tonnes)}` : view.nameOf(item.name)) }),
      geo: {
        map: 'world', roam: false, silent: true, left: 0, right: 0, top: 0, bottom: 0, boundingCoords: [[-170, 78], [180, -56]], aspectScale: 0.82,
        itemStyle: { areaColor: look.line, borderColor: look.paper, borderWidth: 0.5, opacity: 0.6 },
        regions: ends.map(code => ({ name: code, itemStyle: senders.has(code) ? { areaColor: view.colours.of(code), opacity: 0.7 } : { borderColor: look.ink, borderWidth: 1 } })),
      },
      series: [{
        type: 'lines', coordinateSystem: 'geo', symbol: ['none', 'arrow'], symbolSize: 8,
        data: arcs.map(arc => ({ coords: arc.ends, lineStyle: { color: view.colours.of(arc.from), width: Math.max(1, WIDEST * arc.tonnes / most), opacity: 0.85, curveness: arc.ends[0][0] > arc.ends[1][0] ? -0.2 : 0.2 } })),
      }, {
        type: 'scatter', coordinateSystem: 'geo', symbolSize: 6, itemStyle: { color: look.ink, opacity: 1 },
        data: ends.map(code => ({ name: code, value: view.places[code].slice(1), label: { show: said.has(code) } })),
        label: { formatter: item => view.nameOf(item.name), position: 'bottom', color: look.ink, textBorderColor: look.paper, textBorderWidth: 3, fontSize: 12 },
        labelLayout: { hideOverlap: true, moveOverlap: 'shiftY' },
      }],
    };
  },
};
