// What the pictures need of a result: numbers of its tables, chosen and added up.

export const branches = result => (result.tables.scenarios || []).map(row => row.scenario);

export const goods = result => [...new Set([...result.problem.demand.map(item => item.commodity), ...(result.tables.shares ?? []).map(row => row.commodity)])];

// In what supply is told, by the name that an address has for it.
export const UNITS = { t: 'tonnes', supply: '% of all bought and made', demand: '% of demand' };

// A good that nobody asks for as such, as an ore that is only refined, has no share of demand.
export const unitsOf = (result, good) => Object.keys(UNITS).filter(unit => unit !== 'demand' || (result.tables.unmet ?? []).some(row => row.commodity === good && row.needed_t > 0));

// The nodes on the way through one branch, in order of time.
export function wayOf(result, branch) {
  return result.tables.nodes.filter(row => row.scenarios == null || branch == null || row.scenarios.split(', ').includes(branch));
}

// By country and node: tonnes bought and made of one good, its shares' own count.
export function suppliers(result, good, here) {
  const bought = {};
  for (const row of result.tables.shares) {
    if (row.commodity !== good || !here(row)) continue;
    (bought[row.country] ??= {})[row.node] = (row.bought_t || 0) + (row.made_t || 0);
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
  'sales': ['outlet_revenue'],
};
const EVERYTHING_ELSE = 'everything else';
export const KINDS_OF_COST = [...Object.keys(GROUPS), EVERYTHING_ELSE];

// Discounted cost by period and kind, from the perspective that was minimised, each node weighed by
// its probability: adds up to the expected cost.
export function spending(result) {
  const kindOf = {};
  for (const [kind, accounts] of Object.entries(GROUPS)) for (const account of accounts) kindOf[account] = kind;
  const nodes = new Map(result.tables.nodes.map(row => [row.node, row]));
  const sums = {};
  for (const row of result.tables.costs) {
    const of = (sums[kindOf[row.account] || EVERYTHING_ELSE] ??= {});
    const { period, probability } = nodes.get(row.node);
    of[period] = (of[period] || 0) + probability * (row[`${result.perspective}_usd`] || 0);
  }
  return Object.fromEntries(KINDS_OF_COST.filter(kind => Object.values(sums[kind] ?? {}).some(usd => Math.abs(usd) > 0.5)).map(kind => [kind, sums[kind]]));
}

export const total = sums => Object.values(sums).flatMap(of => Object.values(of)).reduce((sum, usd) => sum + usd, 0);
