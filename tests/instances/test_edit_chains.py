"""Edits of chains: recipes by commodity, and numbers of plants and expansions."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from instances.edit import apply
from instances.errors import InputError
from instances.parse import parse
from instances.schedule import Schedule

if TYPE_CHECKING:
    from instances.problem import Problem


@pytest.fixture
def chain() -> Problem:
    """Eneabba separates ore into Nd and Dy; its capacity can be expanded."""
    return parse(
        {
            "name": "chain",
            "periods": {"start": "2026-01-01", "count": 3, "length": "1 yr"},
            "commodities": [
                {"id": name, "stage": "oxide", "basis": "REO"} for name in ("ore", "nd", "dy.99")
            ],
            "facilities": [
                {
                    "id": "eneabba",
                    "country": "AUS",
                    "capacity": 100,
                    "processes": [
                        {"id": "sep", "inputs": {"ore": 1}, "outputs": {"nd": 0.2, "dy.99": 0.01}}
                    ],
                }
            ],
            "expansions": [{"id": "line", "facility": "eneabba", "size": 50, "capex": 900}],
        }
    )


@pytest.mark.parametrize(
    ("text", "inputs", "outputs"),
    [
        ("outputs.nd=0.4", {"ore": 1}, {"nd": 0.4, "dy.99": 0.01}),
        ("outputs.nd+=50 kg/t", {"ore": 1}, {"nd": 0.25, "dy.99": 0.01}),
        ("outputs[dy.99]*=3", {"ore": 1}, {"nd": 0.2, "dy.99": 0.03}),
        ("outputs[*]*=2", {"ore": 1}, {"nd": 0.4, "dy.99": 0.02}),
        ("outputs*=2", {"ore": 1}, {"nd": 0.4, "dy.99": 0.02}),
        ("outputs={nd: 0.3}", {"ore": 1}, {"nd": 0.3}),
        ("inputs={}", {}, {"nd": 0.2, "dy.99": 0.01}),
    ],
)
def test_recipes_are_edited_by_commodity(
    chain: Problem, text: str, inputs: dict[str, float], outputs: dict[str, float]
) -> None:
    for which in ("facilities[eneabba].processes[sep]", "facilities[*].processes[*]"):
        (facility,) = apply(chain, [f"{which}.{text}"]).facilities
        (process,) = facility.processes
        assert process.inputs == pytest.approx(inputs)
        assert process.outputs == pytest.approx(outputs)


def test_a_commodity_can_be_added_to_a_recipe(chain: Problem) -> None:
    edits = [
        "facilities[eneabba].processes[sep].inputs={}",
        "facilities[eneabba].processes[sep].inputs.ore=2",
    ]
    (facility,) = apply(chain, edits).facilities
    assert facility.processes[0].inputs == {"ore": 2}


def test_numbers_of_chains_are_edited_as_any_other(chain: Problem) -> None:
    edited = apply(
        chain,
        [
            "expansions[line].capex*=1.2",
            "expansions[facility=eneabba].lead_time=2 yr",
            "facilities[eneabba].capacity[2028]+=50",
            "facilities[eneabba].processes[sep].cost[2027]=5 USD/kg",
        ],
    )
    (expansion,) = edited.expansions
    (facility,) = edited.facilities
    assert expansion.capex == Schedule.always(1080)
    assert expansion.lead_time == 730
    assert facility.capacity is not None
    assert facility.capacity.at(date(2027, 1, 1)) == 100
    assert facility.capacity.at(date(2028, 1, 1)) == 150
    assert facility.processes[0].cost.at(date(2026, 1, 1)) == 0
    assert facility.processes[0].cost.at(date(2027, 1, 1)) == 5000


@pytest.mark.parametrize(
    ("text", "what", "nearest"),
    [
        ("processes[sepp].outputs.nd=1", "names no record of 'processes'", "sep"),
        ("processes[sep].outputs.md*=2", "has no number to change", None),
        ("processes[sep].outputs.nd.x=2", "goes into 'nd', which has no fields", None),
        ("processes[sep].outputs[nd].x=2", "goes into a value of 'outputs'", None),
        ("processes[sep].outputs.nd[2027]=2", "has brackets after 'nd', which is one", None),
        ("processes[sep].outputs.nd=9 USD", "does not measure the same as 't/t'", None),
        ("processes[sep].outputs.ndd=0.1", "names a commodity that does not exist", "nd"),
        ("processes.outputs.nd=1", "does not say which of 'processes'", None),
    ],
)
def test_an_edit_of_a_recipe_that_does_not_fit_is_told(
    chain: Problem, text: str, what: str, nearest: str | None
) -> None:
    with pytest.raises(InputError) as caught:
        apply(chain, [f"facilities[eneabba].{text}"])
    (finding,) = caught.value.findings
    assert what in finding.what
    assert finding.nearest == nearest
