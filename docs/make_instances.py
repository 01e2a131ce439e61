"""Writes the instances that are built from the facts: instances/data/NAME/problem.yaml and README.md.

``python docs/make_instances.py 2026-11-28 [MINERAL ...]`` solves each and writes both files; the date is
that of the optimum. A test holds the problem to what the builder makes and the optimum to what a solve finds.
"""

from __future__ import annotations

import sys
from pathlib import Path

from instances import Problem, assumptions, dump
from instances.from_facts import RECIPES, Market, from_facts, market
from instances.record import with_fields
from instances.rules import ReserveLimit
from instances.words import country_name
from optimizer import Result, solve

DATA = Path(__file__).parent.parent / "instances" / "data"
LEFT_OUT = {"gallium"}
"""Gallium ships with plants and projects, written by hand."""
FAR = 0.1
"""Difference of import reliance, plan against facts, from which on the README says what it comes from."""
HEAD = "# Built from the facts by docs/make_instances.py: change the facts or the builder, not this file.\n"
SLIGHT = 0.01
"""Part of use below which what a country can sell is slight."""
_MILLION, _BILLION = 1e6, 1e9


def problem_text(mineral: str) -> str:
    """Return what problem.yaml of a mineral holds."""
    return HEAD + dump(from_facts(mineral))


def _usd(value: float) -> str:
    if abs(value) >= _BILLION:
        return f"{value / _BILLION:,.3f} billion USD"
    return f"{value / _MILLION:,.1f} million USD"


def _tonnes(value: float) -> str:
    return f"{value:,.0f} t" if value >= 10 else f"{value:.3g} t"


def _number(result: Result, name: str, node: str, basis: str) -> float | None:
    rows = result.indices
    held = rows[(rows["index"] == name) & (rows["node"] == node) & (rows["basis"] == basis)]
    return None if held.empty or held["value"].isna().all() else float(held["value"].iloc[0])


def _index(result: Result, name: str, node: str, basis: str) -> str:
    value = _number(result, name, node, basis)
    if value is None:
        return "-"
    return f"{value:.0%}" if name != "hhi" else f"{value:.2f}"


def _leaders(result: Result, node: str) -> str:
    rows = result.shares[result.shares["node"] == node]
    top = rows.sort_values(["share_of_demand", "country"], ascending=[False, True]).head(3)
    return ", ".join(
        f"{country_name(str(code)) or 'countries not named'} ({share:.0%} of use)"
        for code, share in zip(top["country"], top["share_of_demand"], strict=True)
    )


def _share(result: Result, code: str, node: str) -> str:
    rows = result.shares[(result.shares["node"] == node) & (result.shares["country"] == code)]
    return f"{rows['share_of_demand'].sum():.0%}"


def thin(problem: Problem) -> str:
    """Return a line on what is thin about the offers in the last year, "" where nothing is."""
    use = sum(need.quantity.values[-1] for need in problem.demand)
    sold: dict[str, float] = {}
    for offer in problem.offers:
        most = sum(
            use if item.capacity is None else item.capacity.values[-1] for item in offer.slices
        )
        part = most * offer.available.values[-1] / use
        sold[offer.country] = sold.get(offer.country, 0.0) + part
    told = []
    outside = sum(part for country, part in sold.items() if country != "CHN")
    if outside < 1:
        told.append(f"all but China can sell {outside:.0%} of use at most")
    if len(sold) <= 3:
        told.append(f"there are {len(sold)} sellers")
    slight = sorted(
        country_name(country) or "countries not named"
        for country, part in sold.items()
        if part < SLIGHT
    )
    if slight:
        told.append(f"less than 1 % of use is on offer from {', '.join(slight)}")
    return f"- **Thin offers**: {'; '.join(told)}.\n" if told else ""


def ground(problem: Problem) -> str:
    """Return the line on reserves that do not outlast the horizon; nothing without any."""
    told = [
        f"{rule.sentence(problem.names)} ({rule.assumption})"
        for rule in problem.rules
        if isinstance(rule, ReserveLimit)
    ]
    return f"- **Reserves**: {'; '.join(told)}.\n" if told else ""


def readme(mineral: str, date: str) -> str:
    """Solve a mineral's problem, with its rules and without, and return its README."""
    problem, known = from_facts(mineral), market(mineral)
    result = solve(problem)
    free = solve(with_fields(problem, rules=()))
    return _page(problem, known, result, free, date)


def _path(problem: Problem) -> str:
    """Return the words on the cap on China, "" where there is none."""
    china = [rule for rule in problem.rules if rule.id == "cn-cap"]
    if not china:
        return ""
    start, end = china[0].max_share.values[0], china[0].max_share.values[-1]
    return f"China's share of purchases falls from {start:.0%} to {100 * end:.3g}%, "


def _unmet(result: Result) -> str:
    short, needed = result.unmet["unmet_t"].sum(), result.unmet["needed_t"].sum()
    if short <= 1e-6 * needed:
        return "and nothing runs short"
    return f"and {_tonnes(short)} of {_tonnes(needed)} ({short / needed:.1%}) go unmet"


def _reliance(known: Market, result: Result) -> tuple[str, str]:
    """Return today's reliance as the facts have it, and a line where the plan is far from it."""
    first, reliance = result.problem.nodes[0].id, known.reliance
    if reliance is None:
        return "none found", ""
    sign = reliance.row["qualifier"] if reliance.row["qualifier"] == ">" else ""
    found = f"{sign}{reliance.value:g} % in {reliance.row['year']} ({reliance.source})"
    planned, today = (
        _number(result, "net_import_reliance", first, "buyers"),
        reliance.to("fraction"),
    )
    if planned is None:
        return found, ""
    below, above = planned < today - FAR, planned > today + FAR and not sign
    if not below and not above:
        return found, ""
    return found, (
        f"- Net imports of the plan in {first} are {planned:.0%} of use, of the facts {found}: the plan is not "
        "held to today's sellers. It takes US metal as far\n  as it is cheapest and the facts find any, and counts "
        "scrap as made at home. Read what rules change, not the level.\n"
    )


def _page(problem: Problem, known: Market, result: Result, free: Result, date: str) -> str:
    first, last = problem.nodes[0].id, problem.nodes[-1].id
    path, unmet = _path(problem), _unmet(result)
    found, apart = _reliance(known, result)
    count = sum(1 for _ in assumptions(problem))
    caveat = f"- {known.recipe.caveat}\n" if known.recipe.caveat else ""
    remembered = (
        "- US use is a figure from memory, to be verified.\n"
        if known.use.status != "found"
        else ""
    )
    keys = ", ".join(source.id for source in problem.sources)
    return f"""# {problem.name}

**Question.** From which countries should the United States buy its {_tonnes(known.tonnes)} of {known.recipe.name} a year in
{first}-{last}, at least cost, while {path}no other country passes 65 % of use,
and a reserve grows from 60 to 180 days of cover?

**Answer.** It costs {_usd(result.objective)}, discounted, against {_usd(free.objective)} without caps and reserve,
{unmet}. Most is bought from {_leaders(result, first)} in {first}, and from
{_leaders(result, last)} in {last}. Imports on net are {_index(result, "net_import_reliance", last, "buyers")} of use in {last},
against {_index(free, "net_import_reliance", last, "buyers")} without the rules.

Known optimum, buyer's view: {result.objective:,.2f} USD ({date}).

| | today, by the facts | plan {first} | plan {last} | {last} without rules |
|---|---|---|---|---|
| net import reliance | {found} | {_index(result, "net_import_reliance", first, "buyers")} | \
{_index(result, "net_import_reliance", last, "buyers")} | {_index(free, "net_import_reliance", last, "buyers")} |
| bought from China, of use | {known.sold("CHN") / known.tonnes:.0%}{"" if known.shares else " (by output)"} | \
{_share(result, "CHN", first)} | {_share(result, "CHN", last)} | {_share(free, "CHN", last)} |
| HHI of what is bought | - | {_index(result, "hhi", first, "bought")} | \
{_index(result, "hhi", last, "bought")} | {_index(free, "hhi", last, "bought")} |

## What the numbers rest on

Built by `diversify new --mineral {known.mineral}`; {count} numbers are assumptions, each with its reason
(`diversify instances show {problem.name}`). Sources: {keys}; they are described in `instances/facts/ATTRIBUTION.md`.

{caveat}{remembered}{apart}- Use is held flat. A country's capacity is what it makes, as one source has it; US buyers can have of that what they buy now and
  a twentieth besides, two thirds of it at most: others claim the rest (`docs/contestable.md`). Countries that make nothing sell a quarter
  more than now at most.
{thin(problem)}{ground(problem)}- All sellers ask the price found; where China makes more than half of the world's output, others ask a quarter more.
- No projects, and no export controls: those are for an instance written by hand.
"""


def main() -> None:
    """Write every instance; the date of the optimum is the argument."""
    date = sys.argv[1]
    for mineral in sys.argv[2:] or sorted(RECIPES.keys() - LEFT_OUT):
        folder = DATA / f"{mineral.replace('_', '-')}-usa"
        folder.mkdir(exist_ok=True)
        (folder / "problem.yaml").write_text(problem_text(mineral), encoding="utf-8")
        (folder / "README.md").write_text(readme(mineral, date), encoding="utf-8")
        print(f"{folder.name}: written", file=sys.stderr)


if __name__ == "__main__":
    main()
