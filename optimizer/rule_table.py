"""The table of rules: what each row allows, what the plan does, what a unit more would save."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from instances.check import Verdict
    from instances.problem import Problem

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
    USD more of the limit, undiscounted; where there is none ``reason`` says why.
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
                "binds": abs(use.slack) <= BINDING * max(1.0, use.scale) + use.leeway,
                "shadow_price_per": "1.0 of share" if use.unit == "fraction" else use.unit,
            }
            for use in verdict.uses
        ],
        columns=[name for name in COLUMNS if name not in _FROM_PRICES],
    )
    if prices is None:
        missing = dict.fromkeys(_FROM_PRICES, None) | {"reason": "the solve ended without duals"}
        return table.assign(**missing)[COLUMNS]
    named = prices.rename(
        columns={"shadow_price": "shadow_price_usd", "per_tonne": "per_tonne_usd"}
    )
    return table.merge(named, on=KEY, how="left", validate="one_to_one")[COLUMNS]


_FROM_PRICES = ("shadow_price_usd", "per_tonne_usd", "dual_kind", "reason")
