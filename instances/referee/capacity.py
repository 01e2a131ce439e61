"""Capacity: facilities run no more than they can, and expansions are built as they may be.

For each node n and facility

    run[n] <= expected capacity * utilisation * years within its dates + what expansions add
    minimum run * years * on[n] <= run[n] <= the same * on[n], where running is a choice
    run[n] / years(n) - run[m] / years(m) <= growth * years(n), m being the parent of n
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from instances.referee.building import added
from instances.referee.choices import Use, check_use
from instances.referee.faults import Faults, figure, tolerance
from instances.referee.limits import within
from instances.referee.sums import summed

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from instances.referee.entries import Entries
    from instances.referee.terms import Terms

    Floats = NDArray[np.float64]


def check_capacity(terms: Terms, entries: Entries, faults: Faults) -> None:
    """Add to ``faults`` what passes the capacity of a facility, and what may not be built."""
    most = terms.sites.most + added(terms, entries)
    node, step, tonnes = entries.columns("runs", "node", "process", "tonnes")
    run = summed(most.shape, node, terms.step_facility[step], tonnes)
    names = tuple(f"Facility {id!r}" for id in terms.ids["facility"])
    within(terms, faults, names, "runs", run, most)
    sites = terms.sites
    use = Use("running", "facility", "runs", run, most, sites.least, sites.chooses)
    check_use(terms, entries, use, faults)
    _growth(terms, run, faults)
    _sizes(terms, entries, faults)


def _growth(terms: Terms, run: Floats, faults: Faults) -> None:
    rate = run / terms.years[:, None]
    rises = rate - rate[terms.parents]
    # what a root runs rises from nothing that is known
    most = np.where(terms.parents[:, None] < 0, np.inf, terms.sites.growth * terms.years[:, None])
    size = np.where(np.isfinite(most), np.maximum(most, rate), 0.0)
    wrong = rises > most + tolerance(size)

    def say(position: int) -> str:
        row = divmod(position, run.shape[1])
        return (
            f"Facility {terms.ids['facility'][row[1]]!r} in {terms.nodes[row[0]].id} runs "
            f"{figure(rises[row])} t/yr more than before, more than {figure(most[row])} t/yr."
        )

    faults.where(wrong.ravel(), say)


def _sizes(terms: Terms, entries: Entries, faults: Faults) -> None:
    expansions = terms.problem.expansions
    node, number, size = entries.columns("builds", "node", "expansion", "size")
    most = np.array([item.size for item in expansions], dtype=float)
    lumpy = np.array([item.lumpy for item in expansions], dtype=bool)
    by_node = summed((len(terms.nodes), len(expansions)), node, number, size)
    # on the way that builds most of it
    built = (terms.windows.lineage.T.astype(float) @ by_node).max(axis=0, initial=0.0)

    def row(position: int) -> str:
        return (
            f"Expansion {expansions[number[position]].id!r} builds {figure(size[position])} t/yr "
            f"in {terms.nodes[node[position]].id}"
        )

    def whole(position: int) -> str:
        return f"{row(position)}; it is lumpy: 0 or {figure(most[number[position]])} t/yr."

    def early(position: int) -> str:
        return f"{row(position)}, when it cannot be decided."

    def over(position: int) -> str:
        return (
            f"Expansion {expansions[position].id!r} builds {figure(built[position])} t/yr over "
            f"the horizon, more than {figure(most[position])} t/yr."
        )

    faults.where(built > most + tolerance(most), over)
    part = np.minimum(np.abs(size), np.abs(size - most[number]))
    faults.where(lumpy[number] & (part > tolerance(most[number])), whole)
    faults.where((size > tolerance(size)) & ~_decidable(terms)[node, number], early)


def _decidable(terms: Terms) -> NDArray[np.bool_]:
    """Return whether each expansion can be decided, by node and expansion."""
    expansions = terms.problem.expansions
    table = np.zeros((len(terms.nodes), len(expansions)), dtype=bool)
    for column, item in enumerate(expansions):
        table[:, column] = [
            node.period.years_within(item.start, item.end) > 0 for node in terms.nodes
        ]
    return table
