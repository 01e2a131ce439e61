"""Choices: a facility or lane whose use is a choice is used wholly or not at all.

For each node, with on = 0 or 1,

    minimum * years * on <= amount <= most * on
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from instances.referee.faults import TOLERANCE, Faults, figure, tolerance
from instances.referee.sums import summed

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from instances.referee.entries import Entries
    from instances.referee.terms import Terms

    Floats = NDArray[np.float64]


class Use(NamedTuple):
    """How much is used of what, by node and record; and what a record that chooses may be used."""

    table: str
    record: str
    verb: str
    amount: Floats
    most: Floats
    least: Floats
    chooses: NDArray[np.bool_]


def check_use(terms: Terms, entries: Entries, use: Use, faults: Faults) -> None:
    """Add to ``faults`` the flags that are none, and what is used against its flag."""
    node, number, flag = entries.columns(use.table, "node", use.record, "on")
    ids = terms.ids[use.record]

    def flagged(row: int) -> str:
        return f"Table {use.table} has {ids[number[row]]!r} at {figure(flag[row])} in " + (
            f"{terms.nodes[node[row]].id}"
        )

    halved = np.minimum(np.abs(flag), np.abs(flag - 1)) > TOLERANCE
    faults.where(halved, lambda row: f"{flagged(row)}, neither 0 nor 1.")
    faults.where(
        ~use.chooses[number], lambda row: f"{flagged(row)}; using that {use.record} is no choice."
    )

    on = summed(use.amount.shape, node, number, flag)
    # where using it is no choice, only the limits of the record hold
    can = np.where(np.isfinite(use.most), use.most, 0.0)
    most = np.where(use.chooses, can * on, np.inf)
    least = np.where(use.chooses, use.least * on, 0.0)

    def bounded(position: int) -> str:
        row = divmod(position, use.amount.shape[1])
        return (
            f"{use.record.capitalize()} {ids[row[1]]!r} {use.verb} {figure(use.amount[row])} t in "
            f"{terms.nodes[row[0]].id}, but its choice of {figure(on[row])} allows "
            f"{figure(least[row])} to {figure(most[row])} t."
        )

    # what passes the limit of the record itself is another fault
    over = (use.amount > most + tolerance(can)) & (use.amount <= use.most + tolerance(can))
    under = use.amount < least - tolerance(least)
    faults.where((over | under).ravel(), bounded)
