"""What rules on sellers name and need: groups, governance, incumbents, capacities."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from instances.errors import Finding, shortened

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from instances.reference_scope import Scope
    from instances.rules.sellers import SellerRule


def _goods(rule: SellerRule) -> tuple[str, ...]:
    return (rule.commodity,) if isinstance(rule.commodity, str) else rule.commodity.each


def _as_one(scope: Scope, where: str, value: Any, rule: Any) -> Iterator[Finding]:
    owner: dict[str, str] = {}
    for place, name in enumerate(value):
        path = f"{where}[{place}]"
        yield from scope.unknown(path, "groups", name, "a group")
        for code in sorted(scope.problem.directory.groups.get(name, ())):
            if owner.setdefault(code, name) != name:
                yield Finding(
                    path,
                    f"holds {code}, which is in '{owner[code]}' too and can count with one of "
                    "them only",
                    shortened(name),
                    remedy="Name groups that have no country in common.",
                )
    yield from scope.repeated(where, value)


def _governance(scope: Scope, where: str, value: Any, rule: Any) -> Iterator[Finding]:
    if not value or not scope.complete("countries"):
        return
    known = scope.problem.directory.governance
    for code in sorted({country for country, _ in _sellers(scope, rule)} - known.keys()):
        yield Finding(
            where,
            f"weighs countries by their governance, which is not stated of {code}, a seller",
            "true",
            remedy=f"Add it under 'countries': {{id: {code}, governance: ...}}, the estimate of "
            "the World Bank from -2.5 to 2.5.",
        )


def _incumbents(scope: Scope, where: str, value: Any, rule: Any) -> Iterator[Finding]:
    yield from scope.repeated(where, value)
    if rule.by == "country":
        for place, code in enumerate(value):
            yield from scope.unknown_country(f"{where}[{place}]", code)
    elif scope.complete("offers", "facilities"):
        names = {supplier for _, supplier in _sellers(scope, rule)}
        for place, name in enumerate(value):
            if name not in names:
                yield Finding(
                    f"{where}[{place}]",
                    "names nobody who sells or makes the commodity",
                    shortened(name),
                    scope.nearest(name, names),
                    "Name suppliers as their offers spell them, and facilities by their id.",
                )
    yield from _limited(scope, where, rule)


def _all_or_none(scope: Scope, where: str, value: Any, rule: Any) -> Iterator[Finding]:
    if value:
        yield from _limited(scope, where, rule)


def _limited(scope: Scope, where: str, rule: Any) -> Iterator[Finding]:
    """Yield what sells without a limit: not to sell is a yes/no choice, which needs one."""
    goods = set(_goods(rule))
    open_ = [
        scope.where("offers", place)
        for place, offer in enumerate(scope.problem.offers)
        if offer.commodity in goods and any(part.capacity is None for part in offer.slices)
    ]
    open_ += [
        scope.where("facilities", place)
        for place, facility in enumerate(scope.problem.facilities)
        if facility.capacity is None
        and any(goods & process.outputs.keys() for process in facility.processes)
    ]
    for name in open_:
        yield Finding(
            where,
            f"makes it a yes/no choice whether {name} sells, which has no capacity",
            remedy="Give it a 'capacity': the most it can sell decides what a choice allows.",
        )


def _sellers(scope: Scope, rule: Any) -> Iterator[tuple[str, str]]:
    """Yield country and supplier of whoever sells or makes what a rule is about."""
    goods = set(_goods(rule))
    for offer in scope.problem.offers:
        if offer.commodity in goods:
            yield offer.country, offer.supplier
    for facility in scope.problem.facilities:
        if any(goods & process.outputs.keys() for process in facility.processes):
            yield facility.country, facility.id


CHECKS: dict[str, Callable[[Scope, str, Any, Any], Iterator[Finding]]] = {
    "as_one": _as_one,
    "governance": _governance,
    "incumbents": _incumbents,
    "all_or_none": _all_or_none,
}
