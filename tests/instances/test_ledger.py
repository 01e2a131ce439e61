from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from instances.directory import Directory, Party
from instances.ledger import Ledger, Lot, Lots
from instances.periods import Periods
from instances.schedule import Schedule
from instances.tree import grow, periods_of, ways_of

CHINA = Party("CHN", frozenset({"CHN"}))
PARTNERS = Party("partners", frozenset({"AUS", "KAZ"}))
RED = Party("Red", frozenset(), "Red")


def by_supplier(country: str, supplier: str) -> str:
    """Name a seller by its supplier."""
    return supplier


def by_country(country: str, supplier: str) -> str:
    """Name a seller by its country."""
    return country


def ledger(periods: dict[str, Any] | None = None, **parts: Any) -> Ledger:
    """Return a ledger of ``parts``; the rest is empty."""
    stated = Periods.model_validate(
        periods or {"start": "2026-01-01", "count": 2, "length": "1 yr"}
    )
    lots = (
        "purchases",
        "payments",
        "made",
        "capacities",
        "receipts",
        "deliveries",
        "sales",
        "needs",
    )
    tables = ("stocks", "excesses", "rates", "local_demands")
    given: dict[str, Any] = {name: Lots(parts.get(name, ())) for name in lots}
    given |= {name: parts.get(name, {}) for name in tables}
    return Ledger(
        directory=Directory({}, {}),
        periods=periods_of(grow(stated)),
        ways=ways_of(grow(stated)),
        horizon=stated,
        **given,
    )


def lot(
    amount: float,
    tag: str = "any",
    country: str = "USA",
    demand_class: str = "civil",
    commodity: str = "metal",
    node: str = "2026",
) -> Lot:
    """Return a lot for tests."""
    return Lot(node, commodity, country, demand_class, tag, amount)


def test_what_is_bought_of_a_party_counts_by_country_group_and_supplier() -> None:
    book = ledger(
        purchases=[
            lot(1, "CHN/Red"),
            lot(2, "CHN/Blue"),
            lot(4, "AUS/Red"),
            lot(8, "KAZ/Steppe"),
            lot(16, "CHN/Red", node="2027"),
            lot(32, "CHN/Red", commodity="ore"),
        ]
    )
    assert book.bought(("metal",), "2026") == 15
    assert book.bought(("metal",), "2026", CHINA) == 3
    assert book.bought(("metal",), "2026", PARTNERS) == 12
    assert book.bought(("metal",), "2026", RED) == 5
    assert book.bought(("metal",), "2027", RED) == 16
    assert book.bought(("metal", "ore"), "2026", RED) == 37


def test_value_is_what_was_paid() -> None:
    book = ledger(purchases=[lot(2, "CHN/Red")], payments=[lot(700, "CHN/Red")])
    assert book.bought(("metal",), "2026", CHINA, by_value=True) == 700
    assert book.bought(("metal",), "2026", None, by_value=True) == 700


def test_deliveries_count_by_buyer_and_class() -> None:
    book = ledger(
        deliveries=[
            lot(1, "CHN"),
            lot(2, "CHN", demand_class="defence"),
            lot(4, "CHN", country="JPN", demand_class="defence"),
            lot(8, "AUS"),
        ]
    )
    assert book.delivered(("metal",), "2026", CHINA) == 7
    assert book.delivered(("metal",), "2026", CHINA, ("USA",)) == 3
    assert book.delivered(("metal",), "2026", CHINA, ("USA", "JPN"), "defence") == 6
    assert book.delivered(("metal",), "2026", None, ("USA",)) == 11
    assert book.delivered(("metal",), "2026", None, None, "defence") == 6


def test_unknown_sellers_count_only_where_the_rule_says_so() -> None:
    lots = [lot(1, "CHN"), lot(2, "unknown"), lot(4, "AUS")]
    book = ledger(deliveries=lots, receipts=lots)
    assert book.delivered(("metal",), "2026", CHINA) == 1
    assert book.delivered(("metal",), "2026", CHINA, counts_unknown=True) == 3
    assert book.received(("metal",), "2026", CHINA, ("USA",)) == 1
    assert book.received(("metal",), "2026", CHINA, ("USA",), counts_unknown=True) == 3
    assert book.delivered(("metal",), "2026", None) == 7


def test_lots_of_no_known_tag_belong_to_nobody() -> None:
    book = ledger(deliveries=[lot(5, "any")])
    assert book.delivered(("metal",), "2026", CHINA, counts_unknown=True) == 0
    assert book.delivered(("metal",), "2026", None) == 5


def test_a_supplier_is_told_apart_from_others_in_its_country() -> None:
    book = ledger(deliveries=[lot(1, "CHN/Red"), lot(2, "CHN/Blue"), lot(4, "AUS/Red")])
    assert book.delivered(("metal",), "2026", RED) == 5
    assert book.delivered(("metal",), "2026", CHINA) == 3


def test_what_a_party_makes_counts_as_bought_of_it_but_has_no_price() -> None:
    book = ledger(
        purchases=[lot(1, "CHN/Red"), lot(2, "AUS/Roo")],
        payments=[lot(100, "CHN/Red"), lot(300, "AUS/Roo")],
        made=[lot(4, "CHN/works"), lot(8, "KAZ/mill")],
    )
    assert book.bought(("metal",), "2026", CHINA) == 5
    assert book.bought(("metal",), "2026", PARTNERS) == 10
    assert book.bought(("metal",), "2026", Party("works", frozenset(), "works")) == 4
    assert book.bought(("metal",), "2026") == 15
    assert book.bought(("metal",), "2026", CHINA, by_value=True) == 100
    # who makes sells, under the name of its facility
    assert book.sold_by(("metal",), "2026", by_supplier) == {
        "Red": 1,
        "Roo": 2,
        "works": 4,
        "mill": 8,
    }


def test_a_lot_is_the_partys_by_its_maker_its_ore_or_any_step() -> None:
    lots = [
        lot(1, "CHN/Red;ore:AUS"),
        lot(2, "AUS/Roo;ore:CHN;touched:CHN"),
        lot(4, "KAZ/mill;ore:AUS;touched:CHN"),
        lot(8, "KAZ/mill;ore:unknown;unsure:CHN"),
    ]
    book = ledger(purchases=lots[:2], made=lots[2:], deliveries=lots, receipts=lots)
    for count in (book.bought, book.received, book.delivered):
        extra: dict[str, Any] = {} if count == book.bought else {"buyers": None}
        found = {
            origin: (
                count(("metal",), "2026", party=CHINA, origin=origin, **extra),
                count(
                    ("metal",), "2026", party=CHINA, origin=origin, counts_unknown=True, **extra
                ),
            )
            for origin in ("direct", "traced", "touched")
        }
        assert found == {"direct": (1, 1), "traced": (2, 10), "touched": (6, 14)}


def test_demand_and_sales_count_by_buyer() -> None:
    book = ledger(
        needs=[lot(3), lot(5, country="JPN"), lot(7, demand_class="defence")],
        sales=[lot(2), lot(4, country="JPN")],
    )
    assert book.demand(("metal",), "2026") == 15
    assert book.demand(("metal",), "2026", ("USA",)) == 10
    assert book.demand(("metal",), "2026", ("USA",), "defence") == 7
    assert book.demand(("ore",), "2026") == 0
    assert book.sold(("metal",), "2026") == 6
    assert book.sold(("metal",), "2026", ("JPN",)) == 4


def test_sellers_are_listed_by_supplier_or_country() -> None:
    book = ledger(
        purchases=[lot(1, "CHN/Red"), lot(2, "CHN/Blue/Sky"), lot(4, "AUS/Red"), lot(8, "KAZ/Red")]
    )
    by_name = book.sold_by(("metal",), "2026", by_supplier)
    assert by_name == {"Red": 13, "Blue/Sky": 2}
    assert book.sold_by(("metal",), "2026", by_country) == {"CHN": 3, "AUS": 4, "KAZ": 8}
    assert book.sold_by(("metal",), "2026", by_supplier, PARTNERS) == {"Red": 12}
    assert book.sold_by(("metal",), "2027", by_supplier) == {}


def test_stock_and_excess_are_nothing_where_the_plan_has_no_row() -> None:
    book = ledger(stocks={("vault", "2026"): 9.0}, excesses={("cap", "CHN", "metal", "2026"): 3.0})
    assert book.stock("vault", "2026") == 9
    assert book.stock("vault", "2027") == 0
    assert book.declared_excess("cap", "CHN", "metal", "2026") == 3
    assert book.declared_excess("cap", "CHN", "metal", "2027") == 0


def by_year(**tonnes: float) -> Schedule:
    """Return a yearly schedule: ``y2026=10.0``."""
    return Schedule(tuple((date(int(year[1:]), 1, 1), rate) for year, rate in tonnes.items()))


@pytest.mark.parametrize(
    ("node", "days", "tonnes"),
    [
        # 2027 has 365 days and 365 t: a tonne a day
        ("2026", 60, 60.0),
        # 2028 is a leap year with 732 t: two a day
        ("2027", 60, 120.0),
        # all of 2027 and 100 days of 2028
        ("2026", 465, 365 + 200.0),
        # beyond the horizon the stated demand: 2029 has 365 days and 1,095 t, three a day
        ("2027", 366 + 10, 732 + 30.0),
        # from 2029 on the last rate holds: 2030 as 2029
        ("2028", 365 + 5, 1095 + 15.0),
        ("2026", 0, 0.0),
        ("2026", 0.5, 0.5),
    ],
)
def test_cover_counts_the_days_that_follow_in_the_periods_they_fall_in(
    node: str, days: float, tonnes: float
) -> None:
    book = ledger(
        {"start": "2026-01-01", "count": 3, "length": "1 yr"},
        rates={"us": by_year(y2026=999.0, y2027=365.0, y2028=732.0, y2029=1095.0)},
        local_demands={"vault": ("us",)},
    )
    assert book.cover_tonnes("vault", node, days) == pytest.approx(tonnes, rel=1e-12)


def test_cover_reaches_from_a_year_into_months_and_past_the_horizon() -> None:
    book = ledger(
        {
            "start": "2026-01-01",
            "parts": [{"count": 1, "length": "1 yr"}, {"count": 2, "length": "1 month"}],
        },
        rates={"us": by_year(y2026=730.0)},
        local_demands={"vault": ("us",)},
    )
    # January and February 2027 are 31 and 28 days at 2 t; March on, as months, are beyond
    assert list(book.periods) == ["2026", "2027-01", "2027-02"]
    assert book.cover_tonnes("vault", "2026", 45) == pytest.approx(90)
    assert book.cover_tonnes("vault", "2026", 31 + 28 + 31 + 3) == pytest.approx(186)
    assert book.cover_tonnes("vault", "2027-02", 40) == pytest.approx(80)


def test_cover_reads_rates_on_the_first_day_of_each_period() -> None:
    book = ledger(
        {"start": "2026-01-01", "count": 8, "length": "1 quarter"},
        rates={"us": Schedule(((date(2026, 1, 1), 365.0), (date(2026, 8, 1), 730.0)))},
        local_demands={"vault": ("us",)},
    )
    # the doubling in August is seen from October on: 92 days of Q3 at 1 t, 8 of Q4 at 2 t
    assert book.cover_tonnes("vault", "2026-Q2", 100) == pytest.approx(92 + 16)


def test_cover_counts_the_local_demands_unless_told_which() -> None:
    book = ledger(
        rates={
            "us": by_year(y2026=365.0),
            "navy": by_year(y2026=730.0),
            "eu": by_year(y2026=36.5),
        },
        local_demands={"vault": ("us", "navy"), "empty": ()},
    )
    assert book.cover_tonnes("vault", "2026", 10) == pytest.approx(30)
    assert book.cover_tonnes("vault", "2026", 10, ("eu",)) == pytest.approx(1)
    assert book.cover_tonnes("empty", "2026", 10) == 0


def test_demand_that_has_not_begun_needs_no_cover() -> None:
    book = ledger(
        {"start": "2026-01-01", "count": 3, "length": "1 yr"},
        rates={"us": by_year(y2028=366.0)},
        local_demands={"vault": ("us",)},
    )
    # 365 days of 2027 without demand, then a tonne a day in the leap year
    assert book.cover_tonnes("vault", "2026", 375) == pytest.approx(10)
