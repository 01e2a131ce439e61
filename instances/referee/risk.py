"""Risk: what each branch costs, and what mean, tail and worst case come to, from costs alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from instances.scenarios.risk import Risk

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from instances.referee.terms import Terms

    Floats = NDArray[np.float64]


def branch_costs(terms: Terms, costs: pd.DataFrame) -> pd.DataFrame:
    """Return what every branch costs: last node, probability, discounted USD, scenarios."""
    column = f"{terms.problem.perspective}_usd"
    by_node = costs.groupby("node", sort=False)[column].sum()
    dollars = np.array([by_node[node.id] for node in terms.nodes], dtype=float)
    along = dollars @ terms.windows.lineage
    rows = [
        (node.id, node.probability, float(along[number]), "; ".join(node.scenarios))
        for number, node in enumerate(terms.nodes)
        if node.last
    ]
    return pd.DataFrame(rows, columns=["node", "probability", "cost_usd", "scenarios"])


def risks(risk: Risk | None, branches: pd.DataFrame) -> dict[str, float]:
    """Return expected cost, its worst within the box, CVaR, worst case and what is minimised."""
    terms = risk or Risk()
    cost = branches["cost_usd"].to_numpy(float)
    chance = branches["probability"].to_numpy(float)
    found = {
        "expected": float(cost @ chance),
        "doubted": _doubted(cost, chance, terms.probability_range),
        "tail": tail_mean(cost, chance, terms.level),
        "worst": float(cost[chance > 0].max()),
    }
    found["minimised"] = (
        terms.mean_weight * found["doubted"]
        + terms.tail_weight * found["tail"]
        + terms.worst_weight * found["worst"]
    )
    return found


def tail_mean(cost: Floats, chance: Floats, level: float) -> float:
    """Return the mean of the dearest part 1 - ``level`` of the costs (CVaR).

    The branch at the edge of the tail counts with the part of its probability that lies in it.
    """
    left = size = 1.0 - level
    total = 0.0
    for place in np.argsort(-cost, kind="stable"):
        part = min(left, float(chance[place]))
        total += part * float(cost[place])
        left -= part
    # probabilities may lack some rounding of 1
    return total / (size - left)


def _doubted(cost: Floats, chance: Floats, spread: float) -> float:
    """Return the greatest mean with every probability within its range and their sum kept."""
    least = chance * (1 - spread)
    most = np.minimum(chance * (1 + spread), 1.0)
    weights, left = least.copy(), float(chance.sum() - least.sum())
    for place in np.argsort(-cost, kind="stable"):
        more = min(float(most[place] - least[place]), left)
        weights[place] += more
        left -= more
    return float(weights @ cost)
