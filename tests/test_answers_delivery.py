"""Announced capacity counts as expected: its tonnes times the probability of delivery."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from instances import InputError, Problem, apply, parse_edit
from instances.check import check
from optimizer import solve

if TYPE_CHECKING:
    from collections.abc import Callable


def test_of_an_announced_mine_the_expected_tonnes_are_bought(
    three_sellers: Callable[..., Problem],
) -> None:
    cap = {"id": "cap", "kind": "share_cap", "of": "CHN", "commodity": "metal"}
    problem = three_sellers(cap | {"max_share": 0.6, "denominator": "demand"})
    announced = apply(problem, [parse_edit("offers[aus].delivery_probability=0.5")])
    # 60 t x 50 + 15 t (half of 30) x 80 + 25 t x 95 = 6,575; with all 30 t it is 6,350
    assert solve(problem).objective == pytest.approx(6350)
    result = solve(announced)
    assert result.objective == pytest.approx(6575)
    # the referee refuses the plan that counts on all of it
    (fault,) = check(announced, solve(problem).plan).faults
    assert "30 t" in fault
    assert "15 t" in fault


def test_a_contract_gives_a_right_to_the_expected_tonnes(
    three_sellers: Callable[..., Problem],
) -> None:
    contract = {"id": "deal", "offer": "aus", "maximum": 30, "price": 40, "priority_share": 0.5}
    problem = three_sellers(contracts=[contract])
    announced = apply(problem, [parse_edit("offers[aus].delivery_probability=0.6")])
    # 30 x 0.6 x 0.5 = 9 t at 40, 91 t at 50: 4,910; of all that is announced 15 t: 4,850
    assert solve(problem).objective == pytest.approx(4850)
    assert solve(announced).objective == pytest.approx(4910)
    assert check(announced, solve(problem).plan).faults != ()


def _mine(**fields: Any) -> Problem:
    """Return 100 t needed, short at 400; a mine of 50 t at 10 and a pit that can be built."""
    dig = [{"id": "dig", "outputs": {"metal": 1}, "cost": 10}]
    plain = {
        "name": "announced",
        "periods": {"start": "2026-01-01", "count": 1, "length": "1 yr"},
        "commodities": [{"id": "metal", "stage": "metal", "basis": "product", "material": "m"}],
        "facilities": [
            {"id": "mine", "country": "USA", "capacity": 50, "processes": dig},
            {"id": "pit", "country": "USA", "capacity": 0, "processes": dig},
        ],
        "expansions": [
            {
                "id": "dug", "facility": "pit", "size": 40, "capex": 20, "capex_mode": "lump",
                "lumpy": True,
            }
        ],
        "demand": [
            {
                "id": "us", "commodity": "metal", "country": "USA", "quantity": 100,
                "shortfall_cost": 400,
            }
        ],
    }  # fmt: skip
    return Problem.model_validate(plain | fields)


def test_of_what_is_built_all_is_paid_and_the_expected_part_runs() -> None:
    sure = _mine()
    # 90 t x 10 + 40 t/yr x 20 + 10 t short x 400 = 5,700
    assert solve(sure).objective == pytest.approx(5700)
    doubtful = apply(
        sure,
        [
            parse_edit("expansions[dug].delivery_probability=0.75"),
            parse_edit("facilities[mine].delivery_probability=0.8"),
        ],
    )
    # 0.8 x 50 + 0.75 x 40 = 70 t x 10 + 40 t/yr x 20 + 30 t short x 400 = 13,500
    assert solve(doubtful).objective == pytest.approx(13_500)
    faults = check(doubtful, solve(sure).plan).faults
    assert len(faults) == 2
    assert [name in fault for name, fault in zip(("mine", "pit"), faults, strict=True)] == [
        True,
        True,
    ]


def test_a_benchmark_counts_expected_capacity() -> None:
    rule = {
        "id": "tenth", "kind": "benchmark", "of": "USA", "stage": "metal", "min_share": 0.7,
    }  # fmt: skip
    doubtful = _mine(
        rules=[rule],
        offers=[
            {
                "id": "own", "supplier": "Own", "country": "USA", "commodity": "metal",
                "price": 1000, "capacity": 20, "delivery_probability": 0.5,
            }
        ],
    )  # fmt: skip
    doubtful = apply(
        doubtful,
        [
            parse_edit("expansions[dug].delivery_probability=0.75"),
            parse_edit("facilities[mine].delivery_probability=0.8"),
        ],
    )
    # 0.8 x 50 + 0.75 x 40 + 0.5 x 20 = 80 of the 100 t that are used: 80 %
    (use,) = [use for use in solve(doubtful).verdict.uses if use.rule == "tenth"]
    assert use.value == pytest.approx(0.8)
    more = solve(apply(doubtful, [parse_edit("rules[tenth].min_share=0.81")]))
    assert more.status.point == "infeasible"


def test_a_facility_without_a_capacity_announces_nothing() -> None:
    with pytest.raises(InputError, match="'delivery_probability' but no 'capacity'"):
        apply(
            _mine(),
            [
                parse_edit("facilities[mine].capacity=null"),
                parse_edit("facilities[mine].delivery_probability=0.5"),
            ],
        )
