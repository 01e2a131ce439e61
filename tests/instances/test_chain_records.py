"""Facilities, expansions, cargo and substitutions that are wrong in themselves."""

from __future__ import annotations

import pytest

from tests.instances.misnamed import Change, Data, findings, put, recipe, separated

SEP = "facilities[eneabba].processes[sep]"


@pytest.fixture
def data() -> Data:
    return separated()


FAULTS: list[tuple[Change, str, str]] = [
    (recipe(inputs={7: 1}), f"{SEP}.inputs[7]", "is not text"),
    (recipe(inputs={"a b": 1}), f"{SEP}.inputs.'a b'", "is not an id"),
    (recipe(inputs={"ore": "lots"}), f"{SEP}.inputs.ore", "is not a number or a quantity"),
    (recipe(inputs={"ore": -1}), f"{SEP}.inputs.ore", "is below 0"),
    (recipe(inputs=3), f"{SEP}.inputs", "is not a map of names and values"),
    (recipe(outputs={}), f"{SEP}.outputs", "has too few entries"),
    (recipe(outputs={"ore": 1}), SEP, "is both an input and an output"),
    (recipe(carrier="nd"), SEP, "'carrier' 'nd' is none of the inputs"),
    (recipe(carier="ore"), f"{SEP}.carier", "is not a field here"),
    (recipe(cost="9 t"), f"{SEP}.cost", "does not measure the same as 'USD/t'"),
    (put("facilities", 0, start=2026), "facilities[eneabba].start", "is not a date"),
    (
        put("facilities", 0, start="2027-01-01", end="2026-01-01"),
        "facilities[eneabba]",
        "the end must come later",
    ),
    (put("facilities", 0, minimum_run=1), "facilities[eneabba]", "but no 'capacity'"),
    (
        lambda data: data["facilities"][0]["processes"].append(
            data["facilities"][0]["processes"][0]
        ),
        "facilities[eneabba]",
        "more than one process with the id sep",
    ),
    (put("expansions", 0, size=0), "expansions[line].size", "is not above 0"),
    (put("expansions", 0, ramp=[0.5, 2]), "expansions[line].ramp[1]", "is above 1"),
    (
        put("expansions", 0, start="2027-01-01", end="2026-01-01"),
        "expansions[line]",
        "the end must come later",
    ),
    (put("in_transit", 0, arrives=2026), "in_transit[ship].arrives", "is not a date"),
    (put("substitutions", 0, ratio=0), "substitutions[swap].ratio", "is not above 0"),
]


@pytest.mark.parametrize(
    ("change", "where", "what"), FAULTS, ids=[f"{where}-{what[:20]}" for _, where, what in FAULTS]
)
def test_a_record_that_is_wrong_in_itself_is_found_at_its_place(
    data: Data, change: Change, where: str, what: str
) -> None:
    change(data)
    (finding,) = findings(data)
    assert finding.where == where
    assert what in finding.what
    assert finding.remedy
