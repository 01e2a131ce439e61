// From whom to whom, stage by stage: what is bought and made in each country, and where it is used.

const ROUNDS = 30; // of lots that pass through one hub after another
const NONE = 1e-6; // tonnes

// The commodities on the way to a good by column: the good last, what it is made of before it.
function columns(problem, good) {
  const makers = new Map();
  for (const facility of problem.facilities ?? []) {
    for (const process of facility.processes ?? []) {
      for (const output of Object.keys(process.outputs ?? {})) {
        const inputs = makers.get(output) ?? makers.set(output, new Set()).get(output);
        Object.keys(process.inputs ?? {}).forEach(input => inputs.add(input));
      }
    }
  }
  const stageOf = new Map((problem.commodities ?? []).map(item => [item.id, item.stage]));
  const depth = new Map([[stageOf.get(good), 0]]);
  const goods = new Set([good]);
  let front = [good];
  // a stage stands as far back as its longest way; loops of recycling end with the number of stages
  for (let round = 1; front.length && round <= stageOf.size; round += 1) {
    const next = new Set();
    for (const made of front) {
      for (const input of makers.get(made) ?? []) {
        if (stageOf.get(input) === stageOf.get(made)) { if (!goods.has(input)) { goods.add(input); next.add(input); } continue; }
        if (stageOf.get(input) === stageOf.get(good)) continue;
        goods.add(input);
        depth.set(stageOf.get(input), Math.max(depth.get(stageOf.get(input)) ?? 0, depth.get(stageOf.get(made)) + 1));
        next.add(input);
      }
    }
    front = [...next];
  }
  const stages = [...depth].sort((a, b) => b[1] - a[1]).map(([stage]) => stage);
  return stages.map(stage => ({ stage, goods: [...goods].filter(item => stageOf.get(item) === stage) }));
}

// Tonnes of one commodity from the country that sells or makes it to the country that uses or stores it.
// Where lots of several origins meet, they go on in proportion.
function flowsOf(tables, node, commodity) {
  const own = new Map();
  for (const row of tables.shares) {
    const t = (row.bought_t || 0) + (row.made_t || 0);
    if (row.node === node && row.commodity === commodity && t > NONE) own.set(row.country, t);
  }
  const moved = tables.shipments.filter(row => row.node === node && row.commodity === commodity && row.loaded_t > NONE);
  const places = [...new Set([...own.keys(), ...moved.flatMap(row => [row.origin, row.destination])])];
  const total = new Map(places.map(place => [place, (own.get(place) ?? 0) + moved.filter(row => row.destination === place).reduce((sum, row) => sum + row.arrived_t, 0)]));
  let mix = new Map(places.map(place => [place, new Map(own.has(place) ? [[place, own.get(place)]] : [])]));
  for (let round = 0; round < ROUNDS; round += 1) {
    const next = new Map(places.map(place => [place, new Map(own.has(place) ? [[place, own.get(place)]] : [])]));
    for (const row of moved) {
      const from = mix.get(row.origin);
      const whole = [...from.values()].reduce((sum, t) => sum + t, 0);
      if (whole <= NONE) continue;
      for (const [origin, t] of from) next.get(row.destination).set(origin, (next.get(row.destination).get(origin) ?? 0) + row.arrived_t * t / whole);
    }
    mix = next;
  }
  const flows = [];
  for (const place of places) {
    const used = Math.max(total.get(place) - moved.filter(row => row.origin === place).reduce((sum, row) => sum + row.loaded_t, 0), 0);
    const whole = [...mix.get(place).values()].reduce((sum, t) => sum + t, 0);
    if (used > NONE && whole > NONE) for (const [origin, t] of mix.get(place)) flows.push([origin, place, used * t / whole]);
  }
  return flows;
}

// Where a commodity goes on to in a country: the first column after its own of which something is made
// of it there, else the last, of what is used as it is or stored.
function nextColumn({ tables, problem }, node, stages, commodity, country, column) {
  const stageOf = new Map(problem.commodities.map(item => [item.id, item.stage]));
  const at = new Map(stages.map(({ stage }, number) => [stage, number]));
  const made = new Set(tables.production.filter(row => row.node === node && row.country === country && row.made_t > NONE).map(row => `${row.facility} ${row.process} ${row.commodity}`));
  const targets = (problem.facilities ?? []).filter(item => item.country === country).flatMap(facility => (facility.processes ?? [])
    .filter(process => commodity in (process.inputs ?? {}))
    .flatMap(process => Object.keys(process.outputs ?? {}).filter(output => made.has(`${facility.id} ${process.id} ${output}`)).map(output => at.get(stageOf.get(output)))));
  return Math.min(stages.length, ...targets.filter(target => target > column));
}

// Stages from the first to the users: of each the parts of the whole that go from a country to one, and
// to which column there.
export function chainOf(view) {
  const { tables, problem } = view.result;
  const stages = columns(problem, view.good);
  const found = stages.map(({ stage, goods }, column) => {
    const sums = new Map();
    for (const commodity of goods) {
      for (const [from, to, t] of flowsOf(tables, view.at.node, commodity)) {
        const key = [from, to, nextColumn(view.result, view.at.node, stages, commodity, to, column)].join(' ');
        sums.set(key, (sums.get(key) ?? 0) + t);
      }
    }
    const whole = [...sums.values()].reduce((sum, t) => sum + t, 0);
    return { stage, tonnes: whole, links: [...sums].map(([key, t]) => ({ from: key.split(' ')[0], to: key.split(' ')[1], next: Number(key.split(' ')[2]), tonnes: t, part: t / whole })) };
  });
  // columns of stages that nothing passes are left out
  const kept = found.map(({ tonnes }, column) => (tonnes > NONE ? column : null)).filter(column => column != null);
  const at = column => kept.findIndex(other => other >= column);
  return kept.map(column => ({ ...found[column], links: found[column].links.map(link => ({ ...link, next: at(link.next) < 0 ? kept.length : at(link.next) })) }));
}
