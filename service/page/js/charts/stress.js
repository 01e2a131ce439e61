import { money, percent, signed, tonnes } from '../format.js';
import { nameOfGood } from '../view.js';
import { cutShort, frame, names, tooltip } from './frame.js';

// The row of each who and onset that is met least; one without a plan where there is no other.
function worstOf({ cases }) {
  const worst = new Map();
  for (const row of cases) {
    const key = `${row.who} ${row.onset}`;
    const held = worst.get(key);
    if (!held || (row.met ?? 2) < (held.met ?? 2)) worst.set(key, row);
  }
  return worst;
}

const MOST_CUTS = 100; // rows of the table

const plantOf = (view, id) => (view.result.problem.facilities ?? []).find(site => site.id === id);

// A plant by its own name and where it stands, all else by the name of the country.
function whose(view, who) {
  const named = id => { const plant = plantOf(view, id); return plant ? `${id.replaceAll('-', ' ')}, ${view.nameOf(plant.country)}` : view.nameOf(id); };
  return who.split('+').map(named).join(' and ');
}

// Who is cut off: countries before plants, of each kind those first whose cuts leave least.
function cutOff(view) {
  const worst = [...worstOf(view.found.stress).values()];
  const met = new Map();
  for (const row of worst) met.set(row.who, (met.get(row.who) ?? 0) + (row.met ?? 0));
  const plants = who => Number(who.split('+').some(id => plantOf(view, id)));
  return [...met.keys()].sort((a, b) => plants(a) - plants(b) || met.get(a) - met.get(b));
}

// The cuts that leave somebody short, the worst first.
function cutRows(view) {
  const short = [...worstOf(view.found.stress).values()].filter(row => row.met == null || row.unmet_t > 1e-6);
  return short.sort((a, b) => (a.met ?? -1) - (b.met ?? -1)).map(row => ({
    'cut off': whose(view, row.who), from: row.onset, 'met, %': row.met == null ? row.reason ?? row.status : 100 * row.met,
    'worst hit': row.met == null ? '' : `${nameOfGood(view.result.problem, row.commodity)} for ${row.demand_class}`,
    'missing to the end, t': row.unmet_t, 'needed meanwhile, t': row.needed_t,
  }));
}

// What one cut does: to whom most, and at what cost.
export function cutWords(view, row) {
  const head = `${whose(view, row.who)}, cut from ${row.onset}${row.length ? ` for ${row.length}` : ''}\n`;
  if (row.met == null) return `${head}no plan (${row.reason ?? row.status})`;
  const lines = [`${head}${percent(row.met)} met`];
  if (row.unmet_t > 1e-6) lines.push(`worst hit: ${nameOfGood(view.result.problem, row.commodity)} for ${row.demand_class}`, `missing to the end: ${tonnes(row.unmet_t)}`, `needed meanwhile: ${tonnes(row.needed_t)}`);
  if (row.unmet_anyway_t > 1e-6) lines.push(`missing without the cut: ${tonnes(row.unmet_anyway_t)}`);
  if (row.extra_cost_usd != null) lines.push(`cost, shortfall apart: ${signed(row.extra_cost_usd, money)}`);
  if (row.extra_shortfall_usd != null) lines.push(`cost of shortfall: ${signed(row.extra_shortfall_usd, money)}`);
  return lines.join('\n');
}

function about(view) {
  const tested = view.found.stress;
  if (!tested) return 'Percent of demand that is met, of the good and the class of users that are hit worst, when somebody is cut off for a year from a day on';
  const depth = tested.available > 0 ? `falls to ${percent(tested.available)}` : 'is cut off';
  const blank = [...worstOf(tested).values()].filter(row => row.met == null);
  const without = blank.filter(row => row.status === 'infeasible').length;
  return [`Percent of demand that is met, of the good and the class of users that are hit worst, when somebody ${depth} for ${tested.lengths.join(' or ')} from a day on.`, ...tested.assumptions,
    without ? `${without} cuts have no plan and stay blank.` : null,
    blank.length > without ? `Not known, and blank, too: ${blank.length - without}.` : null, cutShort(tested)].filter(Boolean).join(' ');
}

export const stressPicture = {
  title: 'What happens if a country stops?',
  subtitle: about,
  job: { kind: 'stress', label: 'Put it to the test', asks: () => ({}) },
  height: view => (view.found.stress ? Math.max(320, 84 + 26 * new Set(view.found.stress.cases.map(item => item.who)).size) : null),
  has: () => true,
  table(view) {
    const rows = cutRows(view);
    const shown = rows.slice(0, MOST_CUTS);
    return rows.length ? { caption: `Cuts that leave somebody short, the worst first${rows.length > MOST_CUTS ? `: ${MOST_CUTS} of ${rows.length}` : ''}`, rows: shown } : null;
  },
  option(view, look) {
    const cases = view.found.stress.cases;
    const who = cutOff(view);
    const when = [...new Set(cases.map(item => item.onset))].sort();
    const years = when.every(day => day.endsWith('-01-01'));
    const wide = (look.width - 190) / when.length > 38;
    const worst = worstOf(view.found.stress);
    const data = who.flatMap((name, y) => when.map((onset, x) => [x, y, worst.get(`${name} ${onset}`)?.met])).filter(([, , met]) => met != null);
    return {
      ...frame(look), tooltip: tooltip({ formatter: cell => cutWords(view, worst.get(`${who[cell.value[1]]} ${when[cell.value[0]]}`)) }),
      grid: { left: 12, right: 24, top: 12, bottom: 12, containLabel: true },
      xAxis: ['bottom', 'top'].map(position => ({ ...names(look, years ? when.map(day => day.slice(0, 4)) : when), position })),
      yAxis: { ...names(look, who.map(name => whose(view, name))), inverse: true,
        // the names of plants are long: two lines fit beside a row
        axisLabel: { color: look.muted, interval: 0, width: look.width < 420 ? 96 : 150, overflow: look.width < 420 ? 'truncate' : 'break', fontSize: 11, lineHeight: 12 } },
      visualMap: { show: false, min: 0, max: 1, dimension: 2, inRange: { color: ['#e57373', '#f2d0a0', '#dfe9f3'] } },
      series: [{ type: 'heatmap', data, label: { show: true, color: '#10151b', fontSize: 11, formatter: cell => `${Math.floor(100 * cell.value[2])}${wide ? ' %' : ''}` }, itemStyle: { borderColor: look.paper, borderWidth: 2 } }],
    };
  },
};
