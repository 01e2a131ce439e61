import { chainOf } from '../chain.js';
import { percent, tonnes } from '../format.js';
import { frame, tooltip } from './frame.js';

const HIDDEN = 0.01; // of a stage

export const handsPicture = {
  title: 'Through whose hands?',
  wide: true,
  subtitle(view) {
    const chain = chainOf(view);
    const small = chain.flatMap(({ links }) => links).filter(link => link.part < HIDDEN);
    const stages = [...chain.map(({ stage }) => stage), 'use or store'].join(' → ');
    return `${view.goodName}${view.under}, ${view.at.period}: ${stages}; colour: who sells or makes it; each stage is drawn at 100 % of its own tonnes; where lots meet they go on in proportion`
      + (small.length ? `; ${small.length} flow${small.length > 1 ? 's' : ''} under 1 % of a stage not drawn` : '');
  },
  has: view => view.at != null && chainOf(view).some(({ links }) => links.some(link => link.from !== link.to)),
  height: view => Math.max(320, 40 + 34 * Math.max(...chainOf(view).map(({ links }) => Math.max(new Set(links.map(link => link.from)).size, new Set(links.map(link => link.to)).size)))),
  option(view, look) {
    const chain = chainOf(view);
    const kept = chain.map(({ links }) => links.filter(link => link.part >= HIDDEN));
    const last = chain.length;
    // a country stands once in a column: where a stage is used is where the next is made
    const id = (column, country) => `${column} ${country}`;
    const nodes = new Map();
    kept.forEach((links, column) => links.forEach(({ from, to, next }) => {
      nodes.set(id(column, from), [column, from]);
      nodes.set(id(next, to), [next, to]);
    }));
    const narrow = look.width / (last + 1) < 95;
    const labelled = country => (narrow && !country.startsWith('X') ? country : view.nameOf(country));
    const place = country => (view.colours.order.indexOf(country) + 100) % 100;
    return {
      ...frame(look),
      tooltip: tooltip({ trigger: 'item', formatter(item) {
        if (item.dataType !== 'edge') return `${view.nameOf(item.name.split(' ')[1])}, ${chain[item.name.split(' ')[0]]?.stage ?? 'use or store'}`;
        const [column, from] = item.data.source.split(' ');
        const link = chain[column].links.find(one => one.from === from && id(one.next, one.to) === item.data.target);
        return `${view.nameOf(from)} to ${view.nameOf(link.to)}, ${chain[column].stage}: ${percent(link.part)}, ${tonnes(link.tonnes)}`;
      } }),
      series: [{
        type: 'sankey', left: 4, right: narrow ? 40 : 136, top: 8, bottom: 12, nodeGap: 12, nodeWidth: 14, layoutIterations: kept.some((links, column) => links.some(({ next }) => next > column + 1)) ? 32 : 0, draggable: false, emphasis: { focus: 'adjacency' },
        label: { color: look.ink, fontSize: 12, formatter: item => labelled(item.name.split(' ')[1]), textBorderColor: look.paper, textBorderWidth: 3, width: narrow ? 60 : 130, lineHeight: 14, overflow: 'break' },
        data: [...nodes].sort((a, b) => a[1][0] - b[1][0] || place(a[1][1]) - place(b[1][1])).map(([name, [column, country]]) => ({
          name, depth: column, itemStyle: { color: column === last ? look.paper : view.colours.of(country), borderColor: column === last ? look.ink : look.paper },
        })),
        links: kept.flatMap((links, column) => links.map(({ from, to, next, part }) => ({
          source: id(column, from), target: id(next, to), value: part, lineStyle: { color: view.colours.of(from), opacity: 0.5, curveness: 0.5 },
        }))),
      }],
    };
  },
};
