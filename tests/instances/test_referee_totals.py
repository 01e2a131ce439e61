from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from instances.directory import Party
from instances.plan import Plan
from instances.problem import Problem
from instances.referee.entries import read_entries
from instances.referee.faults import Faults
from instances.referee.terms import Terms
from instances.referee.totals import draw_ledger

if TYPE_CHECKING:
    from instances.ledger import Ledger

PlanMaker = Callable[..., Plan]
Data = dict[str, Any]

METAL = ("metal",)
CHINA = Party("CHN", frozenset({"CHN"}))
AUSTRALIA = Party("AUS", frozenset({"AUS"}))


def drawn(problem: Problem, plan: Plan) -> Ledger:
    """Return the ledger of ``plan``."""
    terms, faults = Terms(problem), Faults()
    ledger = draw_ledger(terms, read_entries(terms, plan, faults))
    assert faults.sentences == []
    return ledger


def test_the_ledger_holds_the_totals_of_the_plan(trade_data: Data, trade_plan: Plan) -> None:
    book = drawn(Problem.model_validate(trade_data), trade_plan)
    assert book.bought(METAL, "2026") == pytest.approx(120)
    assert book.bought(METAL, "2026", CHINA) == pytest.approx(80)
    assert book.bought(METAL, "2026", CHINA, by_value=True) == pytest.approx(1000)
    assert book.sold_by(METAL, "2026", lambda country, supplier: supplier) == {
        "Red": 60,
        "Blue": 20,
        "Roo": 40,
    }
    assert book.delivered(METAL, "2026", None) == pytest.approx(100)
    assert book.delivered(METAL, "2026", AUSTRALIA, ("USA",), "defence") == pytest.approx(24)
    assert book.demand(METAL, "2026") == pytest.approx(105)
    assert book.demand(METAL, "2026", ("USA",), "civil") == pytest.approx(55)
    assert book.sold(METAL, "2026", ("JPN",)) == pytest.approx(5)
    assert book.sold(METAL, "2026", ("USA",)) == 0
    assert book.stock("vault", "2026") == pytest.approx(12 + 8 + 5)


def test_what_is_drawn_from_stock_was_received_before(trade_data: Data, trade_plan: Plan) -> None:
    book = drawn(Problem.model_validate(trade_data), trade_plan)
    # USA: 80 delivered + 20 put in - 5 drawn; Japan: 20 delivered + 5 sold
    assert book.received(METAL, "2026", None, ("USA",)) == pytest.approx(95)
    assert book.received(METAL, "2026", None, ("JPN",)) == pytest.approx(25)
    assert book.received(METAL, "2026", AUSTRALIA, ("USA", "JPN")) == pytest.approx(40)


def test_tranches_of_an_offer_add_up_at_their_own_prices(depot: Problem, depot_plan: Plan) -> None:
    book = drawn(depot, depot_plan)
    # 30 at 150 and 10 at 200
    assert book.bought(METAL, "2027", AUSTRALIA) == pytest.approx(40)
    assert book.bought(METAL, "2027", AUSTRALIA, by_value=True) == pytest.approx(6500)
    assert book.bought(METAL, "2026", AUSTRALIA) == 0
    assert book.declared_excess("cap", "CHN", "metal", "2026") == pytest.approx(8.6)


def test_a_single_tonne_counts(trade_data: Data, plan_of: PlanMaker) -> None:
    plan = plan_of(
        purchases=[("2026", "red", 0, 1.0)],
        deliveries=[("2026", "us", "CHN", 1.0)],
        sales=[("2026", "scrap", "CHN", 1.0)],
        stocks=[("2026", "vault", "CHN", 1.0, 0.0, 1.0)],
    )
    book = drawn(Problem.model_validate(trade_data), plan)
    assert book.bought(METAL, "2026") == 1
    assert book.received(METAL, "2026", CHINA, ("USA",)) == 2
    assert book.sold(METAL, "2026") == 1
    assert book.stock("vault", "2026") == 1


def test_cover_means_the_demands_for_the_stored_goods_in_the_same_place(
    trade_data: Data, plan_of: PlanMaker
) -> None:
    trade_data["commodities"].append({"id": "ore", "stage": "mine", "basis": "product"})
    trade_data["demand"].append(
        {
            "id": "us-ore",
            "commodity": "ore",
            "country": "USA",
            "quantity": 1,
            "shortfall_cost": 1,
        }
    )
    book = drawn(Problem.model_validate(trade_data), plan_of())
    assert book.local_demands == {"vault": ("us", "navy")}
    # 85 t a year
    assert book.cover_tonnes("vault", "2026", 73) == pytest.approx(85 / 5)
