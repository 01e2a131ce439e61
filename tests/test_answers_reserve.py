"""Known answers on the policy of reserves: market share, rotation, declared release, loans."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from optimizer import solve

if TYPE_CHECKING:
    from collections.abc import Callable

    from instances.problem import Problem

    Make = Callable[..., Problem]
    Words = Callable[..., Any]

YEARS = {"start": "2026-01-01", "count": 2, "length": "1 yr"}
VAULT = {"id": "vault", "commodity": "metal", "country": "USA"}
DURING_2027 = [{"start": "2027-01-01", "end": "2028-01-01"}]


def test_a_reserve_takes_a_share_of_what_is_on_offer(
    problem_of: Make, offer: Words, need: Words
) -> None:
    problem = problem_of(
        periods=YEARS,
        offers=[
            offer("CHN", 50, 60, available=0.5, end="2027-01-01"),
            offer("AUS", 60, 40),
            offer("KAZ", 70, 30, start="2027-01-01"),
        ],
        demand=[need({2026: 0, 2027: 100}, 400)],
        stockpiles=[VAULT | {"market_share": 0.2}],
    )
    # of the 30 + 40 t on offer in 2026 the vault takes 14, from China at 50; in 2027 AUS sells 40
    # and KAZ 30; 100 - 14 - 70 = 16 t are short: 14*50 + 40*60 + 30*70 + 16*400
    assert solve(problem).objective == pytest.approx(700 + 2400 + 2100 + 6400)


def test_stock_is_turned_over_at_a_cost(problem_of: Make, offer: Words, need: Words) -> None:
    turned = {"rotation": 0.2, "rotation_cost": 5}
    problem = problem_of(
        periods={
            "start": "2026-01-01",
            "parts": [{"count": 1, "length": "1 yr"}, {"count": 1, "length": "2 yr"}],
        },
        offers=[offer("CHN", 50)],
        demand=[need(100)],
        stockpiles=[VAULT | {"opening": 40, "release": "declared"} | turned],
    )
    result = solve(problem)
    # nothing may be released: 8 t are rotated in 2026, 16 t in the two years from 2027; the
    # 300 t of demand are bought: 300 * 50 + 24 * 5
    assert result.objective == pytest.approx(15_000 + 120)
    assert result.plan.handling["rotate"].tolist() == pytest.approx([8, 16])
    assert result.stocks["stock_t"].tolist() == pytest.approx([40, 40])


@pytest.mark.parametrize(
    ("policy", "drawn"),
    [
        ({}, [60, 40]),
        # nothing is declared
        ({"release": "declared"}, [0, 0]),
        ({"release": "declared", "declared": DURING_2027}, [0, 90]),
        # 30 % a year of the 100 t held when it begins
        ({"release": "declared", "declared": DURING_2027, "pace": 0.3}, [0, 30]),
        # 1 % a day of 100 t over 73 days of the year
        (
            {
                "release": "declared",
                "declared": [{"start": "2027-03-01", "end": "2027-05-13"}],
                "pace": "1 %/d",
            },
            [0, 73],
        ),
        # the same 100 t are the measure for both years: 25 t each
        (
            {
                "release": "declared",
                "declared": [{"start": "2026-01-01", "end": "2028-01-01"}],
                "pace": 0.25,
            },
            [25, 25],
        ),
    ],
)
def test_a_reserve_is_released_as_declared_and_paced(
    problem_of: Make, need: Words, policy: dict[str, Any], drawn: list[float]
) -> None:
    problem = problem_of(
        periods=YEARS,
        demand=[need({2026: 60, 2027: 90}, {2026: 500, 2027: 400})],
        stockpiles=[VAULT | {"opening": 100} | policy],
    )
    result = solve(problem)
    # every tonne not drawn is short: at 500 in 2026, at 400 in 2027
    assert result.objective == pytest.approx((60 - drawn[0]) * 500 + (90 - drawn[1]) * 400)
    assert result.stocks["draw_t"].tolist() == pytest.approx(drawn)


def test_a_reserve_gives_no_more_than_its_classes_receive(problem_of: Make, need: Words) -> None:
    stores = [
        VAULT | {"id": "army", "opening": 50, "serves": ["defence"], "owner": "the army"},
        VAULT | {"id": "navy", "opening": 50, "serves": ["defence"], "owner": "the navy"},
    ]
    problem = problem_of(
        demand=[need(80, 900), need(30, 400, id="defence", demand_class="defence")],
        stockpiles=stores,
    )
    # civil users would pay more, but only the 30 t that the forces need are given by both together
    assert solve(problem).objective == pytest.approx(80 * 900)


def test_what_is_lent_comes_back_in_time(problem_of: Make, offer: Words, need: Words) -> None:
    loans = {"opening": 100, "release": "declared", "loan_days": 365}
    problem = problem_of(
        periods={"start": "2026-01-01", "count": 3, "length": "1 yr"},
        offers=[offer("CHN", 50, {2026: 0, 2027: 120, 2028: 90})],
        demand=[need({2026: 70, 2027: 60, 2028: 60}, 400)],
        stockpiles=[VAULT | loans],
    )
    # The 70 t of 2026 are lent and must be back in 2027; of the 120 t on offer then 60 are used
    # and 60 come back, so that 10 t more are lent in 2027, which come back in 2028 out of 90 - 60.
    # Nothing is short, and in all 190 t are bought.
    result = solve(problem)
    assert result.objective == pytest.approx(190 * 50)
    assert result.plan.handling["lend"].sum() >= 80 - 1e-6
    assert result.stocks["stock_t"].tolist()[-1] == pytest.approx(100)


def test_a_loan_cannot_be_had_without_goods_to_give_back(problem_of: Make, need: Words) -> None:
    problem = problem_of(
        demand=[need(70, 400)],
        stockpiles=[VAULT | {"opening": 100, "release": "declared", "loan_days": 900}],
    )
    # it would be due after the horizon, and so at its end: nothing can be lent
    assert solve(problem).objective == pytest.approx(70 * 400)


def test_reserves_at_several_stages_and_of_several_owners_serve_one_demand(
    problem_of: Make, offer: Words, need: Words
) -> None:
    ore = {"id": "ore", "stage": "mine", "basis": "product"}
    metal = {"id": "metal", "stage": "metal", "basis": "product"}
    melt = {"id": "melt", "inputs": {"ore": 2}, "outputs": {"metal": 1}, "cost": 10}
    problem = problem_of(
        commodities=[metal, ore],
        facilities=[{"id": "smelter", "country": "USA", "capacity": 15, "processes": [melt]}],
        demand=[need(50, 400)],
        stockpiles=[
            VAULT | {"opening": 20, "owner": "the state"},
            VAULT | {"id": "ores", "commodity": "ore", "opening": 40, "owner": "the smelter"},
        ],
    )
    # 20 t of metal lie ready, 30 of the 40 t of ore make 15 t more at 10, 15 t are short
    assert solve(problem).objective == pytest.approx(15 * 10 + 15 * 400)


def test_stock_that_cannot_be_rotated_is_told(problem_of: Make, offer: Words, need: Words) -> None:
    problem = problem_of(
        offers=[offer("CHN", 50)],
        demand=[need(100)],
        stockpiles=[VAULT | {"opening": 40, "rotation": 0.5, "fill_rate": 15}],
    )
    # 20 of 40 t are due, 15 t can be put in
    (told,) = solve(problem).broken
    assert (told.kind, told.id, told.unit) == ("stockpile", "vault", "t")
    assert told.amount == pytest.approx(5)
