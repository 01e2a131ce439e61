"""Words for why a record is in a plan or out of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from instances.words import listed, money
from optimizer.explain.words import amount, nodes_of, record_of, who

if TYPE_CHECKING:
    from optimizer.explain.landed import Landed
    from optimizer.explain.threshold import Threshold
    from optimizer.explain.why import Why

LEAST = 5e-3
"""USD per unit below which a part of a cost is not told."""
MOST_TOLD = 6
"""Limits that are told."""
VERBS = {
    "offers": "bought from it",
    "contracts": "taken under it",
    "facilities": "run there",
    "expansions": "built",
    "lanes": "shipped on it",
}
PRICES = {
    "offers": "price",
    "contracts": "price",
    "facilities": "processing cost",
    "expansions": "capital cost",
    "lanes": "freight",
}


def why_in_words(why: Why) -> str:
    """Return why a record is in or out, a line per reason."""
    asked, problem = why.asked, why.problem.realised
    name = f"{asked.name}, {asked.table}[{asked.id}],"
    if not why.status.has_plan:
        return "\n".join([f"{asked.name}: neither in nor out.", *why.notes])
    verb = VERBS[asked.table]
    if why.used:
        total = amount(sum(why.amounts.values()), asked.unit)
        each = [f"{amount(number, asked.unit)} in {node}" for node, number in why.amounts.items()]
        if len(each) > 4:
            each = [*each[:3], f"more at {len(each) - 3} other dates"]
        said = (
            f": {listed(tuple(each))}"
            if len(why.amounts) > 1
            else f" in {next(iter(why.amounts))}"
        )
        lines = [f"{name} is in the cheapest plan: {total} {verb}{said}."]
    else:
        lines = [f"{name} is not in the cheapest plan: nothing is {verb}."]
    if why.landed is not None and why.node is not None:
        lines += _landed(why, why.landed, why.node)
    if why.kept_in_by and why.node is not None:
        period = nodes_of(why.problem)[why.node].period
        for id in why.kept_in_by:
            rule = record_of(problem, "rules", id)
            said = f"{rule.sentence(problem.names, None, period)} ({id})"
            lines.append(f"{said} holds back what is cheaper, and so keeps it in.")
    lines += _threshold(why, why.threshold)
    if why.dual_kind == "fixed_integers":
        lines.append(
            "What a tonne is worth is known with yes/no choices as the plan has them only."
        )
    lines += why.notes
    if not why.complete:
        lines.append(f"Stopped after {why.seconds:.0f} s: there may be more to find.")
    return "\n".join(lines)


def _landed(why: Why, landed: Landed, node: str) -> list[str]:
    problem = why.problem.realised
    parts = [
        f"{account.replace('_', ' ')} {money(usd)}"
        for account, usd in landed.accounts.items()
        if abs(usd) >= LEAST
    ]
    if landed.inputs_usd >= LEAST:
        parts.append(f"goods that it takes in {money(landed.inputs_usd)}")
    if landed.credits_usd >= LEAST:
        parts.append(f"less {money(landed.credits_usd)} for what else comes out")
    if why.asked.table == "expansions":
        return [*_built(why, landed, node), *_limits(why, landed, node)]
    if landed.to is None:
        where, worth = f"A tonne of it in {node}", "A tonne is worth"
    else:
        demand = record_of(problem, "demand", landed.to)
        place = problem.names.country(demand.country)
        where = f"A tonne of it delivered to {place} ({landed.to}) in {node}"
        worth = "One more tonne is worth"
    of = f": {listed(tuple(parts))}" if len(parts) > 1 else ""
    rest = landed.worth_usd - landed.cost_usd
    gap = (
        f", {money(abs(rest))} {'more' if rest > 0 else 'less'}"
        if abs(rest) >= LEAST
        else ", as much: it is itself what the last tonne costs"
    )
    return [
        f"{where} costs {money(landed.cost_usd)}{of}.",
        f"{worth} {money(landed.worth_usd)} there{gap}.",
        *_limits(why, landed, node),
    ]


def _built(why: Why, landed: Landed, node: str) -> list[str]:
    cost = sum(landed.accounts.values())
    return [
        f"A tonne a year of it, decided in {node}, costs {money(cost)} over the horizon, "
        f"discounted to then, and earns {money(_earned(landed))} where capacity is short."
    ]


def _earned(landed: Landed) -> float:
    return -sum(
        usd for (table, _), usd in landed.limits.items() if table == "facilities" and usd < 0
    )


def _limits(why: Why, landed: Landed, node: str) -> list[str]:
    problem, places = why.problem.realised, nodes_of(why.problem)
    told = []
    ranked = sorted(landed.limits.items(), key=lambda item: -abs(item[1]))
    for (table, id), usd in ranked[:MOST_TOLD]:
        if abs(usd) < LEAST:
            continue
        way = "holds it back" if usd > 0 else "favours it"
        by = f"worth {money(abs(usd))} a {'tonne' if why.asked.unit == 't' else 'tonne a year'}"
        if table == "rules":
            rule = record_of(problem, "rules", id)
            said = f"{rule.sentence(problem.names, None, places[node].period)} ({id})"
        elif (table, id) == (why.asked.table, why.asked.id):
            said = "Its own limit"
        elif table in ("other", "facilities") and why.asked.table == "expansions":
            continue
        elif table == "other":
            said = "Another limit"
        else:
            said = f"What {who(problem, table, id)} can take or give"
        told.append(f"{said} {way}, {by}.")
    return told


def _threshold(why: Why, found: Threshold | None) -> list[str]:
    price = PRICES[why.asked.table]
    unit = "a tonne" if why.asked.unit == "t" else "a tonne a year"
    if found is None:
        reason = why.no_threshold or "time ran out"
        change = "leaves the plan" if why.used else "enters the plan"
        return [f"No change of its {price} at which it {change} is known: {reason}."]
    size = f"{money(abs(found.change_usd))} {unit}"
    verb, way = ("leaves", "rises") if why.used else ("enters", "falls")
    line = f"It {verb} the plan when its {price} {way} by {size}"
    if not found.checked:
        return [f"{line}, about: solves on either side do not tell it apart."]
    inside = amount(found.inside_amount, why.asked.unit)
    return [
        f"{line} at all dates (solved: {_shift(found.inside_change_usd, unit)} it has {inside}, "
        f"{_shift(found.outside_change_usd, unit)} nothing)."
    ]


def _shift(change: float, unit: str) -> str:
    return f"{'+' if change >= 0 else '-'}{money(abs(change))} {unit}"
