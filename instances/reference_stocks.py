"""What the policies of stockpiles name, and what they would make of nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from instances.errors import Finding, shortened

if TYPE_CHECKING:
    from collections.abc import Iterator

    from instances.reference_scope import Scope
    from instances.stockpile import Stockpile


def stock_findings(scope: Scope) -> Iterator[Finding]:
    """Yield what stockpiles name that is not there, and limits on nothing."""
    for place, store in enumerate(scope.problem.stockpiles):
        where = scope.where("stockpiles", place)
        yield from _market(scope, f"{where}.market_share", store)
        yield from _classes(scope, f"{where}.serves", store)


def _market(scope: Scope, where: str, store: Stockpile) -> Iterator[Finding]:
    if store.market_share is None or not scope.complete("offers"):
        return
    offers = [offer for offer in scope.problem.offers if offer.commodity == store.commodity]
    if not offers:
        yield Finding(
            where,
            f"is a share of what is on offer of '{store.commodity}', which nobody offers",
            remedy="State 'fill_rate' in its place.",
        )
    for offer in offers:
        if any(tranche.capacity is None for tranche in offer.slices):
            yield Finding(
                where,
                f"is a share of what is on offer of '{store.commodity}', of which "
                f"offers[{offer.id}] is unlimited",
                remedy="Give every tranche of that offer a capacity, or state 'fill_rate' in "
                "place of 'market_share'.",
            )


def _classes(scope: Scope, where: str, store: Stockpile) -> Iterator[Finding]:
    yield from scope.repeated(where, store.serves or ())
    if not scope.complete("demand"):
        return
    classes = {
        demand.demand_class
        for demand in scope.problem.demand
        if (demand.commodity, demand.country) == (store.commodity, store.country)
    }
    for number, name in enumerate(store.serves or ()):
        if name not in classes:
            yield Finding(
                f"{where}[{number}]",
                f"is the class of no demand for '{store.commodity}' in {store.country}",
                shortened(name),
                scope.nearest(name, classes),
                "Name the class of a demand there, or drop 'serves'.",
            )
