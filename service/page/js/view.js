// What is seen of a result: one material, one branch of the tree, one year. What every picture draws from.

import { palette } from './palette.js';
import { suppliers, wayOf } from './reading.js';

// `found` holds what jobs besides the solve found, by kind; `stated` is what the problem costs
// without the changes that were made in it: `usd`, and what to call it in `words`.
export function viewOf(result, { good, branch = null, year = null, places = {}, found = {}, stated = null, units = 't' }) {
  const way = result.plan ? wayOf(result, branch) : [];
  const kept = new Set(way.map(row => row.node));
  const here = row => kept.has(row.node);
  const caps = (result.problem.rules ?? []).filter(rule => rule.kind === 'share_cap');
  const own = caps.filter(rule => rule.commodity === good);
  return {
    result, good, goodName: nameOfGood(result.problem, good), branch, under: branch ? `, scenario ${branch}` : '', way, here, found, places, stated, units,
    nodes: way.map(row => row.node), periods: way.map(row => row.period),
    at: way.find(row => row.period === year) ?? way.at(-1),
    bought: result.plan ? suppliers(result, good, here) : {},
    colours: palette(result),
    // the cap whose price is asked: on this material before others, on China before others
    cap: own.find(rule => rule.of === 'CHN') ?? own[0] ?? caps.find(rule => rule.of === 'CHN') ?? caps[0] ?? null,
    // a problem may name places of its own
    nameOf: code => (result.problem.countries ?? []).find(item => item.id === code)?.name ?? places[code]?.[0] ?? code,
    mean: branch ? ', weighed over all scenarios' : '',
  };
}

export const nameOfGood = (problem, id) => (problem.commodities ?? []).find(item => item.id === id)?.name ?? id;
