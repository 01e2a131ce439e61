"""What rules name: parties, commodities, stages, buyers, classes of demand, stockpiles, demands.

The checks go by field, not by kind of rule: a field means the same on every record that has it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from instances import (
    reference_benchmarks,
    reference_money,
    reference_sellers,
    reference_survival,
)
from instances.directory import COUNTRY_LENGTH
from instances.errors import Finding, shortened
from instances.reference_owners import entities
from instances.rules.share_scope import EachCommodity, EachParty
from instances.rules.survival import Survival

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from instances.reference_scope import Scope


def rule_findings(scope: Scope) -> Iterator[Finding]:
    """Yield what rules name that is not there."""
    for place, rule in enumerate(scope.problem.rules):
        where = scope.where("rules", place)
        for name, check in CHECKS.items():
            value = getattr(rule, name, None)
            if value is not None:
                yield from check(scope, f"{where}.{name}", value, rule)


def _listed(where: str, value: Any) -> list[tuple[str, str]]:
    """Return the names in a field with their paths: of one, of several, of each of several."""
    if isinstance(value, EachParty | EachCommodity):
        return _listed(f"{where}.each", value.each)
    if isinstance(value, str):
        return [(where, value)]
    return [(f"{where}[{place}]", name) for place, name in enumerate(value)]


def _repeated(scope: Scope, where: str, value: Any) -> Iterator[Finding]:
    if isinstance(value, EachParty | EachCommodity):
        yield from _repeated(scope, f"{where}.each", value.each)
    elif not isinstance(value, str):
        yield from scope.repeated(where, value)


def _of(scope: Scope, where: str, value: Any, rule: Any) -> Iterator[Finding]:
    alone = isinstance(value, str)
    if isinstance(rule, Survival):
        # whoever can be cut off may stand in a list, too
        for path, name in _listed(where, value):
            if not scope.parties & {name, ""} and "" not in scope.suppliers:
                yield reference_survival.nobody(scope, path, name)
        yield from _repeated(scope, where, value)
        return
    holders = entities(scope) if getattr(rule, "stake", None) is not None else frozenset[str]()
    for path, name in _listed(where, value):
        if scope.has("groups", name) or scope.has_country(name):
            continue
        if holders and not _like_country(name):
            if name not in holders or not alone:
                yield _no_owner(scope, path, name, alone, holders)
            continue
        if alone and not scope.suppliers.isdisjoint({name, ""}) and not _like_country(name):
            yield from _one_seller(where.removesuffix("of") + "origin", name, rule)
            continue
        if _like_country(name) and name not in scope.suppliers:
            yield from scope.unknown_country(path, name)
        else:
            yield _nobody(scope, path, name, alone)
    yield from _repeated(scope, where, value)


def _one_seller(where: str, name: str, rule: Any) -> Iterator[Finding]:
    origin = getattr(rule, "origin", "direct")
    if origin != "direct":
        followed = "ore" if origin == "traced" else "steps"
        yield Finding(
            where,
            f"follows the {followed} of goods by country, but the rule is about the supplier "
            f"{shortened(name)}",
            shortened(origin),
            remedy="Name a country or a group under 'of', or write origin: direct.",
        )


def _denominator(scope: Scope, where: str, value: Any, rule: Any) -> Iterator[Finding]:
    goods = _goods(scope, rule)
    if value == "value":
        makers = _makers(scope)
        for name in goods:
            if name in makers:
                yield Finding(
                    where,
                    f"counts what is paid, but facilities[{makers[name]}] makes '{name}', and "
                    "what is made has no price",
                    "'value'",
                    remedy="Count tonnes: write denominator: supply.",
                )
        return
    if value == "supply" or not scope.complete("commodities", "demand", "substitutions"):
        return
    wanted = {item.commodity for item in scope.problem.demand}
    if value == "deliveries":
        wanted |= {item.commodity for item in scope.problem.substitutions}
    idle = [name for name in goods if name not in wanted and scope.has("commodities", name)]
    # a stage may hold goods that are only passed on; the rule is idle if all of them are
    if rule.stage is None or len(idle) == len(goods):
        for name in idle:
            yield Finding(
                where,
                f"counts shares of the {value} of '{name}', for which there is no demand"
                if value == "deliveries"
                else f"counts shares of the demand for '{name}', and there is none",
                shortened(value),
                remedy="Name a commodity that is in demand, or count supply: write denominator: "
                "supply.",
            )


def _goods(scope: Scope, rule: Any) -> list[str]:
    """Return the commodities that a share rule is about."""
    if rule.commodity is not None:
        return [name for _, name in _listed("", rule.commodity)]
    return [item.id for item in scope.problem.commodities if item.stage == rule.stage]


def _makers(scope: Scope) -> dict[str, str]:
    """Return, by commodity, a facility that makes it."""
    return {
        name: facility.id
        for facility in reversed(scope.problem.facilities)
        for process in facility.processes
        for name in process.outputs
    }


def _like_country(name: str) -> bool:
    return len(name) == COUNTRY_LENGTH and name.isalpha() and name.isupper()


def _no_owner(
    scope: Scope, where: str, name: str, alone: bool, holders: frozenset[str]
) -> Finding:
    if name in holders and not alone:
        remedy = "A list takes countries and groups: write one rule for each owner."
        return Finding(where, "is one owner, in a list", shortened(name), remedy=remedy)
    return Finding(
        where,
        "is no group, country or owner",
        shortened(name),
        scope.nearest(name, holders | scope.places),
    )


def _nobody(scope: Scope, where: str, name: str, alone: bool) -> Finding:
    if name in scope.suppliers:
        remedy = (
            "Three capitals are read as a country: write the supplier's name in full."
            if alone
            else "A list takes countries and groups: write one rule for each supplier."
        )
        return Finding(
            where, "names a supplier that cannot be meant here", shortened(name), None, remedy
        )
    return Finding(
        where,
        "names nobody: no country"
        + (", group or supplier" if alone else " or group")
        + " is called so",
        shortened(name),
        scope.nearest(name, scope.parties if alone else scope.places),
        "Name a country by its three-letter code, or a group"
        + (", or a supplier as its offers spell it." if alone else "."),
    )


def _commodity(scope: Scope, where: str, value: Any, rule: Any) -> Iterator[Finding]:
    for path, name in _listed(where, value):
        yield from scope.unknown(path, "commodities", name, "a commodity")
    yield from _repeated(scope, where, value)


def _stage(scope: Scope, where: str, value: Any, rule: Any) -> Iterator[Finding]:
    yield from scope.unknown_stage(where, value)


def _buyers(scope: Scope, where: str, value: Any, rule: Any) -> Iterator[Finding]:
    if isinstance(rule, Survival):
        # these are countries and groups to whom lanes are closed
        return
    for path, code in _listed(where, value):
        yield from scope.unknown_country(path, code)
    yield from scope.without_need(where, value)
    yield from _repeated(scope, where, value)


def _demand_class(scope: Scope, where: str, value: Any, rule: Any) -> Iterator[Finding]:
    yield from scope.unknown_class(where, value)


def _stockpile(scope: Scope, where: str, value: Any, rule: Any) -> Iterator[Finding]:
    yield from scope.unknown(where, "stockpiles", value, "a stockpile")
    store = next((item for item in scope.problem.stockpiles if item.id == value), None)
    if store is None or rule.cover_days is None or rule.demand is not None:
        return
    covered = (store.commodity, store.country)
    needs = {(item.commodity, item.country) for item in scope.problem.demand}
    if covered not in needs and scope.complete("demand"):
        yield Finding(
            where,
            f"is to cover demand, but {store.country} has none for '{store.commodity}'",
            shortened(value),
            remedy="Name the demands to cover under 'demand', or give the target in tonnes.",
        )


def _demand(scope: Scope, where: str, value: Any, rule: Any) -> Iterator[Finding]:
    stores = {item.id: item.commodity for item in scope.problem.stockpiles}
    goods = {item.id: item.commodity for item in scope.problem.demand}
    held = stores.get(rule.stockpile)
    for path, name in _listed(where, value):
        yield from scope.unknown(path, "demand", name, "a demand")
        if held is not None and goods.get(name, held) != held:
            yield Finding(
                path,
                f"is a demand for '{goods[name]}', but the stockpile holds '{held}'",
                shortened(name),
                remedy=f"Name demands for '{held}' only.",
            )
    yield from _repeated(scope, where, value)


CHECKS: dict[str, Callable[[Scope, str, Any, Any], Iterator[Finding]]] = (
    {
        "of": _of,
        "commodity": _commodity,
        "stage": _stage,
        "buyers": _buyers,
        "demand_class": _demand_class,
        "stockpile": _stockpile,
        "demand": _demand,
        "denominator": _denominator,
    }
    | reference_sellers.CHECKS
    | reference_benchmarks.CHECKS
    | reference_money.CHECKS
    | reference_survival.CHECKS
)
