// What is seen of a result: one material, one branch of the tree. What every picture draws from.

import { palette } from './palette.js';
import { nodesOf, periodOf, periodsOf, suppliers } from './reading.js';

// `found` holds what jobs besides the solve found, by kind.
export function viewOf(result, { good, branch = null, places = {}, found = {} }) {
  const nodes = nodesOf(result, branch);
  const stores = {};
  for (const row of result.tables.stocks) {
    if (row.commodity === good && nodes.get(periodOf(row.node)) === row.node) (stores[row.stockpile] ??= {})[periodOf(row.node)] = row.cover_d;
  }
  const caps = (result.problem.rules ?? []).filter(rule => rule.kind === 'share_cap');
  return {
    result, good, branch, nodes, stores, found,
    periods: [...nodes.keys()].sort(), allPeriods: periodsOf(result),
    bought: suppliers(result, good, nodes),
    colours: palette(result.problem, [...new Set(result.tables.shares.map(row => row.country))]),
    cap: (caps.find(rule => rule.of === 'CHN') ?? caps[0])?.id ?? null,
    nameOf: code => places[code]?.[0] ?? code,
    mean: branch ? ', weighed over all scenarios' : '',
  };
}
