"""Survival in the words of a summary: each rule, its tightest cut-off, and what a point costs."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from instances.rules import Survival
from instances.words import listed, money, percent, tonnes

if TYPE_CHECKING:
    from instances.problem import Problem
    from optimizer.result import Result

NOTHING = 1e-6
"""Dollars a point below which it costs nothing."""


def survival_in_words(result: Result) -> str:
    """Return what is survived, rule by rule; nothing without such rules."""
    problem, table = result.problem, result.survival
    if table.empty:
        return ""
    lines = ["What must be survived, whoever it is"]
    for rule in problem.rules:
        if isinstance(rule, Survival):
            own = table[(table["rule"] == rule.id) & (table["needed_t"] > 0)]
            rows = own.astype(object).to_dict("records")
            lines.append(f"  {rule.id}: {rule.sentence(problem.names)}.")
            lines += [f"      {_tightest(problem, rule, rows)}."] if rows else []
    return "\n".join(lines)


def _tightest(problem: Problem, rule: Survival, rows: list[dict[Any, Any]]) -> str:
    cut_offs = len({row["cut_off"] for row in rows})
    text = f"{cut_offs} cut-off{'' if cut_offs == 1 else 's'}"
    prices = [_price(row) for row in rows]
    dearest = max(prices)
    if dearest <= NOTHING:
        row = min(rows, key=lambda row: row["met"] - row["required"])
        saves = "" if rows[0]["shadow_price_usd"] is None else "; a point less would save nothing"
        return f"{text}; tightest: {_named(problem, rule, row)}{saves}"
    row = rows[prices.index(dearest)]
    # which of several that bind is charged is a matter of chance: the saving is that of all
    saves = f"a point less would save {money(sum(prices))}"
    return f"{text}; tightest: {_named(problem, rule, row)}; {saves}"


def _price(row: dict[Any, Any]) -> float:
    """Return what a point less of a cut-off would save, USD; 0 where that is not known."""
    price = row["shadow_price_usd"]
    return 0.0 if price is None or math.isnan(price) else price / 100


def _named(problem: Problem, rule: Survival, row: dict[Any, Any]) -> str:
    """Say a cut-off: "China from 2027, 80 % of civil demand for gallium met in 2027"."""
    line = next(
        line
        for line in rule.lines(problem.directory)
        if (line.who, line.commodities[0], line.demand_class)
        == (row["who"], row["commodity"], row["demand_class"])
    )
    who = listed(tuple(map(problem.names.who, line.case)))
    _, _, after = str(row["cut_off"]).partition(" from ")
    goods = problem.names.commodity(row["commodity"])
    text = f"{who} from {after}, {percent(row['met'])} of {row['demand_class']} demand for {goods}"
    text += f" met in {row['tightest']}"
    short = float(row["unmet_t"])
    return text + (f" ({tonnes(short)} unmet)" if short > 1e-6 else "")
