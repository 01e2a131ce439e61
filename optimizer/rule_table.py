"""The table of rules: what each row allows, what the plan does, what a unit more would save."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from instances.check import Verdict
    from instances.problem import Problem
    from instances.rules.rule import RuleUse

KEY = ["rule", "who", "goods", "node"]
BINDING = 1e-6
"""Slack relative to the size of the row below which a rule binds."""
COLUMNS = [
    "rule",
    "kind",
    "who",
    "goods",
    "node",
    "sentence",
    "limit",
    "value",
    "unit",
    "slack",
    "slack_unit",
    "excess",
    "binds",
    "shadow_price_usd",
    "shadow_price_per",
    "per_tonne_usd",
    "dual_kind",
    "reason",
]


def rule_table(problem: Problem, verdict: Verdict, prices: pd.DataFrame | None) -> pd.DataFrame:
    """Return one row per rule, party, goods and node.

    ``limit`` and ``value`` are fractions, tonnes, USD or counts (``unit``); ``slack`` and
    ``excess`` are in ``slack_unit``. ``shadow_price_usd`` is the saving per 1.0 of share, tonne or
    USD more of the limit, undiscounted; where there is none ``reason`` says why. What cut-offs
    must leave is told in one row per rule, party and goods: the node with the least to spare, and
    the saving where all of them give way, USD of the first day.
    """
    rules = {rule.id: rule for rule in problem.rules}
    periods = {node.id: node.period for node in problem.nodes}
    lines = {
        (rule.id, line.who, line.goods): line
        for rule in problem.rules
        for line in rule.lines(problem.directory)
    }
    table = pd.DataFrame(
        [
            {
                "rule": use.rule,
                "kind": use.kind,
                "who": use.who,
                "goods": use.goods,
                "node": use.node,
                "sentence": rules[use.rule].sentence(
                    problem.names, lines[use.rule, use.who, use.goods], periods[use.node]
                ),
                "limit": use.limit,
                "value": use.value,
                "unit": use.unit,
                "slack": use.slack,
                "slack_unit": use.measure,
                "excess": use.excess,
                "binds": binds(use),
                "shadow_price_per": "1.0 of share" if use.unit == "fraction" else use.unit,
            }
            for use in verdict.uses
        ],
        columns=[name for name in COLUMNS if name not in _FROM_PRICES],
    )
    hidden = {node.id for node in problem.nodes if node.cut_off is not None}
    if prices is None:
        missing = dict.fromkeys(_FROM_PRICES, None) | {"reason": "the solve ended without duals"}
        return _folded(table.assign(**missing)[COLUMNS], hidden)
    named = prices.rename(
        columns={"shadow_price": "shadow_price_usd", "per_tonne": "per_tonne_usd"}
    )
    found = table.merge(named, on=KEY, how="left", validate="one_to_one")[COLUMNS]
    return _folded(found, hidden)


def binds(use: RuleUse) -> bool:
    """Return whether a row of a rule leaves no room."""
    return abs(use.slack) <= BINDING * max(1.0, use.scale) + use.leeway


def _folded(table: pd.DataFrame, hidden: set[str]) -> pd.DataFrame:
    """Return the table with one row for all cut-offs of a rule, party and goods."""
    inside = table["node"].isin(hidden)
    if not inside.any():
        return table
    rows = []
    for _, group in table[inside].groupby(["rule", "who", "goods"], sort=False):
        room = (group["value"] - group["limit"]).astype(float).fillna(1.0)
        row = group.iloc[int(room.argmin())].copy()
        row["binds"] = bool(group["binds"].any())
        for name in ("shadow_price_usd", "per_tonne_usd"):
            some = group[name].notna().any()
            row[name] = float(group[name].astype(float).sum()) if some else None
        rows.append(row)
    folded = pd.DataFrame(rows, columns=table.columns).astype(table.dtypes.to_dict())
    return pd.concat([table[~inside], folded], ignore_index=True)


_FROM_PRICES = ("shadow_price_usd", "per_tonne_usd", "dual_kind", "reason")
