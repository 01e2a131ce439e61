from __future__ import annotations

import pytest

from instances.periods import Periods
from instances.tree import grow, periods_of


@pytest.fixture
def periods() -> Periods:
    """Return a year, then two quarters."""
    return Periods.model_validate(
        {
            "start": "2026-01-01",
            "parts": [{"count": 1, "length": "1 yr"}, {"count": 2, "length": "1 quarter"}],
        }
    )


def test_without_scenarios_the_nodes_are_the_periods_in_a_row(periods: Periods) -> None:
    nodes = grow(periods)
    assert [node.id for node in nodes] == ["2026", "2027-Q1", "2027-Q2"]
    assert [node.parent for node in nodes] == [None, "2026", "2027-Q1"]
    assert [node.last for node in nodes] == [False, False, True]
    assert [node.probability for node in nodes] == [1, 1, 1]


def test_a_single_period_is_first_and_last() -> None:
    (node,) = grow(Periods.model_validate({"start": "2026-01-01", "count": 1, "length": "45 d"}))
    assert (node.id, node.parent, node.last) == ("2026-01-01", None, True)


def test_each_node_knows_its_period(periods: Periods) -> None:
    nodes = grow(periods)
    assert list(periods_of(nodes)) == ["2026", "2027-Q1", "2027-Q2"]
    # January to March 2027
    assert periods_of(nodes)["2027-Q1"].days == 90
