// An answer, in the order of the analyst's questions.

import * as echarts from '../vendor/echarts.js';
import { element } from './plain.js';
import { days, money, percent, tonnes } from './format.js';
import { palette } from './palette.js';
import { nodesOf, periodOf, periodsOf, spending, suppliers } from './reading.js';
import { coverChart, frontierChart, spendingChart, stressChart, supplyChart } from './charts.js';
import { numbers, table } from './tables.js';

let drawn = [];
addEventListener('resize', () => drawn.forEach(chart => chart.resize()));

function theme() {
  const style = getComputedStyle(document.documentElement);
  return Object.fromEntries(['ink', 'muted', 'line', 'paper', 'accent'].map(name => [name, style.getPropertyValue(`--${name}`).trim()]));
}

function picture(title, subtitle, option) {
  const place = element('div', { class: 'chart', role: 'img', 'aria-label': `${title} ${subtitle}` });
  // a chart needs its size, which it has once it stands in the page
  requestAnimationFrame(() => {
    if (!place.isConnected) return;
    const chart = echarts.init(place, null, { renderer: 'svg' });
    chart.setOption(option(theme()));
    // what the drawing says of itself would replace the title that stands above it
    place.setAttribute('aria-label', `${title} ${subtitle}`);
    drawn.push(chart);
  });
  return element('section', { class: 'card' }, element('h2', {}, title), element('p', { class: 'muted' }, subtitle), place);
}

// A picture that takes solves of its own: made when asked for, by a job of its own.
function later(title, subtitle, label, ask, made) {
  const status = element('p', { role: 'status' });
  const shown = element('section', { class: 'card' }, element('h2', {}, title), element('p', { class: 'muted' }, subtitle));
  const button = element('button', { type: 'button' }, label);
  button.addEventListener('click', async () => {
    button.disabled = true;
    status.textContent = 'Solving …';
    try {
      const envelope = await ask(told => { if (told.total) status.textContent = `${told.done} of ${told.total} solves`; });
      shown.replaceWith(made(envelope.result));
    } catch (error) { status.textContent = error.message; button.disabled = false; }
  });
  shown.append(button, status);
  return shown;
}

const laterPicture = (title, subtitle, label, ask, option) => later(title, subtitle, label, ask, found => picture(title, subtitle, option(found)));

export function showAnswer(place, result, { good, branch, places, ask, rule, apply }) {
  drawn.forEach(chart => chart.dispose());
  drawn = [];
  const told = explanation(result, apply);
  place.replaceChildren(...(result.plan ? answer(result, { good, branch, places, ask, rule, apply }, told) : [told]));
}

function answer(result, { good, branch, places, ask, rule, apply }, told) {
  const nameOf = code => places[code]?.[0] ?? code;
  const nodes = nodesOf(result, branch);
  const here = row => nodes.get(periodOf(row.node)) === row.node;
  const periods = [...nodes.keys()].sort();
  const last = periods.at(-1);
  const bought = suppliers(result, good, nodes);
  const colours = palette(result.problem, [...new Set(result.tables.shares.map(row => row.country))]);
  const parts = Object.entries(bought).map(([country, of]) => [country, of[last] ?? 0]).sort((a, b) => b[1] - a[1]);
  const whole = parts.reduce((sum, [, t]) => sum + t, 0);
  const unmet = result.tables.unmet.filter(here).reduce((sum, row) => sum + row.unmet_t, 0);
  const stores = {};
  for (const row of result.tables.stocks) {
    if (row.commodity === good && here(row)) (stores[row.stockpile] ??= {})[periodOf(row.node)] = row.cover_d;
  }
  const covers = Object.values(stores).map(of => of[last]).filter(d => d != null);
  const most = whole > 0 ? `${nameOf(parts[0][0])} ${percent(parts[0][1] / whole)}` : 'nobody';
  const mean = branch ? ', weighed over all scenarios' : '';
  const proof = result.status.point === 'optimal' ? 'The least cost' : 'The cost of the plan held when the solver stopped';
  const supply = whole > 0 ? `the largest supplier of ${good} in ${last} is ${nameOf(parts[0][0])} with ${percent(parts[0][1] / whole)}` : `nobody supplies ${good} in ${last}`;
  const figure = (name, text) => element('div', { class: 'figure' }, element('dt', {}, name), element('dd', {}, text));
  const binding = result.tables.rules.filter(row => row.binds && here(row))
    .sort((a, b) => (b.shadow_price_usd ?? 0) - (a.shadow_price_usd ?? 0))
    .map(row => ({ rule: row.rule, 'what binds': row.sentence, 'room saves': saving(row) }));
  const cards = [
    picture('Who supplies us?', `${good}: bought and made by country, t in each period`, look => supplyChart({ bought, periods, colours, nameOf }, look)),
    rule ? laterPicture('What does a tighter cap cost?', `Least cost as ${rule} moves, all its dates at once. The cost axis need not begin at zero.`, 'Trace it',
      hear => ask('frontier', { rule }, hear), curve => look => frontierChart(curve, look)) : null,
    covers.length ? picture('How long could we hold out?', 'Stock at the end of each period, days of demand', look => coverChart({ stores, periods }, look)) : null,
    picture('What are we paying for?', `Discounted cost by kind, million USD${mean}; the bars add up to the total`,
      look => spendingChart({ sums: spending(result), periods: periodsOf(result) }, look)),
    laterPicture('What happens if a country stops?', 'Part of demand that is met, in the worst hit good and class, when somebody is cut off for a year', 'Put it to the test',
      hear => ask('stress', {}, hear), stress => look => stressChart(stress.cases, nameOf, look)),
    binding.length ? element('section', { class: 'card wide' }, element('h2', {}, 'What binds, and what does it cost?'), table(binding, 'Rules at their limit, dearest first')) : null,
    numbers(result),
  ];
  return [
    element('p', { class: 'verdict', id: 'verdict' }, `${result.name}. ${proof} is ${money(result.objective_usd)}, discounted${mean}; ${supply}.`),
    element('dl', { class: 'figures' }, figure('Total cost, discounted', money(result.objective_usd)), figure(`Largest supplier, ${last}`, most),
      figure(`Least cover, end of ${last}`, covers.length ? days(Math.min(...covers)) : 'not stated'), figure('Demand unmet, all goods', unmet > 1e-6 ? tonnes(unmet) : 'none')),
    ...(told ? [told] : unmet > 1e-6 ? [later('Not all demand can be met', 'Which rules and limits clash, and the changes that end it, each of them solved', 'Find out why', hear => ask('explain', {}, hear), found => explanation({ ...result, explanation: found }, apply))] : []),
    ...result.warnings.map(text => element('p', { class: 'muted' }, `Note: ${text}`)),
    element('div', { class: 'cards' }, ...cards.filter(card => card)),
  ];
}

function saving(row) {
  if (row.shadow_price_usd == null) return row.reason ?? 'not known';
  return row.unit === 'fraction' && row.shadow_price_per === '1.0 of share' ? `${money(row.shadow_price_usd / 100)} a point` : `${money(row.shadow_price_usd)} per ${row.shadow_price_per}`;
}

function explanation(result, apply) {
  const told = result.explanation;
  if (!told && result.plan) return null;
  const list = items => element('ul', {}, ...items.map(item => element('li', {}, ...[item].flat())));
  const remedy = item => [`${item.sentence}: `, element('button', { type: 'button', class: 'remedy', onclick: () => apply(item.edits) }, `Do this: ${money(item.cost_usd)} in all`)];
  const heading = result.plan ? 'Not all demand can be met' : result.status.point === 'infeasible' ? 'No plan keeps every rule' : `No plan: ${result.status.stop}, ${result.status.point}`;
  const parts = [['What is short:', told?.broken?.map(item => item.sentence)], ['These cannot all hold:', told?.because],
    ['Each of these has been solved and works:', told?.remedies?.filter(item => item.proven && item.cost_usd != null).map(remedy)]];
  return element('section', { class: 'card alarm', role: 'alert' }, element('h2', {}, heading),
    ...parts.filter(([, items]) => items?.length).flatMap(([words, items]) => [element('p', {}, words), list(items)]));
}
