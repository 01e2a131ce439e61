"""Known answers on groups, paths and soft limits; the sum stands in a comment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from optimizer import solve

if TYPE_CHECKING:
    from collections.abc import Callable

    from instances.problem import Problem

    Make = Callable[..., Problem]
    Words = Callable[..., Any]


def test_a_friend_shoring_floor_of_60_percent(three_sellers: Make, rule: Words) -> None:
    floor = rule("share_floor", of="partners", min_share=0.6, denominator="demand")
    result = solve(three_sellers(floor))
    # 40 * 50 + 30 * 80 + 30 * 95
    assert result.objective == pytest.approx(7250)
    # a tonne more from the partners is Kazakh, not Chinese: 95 - 50
    assert result.rules["shadow_price_usd"].tolist() == pytest.approx([45 * 100])


def test_no_country_outside_the_partners_has_more_than_a_tenth(
    three_sellers: Make, offer: Words, rule: Words
) -> None:
    offers = [offer("CHN", 50), offer("RUS", 60), offer("AUS", 80, 60), offer("KAZ", 95)]
    problem = three_sellers(
        rule("share_cap", of={"each": "others"}, max_share=0.1, denominator="demand"),
        offers=offers,
        groups={"partners": ["AUS", "KAZ"], "others": {"outside": "partners"}},
    )
    result = solve(problem)
    # 10 * 50 + 10 * 60 + 60 * 80 + 20 * 95
    assert result.objective == pytest.approx(7800)
    assert result.rules["who"].tolist() == ["CHN", "RUS"]
    # one for all of them: 10 * 50 + 60 * 80 + 30 * 95
    together = rule("share_cap", of="others", max_share=0.1, denominator="demand")
    problem = three_sellers(
        together,
        offers=offers,
        groups={"partners": ["AUS", "KAZ"], "others": {"outside": "partners"}},
    )
    assert solve(problem).objective == pytest.approx(8150)


@pytest.mark.parametrize(
    ("interpolate", "cost"),
    [
        # China has 90 t in 2026 and 2027, 50 t in 2028: 5,300 + 5,300 + 6,800 of G1
        (False, 17_400),
        # 70 t in 2027: 5,300 + 5,900 + 6,800
        (True, 18_000),
    ],
)
def test_a_path_of_caps_is_held_or_interpolated(
    three_sellers: Make, rule: Words, interpolate: bool, cost: float
) -> None:
    path: dict[Any, Any] = {2026: 0.9, 2028: 0.5}
    if interpolate:
        path["interpolate"] = True
    cap = rule("share_cap", of="CHN", max_share=path, denominator="demand")
    problem = three_sellers(cap, periods={"start": "2026-01-01", "count": 3, "length": "1 yr"})
    # dates are counted in calendar years: 2027 lies in the middle
    assert solve(problem).objective == pytest.approx(cost)


@pytest.mark.parametrize(
    ("demand", "penalty", "cost", "points"),
    [
        # of 100 t a point is a tonne, and Kazakhstan costs 45 more than China, Australia 30
        (100, 46, 6350, 0),  # the hard answer: 60 * 50 + 30 * 80 + 10 * 95
        (100, 44, 6340, 10),  # 70 * 50 + 30 * 80 + 10 * 44
        (100, 29, 6160, 40),  # 100 * 50 + 40 * 29
        # of 50 t a point is half a tonne, so that 23 a point is 46 a tonne: 30 * 50 + 20 * 80
        (50, 23, 3100, 0),
        # 14 a point is 28 a tonne: 50 * 50 + 40 * 14
        (50, 14, 3060, 40),
    ],
)
def test_a_soft_cap_is_paid_by_the_point(
    three_sellers: Make,
    need: Words,
    rule: Words,
    demand: float,
    penalty: float,
    cost: float,
    points: float,
) -> None:
    cap = rule(
        "share_cap", of="CHN", max_share=0.6, denominator="demand", penalty_per_point=penalty
    )
    result = solve(three_sellers(cap, demand=[need(demand, 400)]))
    assert result.objective == pytest.approx(cost)
    assert result.rules["excess"].tolist() == pytest.approx([points * demand / 100])


def test_a_soft_floor_is_paid_by_the_point(three_sellers: Make, rule: Words) -> None:
    floor = rule(
        "share_floor", of="partners", min_share=0.6, denominator="demand", penalty_per_point=40
    )
    # Australia's 30 t are worth it, Kazakhstan is not: 70 * 50 + 30 * 80 + 30 * 40
    assert solve(three_sellers(floor)).objective == pytest.approx(7100)


def test_without_demand_there_are_no_points_to_pay_for(
    three_sellers: Make, need: Words, rule: Words
) -> None:
    # stock is wanted in a year without demand: China, cheap, may sell nothing of nothing
    cap = rule("share_cap", of="CHN", max_share=0.6, denominator="demand", penalty_per_point=1)
    target = rule("stock_target", id="target", stockpile="vault", tonnes=10)
    vault = {"id": "vault", "commodity": "metal", "country": "USA"}
    problem = three_sellers(cap, target, demand=[need(0, 400)], stockpiles=[vault])
    # 10 * 80
    assert solve(problem).objective == pytest.approx(800)
