"""Custody: how the shares of a problem look upon lots, in words."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from instances.rules.share import ShareRule
from instances.words import listed, percent
from optimizer.scenario_table import calmest_way
from optimizer.scenario_words import along
from optimizer.text_grid import grid, spread

if TYPE_CHECKING:
    import pandas as pd

    from instances.problem import Problem

_BY = {
    "direct": "by who sold or made them last",
    "traced": "by the country of their ore",
    "touched": "by whether any step was taken there",
}
_SHARES = {
    "least_share": "the least it can be",
    "reported_share": "as the plan books it",
    "most_share": "the most",
    "proportional_share": "if all were one mix",
}
GATE = "at the gate: shares count who sells or makes the goods; no rule follows lots further"


def custody_of(problem: Problem) -> str:
    """Return how far lots are followed, and what that means where they mix."""
    followed: dict[str, dict[str, None]] = {}
    for rule in problem.rules:
        if isinstance(rule, ShareRule) and rule.needs_tags:
            for line in rule.lines(problem.directory):
                followed.setdefault(rule.origin, {}).update(dict.fromkeys(line.commodities))
    if not followed:
        return GATE
    words = [
        f"{origin}: lots of {listed(tuple(map(problem.names.commodity, goods)))} are kept apart "
        f"{_BY[origin]}"
        for origin, goods in followed.items()
    ]
    return (
        "by lot; "
        + "; ".join(words)
        + ". Where lots mix, the plan books which went to whom; share intervals say how far "
        "other books could differ"
    )


def intervals_in_words(table: pd.DataFrame, problem: Problem) -> str:
    """Return, for each share asked about, how little and how much it can be over the horizon."""
    known = table[table["least_share"].notna()]
    nodes = spread(calmest_way(problem))
    blocks = []
    for (rule, who, goods), rows in known.groupby(["rule", "who", "goods"], sort=False):
        by_node = rows.set_index("node")
        cells = []
        for column, words in _SHARES.items():
            known_here = by_node[column].astype(float)
            values = [float(known_here.get(node, math.nan)) for node in nodes]
            if not all(map(math.isnan, values)):
                cells.append([words, *map(_told, values)])
        if not cells:
            continue
        name = problem.names.commodity(str(goods))
        title = f"Share of {who} in {name} ({rows['origin'].iloc[0]}; {rule})"
        blocks.append(f"{title}{along(problem)}\n{grid(['', *nodes], cells)}")
    if not blocks:
        return "Nothing is delivered of which a share was asked."
    return "\n\n".join(blocks)


def _told(share: float) -> str:
    return "-" if math.isnan(share) else percent(round(share, 4))
