from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from instances.catalog import assumptions, describe, described, instance_names, load
from instances.errors import UnknownInstance
from instances.parse import parse

if TYPE_CHECKING:
    from instances.problem import Problem


def test_the_shipped_instances_are_listed_by_name() -> None:
    names = instance_names()
    assert list(names) == sorted(names)
    assert {"dantzig", "gallium-usa", "rare-earths-usa"} <= set(names)


@pytest.mark.parametrize("name", instance_names())
def test_an_instance_bears_the_name_it_is_loaded_by(name: str) -> None:
    assert load(name).name == name
    assert load(name) == load(name)


@pytest.mark.parametrize(
    ("name", "nearest"),
    [
        ("galium-usa", "gallium-usa"),
        ("Dantzig", "dantzig"),
        ("../data/dantzig", "dantzig"),
        ("", None),
        ("x" * 10_000, None),
    ],
)
def test_an_unknown_name_is_told_with_the_nearest(name: str, nearest: str | None) -> None:
    with pytest.raises(UnknownInstance) as caught:
        load(name)
    (finding,) = caught.value.findings
    assert finding.nearest == nearest
    assert finding.remedy is not None
    assert "dantzig" in finding.remedy


@pytest.mark.parametrize("name", instance_names())
def test_every_number_of_an_instance_has_a_source_or_an_assumption(name: str) -> None:
    problem = load(name)
    for table in ("offers", "lanes", "demand", "outlets"):
        for record in getattr(problem, table):
            assert record.source or record.assumption, f"{table}[{record.id}]"


def test_a_description_says_what_an_instance_holds_and_rests_on() -> None:
    about = describe("dantzig")
    assert about.name == "dantzig"
    assert "153,675 USD" in about.about
    assert (about.start, about.end, about.periods) == ("2026-01-01", "2027-01-01", 1)
    assert about.counts == {
        "countries": 5,
        "sources": 1,
        "commodities": 1,
        "offers": 2,
        "lanes": 6,
        "demand": 3,
    }
    assert [source["publisher"] for source in about.sources] == ["Princeton University Press"]
    assert [item.where for item in about.assumptions] == ["periods"]
    assert "Printed optimum: 153.675" in about.readme
    assert about.to_plain()["counts"]["lanes"] == 6


@pytest.mark.parametrize("name", instance_names())
def test_every_instance_comes_with_its_question_and_answer(name: str) -> None:
    about = describe(name)
    assert about.about
    assert "**Question.**" in about.readme
    assert "**Answer.**" in about.readme


def test_assumptions_are_listed_with_their_paths(depot_data: dict[str, Any]) -> None:
    depot_data["offers"][0]["assumption"] = {"price": "a guess", "capacity": "another"}
    depot_data["demand"][0]["assumption"] = "held flat"
    depot_data["discount"] = {"rate": 0.05, "assumption": "a choice"}
    depot_data["periods"]["assumption"] = "as long as the plan of the ministry"
    problem = parse(depot_data)
    assert [(item.where, item.reason) for item in assumptions(problem)] == [
        ("periods", "as long as the plan of the ministry"),
        ("discount", "a choice"),
        ("offers[cn].price", "a guess"),
        ("offers[cn].capacity", "another"),
        ("demand[us]", "held flat"),
    ]
    assert described(problem).assumptions == tuple(assumptions(problem))


def test_a_problem_of_ones_own_is_described_without_a_text(depot: Problem) -> None:
    about = described(depot)
    assert about.readme == ""
    assert about.end == "2028-01-01"
    assert "groups" not in about.counts


def test_dantzigs_plants_can_make_what_the_markets_want() -> None:
    problem = load("dantzig")
    supply = [offer.capacity.values[0] for offer in problem.offers if offer.capacity]
    wanted = [demand.quantity.values[0] for demand in problem.demand]
    assert (sum(supply), sum(wanted)) == (950, 900)
    assert all(demand.tiers == () for demand in problem.demand)
    freight = {(lane.origin, lane.destination): lane.freight.values[0] for lane in problem.lanes}
    # Seattle sends 50 to New York, 300 to Chicago; San Diego 275 each to New York and Topeka
    cost = (
        50 * freight["XSE", "XNY"]
        + 300 * freight["XSE", "XCH"]
        + 275 * freight["XSD", "XNY"]
        + 275 * freight["XSD", "XTO"]
    )
    assert cost == 153_675


def test_assumptions_inside_a_facility_are_listed_too(depot_data: dict[str, Any]) -> None:
    good = depot_data["commodities"][0]["id"]
    process = {"id": "dig", "outputs": {good: 1}, "assumption": {"cost": "a guess"}}
    depot_data["facilities"] = [
        {"id": "mine", "country": "AUS", "processes": [process], "assumption": "a drawing"}
    ]
    listed = list(assumptions(parse(depot_data)))
    assert [(item.where, item.reason) for item in listed if "mine" in item.where] == [
        ("facilities[mine]", "a drawing"),
        ("facilities[mine].processes[dig].cost", "a guess"),
    ]
