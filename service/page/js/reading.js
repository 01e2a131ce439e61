// What the pictures need of a result: numbers of its tables, chosen and added up.

export const branches = result => [...new Set((result.tables.scenarios || []).map(row => row.scenario))];

export const periodOf = node => node.split(':')[0];

// Nodes that are for sure on a branch, by period: its own, and those that all branches share. A node
// that only some share is named after one of them; without the tree of the problem it is left out for
// the others, and the pictures have a gap there.
export function nodesOf(result, branch) {
  const found = new Map();
  for (const { node } of result.tables.costs) {
    const owner = node.split(':')[1]?.replace(/\+\d+$/, '');
    if (owner === undefined || owner === branch) found.set(periodOf(node), node);
  }
  return found;
}

export const goods = result => [...new Set(result.problem.demand.map(item => item.commodity))];

export function suppliers(result, good, nodes) {
  const kept = new Set(nodes.values());
  const bought = {};
  for (const row of result.tables.shares) {
    if (row.commodity !== good || !kept.has(row.node)) continue;
    (bought[row.country] ??= {})[periodOf(row.node)] = (row.bought_t || 0) + (row.made_t || 0);
  }
  return bought;
}

const GROUPS = {
  'buying': ['purchase', 'top_up', 'signing', 'take_or_pay', 'price_support', 'settlement'],
  'processing': ['processing', 'fixed', 'recycling', 'disposal', 'substitution', 'qualification'],
  'freight and tariffs': ['freight', 'tariff'],
  'stock': ['holding', 'terminal_value', 'released', 'fees'],
  'building': ['capex', 'salvage', 'granted_salvage', 'grant'],
  'shortfall': ['shortfall', 'backlog', 'penalty'],
};

// Discounted cost by period and kind, from the perspective that was minimised: adds up to the total.
export function spending(result) {
  const kindOf = {};
  for (const [kind, accounts] of Object.entries(GROUPS)) for (const account of accounts) kindOf[account] = kind;
  const sums = {};
  for (const row of result.tables.costs) {
    const of = (sums[kindOf[row.account] || 'everything else'] ??= {});
    const period = periodOf(row.node);
    of[period] = (of[period] || 0) + (row[`${result.perspective}_usd`] || 0);
  }
  return Object.fromEntries(Object.entries(sums).filter(([, of]) => Object.values(of).some(usd => Math.abs(usd) > 0.5)));
}

export const periodsOf = result => [...new Set(result.tables.costs.map(row => periodOf(row.node)))].sort();
