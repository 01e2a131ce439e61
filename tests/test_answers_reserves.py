"""Reserves: what lies in a deposit, or a country, is taken once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from pydantic import ValidationError

from instances import Problem, apply, parse_edit
from instances.check import check
from optimizer import solve

if TYPE_CHECKING:
    from collections.abc import Callable

YEARS = {"start": "2026-01-01", "count": 3, "length": "1 yr"}


def _limit(of: str, reserves: float, **fields: Any) -> dict[str, Any]:
    rule = {"id": "ground", "kind": "reserve_limit", "of": of, "commodity": "metal"}
    return rule | {"reserves": reserves} | fields


def test_a_deposit_is_used_up_over_the_horizon(three_sellers: Callable[..., Problem]) -> None:
    cap = {"id": "cap", "kind": "share_cap", "of": "CHN", "commodity": "metal",
           "denominator": "demand", "max_share": 0.4}  # fmt: skip
    free = three_sellers(cap, periods=YEARS)
    held = three_sellers(cap, _limit("KAZ", 70), periods=YEARS)
    # each year 40 t at 50, 30 t at 80 and 30 t at 95: 7,250
    assert solve(free).objective == pytest.approx(3 * 7250)
    # of the 90 t out of Kazakhstan 20 are not there: they go unmet at 400 and not at 95
    result = solve(held)
    assert result.objective == pytest.approx(3 * 7250 + 20 * (400 - 95))
    (use,) = [use for use in result.verdict.uses if use.rule == "ground"]
    assert (use.node, use.value, use.slack) == ("2028", pytest.approx(70), pytest.approx(0))
    # a tonne more of it saves 400 - 95
    row = result.rules.query("rule == 'ground'").iloc[0]
    assert row["shadow_price_usd"] == pytest.approx(305)
    # the referee refuses the plan that takes 90 t
    (fault,) = check(held, solve(free).plan).faults
    assert "is broken by 20 t" in fault
    sentence = held.rules[1].sentence(held.names)
    assert sentence == "At most 70 t of metal can be taken out of Kazakhstan"


def test_one_deposit_is_a_supplier_or_a_facility(three_sellers: Callable[..., Problem]) -> None:
    dig = [{"id": "dig", "outputs": {"metal": 0.5}, "cost": 20, "yields": 0.8}]
    pit = {"id": "pit", "country": "KAZ", "capacity": 100, "processes": dig}
    offers = {"facilities": [pit], "periods": YEARS}
    # a tonne costs 20 / 0.4 = 50: the pit gives 40 t a year, China 60 t at 50, as much as it costs
    both = three_sellers(_limit("pit", 60), **offers)
    result = solve(both)
    assert result.objective == pytest.approx(3 * 100 * 50)
    (use,) = result.verdict.uses
    assert use.value <= 60 + 1e-6
    # in all of Kazakhstan 60 t: what it sells at 95 is not wanted anyway
    everything = apply(
        both, [parse_edit("rules[ground].of=KAZ"), parse_edit("offers[chn].available=0")]
    )
    # 60 t at 50 of the pit (95 is dearer), 30 t a year at 80, and 300 - 60 - 90 t unmet at 400
    assert solve(everything).objective == pytest.approx(60 * 50 + 90 * 80 + 150 * 400)


def test_ore_counts_where_it_was_dug(three_sellers: Callable[..., Problem]) -> None:
    plain = three_sellers(periods=YEARS).to_plain()
    # what China sells was dug in Kazakhstan, which has 100 t left
    plain["offers"][0]["ore"] = "KAZ"
    plain["rules"] = [_limit("KAZ", 100)]
    # 100 t at 50, 90 t at 80, 110 t unmet at 400
    assert solve(Problem.model_validate(plain)).objective == pytest.approx(5000 + 7200 + 44_000)


def test_in_a_tree_each_branch_has_the_whole_deposit(
    three_sellers: Callable[..., Problem],
) -> None:
    problem = three_sellers(
        _limit("CHN", 150),
        periods={"start": "2026-01-01", "count": 2, "length": "1 yr"},
        events=[{"id": "boom", "demand": 0.5, "start": "2027-01-01"}],
        scenarios=[
            {"id": "calm", "probability": 0.5},
            {"id": "half", "probability": 0.5, "events": ["boom"]},
        ],
    )
    # 2026: 100 t at 50. Then calm 50 t at 50, 30 at 80 and 20 at 95; half 50 t at 50
    calm, half = 50 * 50 + 30 * 80 + 20 * 95, 50 * 50
    result = solve(problem)
    assert result.objective == pytest.approx(5000 + 0.5 * calm + 0.5 * half)
    uses = {use.node: use.value for use in result.verdict.uses}
    assert sorted(uses.values()) == [pytest.approx(150), pytest.approx(150)]


def test_what_lies_beyond_may_be_had_at_a_penalty(three_sellers: Callable[..., Problem]) -> None:
    soft = three_sellers(_limit("CHN", 150, penalty=20), periods=YEARS)
    # 150 t at 50, 150 t at 50 + 20: cheaper than 80
    assert solve(soft).objective == pytest.approx(300 * 50 + 150 * 20)


def test_a_deposit_has_no_dates(three_sellers: Callable[..., Problem]) -> None:
    with pytest.raises(ValidationError, match="used up over the whole horizon"):
        three_sellers(_limit("CHN", 1, start="2026-01-01"))
