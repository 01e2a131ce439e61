"""The answer as text: cost, who supplies, how long the stock lasts, what is short, what binds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from instances.rules import Survival
from instances.words import money, percent, tonnes
from optimizer.books_in_words import (
    funds_in_words,
    members_in_words,
    producers_in_words,
    reserves_in_words,
)
from optimizer.custody import intervals_in_words
from optimizer.plan_in_words import (
    builds_in_words,
    contracts_in_words,
    cover_in_words,
    indices_in_words,
    suppliers_in_words,
    surplus_in_words,
)
from optimizer.price_words import prices_in_words
from optimizer.scenario_words import scenarios_in_words, unmet_in_words
from optimizer.status import Point
from optimizer.survival_words import survival_in_words

if TYPE_CHECKING:
    import pandas as pd

    from optimizer.result import Result

MOST_RULES = 8
SMALL_GAP = 1e-9
"""Gap that is rounding and not worth a word."""


def summary(result: Result) -> str:
    """Return the result as text of some forty lines."""
    parts = [_head(result)]
    if result.has_plan:
        parts += [
            _unmet(result),
            scenarios_in_words(result),
            _goals(result),
            _costs(result),
            suppliers_in_words(result),
            surplus_in_words(result),
            contracts_in_words(result),
            builds_in_words(result),
            producers_in_words(result),
            cover_in_words(result),
            members_in_words(result),
            funds_in_words(result),
            reserves_in_words(result),
            indices_in_words(result),
            survival_in_words(result),
            _binding(result),
            "" if result.rule_prices is None else prices_in_words(result.rule_prices),
            ""
            if result.intervals is None
            else intervals_in_words(result.intervals, result.problem),
        ]
    else:
        parts.append(_broken(result))
    if result.warnings:
        parts.append("Note\n" + "\n".join(f"  {warning}" for warning in result.warnings))
    return "\n\n".join(part for part in parts if part)


def sentence(result: Result) -> str:
    """Return the answer in a sentence or two: what it costs and whether every need is met."""
    if not result.has_plan:
        return " ".join(line.strip() for line in _broken(result).splitlines())
    # which demands are short follows in the text, not here
    return f"{_cost(result)} {_unmet(result).partition(chr(10))[0]}"


def _head(result: Result) -> str:
    text = f"{result.problem.name}: {result.status}"
    if result.objective is None:
        return text
    return f"{text}\n{_cost(result)}{_way(result)}"


def _cost(result: Result) -> str:
    assert result.objective is not None
    problem = result.problem
    year = f" of {problem.base_year}" if problem.base_year else ""
    rate = problem.discount.rate
    worth = f", discounted at {percent(rate)} a year" if rate else ""
    least = "Least cost" if len(problem.branches) == 1 else "Least expected cost"
    if problem.risk is not None and not problem.risk.neutral:
        least = f"Least {problem.risk.sentence()}:"
    text = f"{least} {money(result.objective)}{year} to the {problem.perspective}{worth}"
    if result.gap and result.gap > SMALL_GAP:
        text += f"; at most {percent(result.gap)} above the best possible"
    return f"{text}."


def _way(result: Result) -> str:
    """Say how a tree was solved where it was taken apart."""
    record = result.record
    if record.get("method") != "L-shaped" or result.bound is None:
        return ""
    return (
        f"\nSolved by the L-shaped method in {record['iterations']} rounds over "
        f"{record['subproblems']} branches; no plan costs less than {money(result.bound)}."
    )


def _unmet(result: Result) -> str:
    table = result.unmet
    if len(result.problem.branches) > 1:
        return unmet_in_words(result)
    missing = float(table["unmet_t"].sum())
    if missing <= 1e-6:
        return "Every demand is met in full."
    lines = [f"UNMET: {tonnes(missing)} in all."]
    short = table[table["unmet_t"] > 1e-6]
    names = result.problem.names
    for (demand, goods), rows in short.groupby(["demand", "commodity"], sort=False):
        years = ", ".join(
            f"{tonnes(amount)} ({percent(part)}) in {node}"
            for node, amount, part in zip(
                rows["node"], rows["unmet_t"], rows["unmet_fraction"], strict=True
            )
        )
        lines.append(f"  {demand}, {names.commodity(str(goods))}: {years}")
    return "\n".join(lines)


def _goals(result: Result) -> str:
    if result.goals is None:
        return ""
    lines = ["Goals, in order"]
    for row in result.goals.astype(object).to_dict("records"):
        show = money if row["unit"] == "USD" else "{:.4g} demands".format
        whose = row["demand_class"]
        label = f"{row['goal']} ({whose})" if isinstance(whose, str) else row["goal"]
        least = "not sought" if not row["held"] else f"least {show(row['least'])}"
        lines.append(f"  {label:<22}{show(row['value']):>22}, {least}")
    return "\n".join(lines)


def _costs(result: Result) -> str:
    totals = result.verdict.totals
    column = f"{result.problem.perspective}_usd"
    lines = ["Cost by account"]
    for account, amount in zip(totals["account"], totals[column], strict=True):
        if abs(amount) > 0.5:
            lines.append(f"  {str(account).replace('_', ' '):<16}{money(amount):>22}")
    return "\n".join(lines)


def _binding(result: Result) -> str:
    table, problem = result.rules, result.problem
    # what must be survived has words of its own
    told = {rule.id for rule in problem.rules if isinstance(rule, Survival)}
    table = table[~table["rule"].isin(told)]
    if table.empty:
        return ""
    binding = table[table["binds"]].copy()
    if binding.empty:
        return "No rule binds."
    binding["price"] = binding["shadow_price_usd"].astype(float).fillna(0.0)
    lines = {
        (rule.id, line.who, line.goods): (rule, line)
        for rule in problem.rules
        for line in rule.lines(problem.directory)
    }
    groups = {
        (str(rule), str(who), str(goods)): rows
        for (rule, who, goods), rows in binding.groupby(["rule", "who", "goods"], sort=False)
    }
    worth = {key: float(rows["price"].sum()) for key, rows in groups.items()}
    costly = sorted((key for key in groups if worth[key] > 1e-6), key=lambda key: -worth[key])
    text = ["What binds, and what relaxing it would save"]
    for key in costly[:MOST_RULES]:
        rule, line = lines[key]
        text.append(f"  {rule.id}: {rule.sentence(problem.names, line)}.")
        text.append(f"      binds in {_years(groups[key])}; {_price(groups[key])}")
    if len(costly) > MOST_RULES:
        text.append(f"  ... and {len(costly) - MOST_RULES} more at a price")
    for key in groups:
        if worth[key] <= 1e-6:
            reason = groups[key]["reason"].iloc[0]
            note = reason if isinstance(reason, str) else "at no cost"
            who = "" if key[1] == "-" else f" for {key[1]}"
            text.append(f"  {key[0]}{who} ({key[2]}) binds in {_years(groups[key])}: {note}")
    return "\n".join(text)


def _years(rows: pd.DataFrame) -> str:
    """Return the nodes of rows, shortened when there are many."""
    nodes = [str(node) for node in rows["node"]]
    return (
        ", ".join(nodes)
        if len(nodes) <= 4
        else f"{nodes[0]} to {nodes[-1]} ({len(nodes)} periods)"
    )


def _price(rows: pd.DataFrame) -> str:
    top = rows.nlargest(1, "price").iloc[0]
    if top["unit"] == "fraction":
        return f"worth up to {money(top['price'] / 100)} a point ({top['node']})"
    if top["unit"] == "hhi":
        return f"worth up to {money(top['price'] / 100)} a hundredth ({top['node']})"
    if top["unit"] == "USD":
        return f"worth up to {money(top['price'])} per USD more ({top['node']})"
    return f"worth up to {money(top['price'])} a tonne ({top['node']})"


def _broken(result: Result) -> str:
    if result.status.point is Point.UNBOUNDED:
        return (
            "The cost can fall without end: something is worth more than it costs, without limit. "
            "Look for an outlet or a terminal value above the price of an offer, and give it a "
            "capacity."
        )
    if not result.broken:
        return "No plan is held."
    lines = ["No plan keeps every rule. The least that has to give:"]
    return "\n".join(lines + [f"  {item.sentence}" for item in result.broken])
