"""Fixing: the columns of a program that are as another plan has them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from models.funds import MILLION
from optimizer.extract import AMOUNTS, FLAGS, POOLING, STOCKS

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping, Set

    from instances.plan import Plan
    from optimizer.compile import Matrices

ROOM = 1e-7
"""Distance from the plan's amount, relative to it and at least in its unit, within which a column
may lie: the solver's own tolerance on a row must not make a plan it found impossible."""
FOR_GOOD = frozenset({"build", "sign", "qualify"})
"""Variables that stay as they are after the onset, too: capacity, contracts and qualification."""

DECISIONS: dict[str, tuple[str, str]] = {
    **{variable: (table, "tonnes") for table, variable in AMOUNTS.items()},
    **{variable: (table, "on") for table, variable in FLAGS.items()},
    **{name: ("stocks", name) for name in STOCKS},
    **{name: ("handling", name) for name in ("rotate", "lend", "restore")},
    **{name: ("pooling", name) for name in POOLING},
    **{name: ("funding", name) for name in ("equity", "borrow", "repay")},
    "sign": ("signings", "share"),
    "build": ("builds", "size"),
    "allot": ("allotments", "tonnes"),
}
"""Variable to the table and column of the plan that hold it; others follow from these."""


def fixed(
    matrices: Matrices,
    plan: Plan,
    origin: Mapping[str, str],
    before: Set[str],
    for_good: Set[str] = FOR_GOOD,
    room: float = ROOM,
) -> Matrices:
    """Return the program in which what is decided at some nodes is as a plan has it.

    Parameters
    ----------
    origin
        Node of the program to the plan's node.
    before
        Nodes of the program at which all is as planned.
    for_good
        Variables that are so at every node.
    room
        Distance from the plan, as `ROOM`.
    """
    lower, upper = matrices.lower.copy(), matrices.upper.copy()
    tables = plan.tables()
    for variable, (table, column) in DECISIONS.items():
        index = matrices.variables[variable]
        if not len(index):
            continue
        unit = MILLION if table == "funding" else 1.0
        keys = zip(*(tables[table][dim].tolist() for dim in index.dims), strict=True)
        amounts: dict[tuple[Hashable, ...], float] = dict(
            zip(keys, (tables[table][column] / unit).tolist(), strict=True)
        )
        nodes = [str(node) for node in index.column("node")]
        own = [origin[node] for node in nodes]
        others = (own if dim == "node" else index.column(dim) for dim in index.dims)
        planned = np.array([amounts.get(key, 0.0) for key in zip(*others, strict=True)])
        held = np.array([variable in for_good or node in before for node in nodes])
        span = matrices.span(variable)
        least, most = lower[span], upper[span]
        value = np.clip(planned, least, most)
        whole = matrices.integer[span]
        value = np.where(whole, np.round(value), value)
        apart = np.where(whole, 0.0, room * np.maximum(1.0, np.abs(value)))
        lower[span] = np.where(held, np.maximum(least, value - apart), least)
        upper[span] = np.where(held, np.minimum(most, value + apart), most)
    return replace(matrices, lower=lower, upper=upper)
