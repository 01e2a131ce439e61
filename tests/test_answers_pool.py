"""Known answers on pooled stockpiles: entitlements, borrowing, and what pooling saves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from instances.apart import apart
from optimizer import pooling, solve

if TYPE_CHECKING:
    from collections.abc import Callable

    from instances.problem import Problem

    Make = Callable[..., Problem]
    Words = Callable[..., Any]

HALVES = [{"country": "JPN", "share": 0.5}, {"country": "KOR", "share": 0.5}]
POOL = {
    "id": "pool",
    "commodity": "metal",
    "country": "USA",
    "holding_cost": 1,
    "members": HALVES,
    "loan_days": 730,
}
NOW_AND_THEN = {2026: 1000, 2027: 0, 2028: 1000, 2029: 0}


def _needs(need: Words, japan: Any, korea: Any) -> list[Any]:
    return [
        need(japan, 1000, id="jp", country="JPN"),
        need(korea, 1000, id="kr", country="KOR"),
    ]


@pytest.fixture
def in_turn(problem_of: Make, offer: Words, need: Words) -> Callable[..., Problem]:
    """Make a pool of two: nothing is sold in 2027 and 2029; Japan needs 10 t in 2027, Korea later.

    Korea needs its 10 t in the year given.
    """

    def make(year: int, **pool: Any) -> Problem:
        korea = {2026: 0, year: 10} | ({year + 1: 0} if year < 2029 else {})
        return problem_of(
            periods={"start": "2026-01-01", "count": 4, "length": "1 yr"},
            offers=[offer("CHN", 100, NOW_AND_THEN)],
            demand=_needs(need, {2026: 0, 2027: 10, 2028: 0}, korea),
            stockpiles=[POOL | pool],
        )

    return make


def test_where_needs_do_not_coincide_one_stock_does_for_two(
    in_turn: Callable[..., Problem],
) -> None:
    problem = in_turn(2029)
    result = solve(problem)
    # 10 t are put in in 2026, 5 for each; in 2027 Japan draws its 5 and borrows Korea's; of the
    # 10 t put in in 2028 its 5 make up for that, and Korea draws 10 in 2029. Bought 20 * 100, and
    # 10 t are held at the end of two years at 1
    assert result.objective == pytest.approx(2_000 + 20)
    books = result.members.set_index(["member", "node"])
    assert books["drawn_t"].unstack().loc["JPN"].tolist() == pytest.approx([0, 10, 0, 0])
    assert books["owed_t"].unstack().loc["JPN"].tolist() == pytest.approx([0, 5, 0, 0])
    assert books["entitled_t"].unstack().loc["KOR"].tolist() == pytest.approx([5, 5, 10, 0])
    # each pays half of what is put in and held
    assert books["purchases_usd"].groupby("member").sum().tolist() == pytest.approx([1000, 1000])
    assert books["holding_usd"].groupby("member").sum().tolist() == pytest.approx([10, 10])
    gain = pooling(problem).iloc[0]
    # apart each keeps its own 10 t: 20 in all, against 10 together
    assert gain[["pooled_t", "separate_t", "gain_t"]].tolist() == pytest.approx([10, 20, 10])
    assert gain["gain_usd"] == pytest.approx(0)


def test_where_needs_coincide_nothing_is_saved(in_turn: Callable[..., Problem]) -> None:
    gain = pooling(in_turn(2027)).iloc[0]
    assert gain[["pooled_t", "separate_t", "gain_t"]].tolist() == pytest.approx([20, 20, 0])
    # 20 * 100 bought and 20 t held at 1, either way
    assert gain[["pooled_usd", "separate_usd"]].tolist() == pytest.approx([2_020, 2_020])


def test_what_room_there_is_serves_both_in_turn(in_turn: Callable[..., Problem]) -> None:
    gain = pooling(in_turn(2029, capacity=10)).iloc[0]
    # apart there is room for 5 t each: 10 t are bought at 100 and held at 1, 10 are short at 1000
    assert gain["pooled_usd"] == pytest.approx(2_020)
    assert gain["separate_usd"] == pytest.approx(1_000 + 10 + 10_000)
    assert gain["gain_t"] == pytest.approx(0)


def test_without_a_plan_there_is_no_gain_and_a_reason(problem_of: Make, need: Words) -> None:
    problem = problem_of(
        demand=[need(10, id="jp", country="JPN"), need(10, 500, id="kr", country="KOR")],
        stockpiles=[POOL | {"opening": 12}],
    )
    # Japan draws its 6 t and can borrow nothing that would be back at the end
    gain = pooling(problem).iloc[0]
    assert gain[["pooled_t", "separate_t", "gain_t"]].isna().all()
    assert gain["reason"] == "pooled: infeasible"


@pytest.mark.parametrize(
    ("terms", "limit", "short", "back"),
    [
        # a quarter of the 40 t there are: 10 of 25 t
        ({"loan_days": None}, None, 15, 0),
        ({}, 8, 7, 8),
        ({}, None, 0, 15),
        # due within 73 days: drawn evenly, 12.5 t are 10 in the first 292 days of 2026, and 2.5
        # borrowed in the 73 days from which they are due in 2027, when there is something to buy
        ({"loan_days": 73}, None, 12.5, 2.5),
    ],
)
def test_a_member_draws_its_share_and_borrows_within_limits(
    problem_of: Make,
    offer: Words,
    need: Words,
    terms: dict[str, Any],
    limit: float | None,
    short: float,
    back: float,
) -> None:
    japan = {"country": "JPN", "share": 0.25} | ({} if limit is None else {"borrowing": limit})
    pool = POOL | {"opening": 40, "loan_days": 365, "holding_cost": 0} | terms
    problem = problem_of(
        periods={"start": "2026-01-01", "count": 2, "length": "1 yr"},
        offers=[offer("CHN", 100, start="2027-01-01")],
        demand=_needs(need, {2026: 25, 2027: 0}, {2026: 0, 2027: 20}),
        stockpiles=[pool | {"members": [japan, {"country": "KOR", "share": 0.75}]}],
    )
    result = solve(problem)
    # Korea draws 20 of its 30 t in 2027, when Japan buys at 100 what it has to give back; what
    # it may not draw is short at 1000
    assert result.objective == pytest.approx(1_000 * short + 100 * back)
    books = result.members.groupby("member")
    assert books["drawn_t"].sum().to_dict() == pytest.approx({"JPN": 25 - short, "KOR": 20})
    assert books["given_back_t"].sum().to_dict() == pytest.approx({"JPN": back, "KOR": 0})
    assert books["purchases_usd"].sum().to_dict() == pytest.approx({"JPN": 100 * back, "KOR": 0})


def test_the_country_of_a_pool_draws_what_is_used_in_it(problem_of: Make, need: Words) -> None:
    members = [{"country": "USA", "share": 0.5}, {"country": "JPN", "share": 0.5}]
    problem = problem_of(
        demand=[need(8, 1000), need(30, 1000, id="jp", country="JPN")],
        outlets=[{"id": "scrap", "commodity": "metal", "country": "USA", "price": 5}],
        stockpiles=[POOL | {"opening": 40, "loan_days": None, "members": members}],
    )
    # Japan draws its 20 t, 10 are short; the United States use 8 and sell the 12 that are left
    assert solve(problem).objective == pytest.approx(10 * 1000 - 12 * 5)


def test_a_lane_that_loses_goods_is_charged_to_its_member(problem_of: Make, need: Words) -> None:
    lane = {"id": "way", "origin": "USA", "destination": "JPN", "commodities": ["metal"]}
    members = [{"country": "JPN", "share": 0.5}, {"country": "USA", "share": 0.5}]
    problem = problem_of(
        demand=[need(30, 1000, id="jp", country="JPN")],
        lanes=[lane | {"loss": 0.1}],
        stockpiles=[
            POOL | {"opening": 40, "loan_days": None, "holding_cost": 0, "members": members}
        ],
    )
    # of the 20 t it may draw 18 arrive: 12 are short
    assert solve(problem).objective == pytest.approx(12 * 1000)


def test_what_decays_is_lost_to_all_by_share(problem_of: Make, need: Words) -> None:
    problem = problem_of(
        periods={"start": "2026-01-01", "count": 2, "length": "1 yr"},
        demand=_needs(need, {2026: 0, 2027: 20}, {2026: 0, 2027: 20}),
        stockpiles=[POOL | {"opening": 40, "loan_days": None, "holding_cost": 0, "decay": 0.5}],
    )
    result = solve(problem)
    # of 40 t 20 are left after 2026, 10 after 2027: 5 for each, 15 short
    assert result.objective == pytest.approx(2 * 15 * 1000)
    assert result.members["entitled_t"].tolist() == pytest.approx([10, 10, 0, 0])


def test_a_target_on_a_pool_covers_the_demand_of_its_members(
    problem_of: Make, offer: Words, need: Words, rule: Words
) -> None:
    problem = problem_of(
        offers=[offer("CHN", 100)],
        demand=[*_needs(need, 365, 730), need(50, 1000)],
        stockpiles=[POOL],
        rules=[rule("stock_target", stockpile="pool", cover_days=10)],
    )
    result = solve(problem)
    # 10 days of 3 t a day are put in besides the 1,145 t needed, and held at 1
    assert result.objective == pytest.approx(100 * (1_145 + 30) + 30)
    assert result.stocks["cover_d"].tolist() == pytest.approx([10])


def test_apart_every_member_keeps_its_own(
    problem_of: Make, offer: Words, need: Words, rule: Words
) -> None:
    pool = POOL | {"opening": 8, "capacity": 40, "fill_rate": {2026: 20}, "market_share": 0.2}
    members = [{"country": "JPN", "share": 0.25}, {"country": "KOR", "share": 0.75}]
    problem = problem_of(
        offers=[offer("CHN", 100, 500)],
        demand=_needs(need, 365, 730),
        stockpiles=[pool | {"members": members}, POOL | {"id": "other"}],
        rules=[
            rule("stock_target", id="held", stockpile="pool", tonnes=12),
            rule("stock_target", id="cover", stockpile="pool", cover_days=3, demand=["kr"]),
            rule("stock_target", id="rest", stockpile="other", tonnes=1),
        ],
    )
    own = apart(problem, "pool")
    stores = {item.id: item for item in own.stockpiles}
    assert list(stores) == ["pool-JPN", "pool-KOR", "other"]
    korea = stores["pool-KOR"]
    assert (korea.opening, korea.capacity, korea.market_share) == pytest.approx((6, 30, 0.15))
    assert korea.fill_rate is not None
    assert korea.fill_rate.values == pytest.approx((15,))
    assert (korea.loan_days, [item.share for item in korea.members]) == (None, [1.0])
    targets = [(item.id, item.stockpile) for item in own.rules]
    assert targets == [
        ("held-JPN", "pool-JPN"),
        ("held-KOR", "pool-KOR"),
        ("cover-KOR", "pool-KOR"),
        ("rest", "other"),
    ]
    assert own.rules[1].tonnes.values == pytest.approx((9,))


def test_the_summary_says_who_shares_and_what_each_draws_and_pays(
    in_turn: Callable[..., Problem],
) -> None:
    text = solve(in_turn(2029)).summary()
    assert "Japan (50 %) and South Korea (50 %) share pool" in text
    assert "borrow of one another for up to 730 days" in text
    line = next(line for line in text.splitlines() if line.startswith("  Japan "))
    assert line.split("  ")[-1].strip() == "1,010 USD"
    assert " 10 t " in line
    assert " 5 t " in line
