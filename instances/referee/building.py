"""Building: what expansions add to facilities, when, and what they cost.

Built at node m, an expansion is commissioned its lead time after the first day on which it can be
decided there. It then gives a share of itself in each year of its ramp, and all of it afterwards,
times the probability that it is delivered.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from instances.referee.windows import anniversary, days_after

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from numpy.typing import NDArray

    from instances.expansion import Expansion
    from instances.referee.entries import Entries
    from instances.referee.terms import Terms

    Floats = NDArray[np.float64]

DAYS_OF_YEAR = 365.25


def commissioned(terms: Terms, expansion: Expansion, node: int) -> date:
    """Return the first day of what is decided at ``node``."""
    decided = terms.nodes[node].period.start
    if expansion.start is not None:
        decided = max(decided, expansion.start)
    return days_after(decided, _days(terms, expansion, node))


def _days(terms: Terms, expansion: Expansion, node: int) -> float:
    """Return how long it takes to build what is decided at ``node``, as things stand there."""
    place = terms.nodes[node]
    return expansion.lead_time + (expansion.delay.at(place.period.start, place.branch) or 0.0)


def usable(terms: Terms, expansion: Expansion, node: int) -> Floats:
    """Return the tonnes by node that one tonne per year built at ``node`` lets a facility run."""
    site = next(item for item in terms.problem.facilities if item.id == expansion.facility)
    first = commissioned(terms, expansion, node)
    stages = range(len(expansion.ramp) + 1)
    edges: list[date | None] = [*(anniversary(first, stage) for stage in stages), None]
    years = np.zeros(len(terms.nodes))
    for share, (start, end) in zip((*expansion.ramp, 1.0), pairwise(edges), strict=True):
        assert start is not None
        opens = start if site.start is None else max(start, site.start)
        closes = min((day for day in (end, site.end) if day is not None), default=None)
        years += share * np.array(
            [later.period.years_within(opens, closes) for later in terms.nodes]
        )
    rate = terms.over_time([site.utilisation])[:, 0] * expansion.delivery_probability
    return np.asarray(years * rate * terms.windows.lineage[node], dtype=np.float64)


def annuity(rate: float, life: float) -> float:
    """Return what is due per year for ``life`` years on each dollar lent at ``rate``."""
    return 1 / life if rate == 0 else rate / -np.expm1(-life * np.log1p(rate))


def _price(terms: Terms, expansion: Expansion, node: int) -> float:
    """Return the USD per tonne per year of what is decided at ``node``."""
    place = terms.nodes[node]
    return expansion.capex.at(place.period.start, place.branch) or 0.0


def charges(terms: Terms, expansion: Expansion, node: int) -> Floats:
    """Return the USD by node, grants not taken off, for one tonne per year built at ``node``."""
    price = _price(terms, expansion, node)
    count = len(terms.nodes)
    if expansion.capex_mode == "lump":
        return np.where(np.arange(count) == node, price, 0.0)
    first = commissioned(terms, expansion, node)
    last = days_after(first, expansion.life * DAYS_OF_YEAR)
    years = np.array([later.period.years_within(first, last) for later in terms.nodes])
    lent = price * (1 + expansion.rate) ** (_days(terms, expansion, node) / 365)
    due = lent * annuity(expansion.rate, expansion.life)
    return np.asarray(due * years * terms.windows.lineage[node], dtype=np.float64)


def built(terms: Terms, entries: Entries) -> Iterator[tuple[int, Expansion, float]]:
    """Yield what is built: place of the node of decision, expansion, tonnes per year."""
    expansions = terms.problem.expansions
    columns = entries.columns("builds", "node", "expansion", "size")
    for node, number, size in zip(*(column.tolist() for column in columns), strict=True):
        # most rows of a plan are 0 t/yr
        if size:
            yield node, expansions[number], size


def added(terms: Terms, entries: Entries) -> Floats:
    """Return the tonnes of activity that expansions let facilities run, by node and facility."""
    more = np.zeros_like(terms.sites.most)
    for node, expansion, size in built(terms, entries):
        (site,) = terms.find("facility", [expansion.facility])
        more[:, site] += size * usable(terms, expansion, node)
    return more


def capital(terms: Terms, entries: Entries) -> dict[str, tuple[Floats, Floats]]:
    """Return, by expansion built, the USD by node of capital cost, and of the grants to it."""
    found: dict[str, tuple[Floats, Floats]] = {}
    for node, expansion, size in built(terms, entries):
        dollars = size * charges(terms, expansion, node)
        capex, grant = found.get(expansion.id, (0.0, 0.0))
        found[expansion.id] = (capex + dollars, grant + expansion.grant * dollars)
    return found


def salvage(terms: Terms, entries: Entries) -> tuple[Floats, Floats]:
    """Return the USD by node that what is built is worth at the end, and the part granted."""
    worth = np.zeros(len(terms.nodes))
    granted = np.zeros(len(terms.nodes))
    last = np.array([node.last for node in terms.nodes])
    for node, expansion, size in built(terms, entries):
        price = _price(terms, expansion, node)
        first = commissioned(terms, expansion, node)
        years = np.array([later.period.years_within(first, None) for later in terms.nodes])
        lineage = terms.windows.lineage
        # years of service by the end of a node: those of all nodes on the way to it
        served = (years * lineage[node]) @ lineage
        part = np.array([expansion.salvaged(float(number)) for number in served])
        dollars = size * price * part * last * lineage[node]
        worth += dollars
        granted += expansion.grant * dollars
    return worth, granted
