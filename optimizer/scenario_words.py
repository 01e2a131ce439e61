"""Scenarios in the words of a summary: what is expected, the worst, and a line for each."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from instances.words import money, percent, tonnes
from optimizer.scenario_table import NOTHING, calmest_way

if TYPE_CHECKING:
    from instances.problem import Problem
    from optimizer.result import Result

MOST_SCENARIOS = 12
TAIL = 0.9
"""Level of the tail that is told where the problem states no risk."""


def along(problem: Problem) -> str:
    """Return along which scenario a table of the summary goes; nothing where there is one."""
    if len(problem.branches) == 1:
        return ""
    last = calmest_way(problem)[-1]
    node = next(item for item in problem.nodes if item.id == last)
    calm = min(
        (item for item in problem.branches if item.id in node.scenarios),
        key=lambda item: (len(item.events), -item.probability, item.id),
    )
    return f", in scenario {calm.id}"


def unmet_in_words(result: Result) -> str:
    """Return what stays unmet over the scenarios: expected, and where it is most."""
    table = result.scenarios
    short = table[table["unmet_t"] > NOTHING]
    if short.empty:
        return "Every demand is met in full in every scenario."
    mean = float((table["unmet_t"] * table["probability"]).sum())
    chance = float(short["probability"].sum())
    worst = short.sort_values("unmet_t", kind="stable").to_dict("records")[-1]
    return (
        f"UNMET: {tonnes(mean)} expected; something stays unmet with probability "
        f"{percent(chance)}, at most {tonnes(float(worst['unmet_t']))} ({worst['scenario']})."
    )


def scenarios_in_words(result: Result) -> str:
    """Return the scenarios, the dearest first, and what their costs come to."""
    if len(result.problem.branches) == 1:
        return ""
    table, found = result.scenarios, result.verdict.risks
    risk = result.problem.risk
    tail = percent(1 - (TAIL if risk is None else risk.level))
    lines = [
        f"What may happen ({len(table)} scenarios): expected cost {money(found['expected'])}, "
        f"{money(found['tail'])} in the dearest {tail}, {money(found['worst'])} at worst"
    ]
    rows = table.sort_values("cost_usd", ascending=False, kind="stable")
    width = max(len(str(name)) for name in rows["scenario"].head(MOST_SCENARIOS))
    for row in rows.head(MOST_SCENARIOS).to_dict("records"):
        text = f"  {row['scenario']:<{width}}  {percent(row['probability']):>8}"
        text += f"  {money(row['cost_usd']):>20}"
        if row["unmet_t"] > NOTHING:
            text += f"  {tonnes(row['unmet_t'])} unmet from {row['first_unmet']}"
            if row["survive_d"] is not None and not math.isnan(row["survive_d"]):
                text += f", {row['survive_d']:.0f} days after the onset"
        lines.append(text)
    if len(rows) > MOST_SCENARIOS:
        lines.append(f"  ... and {len(rows) - MOST_SCENARIOS} that cost less")
    return "\n".join(lines)
