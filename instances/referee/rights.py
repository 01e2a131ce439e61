"""Rights: what contracts let take, from the day on which they are signed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from datetime import date

    from numpy.typing import NDArray

    from instances.contract import Contract
    from instances.referee.positions import Positions

    Floats = NDArray[np.float64]


def rights(places: Positions, contract: Contract, signed: date | None = None) -> Floats:
    """Return the tonnes by node that ``contract`` lets take, signed on a day or long ago.

    Its maximum, or its share of what the offer can sell if that is less, for the days on which
    both stand open.
    """
    offer = next(item for item in places.problem.offers if item.id == contract.offer)
    starts = [day for day in (contract.start, offer.start, signed) if day is not None]
    ends = [day for day in (contract.end, offer.end) if day is not None]
    tonnes = np.zeros(len(places.nodes))
    for number, node in enumerate(places.nodes):
        day = node.period.start
        expected = (offer.available.at(day, node.branch) or 0.0) * offer.delivery_probability
        part = expected * contract.priority_share
        if part <= 0:
            continue
        rate = contract.maximum.at(day) or 0.0
        widths = [item.capacity for item in offer.slices]
        if None not in widths:
            whole = sum((width.at(day) or 0.0) for width in widths if width is not None)
            rate = min(rate, part * whole)
        opens, closes = max(starts, default=None), min(ends, default=None)
        tonnes[number] = rate * node.period.years_within(opens, closes)
    return tonnes
