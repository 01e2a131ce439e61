"""Custody: how the shares of a problem look upon lots, in words."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from instances.rules.share import ShareRule
from instances.words import listed, percent

if TYPE_CHECKING:
    import pandas as pd

    from instances.problem import Problem

_BY = {
    "direct": "by who sold or made them last",
    "traced": "by the country of their ore",
    "touched": "by whether any step was taken there",
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
    """Return, for each share asked about, how far apart it can be, in the node where most."""
    known = table[table["least_share"].notna()]
    wide = (known["most_share"] - known["least_share"]).astype(float)
    lines = []
    for (rule, who, goods), rows in known.groupby(["rule", "who", "goods"], sort=False):
        row = rows.loc[rows.index == wide[rows.index].idxmax()].iloc[0]
        text = f"{percent(row['least_share'])} to {percent(row['most_share'])}"
        for column, words in (
            ("reported_share", ", booked {}"),
            ("proportional_share", ", {} if all were one mix"),
        ):
            if row[column] is not None and not math.isnan(row[column]):
                text += words.format(percent(row[column]))
        name = problem.names.commodity(str(goods))
        lines.append(f"  {rule}: {who} in {name} ({row['origin']}), {row['node']}: {text}")
    if not lines:
        return "Nothing is delivered of which a share was asked."
    return "\n".join(["Where lots mix, shares could be (where they differ most)", *lines])
