"""Tariffs by origin: what a tonne pays that enters a country from outside."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from instances.tags import belongs
from models.due import Due

if TYPE_CHECKING:
    from collections.abc import Iterator

    from models.frame import Frame
    from models.horizon import Horizon
    from models.network import Network


def tariff_dues(frame: Frame, network: Network, time: Horizon) -> Iterator[Due]:
    """Yield the duty by origin of a tonne loaded: several tariffs on one good add up."""
    problem, loads = network.problem, network.loads
    directory = problem.directory
    values = {item.id: time.over(item.customs_value, 0.0) for item in problem.commodities}
    duties = np.zeros((len(loads.index), len(time.nodes)))
    for tariff in problem.tariffs:
        goods = frozenset(directory.goods(tariff.commodity, tariff.stage))
        into = directory.places(tariff.into)
        origin = directory.parties((tariff.of,) if isinstance(tariff.of, str) else tariff.of)
        in_force = time.years_within(tariff.start, tariff.end) / time.years
        rate = time.over(tariff.rate, 0.0) * in_force
        labels = zip(
            loads.lane.tolist(),
            loads.index.column("commodity"),
            loads.index.column("tag"),
            strict=True,
        )
        for row, (number, commodity, tag) in enumerate(labels):
            lane = network.lanes[number]
            enters = lane.destination in into and lane.origin not in into
            if enters and commodity in goods and belongs(str(tag), origin):
                duties[row] += rate * values[str(commodity)] * (1 - lane.loss)
    yield Due("tariff", "origin_duty", "ship", frame.sets["SHIP"], duties.ravel(), sparse=True)
