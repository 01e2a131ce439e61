"""Routes: the declared lanes, and the free lanes of commodities that no lane names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from instances.network import Lane

if TYPE_CHECKING:
    from instances.problem import Problem

FREE = "free."


def free_commodities(problem: Problem) -> tuple[str, ...]:
    """Return the commodities that no lane names: they move at no cost and no loss."""
    named = {commodity for lane in problem.lanes for commodity in lane.commodities}
    return tuple(item.id for item in problem.commodities if item.id not in named)


def free_lanes(problem: Problem) -> tuple[Lane, ...]:
    """Return the lanes implied for commodities without any: from who has to who takes."""
    lanes: dict[tuple[str, str], list[str]] = {}
    having, taking = _having(problem), _taking(problem)
    for commodity in free_commodities(problem):
        for origin in having.get(commodity, ()):
            for destination in taking.get(commodity, ()):
                if origin != destination:
                    lanes.setdefault((origin, destination), []).append(commodity)
    return tuple(
        Lane(
            id=f"{FREE}{origin}.{destination}",
            origin=origin,
            destination=destination,
            commodities=tuple(commodities),
        )
        for (origin, destination), commodities in lanes.items()
    )


def _having(problem: Problem) -> dict[str, dict[str, None]]:
    """Return, by commodity, the countries where it is sold, stored, made, recycled or arrives."""
    found: dict[str, dict[str, None]] = {}
    for offer in problem.offers:
        found.setdefault(offer.commodity, {})[offer.country] = None
    for store in problem.stockpiles:
        found.setdefault(store.commodity, {})[store.country] = None
    for facility in problem.facilities:
        for process in facility.processes:
            for commodity in process.outputs:
                found.setdefault(commodity, {})[facility.country] = None
    for source in problem.recycling:
        found.setdefault(source.commodity, {})[source.country] = None
    for cargo in problem.in_transit:
        found.setdefault(cargo.commodity, {})[cargo.country] = None
    return found


def _taking(problem: Problem) -> dict[str, dict[str, None]]:
    """Return, by commodity, the countries where it is used, sold on, stored or processed."""
    found: dict[str, dict[str, None]] = {}
    places = {demand.id: demand.country for demand in problem.demand}
    for demand in problem.demand:
        found.setdefault(demand.commodity, {})[demand.country] = None
    for swap in problem.substitutions:
        found.setdefault(swap.commodity, {})[places[swap.demand]] = None
    for outlet in problem.outlets:
        found.setdefault(outlet.commodity, {})[outlet.country] = None
    for store in problem.stockpiles:
        found.setdefault(store.commodity, {})[store.country] = None
    for facility in problem.facilities:
        for process in facility.processes:
            for commodity in process.inputs:
                found.setdefault(commodity, {})[facility.country] = None
    return found


def all_lanes(problem: Problem) -> tuple[Lane, ...]:
    """Return the declared lanes, then the free ones."""
    return (*problem.lanes, *free_lanes(problem))
