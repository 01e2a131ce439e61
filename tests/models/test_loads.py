"""Loads as columns: what the arrays say is what following every lane by hand says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from instances.generate import random_problem
from models import build
from models.network import cargo, trace
from models.voyages import voyages

if TYPE_CHECKING:
    from collections.abc import Callable

    from instances.problem import Problem


@pytest.mark.parametrize("seed", range(12))
def test_loads_are_every_lane_with_what_can_be_at_its_origin(seed: int) -> None:
    network = trace(random_problem(seed))
    expected = [(lane.id, commodity, tag) for lane, commodity, tag in cargo(network)]
    loads = network.loads
    assert loads.index.rows() == expected
    for row, (lane, commodity, tag) in enumerate(cargo(network)):
        assert network.lanes[loads.lane[row]] is lane
        assert network.places[loads.origin[row]] == (commodity, tag, lane.origin)
        assert network.places[loads.destination[row]] == (commodity, tag, lane.destination)


@pytest.mark.parametrize("seed", range(12))
def test_what_arrives_at_a_place_was_loaded_for_it(seed: int) -> None:
    from models.horizon import horizon

    problem = random_problem(seed)
    network, time, frame = trace(problem), horizon(problem), build(problem)
    expected: dict[Any, set[Any]] = {}
    parts = {}
    for lane, commodity, tag in cargo(network):
        for sent, node, part in voyages(time, lane.lead_time):
            key = (commodity, tag, lane.destination, node)
            expected.setdefault(key, set()).add((lane.id, sent))
            parts[lane.id, sent, node] = part * (1 - lane.loss)
    arriving = frame.members["ARRIVING"]
    rows = arriving.index.rows()
    found = {
        key: set(rows[arriving.start[place] : arriving.start[place + 1]])
        for place, key in enumerate(arriving.keys.rows())
    }
    assert {key: some for key, some in found.items() if some} == expected
    arrives = frame.parameters["arrives"]
    numbers = dict(zip(arrives.index.rows(), arrives.values.tolist(), strict=True))
    assert {key: numbers[key] for key in parts} == pytest.approx(parts)


def test_members_of_chosen_lanes_are_their_loads(three_sellers: Callable[..., Problem]) -> None:
    network = trace(three_sellers())
    second = network.lanes[1]
    table = network.loads.by_lane([second])
    assert table.keys.rows() == [second.id]
    assert table.index.rows() == [("metal", "any")]
