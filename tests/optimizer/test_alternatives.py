"""Near-optimal plans: ranges and ties worked by hand, and plans that keep within the margin."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from instances import load, parse
from instances.check import check
from instances.errors import InputError
from optimizer import Options, alternatives

if TYPE_CHECKING:
    from instances.problem import Problem


def _market(*prices: tuple[str, float, float], demand: float = 100.0) -> Problem:
    data: dict[str, Any] = {
        "name": "market",
        "periods": {"start": "2026-01-01", "count": 1, "length": "1 yr"},
        "commodities": [{"id": "metal", "stage": "metal", "basis": "metal"}],
        "offers": [
            {"id": code.lower(), "supplier": code, "country": code, "commodity": "metal"}
            | {"price": price, "capacity": capacity}
            for code, price, capacity in prices
        ],
        "demand": [{"id": "need", "commodity": "metal", "country": "USA", "quantity": demand}],
    }
    return parse(data)


def test_the_range_of_each_partner_is_what_the_margin_buys() -> None:
    # 100 t at 50 cost 5,000; 10 % more is 500 USD, which pays 30 USD/t more for 16.667 t of AUS
    # at 80, or 45 USD/t more for 11.111 t of KAZ at 95
    found = alternatives(_market(("CHN", 50, 200), ("AUS", 80, 200), ("KAZ", 95, 200)), 0.1)
    table = found.ranges.set_index("country")
    assert found.least_cost == pytest.approx(5_000)
    assert table["least_t"].to_dict() == pytest.approx({"CHN": 100 - 50 / 3, "AUS": 0, "KAZ": 0})
    assert table["greatest_t"].to_dict() == pytest.approx(
        {"CHN": 100, "AUS": 50 / 3, "KAZ": 100 / 9}
    )
    assert table["determined"].all()
    assert table["share_greatest"]["AUS"] == pytest.approx(1 / 6)


def test_equal_offers_are_not_determined_and_the_others_are() -> None:
    problem = _market(("CHN", 50, 40), ("AUS", 80, 60), ("KAZ", 80, 60), ("CAN", 99, 60))
    table = alternatives(problem, 0.0).ranges.set_index("country")
    assert table["determined"].to_dict() == {"CHN": True, "AUS": False, "KAZ": False, "CAN": True}
    # 60 t are left to two sellers of 60 t each
    assert table.loc["AUS", ["least_t", "greatest_t"]].tolist() == pytest.approx([0, 60])
    assert "not determined at least cost" in alternatives(problem, 0.0).summary()


def test_kept_plans_lie_within_the_margin_pass_the_referee_and_differ() -> None:
    found = alternatives(load("gallium-usa"), 0.03, 4)
    assert len(found.plans) == 4
    assert found.least_cost is not None
    assert found.plans[0].premium == pytest.approx(0, abs=1e-9)
    for plan in found.plans:
        assert check(found.problem, plan.plan, claimed=plan.cost).faults == ()
        assert plan.cost <= found.least_cost * 1.03 * (1 + 1e-6)
    distances = [plan.distance for plan in found.plans[1:]]
    assert distances == sorted(distances, reverse=True)
    assert min(distances) > 0.05


def test_the_reported_part_lies_in_its_range() -> None:
    table = alternatives(load("gallium-usa"), 0.02, 2).ranges
    assert (table["least_t"] <= table["now_t"]).all()
    assert (table["now_t"] <= table["greatest_t"]).all()


def test_yes_no_choices_stay_yes_or_no() -> None:
    found = alternatives(load("steel-lanes"), 0.05, 3)
    for plan in found.plans:
        assert check(found.problem, plan.plan, claimed=plan.cost).faults == ()


def test_without_a_plan_there_is_nothing_to_choose_from() -> None:
    found = alternatives(_market(("CHN", 50, 40)))
    assert found.plans == ()
    assert "There is no plan" in found.summary()
    assert found.to_plain()["least_cost_usd"] is None


def test_time_that_runs_out_is_said() -> None:
    found = alternatives(load("rare-earths-usa"), options=Options(time_limit=0.2))
    assert not found.complete
    assert "Stopped early" in found.summary() or found.least_cost is None


@pytest.mark.parametrize(("margin", "count"), [(-0.1, 5), (0.1, 0)])
def test_no_margin_and_no_plans_are_refused(margin: float, count: int) -> None:
    with pytest.raises(InputError):
        alternatives(load("gallium-usa"), margin, count)
