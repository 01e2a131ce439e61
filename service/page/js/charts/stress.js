import { percent } from '../format.js';
import { frame, names, tooltip } from './frame.js';

export const stressPicture = {
  title: 'What happens if a country stops?',
  subtitle: () => 'Percent of demand that is met, in the worst hit good and class, when somebody is cut off for a year from a day on',
  job: { kind: 'stress', label: 'Put it to the test', asks: () => ({}) },
  height: view => (view.found.stress ? Math.max(320, 60 + 26 * new Set(view.found.stress.cases.map(item => item.who)).size) : null),
  has: () => true,
  option(view, look) {
    const cases = view.found.stress.cases;
    const who = [...new Set(cases.map(item => item.who))];
    const when = [...new Set(cases.map(item => item.onset))].sort();
    const years = when.every(day => day.endsWith('-01-01'));
    const wide = (look.width - 120) / when.length > 38;
    const worst = new Map();
    for (const item of cases) {
      const key = `${item.who} ${item.onset}`;
      if (item.met != null) worst.set(key, Math.min(worst.get(key) ?? 1, item.met));
    }
    const data = who.flatMap((name, y) => when.map((onset, x) => [x, y, worst.get(`${name} ${onset}`)])).filter(([, , met]) => met != null);
    return {
      ...frame(look), tooltip: tooltip({ formatter: cell => `${view.nameOf(who[cell.value[1]])}, ${when[cell.value[0]]}: ${percent(cell.value[2])} met` }),
      grid: { left: 12, right: 24, top: 12, bottom: 12, containLabel: true },
      xAxis: names(look, years ? when.map(day => day.slice(0, 4)) : when), yAxis: names(look, who.map(view.nameOf)),
      visualMap: { show: false, min: 0, max: 1, dimension: 2, inRange: { color: ['#e57373', '#f2d0a0', '#dfe9f3'] } },
      series: [{ type: 'heatmap', data, label: { show: true, color: '#10151b', fontSize: 11, formatter: cell => `${Math.floor(100 * cell.value[2])}${wide ? ' %' : ''}` }, itemStyle: { borderColor: look.paper, borderWidth: 2 } }],
    };
  },
};
