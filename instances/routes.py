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
    for commodity in free_commodities(problem):
        stores = [item.country for item in problem.stockpiles if item.commodity == commodity]
        sources = [item.country for item in problem.offers if item.commodity == commodity] + stores
        users = [item.country for item in problem.demand if item.commodity == commodity]
        outlets = [item.country for item in problem.outlets if item.commodity == commodity]
        takers = users + outlets + stores
        for origin in dict.fromkeys(sources):
            for destination in dict.fromkeys(takers):
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


def all_lanes(problem: Problem) -> tuple[Lane, ...]:
    """Return the declared lanes, then the free ones."""
    return (*problem.lanes, *free_lanes(problem))
