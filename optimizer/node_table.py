"""The table of nodes: the tree that all other tables refer to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from instances.problem import Problem

COLUMNS = ["node", "parent", "period", "start", "probability", "scenarios"]
APART = ", "
"""Between the names of scenarios."""


def node_table(problem: Problem) -> pd.DataFrame:
    """Return a row per node, parents first.

    Returns
    -------
    ``parent`` is null at the first. ``period`` is its label and ``start`` its first day.
    ``probability`` is that of the node being reached. ``scenarios`` names those that pass,
    separated by ", "; it is null where there are none.
    """
    many = len(problem.branches) > 1
    rows = [
        {
            "node": node.id,
            "parent": node.parent,
            "period": node.period.label,
            "start": node.period.start.isoformat(),
            "probability": node.probability,
            "scenarios": APART.join(node.scenarios) if many else None,
        }
        for node in problem.nodes
    ]
    return pd.DataFrame(rows, columns=COLUMNS)
