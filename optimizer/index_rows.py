"""Rows of the table of indices, from arrays over nodes and commodities."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from instances.indices import Floats
    from instances.problem import Problem
    from optimizer.index_sums import Flags, Sums


@dataclass(frozen=True, eq=False)
class Index:
    """An index at every node and commodity.

    Parameters
    ----------
    name, basis
        Which index, and of what.
    value
        By node and commodity; NaN where there is none.
    reason
        Why there is none: one text or one by node and commodity.
    unit
        "fraction", "t", "d", "USD/t", or "-".
    assumption
        What fills a gap of the data: likewise.
    of
        The commodities it is about; all if not given.
    """

    name: str
    basis: str
    value: Floats
    reason: Any
    unit: str = "-"
    assumption: Any = None
    of: Flags | None = None


def long_table(problem: Problem, sums: Sums, found: list[Index]) -> pd.DataFrame:
    """Return indices as rows: by node, by commodity, and in the order found."""
    shape = (len(sums.nodes), len(sums.goods))
    node, good = (axis.ravel() for axis in np.indices(shape))
    stages = [item.stage for item in problem.commodities]
    everything = np.ones(len(sums.goods), dtype=bool)

    def by_place(texts: list[Any]) -> Any:
        """Return a column for each index, a row for each node and commodity."""
        columns = [np.broadcast_to(np.asarray(text, object), shape).ravel() for text in texts]
        return np.stack(columns, axis=1)

    # adding zero takes the sign from a zero
    value = np.stack([item.value.ravel() for item in found], axis=1) + 0.0
    absent = np.isnan(value)
    reason, assumption = (
        by_place([item.reason for item in found]),
        by_place([item.assumption for item in found]),
    )
    reason[~absent], assumption[absent] = None, None
    columns = {
        "node": np.array(sums.nodes, object)[node][:, None],
        "commodity": np.array(sums.goods, object)[good][:, None],
        "stage": np.array(stages, object)[good][:, None],
        "index": np.array([item.name for item in found], object),
        "basis": np.array([item.basis for item in found], object),
        "value": value,
        "unit": np.array([item.unit for item in found], object),
        "reason": reason,
        "assumption": assumption,
    }
    kept = [everything if item.of is None else item.of for item in found]
    rows = np.stack(kept, axis=1)[good]
    return pd.DataFrame(
        {
            name: pd.Series(np.broadcast_to(column, value.shape)[rows])
            for name, column in columns.items()
        }
    )
