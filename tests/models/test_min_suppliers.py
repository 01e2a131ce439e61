"""Minimum number of suppliers: who is counted, and where the rule asks for anything."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from models import build

if TYPE_CHECKING:
    from collections.abc import Callable

    from instances.problem import Problem


def _sellers(problem: Problem) -> list[Any]:
    return build(problem).variables["chosen"].column("seller")


def test_offers_of_one_supplier_count_together(
    three_sellers: Callable[..., Problem], offer: Callable[..., Any], rule: Callable[..., Any]
) -> None:
    offers = [offer("CHN", 50, id="a"), offer("CHN", 60, id="b"), offer("AUS", 80)]
    problem = three_sellers(rule("min_suppliers", count=2, min_share=0.1), offers=offers)
    assert _sellers(problem) == ["CHN mine", "AUS mine"]
    assert len(build(problem).model.SOLD_OFFERS["rule", "metal", "CHN mine"]) == 2


def test_sellers_are_suppliers_or_countries_of_the_party(
    three_sellers: Callable[..., Problem], rule: Callable[..., Any]
) -> None:
    count = {"count": 1, "min_share": 0.1}
    countries = rule("min_suppliers", by="country", **count)
    partners = rule("min_suppliers", of="partners", **count)
    assert _sellers(three_sellers(countries)) == ["CHN", "AUS", "KAZ"]
    assert _sellers(three_sellers(partners)) == ["AUS mine", "KAZ mine"]


def test_where_nothing_is_demanded_it_asks_for_nothing(
    three_sellers: Callable[..., Problem], need: Callable[..., Any], rule: Callable[..., Any]
) -> None:
    problem = three_sellers(
        rule("min_suppliers", count=9, min_share=0.1),
        periods={"start": "2026-01-01", "count": 2, "length": "1 yr"},
        demand=[need({2026: 0, 2027: 100}, 400)],
    )
    assert build(problem).constraints["enough_sellers"].column("node") == ["2027"]
