"""Instances under controls that may come back, as their READMEs tell them."""

from __future__ import annotations

import pytest

from instances import describe, load
from optimizer import Options, solve


def test_every_onset_length_and_depth_is_a_scenario() -> None:
    problem = load("rare-earths-controls")
    # three onsets, three lengths, two depths, and calm
    assert len(problem.branches) == 3 * 3 * 2 + 1
    assert sum(branch.probability for branch in problem.branches) == pytest.approx(1)
    assert all(branch.events[-1].id == "licences" for branch in problem.branches)
    # what begins later shares 2027 with calm; half a year is over by its end, at either depth
    nodes = [node for node in problem.nodes if node.period.label == "2027"]
    assert sorted(len(node.scenarios) for node in nodes) == [1, 1, 2, 2, 13]


@pytest.mark.slow
def test_the_expected_cost_is_the_one_its_readme_states() -> None:
    result = solve(load("rare-earths-controls"))
    assert f"{result.objective:,.0f} USD expected" in describe("rare-earths-controls").readme
    assert result.unmet["unmet_t"].sum() == pytest.approx(0, abs=1e-6)
    assert result.scenarios["cost_usd"].max() == pytest.approx(1.760e9, rel=1e-3)


def _differences(name: str, other: str, table: str) -> set[tuple[str, str]]:
    """Return record and field of what two instances state differently in a table."""
    one, two = (
        {record["id"]: record for record in load(item).to_plain().get(table, ())}
        for item in (name, other)
    )
    assert one.keys() >= two.keys()
    return {
        (id, field)
        for id in two
        for field in one[id].keys() | two[id].keys()
        if one[id].get(field) != two[id].get(field)
    }


def test_the_magnets_under_controls_are_those_of_magnets_usa() -> None:
    pair = ("magnets-controls", "magnets-usa")
    for table in ("commodities", "lanes", "demand", "recycling", "outlets", "in_transit", "rules"):
        assert _differences(*pair, table) == set(), table
    assert {field for _, field in _differences(*pair, "expansions")} == {"lumpy"}
    facilities = {field for _, field in _differences(*pair, "facilities")}
    assert facilities == {"minimum_run", "assumption"}
    offers = _differences(*pair, "offers")
    assert offers == {
        (id, field)
        for id in ("chn-magnet", "chn-magnet-hot")
        for field in ("capacity", "available", "allotted", "assumption")
    }
    assert len(load("magnets-controls").branches) == 3 * 3 * 2 + 1
    assert {store.id for store in load("magnets-controls").stockpiles} == {
        "heavy-vault",
        "magnet-reserve",
        "hot-reserve",
    }


@pytest.mark.slow
def test_magnets_are_kept_for_controls_as_the_readme_states() -> None:
    result = solve(load("magnets-controls"), Options(tie_break=False))
    readme = describe("magnets-controls").readme
    assert f"{result.objective:,.0f} USD expected" in readme
    table = result.scenarios.set_index("scenario")
    for name, told in (("2027-1yr-0", 4_282), ("2027-2yr-0", 11_291), ("2029-1yr-0", 753)):
        assert table.loc[f"controls-{name}", "unmet_t"] == pytest.approx(told, abs=0.5)
        assert f"{told:,} t" in readme
    whole = [
        f"controls-{year}-{length}-0" for year in (2027, 2028, 2029) for length in ("1yr", "2yr")
    ]
    assert table.drop(whole)["unmet_t"].max() == pytest.approx(0, abs=1e-3)
    assert table["cost_usd"].max() == pytest.approx(7.720e9, rel=1e-3)
    unmet = result.unmet.groupby("demand_class")["unmet_t"].sum()
    assert unmet["defence"] == pytest.approx(0, abs=1e-3)
    stocks = result.stocks.set_index(["node", "stockpile"])["draw_t"]
    calm = [node for node in stocks.index.get_level_values(0) if "calm" in node or ":" not in node]
    for store in ("magnet-reserve", "hot-reserve"):
        assert stocks[[(node, store) for node in dict.fromkeys(calm)]].max() == 0
