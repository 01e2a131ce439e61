"""Known answers on contracts, worked by hand: taken or paid, signed or not, floors and sharing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from optimizer import Result, solve

if TYPE_CHECKING:
    from collections.abc import Callable

    from instances.problem import Problem

    Make = Callable[..., Problem]
    Words = Callable[..., Any]

YEARS = {"start": "2026-01-01", "count": 2, "length": "1 yr"}
NDPR: dict[str, Any] = {
    "id": "jare",
    "offer": "aus",
    "maximum": "7200 t/yr",
    "take_or_pay": "5000/7200",
    "floor": "110 USD/kg",
    "sharing": "30 %",
    "sharing_above": "150 USD/kg",
    "sharing_cap": "10 MUSD/yr",
}
"""Lynas and JARE, March 2026: 5,000 t a year to be taken, 7,200 available, a floor at 110 USD/kg,
30 % of what lies above 150 USD/kg shared up to 10 million USD a year."""


def _taken(result: Result) -> dict[str, float]:
    return {
        str(name): float(rows["taken_t"].sum())
        for name, rows in result.contracts.groupby("contract")
    }


def _accounts(result: Result) -> dict[str, float]:
    totals = result.verdict.totals.set_index("account")["buyer_usd"]
    return {str(name): float(usd) for name, usd in totals.items()}


def _lynas(problem_of: Make, offer: Words, need: Words, market: float, **fields: Any) -> Result:
    """Buy 6,000 t of a market at a price in USD/kg, under the contract or beside it."""
    contract = NDPR | {"take_or_pay": 5000 / 7200, "reference_price": f"{market} USD/kg"} | fields
    return solve(
        problem_of(
            offers=[offer("AUS", f"{market} USD/kg", 10_500), offer("CHN", f"{market} USD/kg")],
            contracts=[contract],
            demand=[need(6000)],
        )
    )


def test_below_the_floor_only_what_is_obliged_is_taken(
    problem_of: Make, offer: Words, need: Words
) -> None:
    # 5,000 t at 110 USD/kg, the other 1,000 at the market's 60: 550 + 60 million
    result = _lynas(problem_of, offer, need, 60)
    assert result.objective == pytest.approx(610e6)
    assert _taken(result) == pytest.approx({"jare": 5000})


def test_between_floor_and_threshold_the_contract_costs_the_market(
    problem_of: Make, offer: Words, need: Words
) -> None:
    assert _lynas(problem_of, offer, need, 120).objective == pytest.approx(720e6)


@pytest.mark.parametrize(
    ("market", "shared"),
    [
        # 6,000 t * 0.3 * 5 USD/kg = 9 million, below the cap
        (155, 9e6),
        # 6,000 t * 0.3 * 50 USD/kg = 90 million, cut at 10
        (200, 10e6),
    ],
)
@pytest.mark.parametrize("side", ["buyer", "seller"])
def test_a_high_price_is_shared_up_to_the_cap_in_either_direction(
    problem_of: Make, offer: Words, need: Words, market: float, shared: float, side: str
) -> None:
    # to the seller it is dear to take more than is obliged, unless the cap is passed anyway: with
    # nothing else on sale all 6,000 t are taken
    contract = NDPR | {
        "take_or_pay": 5000 / 7200,
        "reference_price": f"{market} USD/kg",
        "sharing_to": side,
    }
    result = solve(
        problem_of(offers=[offer("AUS", 1e9, 10_500)], contracts=[contract], demand=[need(6000)])
    )
    sign = -1 if side == "buyer" else 1
    assert _accounts(result)["sharing"] == pytest.approx(sign * shared)
    assert result.objective == pytest.approx(6000 * market * 1e3 + sign * shared)


def test_what_the_seller_is_due_is_no_more_than_the_smaller_of_rate_and_cap(
    problem_of: Make, offer: Words, need: Words
) -> None:
    # market 200: beside the 5,000 t that are due anyway, which pass the cap of 10 million, each
    # tonne of the contract costs the market: 6,000 * 200,000 + 10 million
    result = _lynas(problem_of, offer, need, 200, sharing_to="seller")
    assert result.objective == pytest.approx(1.21e9)
    # without a cap each costs 15,000 more, so that the minimum is taken: + 5,000 * 15,000
    result = _lynas(problem_of, offer, need, 200, sharing_to="seller", sharing_cap=None)
    assert result.objective == pytest.approx(1.275e9)
    assert _taken(result) == pytest.approx({"jare": 5000})


def test_in_a_slump_paying_beats_taking(problem_of: Make, offer: Words, need: Words) -> None:
    # 80 of 100 t a year are due at 50. Demand falls from 90 to 30 t: 30 are taken, 50 are paid for
    # and not taken; storing them would cost 50 * 3, and be of no use
    problem = problem_of(
        periods=YEARS,
        offers=[offer("CHN", 60, 200)],
        contracts=[
            {"id": "deal", "offer": "chn", "maximum": 100, "take_or_pay": 0.8, "price": 50}
        ],
        demand=[need({2026: 90, 2027: 30})],
        stockpiles=[{"id": "vault", "commodity": "metal", "country": "USA", "holding_cost": 3}],
    )
    result = solve(problem)
    assert result.objective == pytest.approx(90 * 50 + 80 * 50)
    assert _accounts(result)["take_or_pay"] == pytest.approx(50 * 50)
    assert _accounts(result)["purchase"] == pytest.approx(120 * 50)


def test_taking_beats_paying_where_another_tonne_costs_more_to_avoid(
    problem_of: Make, offer: Words, need: Words
) -> None:
    # the market falls to 20, but the 80 t are paid for in any case: 30 more only at the market
    problem = problem_of(
        offers=[offer("CHN", 20, 200)],
        contracts=[
            {"id": "deal", "offer": "chn", "maximum": 100, "take_or_pay": 0.8, "price": 50}
        ],
        demand=[need(110)],
    )
    result = solve(problem)
    assert result.objective == pytest.approx(80 * 50 + 30 * 20)
    assert _accounts(result)["take_or_pay"] == pytest.approx(0)


@pytest.mark.parametrize(("cost", "signed"), [(1500, 1.0), (1700, 0.0)])
def test_an_option_is_signed_only_when_it_pays(
    problem_of: Make, offer: Words, need: Words, cost: float, signed: float
) -> None:
    # 40 t a year for two years at 60 instead of 80 save 1,600
    problem = problem_of(
        periods=YEARS,
        offers=[offer("CHN", 80, 200)],
        contracts=[
            {
                "id": "deal",
                "offer": "chn",
                "maximum": 40,
                "price": 60,
                "commitment": "whole",
                "signing_cost": cost,
            }
        ],
        demand=[need(50)],
    )
    result = solve(problem)
    assert result.objective == pytest.approx(100 * 80 - signed * (1600 - cost))
    assert result.contracts["signed_fraction"].sum() == signed


def test_a_divisible_option_is_signed_as_far_as_it_is_used(
    problem_of: Make, offer: Words, need: Words
) -> None:
    # all of what is signed is paid for: 30 of 40 t are used in each year, so three quarters are
    problem = problem_of(
        periods=YEARS,
        offers=[offer("CHN", 80, 200)],
        contracts=[
            {
                "id": "deal",
                "offer": "chn",
                "maximum": 40,
                "take_or_pay": 1,
                "price": 60,
                "commitment": "divisible",
                "signing_cost": 400,
            }
        ],
        demand=[need(30)],
    )
    result = solve(problem)
    assert result.objective == pytest.approx(60 * 60 + 0.75 * 400)
    assert list(result.contracts["signed_fraction"]) == pytest.approx([0.75, 0])


def test_what_comes_too_late_is_not_signed(problem_of: Make, offer: Words, need: Words) -> None:
    # it would pay from 2027 on, and for that it must be signed in 2026, at the price of 2026, too
    def cost(sign_by: str) -> float:
        problem = problem_of(
            periods=YEARS,
            offers=[offer("CHN", {2026: 20, 2027: 80}, 200)],
            contracts=[
                {
                    "id": "deal",
                    "offer": "chn",
                    "maximum": 10,
                    "take_or_pay": 1,
                    "price": 60,
                    "commitment": "whole",
                    "sign_by": sign_by,
                }
            ],
            demand=[need(10)],
        )
        result = solve(problem)
        assert result.objective is not None
        return result.objective

    # 2027 alone: 200 + 600; from 2026 on it would cost 1,200, more than the market's 200 + 800
    assert cost("2028-01-01") == pytest.approx(800)
    assert cost("2027-01-01") == pytest.approx(1000)


def test_contract_and_offer_draw_on_one_mine(problem_of: Make, offer: Words, need: Words) -> None:
    # of 100 t a year 60 % are available; the contract has a right to half of those, 30 t, at 40;
    # the rest of the 60 costs 50, and 20 t come from elsewhere at 90
    problem = problem_of(
        offers=[offer("CHN", 50, 100, available=0.6), offer("AUS", 90)],
        contracts=[
            {"id": "deal", "offer": "chn", "maximum": 70, "price": 40, "priority_share": 0.5}
        ],
        demand=[need(80)],
    )
    assert solve(problem).objective == pytest.approx(30 * 40 + 30 * 50 + 20 * 90)


def test_what_the_mine_cannot_give_is_not_paid_for(
    problem_of: Make, offer: Words, need: Words
) -> None:
    # the mine falls to 20 t in 2027: the duty is 0.8 * 20, not 0.8 * 50; nothing is needed then
    problem = problem_of(
        periods=YEARS,
        offers=[offer("CHN", 50, {2026: 100, 2027: 20})],
        contracts=[{"id": "deal", "offer": "chn", "maximum": 50, "price": 40, "take_or_pay": 0.8}],
        demand=[need({2026: 50, 2027: 0})],
    )
    result = solve(problem)
    assert result.objective == pytest.approx(50 * 40 + 16 * 40)


def test_contracted_tonnes_count_as_bought_of_the_supplier(
    problem_of: Make, offer: Words, need: Words, rule: Words
) -> None:
    # a cap of 40 % leaves 40 t of the contract, whatever it would allow; 60 t cost 90
    problem = problem_of(
        offers=[offer("CHN", 50, 100), offer("AUS", 90)],
        contracts=[{"id": "deal", "offer": "chn", "maximum": 70, "price": 40}],
        demand=[need(100)],
        rules=[rule("share_cap", of="CHN", max_share=0.4, denominator="demand")],
    )
    result = solve(problem)
    assert result.objective == pytest.approx(40 * 40 + 60 * 90)
    shares = result.shares.set_index("country")["share_of_demand"]
    assert shares["CHN"] == pytest.approx(0.4)


def test_under_the_public_perspective_what_is_shared_is_still_recounted(
    problem_of: Make, offer: Words, need: Words
) -> None:
    problem = problem_of(
        perspective="public",
        offers=[offer("AUS", 1000, 100)],
        contracts=[
            {
                "id": "deal",
                "offer": "aus",
                "maximum": 100,
                "reference_price": 90,
                "sharing": 0.5,
                "sharing_above": 70,
                "sharing_cap": 300,
                "sharing_to": "seller",
                "take_or_pay": 1,
            }
        ],
        demand=[need(100)],
    )
    result = solve(problem)
    assert result.objective == pytest.approx(0)
    taken = _taken(result)["deal"]
    assert _accounts(result)["sharing"] == pytest.approx(min(10 * taken, 300))
