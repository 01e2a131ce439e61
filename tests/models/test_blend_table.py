"""Blends as columns: the rows that loops over the blends would give."""

from __future__ import annotations

import numpy as np
import pytest

from instances import load
from instances.generate import random_problem
from models.index import Index
from models.network import Network, trace
from models.rows import RuleRows, charge_of, demand_of


@pytest.fixture(scope="module", params=["magnets-usa", "rare-earths-usa", 3, 7, 8])
def network(request: pytest.FixtureRequest) -> Network:
    source = request.param
    problem = load(source) if isinstance(source, str) else random_problem(source)
    return trace(problem.realised)


def test_columns_are_the_blends_row_by_row(network: Network) -> None:
    table = network.blend_table
    assert table.index.rows() == [blend.key for blend in network.blends]
    assert [table.processes[number] for number in table.process.tolist()] == [
        blend.process for blend in network.blends
    ]
    inputs = [(*blend.key, name) for blend in network.blends for name in blend.taken]
    assert table.inputs.rows() == inputs
    assert table.outputs.rows() == [
        (*blend.key, name) for blend in network.blends for name in blend.made
    ]
    assert table.uses.rows() == [
        (*blend.key, name, tag)
        for blend in network.blends
        for name, tags in blend.taken.items()
        for tag in tags
    ]
    assert [inputs[row] for row in table.input_of.tolist()] == [
        row[:4] for row in table.uses.rows() if isinstance(row, tuple)
    ]


def test_recipes_and_places_are_those_of_the_blends(network: Network) -> None:
    table, places = network.blend_table, network.places
    assert table.taken.tolist() == [
        blend.process.inputs[name] for blend in network.blends for name in blend.taken
    ]
    assert table.given.tolist() == [
        blend.process.outputs[name] for blend in network.blends for name in blend.made
    ]
    assert [places[at] for at in table.made_at.tolist()] == [
        (name, tag, blend.facility.country)
        for blend in network.blends
        for name, tag in blend.made.items()
    ]
    assert [places[at] for at in table.used_at.tolist()] == [
        (name, tag, blend.facility.country)
        for blend in network.blends
        for name, tags in blend.taken.items()
        for tag in tags
    ]


def test_facilities_know_their_activity(network: Network) -> None:
    names = [facility.id for facility in network.problem.facilities]
    members = network.blend_table.by_facility(names)
    for number, name in enumerate(names):
        own = np.arange(members.start[number], members.start[number + 1])
        assert members.index.take(own).rows() == [
            blend.key[1:] for blend in network.blends if blend.facility.id == name
        ]


def test_shared_demand_and_charges_are_each_rows_own(network: Network) -> None:
    rows = RuleRows(network.problem)
    assert isinstance(rows.index, Index)
    assert rows.index.rows() == [row.key for row in rows.all]
    for row in rows.all:
        assert rows.demand(row) == demand_of(network.problem, row)
        assert rows.charge(row) == charge_of(network.problem, row)
