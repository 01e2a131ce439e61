"""Of which suppliers the buyers could take, or take, more than half."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from instances import InputError, Problem, apply, parse_edit
from instances.contestable import open_holds, open_sentences, taken_holds
from optimizer import solve

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.fixture(scope="module")
def market(three_sellers: Callable[..., Problem]) -> Problem:
    """Return G1 with a buyer: USA needs 100 t; CHN makes 200 t, AUS 30 t, KAZ 50 t."""
    cap = {"id": "cap", "kind": "share_cap", "of": "CHN", "commodity": "metal"}
    return three_sellers(cap | {"max_share": 0.5, "denominator": "demand"}, buyers=["USA"])


def _with(problem: Problem, *edits: str) -> Problem:
    return apply(problem, [parse_edit(edit) for edit in edits])


def test_without_a_word_on_others_every_supplier_is_the_buyers(market: Problem) -> None:
    assert [(hold.country, hold.share) for hold in open_holds(market)] == [
        ("CHN", 1.0), ("AUS", 1.0), ("KAZ", 1.0),
    ]  # fmt: skip
    (told,) = open_sentences(market)
    assert told.startswith("More than 50 % of what ")
    assert "(metal, 100 % in 2026)" in told


@pytest.mark.parametrize(("available", "told"), [(0.5, False), (0.51, True)])
def test_a_half_is_not_more_than_a_half(market: Problem, available: float, told: bool) -> None:
    problem = _with(market, f"offers[*].available={available}")
    assert (open_sentences(problem) != ()) == told
    assert len(open_holds(problem)) == (3 if told else 0)


def test_what_is_allotted_or_made_at_home_takes_nothing_from_others(market: Problem) -> None:
    assert open_holds(_with(market, "offers[*].allotted=true")) == ()
    abroad = open_holds(_with(market, "offers[chn].country=USA"))
    assert [hold.country for hold in abroad] == ["AUS", "KAZ"]


def test_a_problem_without_buyers_does_not_say_who_is_abroad(
    three_sellers: Callable[..., Problem],
) -> None:
    assert open_sentences(three_sellers()) == ()


def test_tranches_and_offers_of_one_supplier_are_one(market: Problem) -> None:
    # of 200 + 30 + 50 t of one supplier, 40 + 30 + 50 = 120 t are for sale: 42.9 %
    one = _with(
        market, "offers[*].supplier=One", "offers[*].country=CHN", "offers[chn].available=0.2"
    )
    assert open_holds(one) == ()
    # 90 + 80 of 280 t: 60.7 %
    two = _with(one, "offers[chn].available=0.45")
    (hold,) = open_holds(two)
    assert (hold.supplier, hold.share) == ("One", pytest.approx(170 / 280))


def test_the_year_of_the_largest_hold_is_named(three_sellers: Callable[..., Problem]) -> None:
    problem = three_sellers(
        periods={"start": "2026-01-01", "count": 3, "length": "1 yr"}, buyers=["USA"]
    )
    ramp = "offers[aus].available={2026: 0.1, 2027: 0.6, 2028: 0.8}"
    problem = _with(problem, "offers[*].available=0.5", ramp)
    (hold,) = open_holds(problem)
    assert (hold.node, hold.share) == ("2028", 0.8)


def test_what_a_plan_takes_is_told_with_what_it_would_move(market: Problem) -> None:
    # the cap leaves 50 t to AUS (30 of 30 t) and KAZ (20 of 50 t); CHN sells 50 of 200 t
    result = solve(market)
    (hold,) = taken_holds(market, result.plan)
    assert (hold.country, hold.share) == ("AUS", pytest.approx(1.0))
    (told,) = result.warnings
    assert told.startswith("The plan buys more than 50 % of what ")
    # 15 t of AUS and 35 of 50 t of KAZ
    half = solve(_with(market, "offers[aus].available=0.5"))
    assert [(hold.country, hold.share) for hold in taken_holds(half.problem, half.plan)] == [
        ("KAZ", pytest.approx(0.7))
    ]


def test_offers_without_a_capacity_are_told_apart(market: Problem) -> None:
    endless = _with(market, "offers[*].available=0.5", "offers[chn].capacity=null")
    assert open_holds(endless) == ()
    assert open_sentences(endless) == ("Offers without a capacity sell any amount: chn.",)


@pytest.mark.parametrize("edit", ["delivery_probability=0.9", "allotted=true"])
def test_a_part_of_an_unlimited_capacity_is_refused(market: Problem, edit: str) -> None:
    with pytest.raises(InputError, match="announced or allotted"):
        _with(market, "offers[chn].capacity=null", f"offers[chn].{edit}")


def test_check_and_validate_say_so(market: Problem) -> None:
    from service.run import outline

    assert outline(market)["warnings"] == list(open_sentences(market))


def test_where_the_demand_of_others_is_stated_nothing_more_is_asked(market: Problem) -> None:
    others = {"id": "jp", "commodity": "metal", "country": "JPN", "quantity": 10}
    plain = market.to_plain()
    assert open_holds(Problem.model_validate(plain | {"demand": [*plain["demand"], others]})) == ()
