"""What facilities, expansions, recycling and substitutions name, and what they make of nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from instances.errors import Finding, shortened
from instances.fields import step
from instances.periods import timeline
from instances.reference_loops import loop_findings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from instances.recycling import Recycling
    from instances.reference_scope import Scope

_ROUNDING = 1e-9


def chain_findings(scope: Scope) -> Iterator[Finding]:
    """Yield what chains name that is not there, and what would come from nothing."""
    yield from _recipes(scope)
    yield from loop_findings(scope)
    yield from _expansions(scope)
    yield from _recycling(scope)
    yield from _returns(scope)
    yield from _substitutions(scope)


def _recipes(scope: Scope) -> Iterator[Finding]:
    for place, facility in enumerate(scope.problem.facilities):
        for process in facility.processes:
            for side in ("inputs", "outputs"):
                for name in getattr(process, side):
                    # the path is text: made only where there is something to say
                    if not scope.has("commodities", name):
                        where = f"{scope.where('facilities', place)}.processes[{process.id}]"
                        yield from scope.unknown(
                            step(f"{where}.{side}", name), "commodities", name, "a commodity"
                        )


def _expansions(scope: Scope) -> Iterator[Finding]:
    facilities = {item.id: item for item in scope.problem.facilities}
    for place, expansion in enumerate(scope.problem.expansions):
        where = f"{scope.where('expansions', place)}.facility"
        yield from scope.unknown(where, "facilities", expansion.facility, "a facility")
        facility = facilities.get(expansion.facility)
        if facility is not None and facility.capacity is None:
            yield Finding(
                where,
                "names a facility whose capacity is unlimited, so that it needs no expansion",
                expansion.facility,
                remedy=f"State facilities[{facility.id}].capacity (0 for a site to build), or "
                "remove the expansion.",
            )


def _recycling(scope: Scope) -> Iterator[Finding]:
    for place, source in enumerate(scope.problem.recycling):
        where = scope.where("recycling", place)
        for number, name in enumerate(source.of):
            yield from scope.unknown(f"{where}.of[{number}]", "demand", name, "a demand")
        yield from scope.repeated(f"{where}.of", source.of)
        if not source.of and any(source.recovered.values):
            yield Finding(
                f"{where}.recovered",
                "is a part of what demands are delivered, but 'of' names none",
                remedy="Name the demands under 'of', or state what comes back as 'given'.",
            )


def _returns(scope: Scope) -> Iterator[Finding]:
    """Yield demands of whose deliveries more comes back than went, or all of it at once."""
    if not scope.known.horizon:
        return
    periods = timeline(scope.problem.periods)
    sources: dict[tuple[str, str], list[tuple[int, Recycling]]] = {}
    for place, source in enumerate(scope.problem.recycling):
        for demand in dict.fromkeys(source.of):
            if demand in scope.ids("demand"):
                sources.setdefault((demand, source.commodity), []).append((place, source))
    for (demand, commodity), records in sources.items():
        place, last = records[-1]
        at_once = all(source.lag == 0 for _, source in records)
        for period in periods:
            total = sum(source.recovered.at(period.start) or 0.0 for _, source in records)
            if total > 1 + _ROUNDING or (at_once and total > 1 - _ROUNDING):
                others = " with the others" if len(records) > 1 else ""
                yield Finding(
                    f"{scope.where('recycling', place)}.recovered",
                    f"gives back{others} {total:g} t of '{commodity}' per tonne delivered to "
                    f"'{demand}' in {period.label}"
                    + (", as soon as it is delivered" if at_once else ""),
                    f"{last.recovered.at(period.start) or 0.0:g}",
                    remedy="Keep the sum below 1: what is used cannot all come back at once."
                    if at_once
                    else "Keep the sum at 1 or below: no more comes back than was used.",
                )
                break


def _substitutions(scope: Scope) -> Iterator[Finding]:
    wanted = {demand.id: demand.commodity for demand in scope.problem.demand}
    for place, swap in enumerate(scope.problem.substitutions):
        where = scope.where("substitutions", place)
        yield from scope.unknown(f"{where}.demand", "demand", swap.demand, "a demand")
        if wanted.get(swap.demand) == swap.commodity:
            yield Finding(
                f"{where}.commodity",
                f"is what the demand '{swap.demand}' asks for already",
                shortened(swap.commodity),
                remedy="Name another commodity, or remove the substitution.",
            )
