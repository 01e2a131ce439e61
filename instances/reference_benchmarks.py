"""What benchmarks need: limited capacities to count, and something that is consumed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from instances.errors import Finding, shortened

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from instances.reference_scope import Scope


def _benchmark(scope: Scope, where: str, value: Any, rule: Any) -> Iterator[Finding]:
    problem, directory = scope.problem, scope.problem.directory
    members = directory.party(rule.of).countries
    goods = {name for name, stage in directory.stages.items() if stage == rule.stage}
    owner = where.removesuffix(".aggregate")
    if not members and scope.has("groups", rule.of) is False:
        yield Finding(
            f"{owner}.of",
            "has no capacity: only countries and groups have",
            shortened(rule.of),
            remedy="Name a country by its three-letter code, or a group.",
        )
        return
    open_ = [
        scope.where("facilities", place)
        for place, item in enumerate(problem.facilities)
        if item.country in members
        and item.capacity is None
        and any(goods & process.outputs.keys() for process in item.processes)
    ]
    open_ += [
        scope.where("offers", place)
        for place, offer in enumerate(problem.offers)
        if offer.country in members
        and offer.commodity in goods
        and any(part.capacity is None for part in offer.slices)
    ]
    for name in open_:
        yield Finding(
            f"{owner}.stage",
            f"counts the capacity of {name}, which has none stated",
            shortened(rule.stage),
            remedy="Give it a 'capacity'.",
        )
    if not goods or not scope.complete("demand", "commodities"):
        return
    materials = {directory.materials[name] for name in goods}
    if not any(
        directory.materials.get(item.commodity) in materials and item.country in members
        for item in problem.demand
    ):
        yield Finding(
            f"{owner}.of",
            f"is to reach a share of its consumption, but it has no demand for what is made at "
            f"stage {rule.stage}",
            shortened(rule.of),
            remedy="Give its countries a demand, and the commodities of all stages the same "
            "'material'.",
        )


CHECKS: dict[str, Callable[[Scope, str, Any, Any], Iterator[Finding]]] = {
    "aggregate": _benchmark,
}
