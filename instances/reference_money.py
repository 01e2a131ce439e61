"""What guaranteed prices, tariffs and rules on money name: makers, goods and places there are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from instances.errors import Finding, shortened

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from instances.price_floor import PriceFloor
    from instances.reference_scope import Scope


def money_findings(scope: Scope) -> Iterator[Finding]:
    """Yield what price floors, minimum import prices and tariffs name that is not there."""
    for place, floor in enumerate(scope.problem.price_floors):
        yield from _floor(scope, scope.where("price_floors", place), floor)
    for place, least in enumerate(scope.problem.minimum_import_prices):
        where = scope.where("minimum_import_prices", place)
        yield from scope.unknown(
            f"{where}.commodity", "commodities", least.commodity, "a commodity"
        )
        yield from _places(scope, f"{where}.zone", least.zone)
    yield from _tariffs(scope)


def _floor(scope: Scope, where: str, floor: PriceFloor) -> Iterator[Finding]:
    yield from scope.unknown(f"{where}.commodity", "commodities", floor.commodity, "a commodity")
    if floor.facility is not None:
        yield from scope.unknown(f"{where}.facility", "facilities", floor.facility, "a facility")
    if floor.offer is not None:
        yield from scope.unknown(f"{where}.offer", "offers", floor.offer, "an offer")
    sites = (item for item in scope.problem.facilities if item.id == floor.facility)
    makes = [name for site in sites for process in site.processes for name in process.outputs]
    sells = [item.commodity for item in scope.problem.offers if item.id == floor.offer]
    traded = makes + sells
    if traded and floor.commodity not in traded and scope.has("commodities", floor.commodity):
        yield Finding(
            f"{where}.commodity",
            f"is not what '{floor.facility or floor.offer}' {'makes' if makes else 'sells'}",
            shortened(floor.commodity),
            scope.nearest(floor.commodity, traded),
            "Name one of: " + ", ".join(dict.fromkeys(traded)) + ".",
        )


def _tariffs(scope: Scope) -> Iterator[Finding]:
    valued = {item.id for item in scope.problem.commodities if item.customs_value is not None}
    for place, tariff in enumerate(scope.problem.tariffs):
        where = scope.where("tariffs", place)
        yield from _places(scope, f"{where}.of", tariff.of)
        yield from _places(scope, f"{where}.into", tariff.into)
        if tariff.stage is not None:
            yield from scope.unknown_stage(f"{where}.stage", tariff.stage)
            continue
        names = (tariff.commodity,) if isinstance(tariff.commodity, str) else tariff.commodity
        for name in names or ():
            yield from scope.unknown(f"{where}.commodity", "commodities", name, "a commodity")
            if scope.has("commodities", name) and name not in valued:
                if not scope.complete("commodities"):
                    continue
                yield Finding(
                    f"{where}.rate",
                    f"is a share of the customs value of '{name}', which has none",
                    remedy=f"Add commodities[{name}].customs_value, or drop the tariff.",
                )


def _places(scope: Scope, where: str, value: str | tuple[str, ...]) -> Iterator[Finding]:
    alone = isinstance(value, str)
    for place, name in enumerate((value,) if isinstance(value, str) else value):
        if not scope.has("groups", name) and not scope.has_country(name):
            yield Finding(
                where if alone else f"{where}[{place}]",
                "names no country and no group",
                shortened(name),
                scope.nearest(name, scope.places),
                "Name a country by its three-letter code, or a group.",
            )
    if not isinstance(value, str):
        yield from scope.repeated(where, value)


def _expansions(scope: Scope, where: str, value: Any, rule: Any) -> Iterator[Finding]:
    for place, name in enumerate(value):
        yield from scope.unknown(f"{where}[{place}]", "expansions", name, "an expansion")
    yield from scope.repeated(where, value)


def _facility(scope: Scope, where: str, value: Any, rule: Any) -> Iterator[Finding]:
    yield from scope.unknown(where, "facilities", value, "a facility")
    site = next((item for item in scope.problem.facilities if item.id == value), None)
    if site is None or not scope.complete("commodities", "expansions"):
        return
    if all(item.facility != value for item in scope.problem.expansions):
        yield Finding(
            where,
            "names a facility at which nothing can be built",
            shortened(value),
            remedy=f"Add an expansion with facility: {value}, or remove the rule.",
        )
    priced = {item.id for item in scope.problem.commodities if item.market_price is not None}
    guaranteed = {item.commodity for item in scope.problem.price_floors if item.facility == value}
    asked = [name for process in site.processes for name in process.inputs]
    asked += [name for name in guaranteed if scope.has("commodities", name)]
    outputs = [name for process in site.processes for name in process.outputs]
    if priced.isdisjoint(outputs):
        asked += outputs
    for name in dict.fromkeys(asked):
        if name not in priced and scope.has("commodities", name):
            yield Finding(
                where,
                f"is judged by what '{name}' costs or brings, which has no market price",
                shortened(value),
                remedy=f"State commodities[{name}].market_price.",
            )


CHECKS: dict[str, Callable[[Scope, str, Any, Any], Iterator[Finding]]] = {
    "expansions": _expansions,
    "facility": _facility,
}
