"""Events, scenarios and combinations: what they expand to, the tree they make, what they hit."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from instances.parse import parse
from tests.instances.banned import BAN, Data, findings, four_years, with_ban


@pytest.fixture
def data() -> Data:
    return four_years()


def test_scenarios_share_the_nodes_of_the_history_they_have_in_common(data: Data) -> None:
    problem = with_ban(data, length="1 yr")
    assert [(node.id, node.parent, node.probability) for node in problem.nodes] == [
        ("2026", None, 1.0),
        ("2027:banned", "2026", 0.5),
        ("2027:calm", "2026", 0.5),
        ("2028:banned", "2027:banned", 0.5),
        ("2028:calm", "2027:calm", 0.5),
        ("2029:banned", "2028:banned", 0.5),
        ("2029:calm", "2028:calm", 0.5),
    ]


def test_depth_is_known_at_the_onset_and_length_only_at_the_end(data: Data) -> None:
    varied: Data = {"id": "x", "event": "ban", "probability": 1, "lengths": ["1 yr", "2 yr"]}
    problem = parse(
        data | {"events": [BAN], "combinations": [varied | {"availabilities": [0, 0.5]}]}
    )
    assert [node.id for node in problem.nodes if node.period.label == "2027"] == [
        "2027:x-1yr-0+1",
        "2027:x-1yr-50+1",
    ]
    # the first year is over on its last day, which tells nothing yet; a longer one goes on in 2028
    assert sum(node.period.label == "2028" for node in problem.nodes) == 4


def test_an_event_is_known_from_the_day_it_is_announced(data: Data) -> None:
    problem = with_ban(data, start="2028-01-01", announced="2026-06-01")
    assert {node.id for node in problem.nodes} >= {"2026:banned", "2026:calm"}


def test_an_end_that_is_known_parts_the_branches_at_the_onset(data: Data) -> None:
    varied: Data = {"id": "x", "event": "ban", "probability": 1, "lengths": ["1 yr", "2 yr"]}
    events = [BAN | {"ends_known": True}]
    problem = parse(data | {"events": events, "combinations": [varied]})
    assert sum(node.period.label == "2027" for node in problem.nodes) == 2


def test_scenarios_that_cannot_be_told_apart_are_one_branch(data: Data) -> None:
    alike = [{"id": name, "probability": 0.5, "events": ["ban"]} for name in ("one", "two")]
    problem = with_ban(data, *alike)
    assert [node.id for node in problem.nodes] == ["2026", "2027", "2028", "2029"]
    assert problem.nodes[-1].scenarios == ("one", "two")


def test_the_order_of_scenarios_does_not_matter(data: Data) -> None:
    first = {"id": "calm", "probability": 0.25}
    second = {"id": "banned", "probability": 0.75, "events": ["ban"]}
    assert with_ban(data, first, second).nodes == with_ban(data, second, first).nodes


def test_a_combination_has_a_member_for_every_onset_length_and_depth(data: Data) -> None:
    combined = {
        "id": "ban",
        "event": "ban",
        "probability": 0.6,
        "starts": ["2027-01-01", "2028-07-01"],
        "start_weights": [0.75, 0.25],
        "lengths": ["6 months", "2 yr"],
        "availabilities": [0, 0.4],
    }
    problem = parse(
        data
        | {"events": [BAN], "combinations": [combined]}
        | {"scenarios": [{"id": "calm", "probability": 0.4}]}
    )
    found = {branch.id: branch.probability for branch in problem.branches}
    assert len(found) == 1 + 2 * 2 * 2
    # 0.6 * 0.75 / 2 / 2 and 0.6 * 0.25 / 2 / 2
    assert found["ban-2027-6months-40"] == pytest.approx(0.1125)
    assert found["ban-2028-07-01-2yr-0"] == pytest.approx(0.0375)
    (event,) = next(item for item in problem.branches if item.id == "ban-2028-07-01-2yr-0").events
    assert (event.start, event.until) == (date(2028, 7, 1), date(2030, 7, 1))


def test_months_end_with_the_months_that_are_too_short(data: Data) -> None:
    problem = with_ban(data, start="2027-01-31", length="1 months")
    assert problem.events[0].until == date(2027, 2, 28)


def test_an_effect_counts_by_the_days_of_a_period(data: Data) -> None:
    # from 2027-07-01 to 2028-01-01: 184 of 365 days at 0.4 of the capacity
    problem = with_ban(data, start="2027-07-01", end="2028-01-01", availability=0.4)
    schedule = problem.realised.offers[0].available
    day = date(2027, 1, 1)
    assert schedule.at(day, "banned") == pytest.approx(1 - 0.6 * 184 / 365)
    assert schedule.at(day, "calm") == schedule.at(day) == 1
    assert schedule.at(date(2028, 1, 1), "banned") == 1


def test_an_effect_counts_by_the_days_on_which_an_offer_stands(data: Data) -> None:
    # the offer stands from 2027-07-01: the ban of that half year leaves nothing of it
    problem = with_ban(data, of="AUS", start="2027-07-01", end="2028-01-01")
    assert problem.realised.offers[1].available.at(date(2027, 1, 1), "banned") == 0


def test_events_hit_whom_they_name(data: Data) -> None:
    day = date(2028, 1, 1)

    def left(**fields: Any) -> dict[str, float | None]:
        hit = with_ban(data, **fields).realised
        found = {item.id: item.available.at(day, "banned") for item in hit.offers}
        found |= {item.id: item.utilisation.at(day, "banned") for item in hit.facilities}
        found |= {item.id: item.available.at(day, "banned") for item in hit.lanes}
        return {name: value for name, value in found.items() if value != 1}

    assert left() == {"cn": 0}
    assert left(of="partners") == {"au": 0, "kz": 0, "smelter": 0}
    assert left(of="partners", stages=["mine"]) == {"kz": 0}
    assert left(of="smelter") == {"smelter": 0}
    assert left(of="Blue", commodities=["metal"]) == {"au": 0}
    assert left(of=None, lanes=["cn-us"], availability=0.5) == {"cn-us": 0.5}
    assert left(buyers=["JPN"]) == {"cn-jp": 0}


def test_prices_duties_delays_and_demand_change(data: Data) -> None:
    problem = with_ban(data, availability=1, price=2, tariff=0.25, delay="45 d").realised
    day = date(2027, 1, 1)
    price = problem.offers[0].price
    assert price is not None
    assert (price.at(day, "banned"), price.at(day, "calm")) == (100, 50)
    lane = problem.lanes[0]
    assert lane.tariff is not None
    assert (lane.tariff.at(day, "banned"), lane.tariff.at(day, "calm")) == (0.25, 0)
    assert lane.delay.at(day, "banned") == 45
    problem = with_ban(data, of="USA", availability=1, demand=1.5).realised
    assert problem.demand[0].quantity.at(day, "banned") == 150
    problem = with_ban(data, of=None, lanes=["cn-us"], availability=1, price=3)
    assert problem.realised.lanes[0].freight.at(day, "banned") == 0


def test_yields_change_by_the_days_of_a_period(data: Data) -> None:
    # from 2027-07-01 on: 184 of 365 days at 0.5 of what the recipe gives
    fields = {"availability": 1, "of": "KAZ", "yields": 0.5, "start": "2027-07-01"}
    (process,) = with_ban(data, **fields).realised.facilities[0].processes
    day = date(2027, 1, 1)
    assert process.given(day, "banned") == {"metal": pytest.approx(1 - 0.5 * 184 / 365)}
    assert process.given(day, "calm") == process.given(day) == {"metal": 1}
    assert process.given(date(2028, 1, 1), "banned") == {"metal": 0.5}


def test_yields_change_for_all_that_a_process_gives(data: Data) -> None:
    data["facilities"][0]["processes"][0]["outputs"] = {"metal": 1, "slag": 0.5}
    data["commodities"].append({"id": "slag", "stage": "waste", "basis": "product"})
    event = BAN | {"of": "smelter", "availability": 1, "yields": 0.5}
    (line,) = findings(data, events=[event | {"commodities": ["metal"]}])
    assert line.startswith(
        "events[ban].yields: changes what facilities[smelter].processes[smelt] gives of 'slag',"
    )
    given = parse(data | {"events": [event | {"certain": True}]}).realised.facilities[0]
    assert given.processes[0].given(date(2027, 1, 1), "certain") == {"metal": 0.5, "slag": 0.25}


def test_a_yield_that_may_make_something_from_nothing_is_refused(data: Data) -> None:
    data["facilities"].append(
        {"id": "back", "country": "KAZ", "capacity": 20}
        | {"processes": [{"id": "melt", "inputs": {"metal": 1}, "outputs": {"ore": 0.9}}]}
    )
    event = BAN | {"of": "smelter", "availability": 1, "yields": 1.2}
    # 1 t of ore becomes 1.2 t of metal, and that 1.08 t of ore
    (line,) = findings(data, events=[event])
    assert "makes something from nothing, in a loop" in line
    assert "1.08 t" in line
    assert parse(data | {"events": [event | {"yields": 1.1}]}).events


def test_what_is_certain_happens_in_every_scenario_and_without_any(data: Data) -> None:
    problem = parse(data | {"events": [BAN | {"certain": True}]})
    assert [node.id for node in problem.nodes] == ["2026", "2027", "2028", "2029"]
    node = problem.nodes[1]
    assert problem.realised.offers[0].available.at(node.period.start, node.branch) == 0


def test_under_a_branch_only_that_happens(data: Data) -> None:
    problem = with_ban(data)
    banned = problem.under(problem.branches[1])
    assert [node.id for node in banned.nodes] == ["2026", "2027", "2028", "2029"]
    assert banned.realised.offers[0].available.at(date(2027, 1, 1), banned.nodes[1].branch) == 0
    calm = problem.under(problem.branches[0])
    assert calm.realised is calm


def test_events_say_what_they_do(data: Data) -> None:
    problem = with_ban(data, availability=0.4, length="1 yr", buyers=["USA"], stages=["metal"])
    assert problem.events[0].sentence(problem.names) == (
        "China (metal): 40 % remains available to United States from 2027-01-01 for 1 yr"
    )
