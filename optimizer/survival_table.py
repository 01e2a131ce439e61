"""The table of survival: how much is met in every cut-off, where it is tightest, what it costs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from instances.rules.survival import SurvivalLine
from optimizer.rule_table import binds

if TYPE_CHECKING:
    from instances.check import Verdict
    from instances.problem import Problem

COLUMNS = [
    "rule",
    "cut_off",
    "who",
    "onset",
    "until",
    "commodity",
    "demand_class",
    "needed_t",
    "unmet_t",
    "required",
    "met",
    "tightest",
    "binds",
    "shadow_price_usd",
]


def survival_table(
    problem: Problem, verdict: Verdict, prices: pd.DataFrame | None
) -> pd.DataFrame:
    """Return a row per survival rule, cut-off, commodity and class of demand.

    ``needed_t``, ``unmet_t``, ``required`` and ``met`` (fractions) are those of the period with
    the least to spare, ``tightest``, followed by the scenario where there are several.
    ``shadow_price_usd`` is what asking 1.0 less of the cut-off in all its periods would save, USD
    of the first day; null without duals.
    """
    nodes = {node.id: node for node in problem.nodes}
    lines = {
        (rule.id, line.who, line.goods): line
        for rule in problem.rules
        for line in rule.lines(problem.directory)
        if isinstance(line, SurvivalLine)
    }
    priced: dict[tuple[str, ...], float] = {}
    if prices is not None:
        keys = zip(*(prices[name] for name in ("rule", "who", "goods", "node")), strict=True)
        priced = dict(zip(keys, prices["shadow_price"].astype(float), strict=True))
    found: dict[tuple[str, str, str], list[int]] = {}
    for number, use in enumerate(verdict.uses):
        cut = nodes[use.node].cut_off
        if cut is not None:
            found.setdefault((use.rule, cut.id, use.goods), []).append(number)
    rows = []
    for (rule, cut_off, goods), numbers in found.items():
        uses = [verdict.uses[number] for number in numbers]
        # the earliest of those that leave as little
        tight = min(uses, key=lambda use: use.slack / max(use.scale, 1e-9))
        node = nodes[tight.node]
        assert node.cut_off is not None
        line = lines[rule, tight.who, goods]
        keys_ = [(use.rule, use.who, use.goods, use.node) for use in uses]
        rows.append(
            {
                "rule": rule,
                "cut_off": cut_off,
                "who": tight.who,
                "onset": node.cut_off.start.isoformat(),
                "until": node.cut_off.until.isoformat(),
                "commodity": line.commodities[0],
                "demand_class": line.demand_class,
                "needed_t": tight.scale,
                "unmet_t": 0.0 if tight.value is None else (1.0 - tight.value) * tight.scale,
                "required": tight.limit,
                "met": tight.value,
                "tightest": node.id.removesuffix(cut_off).rstrip(" :"),
                "binds": any(map(binds, uses)),
                "shadow_price_usd": sum(priced[key] for key in keys_) if priced else None,
            }
        )
    return pd.DataFrame(rows, columns=COLUMNS)
