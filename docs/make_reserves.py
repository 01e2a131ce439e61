"""Writes docs/reserves.md: what reserves, and events that hit building, do to the shipped instances that have them.

``python docs/make_reserves.py`` solves each without and with them.
"""

from __future__ import annotations

from pathlib import Path

from instances import Problem, load
from instances.record import with_fields
from instances.rules import ReserveLimit
from instances.words import listed
from optimizer import Result, solve

PAGE = Path(__file__).parent / "reserves.md"
DEPOSITS = "lithium-deposits"
NAMES = ("antimony-usa", "bauxite-usa", DEPOSITS)
REASONS = {
    "antimony-usa": "Tajikistan's reserves last 2.9 years at its output: what US users may have of it is used up as fast, and others, which "
    "keep most of theirs, cannot make up for all of it.",
    "bauxite-usa": "China's reserves last 7.3 years at its output, but no Chinese bauxite is bought: nothing moves.",
    DEPOSITS: "What is cheap is used up, SQM's part of Atacama, nine years of what it can make now, among it; dearer deposits open in its place. From "
    "2044 on they are too few: most of what stays in the ground lies at Hombre Muerto, which may add but 6,349 t a year.",
}
EVENT = (
    "Of what would be decided in 2028 to 2031, more than half is brought forward to 2027, while it is no slower and no dearer whatever comes; most of the "
    "rest waits until it is over. That keeps its expected cost at 0.1 %."
)
HEAD = """# Reserves, and building under controls

Written by `docs/make_reserves.py`. A rule `reserve_limit` says that a country or a deposit gives no more over the horizon than it holds. In
instances built from the facts it stands where reserves are less than ten years of output; in `lithium-deposits` every deposit has its own (reserves of
technical reports, busch_li), and every country those of the Survey (mcs2026).

| instance | rules | without them, USD | with them, USD | difference | unmet before | unmet after | used up | reason |
|---|---|---|---|---|---|---|---|---|
"""
BUILDING = """
Events hit building in `lithium-deposits`: from 2028 to 2032 equipment from China may be withheld (30 %), so that what is decided meanwhile abroad
costs a quarter more and takes a year longer.

| | without the event | with it | known from the start to come |
|---|---|---|---|
"""


def without_reserves(problem: Problem) -> Problem:
    """Return the problem as if the ground held enough."""
    rules = tuple(rule for rule in problem.rules if not isinstance(rule, ReserveLimit))
    return with_fields(problem, rules=rules)


def calm(problem: Problem) -> Problem:
    """Return the problem to which nothing happens."""
    return with_fields(problem, events=(), scenarios=())


def unmet(result: Result) -> float:
    """Return the tonnes expected to go unmet."""
    chance = {node.id: node.probability for node in result.problem.nodes}
    rows = result.unmet[["node", "unmet_t"]].itertuples(index=False)
    return float(sum(chance[node] * tonnes for node, tonnes in rows))


def used_up(result: Result) -> list[str]:
    """Return whose reserves are used up in a branch."""
    table = result.rules[(result.rules["kind"] == "reserve_limit") & result.rules["binds"]]
    party = {
        rule.id: result.problem.names.who(rule.of)
        for rule in result.problem.rules
        if isinstance(rule, ReserveLimit)
    }
    return [party[name] for name in dict.fromkeys(table["rule"])]


def row(name: str) -> str:
    """Return the row of an instance."""
    problem = load(name)
    before, after = solve(without_reserves(problem)), solve(problem)
    assert before.objective is not None
    assert after.objective is not None
    count = len(problem.rules) - len(without_reserves(problem).rules)
    gone = used_up(after)
    told = listed(tuple(gone)) if 0 < len(gone) < 4 else f"{len(gone) or 'none'}"
    return (
        f"| {name} | {count} | {before.objective:,.0f} | {after.objective:,.0f} | "
        f"{100 * (after.objective / before.objective - 1):+.2f} % | {unmet(before):,.0f} t | {unmet(after):,.0f} t | {told} | {REASONS[name]} |"
    )


def building() -> str:
    """Return the rows of what an event does to building."""
    problem = load(DEPOSITS)
    (branch,) = (item for item in problem.branches if item.events)
    results = [solve(item) for item in (calm(problem), problem, problem.under(branch))]
    cost = " | ".join(f"{item.objective:,.0f}" for item in results)
    early = " | ".join(
        f"{item.builds.loc[item.builds['node'] < '2028', 'size_t_per_yr'].sum():,.0f}"
        for item in results
    )
    return f"| least cost, USD | {cost} |\n| decided in 2026 and 2027, t/yr | {early} |\n"


def main() -> None:
    """Write the page."""
    rows = "\n".join(row(name) for name in NAMES)
    PAGE.write_text(f"{HEAD}{rows}\n{BUILDING}{building()}\n{EVENT}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
