// An answer, in the order of the analyst's questions.

import { element } from './plain.js';
import { money, percent } from './format.js';
import { PICTURES } from './charts/all.js';
import { drawPicture, forget, later, offerPicture } from './picture.js';
import { bindingCard } from './binding.js';
import { numbers } from './tables.js';
import { sheetOffer } from './sheet.js';
import { tiles } from './tiles.js';

const STOPS = { finished: 'it was done', time_limit: 'the time limit was reached', gap_limit: 'a looser gap was accepted', cancelled: 'it was cancelled', memory: 'memory ran out', error: 'it gave up for numerical reasons' };
const WITHOUT_PLAN = { infeasible: 'No plan keeps every rule', unbounded: 'No plan is the cheapest: the cost can fall without end' };

// Without `ask` there is nobody who solves, without `apply` no page to move, without `keep` no file to be had:
// so a report shows what it holds.
export function showAnswer(place, view, { ask = null, apply = null, keep = null, sheet = null }) {
  forget();
  const told = explanation(view.result, apply);
  place.replaceChildren(...(view.result.plan ? answer(view, { ask, apply, keep, sheet }, told) : [told, kept(keep), view.found.sheet && sheetOffer(view, ask, sheet)].filter(Boolean)));
}

function answer(view, { ask, apply, keep, sheet }, told) {
  const { result, here, mean } = view;
  const { node, period } = view.at;
  const parts = Object.entries(view.bought).map(([country, of]) => [country, of[node] ?? 0]).sort((a, b) => b[1] - a[1]);
  const whole = parts.reduce((sum, [, t]) => sum + t, 0);
  const unmet = result.tables.unmet.filter(here).reduce((sum, row) => sum + row.unmet_t, 0);
  const proof = result.status.point === 'optimal' ? 'The least cost' : `The cost of the plan held when the solver stopped (${STOPS[result.status.stop]})`;
  const bound = result.status.point === 'optimal' || result.bound_usd == null ? '' : `; no plan costs less than ${money(result.bound_usd)}${result.gap == null ? '' : `, ${percent(result.gap)} below it`}`;
  const supply = whole > 0 ? `the largest supplier of ${view.goodName} in ${period}${view.under && `${view.under},`} is ${view.nameOf(parts[0][0])} with ${percent(parts[0][1] / whole)} of what is bought and made` : `nobody supplies ${view.goodName} in ${period}${view.under}`;
  const cards = [
    ...PICTURES.filter(picture => picture.has(view) && (ask || !picture.job || view.found[picture.job.kind])).map(picture => (picture.job ? offerPicture(picture, view, ask, apply) : drawPicture(picture, view, apply))),
    bindingCard(view),
    numbers(view),
  ];
  return [
    element('p', { class: 'verdict', id: 'verdict' }, `${result.name}. ${proof} is ${money(result.objective_usd)}, discounted${mean}${bound}; ${supply}.`),
    tiles(view, parts, unmet),
    ...(told ? [told] : unmet > 1e-6 && ask ? [shortfall(result, { ask, apply })] : []),
    ...[kept(keep), sheetOffer(view, ask, sheet)].filter(Boolean),
    ...(result.warnings.length ? [notes(result.warnings, !ask)] : []),
    element('div', { class: 'cards' }, ...cards.filter(card => card)),
  ];
}

// What a reader of the numbers should know: folded on the page, open on paper. A note that begins with
// the name of what it is about has the name apart.
function notes(texts, open) {
  const line = text => { const [, about, rest] = /^([\w-]+): (.*)$/s.exec(text) ?? [null, null, text]; return element('li', {}, about && element('strong', {}, about), about && ': ', rest); };
  return element('details', { class: 'notes', open }, element('summary', {}, texts.length === 1 ? '1 note on these numbers' : `${texts.length} notes on these numbers`), element('ul', {}, ...texts.map(line)));
}

// Offers the answer as a file.
function kept(keep) {
  if (!keep) return null;
  const status = element('span', { role: 'status' });
  const save = async () => { try { await keep(); status.textContent = ''; } catch (error) { status.textContent = ` ${error.message}`; } };
  return element('p', {}, element('button', { type: 'button', onclick: save }, 'Report: one file to keep, print or send'), status);
}

function shortfall(result, { ask, apply }) {
  const card = element('section', { class: 'card' }, element('h2', {}, 'Not all demand can be met'),
    element('p', { class: 'muted' }, 'Which rules and limits clash, and the changes that end it, each of them solved'));
  return later(card, 'Find out why', ask('explain', {}), found => explanation({ ...result, explanation: found }, apply));
}
function explanation(result, apply) {
  const told = result.explanation;
  if (!told && result.plan) return null;
  const list = items => element('ul', {}, ...items.map(item => element('li', {}, ...[item].flat())));
  const remedy = item => (apply == null ? `${item.sentence}: ${money(item.cost_usd)} in all` : [`${item.sentence}: `, element('button', { type: 'button', class: 'remedy', onclick: () => apply(item.edits) }, `Do this: ${money(item.cost_usd)} in all`)]);
  const heading = result.plan ? 'Not all demand can be met' : WITHOUT_PLAN[result.status.point] ?? `No plan was held when the solver stopped: ${STOPS[result.status.stop]}`;
  const parts = [['What is short:', told?.broken?.map(item => item.sentence)], ['These cannot all hold:', told?.because],
    ['Each of these has been solved and works:', told?.remedies?.filter(item => item.proven && item.cost_usd != null).map(remedy)]];
  return element('section', { class: 'card alarm', role: 'alert' }, element('h2', {}, heading), result.status.point === 'none' ? element('p', {}, 'Whether there is one is not known.') : null,
    ...parts.filter(([, items]) => items?.length).flatMap(([words, items]) => [element('p', {}, words), list(items)]));
}
