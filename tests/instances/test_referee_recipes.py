"""The referee holds processes to their recipes, and to what may be thrown away."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from instances.check import check
from instances.problem import Problem
from tests.instances.smelted import TRACED, PlanMaker, smelting, tracing

Data = dict[str, Any]


@pytest.fixture
def metal_of(plan_of: PlanMaker) -> PlanMaker:
    return partial(smelting, plan_of)


@pytest.mark.parametrize(
    ("row", "values", "fault"),
    [
        (
            0,
            {"tonnes": 29.0},
            "uses 29 t of 'ore', but its activity needs 30 t.",
        ),
        # half a tonne of acid for each of activity
        (
            1,
            {"tonnes": 16.0},
            "uses 16 t of 'acid', but its activity needs 15 t.",
        ),
        (
            1,
            {"commodity": "metal", "tag": "ore:AUS"},
            "uses 15 t of 'metal', but its activity needs 0 t.",
        ),
        (
            1,
            {"commodity": "metal", "tag": "ore:AUS"},
            "uses 'metal' with tag 'ore:AUS', which is not of that blend.",
        ),
    ],
)
def test_a_process_takes_in_what_its_recipe_says(
    metal_of: PlanMaker, tampered: PlanMaker, row: int, values: Data, fault: str
) -> None:
    plan = tampered(metal_of(*TRACED), "uses", row, **values)
    where = "Facility 'lamp' (process 'smelt', blend 'any&ore:AUS') in 2026"
    assert f"{where} {fault}" in check(tracing(), plan).faults


def test_a_tag_that_an_input_cannot_have_is_a_fault(
    metal_of: PlanMaker, tampered: PlanMaker
) -> None:
    plan = tampered(metal_of(*TRACED), "uses", 0, tag="ore:BRA")
    assert (
        "Table uses has 'ore' with tag 'ore:BRA' (lamp, 2026); its tags are ore:CHN, ore:AUS."
        in check(tracing(), plan).faults
    )


@pytest.mark.parametrize(
    ("goods", "tag", "country", "wrong"),
    [
        ("metal", "ore:CHN", "MYS", False),
        # nobody makes ore, and nobody makes metal in the USA
        ("ore", "ore:CHN", "MYS", True),
        ("metal", "ore:CHN", "USA", True),
    ],
)
def test_only_what_a_process_makes_is_thrown_away_and_there_alone(
    metal_of: PlanMaker, tampered: PlanMaker, goods: str, tag: str, country: str, wrong: bool
) -> None:
    lot = {"node": "2026", "commodity": goods, "tag": tag, "country": country, "tonnes": 0.0}
    plan = tampered(metal_of(*TRACED), "disposals", 0, **lot)
    fault = (
        f"Table disposals has {goods!r} with tag {tag!r} in {country} in 2026; no process there "
        "makes it."
    )
    assert check(tracing(), plan).faults == ((fault,) if wrong else ())


def test_what_may_not_be_thrown_away_is_not(metal_of: PlanMaker, tampered: PlanMaker) -> None:
    data = tracing().to_plain()
    next(item for item in data["commodities"] if item["id"] == "metal")["disposable"] = False
    lot = {"node": "2026", "commodity": "metal", "tag": "ore:CHN", "country": "MYS"}
    plan = tampered(metal_of(*TRACED), "disposals", 0, **lot, tonnes=0.0)
    fault = (
        "Table disposals has 'metal' with tag 'ore:CHN' in MYS in 2026; it may not be thrown away."
    )
    assert check(Problem.model_validate(data), plan).faults == (fault,)
