"""Events, scenarios and combinations that make no sense are refused, with where and why."""

from __future__ import annotations

import pytest

from instances.parse import parse
from tests.instances.banned import BAN, Data, findings, four_years, with_ban


@pytest.fixture
def data() -> Data:
    return four_years()


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"of": "CNH"}, "is neither a country code"),
        ({"of": "Greem"}, "names nobody"),
        ({"commodities": ["metl"]}, "Did you mean 'metal'?"),
        ({"stages": ["metl"]}, "names a stage that no commodity is at"),
        ({"of": None, "lanes": ["cn-uk"]}, "Did you mean 'cn-us'?"),
        ({"buyers": ["partnrs"]}, "Did you mean 'partners'?"),
        ({"waives": ["cap"]}, "names a rule that does not exist"),
        ({"of": "JPN"}, "availability: changes nothing"),
        ({"availability": 1}, "changes nothing"),
        ({"start": "2030-01-01"}, "lies outside the horizon"),
        ({"start": "2024-01-01", "end": "2025-01-01"}, "lies outside the horizon"),
        ({"end": "2026-01-01"}, "the end must come later"),
        ({"end": "2028-01-01", "length": "1 yr"}, "has both 'end' and 'length'"),
        ({"announced": "2028-01-01"}, "after it has begun"),
        ({"rebuild": "1 yr"}, "waives no rule"),
        ({"availability": 1, "tariff": 0.5, "of": "KAZ", "stages": ["mine"]}, "changes nothing"),
        ({"availability": 1, "yields": 0.5, "of": "AUS"}, "no facility makes any of these goods"),
    ],
)
def test_an_event_that_makes_no_sense_is_refused(data: Data, fields: Data, expected: str) -> None:
    scenarios = [{"id": "banned", "probability": 1, "events": ["ban"]}]
    told = findings(data, events=[BAN | fields], scenarios=scenarios)
    assert any(expected in line for line in told), told


def test_a_part_of_something_unlimited_is_refused(data: Data) -> None:
    del data["offers"][0]["capacity"]
    (line,) = findings(data, events=[BAN | {"availability": 0.5}])
    assert line.startswith("events[ban].availability: takes a part of offers[cn]")


def test_a_part_of_something_unlimited_is_refused_in_combinations(data: Data) -> None:
    del data["offers"][0]["capacity"]
    varied = {"id": "x", "event": "ban", "probability": 1, "availabilities": [0, 0.5]}
    (line,) = findings(data, events=[BAN], combinations=[varied])
    assert line.startswith("events[ban].availability: takes a part of offers[cn]")


@pytest.mark.parametrize(
    "dates",
    [
        # the whole of 2027 and the first half of 2028: the second half sells any amount
        {"end": "2028-07-01"},
        {"start": "2028-07-01", "end": "2029-01-01"},
    ],
)
def test_closing_what_is_unlimited_for_a_part_of_a_period_is_refused(
    data: Data, dates: Data
) -> None:
    del data["offers"][0]["capacity"]
    (line,) = findings(data, events=[BAN | dates])
    assert line.startswith(
        "events[ban].availability: closes offers[cn] for a part of 2028 only, in the rest of which"
    )
    assert "let the event begin and end with periods" in line


def test_closing_a_lane_without_a_limit_for_a_part_of_a_period_is_refused(data: Data) -> None:
    del data["lanes"][0]["capacity"]
    (line,) = findings(data, events=[BAN | {"end": "2028-07-01", "buyers": ["USA"]}])
    assert line.startswith("events[ban].availability: closes lanes[cn-us] for a part of 2028")


def test_closing_what_is_unlimited_for_whole_periods_is_good(data: Data) -> None:
    del data["offers"][0]["capacity"]
    assert with_ban(data, end="2029-01-01").realised.offers[0].available.branches
    # it stands open from 2028-07-01 only, and all of that time is taken in 2028
    data["offers"][0]["start"] = "2028-07-01"
    assert with_ban(data, start="2028-07-01", end="2029-01-01").events


def test_a_length_that_is_combined_must_end_with_periods_too(data: Data) -> None:
    del data["offers"][0]["capacity"]
    varied = {"id": "x", "event": "ban", "probability": 1, "lengths": ["1 yr", "18 months"]}
    (line,) = findings(data, events=[BAN], combinations=[varied])
    assert "closes offers[cn] for a part of 2028 only" in line
    assert "(got 2028-01-01 to 2028-07-01)" in line


def test_probabilities_must_add_up_to_one(data: Data) -> None:
    scenarios = [{"id": "banned", "probability": 0.3, "events": ["ban"]}]
    (line,) = findings(data, events=[BAN], scenarios=scenarios)
    assert line == (
        "scenarios: have probabilities that do not add up to 1 (got 0.3). Raise some of them, or "
        "add a scenario without events of probability 0.7."
    )


def test_events_that_contradict_each_other_are_refused(data: Data) -> None:
    events = [BAN, BAN | {"id": "half", "availability": 0.5, "start": "2028-01-01"}]
    scenarios = [{"id": "both", "probability": 1, "events": ["ban", "half"]}]
    (line,) = findings(data, events=events, scenarios=scenarios)
    assert line.startswith("events[half].availability: contradicts events[ban]")
    # one after the other they agree
    events[0] = BAN | {"end": "2028-01-01"}
    assert len(parse(data | {"events": events, "scenarios": scenarios}).branches) == 1


def test_scenarios_name_events_that_are_there(data: Data) -> None:
    scenarios = [{"id": "both", "probability": 1, "events": ["ben"]}]
    (line,) = findings(data, events=[BAN], scenarios=scenarios)
    assert "Did you mean 'ban'?" in line


def test_a_tree_beyond_the_limit_is_refused(data: Data, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("instances.tree.MOST_NODES", 6)
    monkeypatch.setattr("instances.reference_scenarios.MOST_NODES", 6)
    told = findings(
        data,
        events=[BAN],
        scenarios=[
            {"id": "calm", "probability": 0.5},
            {"id": "banned", "probability": 0.5, "events": ["ban"]},
        ],
    )
    assert told == [
        "scenarios: make a tree of more than 6 nodes (a period in a branch each) (got 2 "
        "scenarios). Take fewer scenarios, or longer periods."
    ]


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"start_weights": [0.5]}, "there are 0 'starts'"),
        ({"starts": ["2027-01-01", "2027-01-01"]}, "names a value twice"),
        ({"starts": ["2027-01-01", "2031-01-01"]}, "lies outside the horizon"),
        ({"lengths": ["1 yr", "2 yr"], "length_weights": [0.5, 0.6]}, "add up to 1.1"),
        ({"event": "ben"}, "Did you mean 'ban'?"),
        ({"event": "short", "starts": ["2028-01-01"]}, "which ends on one day"),
    ],
)
def test_a_combination_that_makes_no_sense_is_refused(
    data: Data, fields: Data, expected: str
) -> None:
    combination = {"id": "x", "event": "ban", "probability": 1} | fields
    events = [BAN, BAN | {"id": "short", "end": "2027-06-01"}]
    told = findings(data, events=events, combinations=[combination])
    assert any(expected in line for line in told), told
