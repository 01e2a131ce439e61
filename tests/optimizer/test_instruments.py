"""Instruments at one outlay, worked by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from instances import InputError, load
from optimizer import Instrument, Options, instruments

if TYPE_CHECKING:
    from collections.abc import Callable

    from instances import Problem

GRANT = Instrument("expansions[plant].grant", 0, 1)
DUTY = Instrument("tariffs[duty].rate", 0, 0.08)
DEAL = Instrument("contracts[deal].maximum", 0, 30)
STOCK = Instrument("rules[hold].tonnes", 0, 1_000)


@pytest.fixture(scope="module")
def market(problem_of: Callable[..., Problem], offer: Callable[..., Any]) -> Problem:
    """100 t needed; China sells at 50, Australia at 80 USD; a plant costs 40 and 20 a tonne."""
    return problem_of(
        offers=[offer("CHN", 50, 1_000), offer("AUS", 80, 30)],
        demand=[{"id": "us", "commodity": "metal", "country": "USA", "quantity": 100}],
        lanes=[
            {"id": code, "origin": code, "destination": "USA", "commodities": ["metal"]}
            for code in ("CHN", "AUS")
        ],
        facilities=[
            {
                "id": "smelter",
                "country": "USA",
                "capacity": 0,
                "processes": [{"id": "smelt", "outputs": {"metal": 1}, "cost": 40}],
            }
        ],
        expansions=[
            {
                "id": "plant",
                "facility": "smelter",
                "size": 50,
                "capex": 20,
                "capex_mode": "lump",
            }
        ],
        tariffs=[
            {"id": "duty", "of": "CHN", "into": "USA", "commodity": "metal", "rate": 0},
        ],
        contracts=[
            {"id": "deal", "offer": "aus", "maximum": 0, "take_or_pay": 1, "price": 80},
        ],
        stockpiles=[{"id": "vault", "commodity": "metal", "country": "USA"}],
        rules=[{"id": "hold", "kind": "stock_target", "stockpile": "vault", "tonnes": 0}],
    )


def test_what_six_hundred_dollars_buy(market: Problem) -> None:
    told = instruments(market, [GRANT, DUTY, DEAL, STOCK], 600)
    assert told.base.cost_usd == pytest.approx(5_000)
    assert told.base.share == {"metal": pytest.approx(1)}
    grant, duty, deal, stock = told.effects
    # built whole at more than a half granted: 50 t at 20 USD, of which 600 are three fifths
    assert grant.amount == pytest.approx(0.6, rel=1e-3)
    assert grant.outlay_usd == pytest.approx(600, rel=1e-3)
    assert grant.away_t == {"metal": pytest.approx(50)}
    # 100 t pay 6 USD each, a 6 % duty of 100: too little to move any, and the treasury's gain;
    # from 10 % on the plant takes half of what China sells
    assert duty.amount == pytest.approx(0.06, rel=1e-3)
    assert duty.outlay_usd == pytest.approx(-600, rel=1e-3)
    assert duty.away_t == {"metal": pytest.approx(0, abs=1e-6)}
    # each tonne at 80 in place of 50 USD costs 30: 20 t
    assert (deal.kind, deal.purse) == ("offtake", "buyer")
    assert deal.amount == pytest.approx(20, rel=1e-3)
    assert deal.away_t == {"metal": pytest.approx(20, rel=1e-3)}
    assert deal.share == {"metal": pytest.approx(0.8, rel=1e-3)}
    # 12 t at 50 USD are 43.8 days
    assert stock.cover_d == {"metal": pytest.approx(12 / 100 * 365, rel=1e-3)}
    assert stock.share == {"metal": pytest.approx(1)}
    assert "20 t more of metal from others" in told.summary()


def test_a_duty_is_turned_until_the_buyers_have_paid_the_sum(market: Problem) -> None:
    (duty,) = instruments(market, [Instrument("tariffs[duty].rate", 0, 0.3)], 1_800).effects
    # from 10 % on 50 t come from the plant at 60 USD; 50 t from China at 50 USD and the duty:
    # 3,000 + 2,500 + 5,000 r = 5,000 + 1,800 at 26 %. The treasury gets 50 * 26 = 1,300
    assert duty.amount == pytest.approx(0.26, rel=1e-3)
    assert duty.buyers_usd == pytest.approx(1_800, rel=1e-3)
    assert duty.outlay_usd == pytest.approx(-1_300, rel=1e-3)
    assert duty.away_t == {"metal": pytest.approx(50)}


def test_a_grant_that_builds_or_does_not_jumps_over_the_sum(market: Problem) -> None:
    (grant,) = instruments(market, [GRANT], 400).effects
    # half of 50 t at 20 USD is where it pays: 0 below, 500 USD above
    assert grant.amount == pytest.approx(0.5, rel=1e-3)
    assert grant.outlay_usd == pytest.approx(0, abs=1e-6)
    assert grant.next_usd == pytest.approx(500, rel=1e-3)
    assert grant.away_t == {"metal": pytest.approx(0, abs=1e-6)}


def test_what_can_be_turned_no_further_says_so(market: Problem) -> None:
    (deal,) = instruments(market, [DEAL], 2_000).effects
    # all 30 t cost 900 USD more
    assert (deal.amount, deal.reason) == (30, "it can be turned no further")
    assert deal.outlay_usd == pytest.approx(900)


def test_what_is_no_instrument_is_refused(market: Problem) -> None:
    other = [Instrument("demand[us].quantity", 0, 1), Instrument("rules[cap].max_share", 0, 1)]
    with pytest.raises(InputError) as refused:
        instruments(market, [*other, replace_range(GRANT)], 0)
    assert {finding.where for finding in refused.value.findings} == {
        "outlay",
        "demand[us].quantity",
        "rules[cap].max_share",
        GRANT.path,
    }
    late = instruments(market, [DEAL], 600, options=Options(time_limit=1e-6))
    assert not late.complete
    assert late.base.cost_usd is None


def replace_range(item: Instrument) -> Instrument:
    """Return an instrument that cannot be turned."""
    return Instrument(item.path, 0, 0)


@pytest.mark.deep
def test_a_floor_and_a_grant_build_the_same_refinery_from_the_same_sum_on() -> None:
    floor = Instrument("price_floors[eneabba-floor].floor", 69_000, 110_000)
    grant = Instrument("expansions[eneabba-build].grant", 0, 1)
    told = instruments(load("price-floor-refinery"), [floor, grant], 3e8)
    # the owner breaks even at 78,808 USD a tonne; in present value the grant is the same money
    first, second = told.effects
    assert first.amount == pytest.approx(78_807.7, rel=1e-5)
    assert first.outlay_usd == pytest.approx(0, abs=1)
    assert first.next_usd is not None
    assert second.next_usd == pytest.approx(first.next_usd, rel=1e-2)
    assert first.away_t == {"ndpr": pytest.approx(0, abs=1e-3)}
