"""The unlikely: where the probability is 0 nothing is charged, and nothing lasting decided."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from instances.referee.faults import Faults, figure

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from instances.referee.entries import Entries
    from instances.referee.terms import Terms

DECIDED = (
    ("builds", "expansion", "size", "builds"),
    ("signings", "contract", "share", "signs"),
    ("qualifications", "offer", "on", "qualifies"),
)
NOTHING = 1e-6


def check_unlikely(terms: Terms, entries: Entries, faults: Faults) -> None:
    """Add to ``faults`` what is built, signed or qualified at a node of probability 0."""
    likely = np.array([node.probability > 0 for node in terms.nodes], dtype=bool)
    for table, what, column, verb in DECIDED:
        rows = entries.columns(table, "node", what, column)
        at, _, amount = rows
        faults.where(~likely[at] & (amount > NOTHING), _say(terms, what, verb, rows))


def _say(terms: Terms, what: str, verb: str, rows: Sequence[Any]) -> Callable[[int], str]:
    node, number, amount = rows

    def say(position: int) -> str:
        return (
            f"The plan {verb} {figure(amount[position])} of {what} "
            f"{terms.ids[what][number[position]]!r} in {terms.nodes[node[position]].id}, which "
            "has probability 0, where it would cost nothing."
        )

    return say
