"""Every number, date and length of time of every shipped instance says where it comes from."""

from __future__ import annotations

import pytest

from instances import instance_names, load
from instances.errors import InputError
from instances.facts import TABLES, Fact, assumed, facts, origins
from instances.leaves import leaves, stated
from instances.problem import Problem
from instances.provenance import provenance, states

NAMES = instance_names()


def _rows() -> dict[str, list[Fact]]:
    rows: dict[str, list[Fact]] = {}
    for table in TABLES:
        for row in (*facts(table), *assumed(table)):
            rows.setdefault(row.source, []).append(row)
    return rows


ROWS = _rows()


@pytest.mark.parametrize("name", NAMES)
def test_every_leaf_has_a_row_of_its_source_or_an_assumption(name: str) -> None:
    problem = load(name)
    titles = {source.id: source.title for source in problem.sources}
    astray = []
    for leaf in leaves(problem):
        if leaf.assumption:
            continue
        # a book or a paper is named once, in the table of sources; facts have a row for each
        told = leaf.source is not None and bool(titles.get(leaf.source))
        if told and leaf.source in origins():
            told = any(states(row, leaf.value) for row in ROWS[leaf.source])
            # a recipe is for a tonne of what it makes: that is no figure to look up
            told |= leaf.value == 1 and ".outputs." in leaf.where
        if not told:
            astray.append((leaf.where, leaf.value, leaf.source))
    assert astray == []


def test_the_leaves_of_all_instances_are_thousands() -> None:
    # were the walk to miss a table, nothing above would fail
    assert sum(sum(1 for _ in leaves(load(name))) for name in NAMES) > 5_000


def _tiny(**tables: object) -> Problem:
    return Problem.model_validate(
        {
            "name": "tiny",
            "base_year": 2024,
            "periods": {
                "start": "2026-01-01",
                "count": 1,
                "length": "1 yr",
                "assumption": "asked",
            },
            "commodities": [{"id": "x", "stage": "metal", "basis": "product"}],
        }
        | tables
    )


def test_what_a_record_within_says_goes_before_what_the_record_around_it_says() -> None:
    makes = {"outputs": {"x": 2}, "cost": 5}
    mill = {
        "id": "mill",
        "country": "USA",
        "capacity": {"2026": 7},
        "processes": [{"id": "a", **makes}, {"id": "b", **makes, "assumption": "guessed"}],
        "source": {"capacity": "report", "processes": "book"},
    }
    told = {
        leaf.where: (leaf.value, leaf.source or leaf.assumption)
        for leaf in leaves(_tiny(facilities=[mill]))
    }
    assert told == {
        "base_year": (2024, "asked"),
        "periods.start": ("2026-01-01", "asked"),
        "periods.count": (1, "asked"),
        "periods.length": ("1 yr", "asked"),
        "facilities[mill].capacity[2026]": (7, "report"),
        "facilities[mill].processes[a].outputs.x": (2, "book"),
        "facilities[mill].processes[a].cost": (5, "book"),
        "facilities[mill].processes[b].outputs.x": (2, "guessed"),
        "facilities[mill].processes[b].cost": (5, "guessed"),
    }


def test_what_nothing_is_said_of_has_neither() -> None:
    problem = _tiny(outlets=[{"id": "o", "commodity": "x", "country": "USA", "price": 3}])
    leaf = next(item for item in stated(problem) if item.where == "outlets[o].price")
    assert (leaf.source, leaf.assumption) == (None, None)


def test_a_number_deep_in_a_record_leads_to_its_row() -> None:
    told = provenance(load("lithium-world"), "facilities[salar-de-atacama-sqm].capacity")
    # the row states it in thousands of tonnes
    assert told.value == pytest.approx(39_451.4)
    assert any("Salar de Atacama (SQM)" in row for row in told.rows)
    path = "facilities[salar-de-atacama-sqm].processes[mine-salar-de-atacama-sqm].cost"
    assert any("21239" in row for row in provenance(load("lithium-world"), path).rows)


def test_a_figure_in_the_note_of_a_row_counts_as_stated() -> None:
    told = provenance(load("rare-earths-usa"), "offers[fra-lacq-dy].capacity")
    assert told.value == 500
    assert any("500 Dy plus 100 Tb" in row for row in told.rows)


def test_the_horizon_is_a_planners_choice() -> None:
    told = provenance(load("gallium-usa"), "periods.count")
    assert told.assumption is not None
    assert "planner's choice" in told.assumption


def test_a_path_that_goes_too_deep_is_refused_with_the_nearest() -> None:
    with pytest.raises(InputError, match="processes"):
        provenance(load("lithium-world"), "facilities[salar-de-atacama-sqm].proceses[x].cost")
