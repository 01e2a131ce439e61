"""Flows: every tonne that comes to a place or leaves it, by what brings it and what takes it.

What is loaded at node m on a lane with a lead time arrives in the nodes that its window overlaps.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from instances.referee.windows import joined

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np
    from numpy.typing import NDArray

    from instances.referee.entries import Entries
    from instances.referee.terms import Terms

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]


class Flow(NamedTuple):
    """Tonnes by place: what comes in is positive, what goes out negative."""

    node: Ints
    commodity: Ints
    country: Ints
    tag: Ints
    tonnes: Floats


def flows(terms: Terms, entries: Entries) -> Iterator[Flow]:
    """Yield all flows of a plan."""
    node, part, tonnes = entries.columns("purchases", "node", "tranche", "tonnes")
    slices = terms.slices
    yield Flow(node, slices.at.commodity[part], slices.at.country[part], slices.tag[part], tonnes)
    yield from _shipped(terms, entries)
    for table, record, places in (
        ("deliveries", "demand", terms.demand_at),
        ("sales", "outlet", terms.outlet_at),
    ):
        node, number, tag, tonnes = entries.columns(table, "node", record, "tag", "tonnes")
        yield Flow(node, places.commodity[number], places.country[number], tag, -tonnes)
    node, store, tag, fill, draw = entries.columns(
        "stocks", "node", "stockpile", "tag", "fill", "draw"
    )
    places = terms.stores.at
    yield Flow(node, places.commodity[store], places.country[store], tag, -fill)
    yield Flow(node, places.commodity[store], places.country[store], tag, draw)
    yield made(terms, entries)
    yield used(terms, entries)
    yield substituted(terms, entries)
    node, number, tonnes = entries.columns("recoveries", "node", "recycling", "tonnes")
    back = terms.recoveries
    yield Flow(node, back.at.commodity[number], back.at.country[number], back.tag[number], tonnes)
    node, goods, tag, country, tonnes = entries.columns(
        "disposals", "node", "commodity", "tag", "country", "tonnes"
    )
    yield Flow(node, goods, country, tag, -tonnes)
    cargo = terms.cargo
    yield Flow(cargo.node, cargo.at.commodity, cargo.at.country, cargo.tag, cargo.tonnes)


def _shipped(terms: Terms, entries: Entries) -> Iterator[Flow]:
    node, lane, goods, tag, tonnes = entries.columns(
        "shipments", "node", "lane", "commodity", "tag", "tonnes"
    )
    ways = terms.ways
    yield Flow(node, goods, ways.origin[lane], tag, -tonnes)
    row, arrival, share = terms.windows.spread(node, ways.lead[node, lane])
    lane, landing = lane[row], tonnes[row] * share
    yield Flow(
        arrival, goods[row], ways.destination[lane], tag[row], landing * ways.arriving[lane]
    )


def made(terms: Terms, entries: Entries) -> Flow:
    """Return what processes give, a row per run and output, tagged as its blend says."""
    node, blend, tonnes = entries.columns("runs", "node", "blend", "tonnes")
    recipes = terms.outputs
    run, line = joined(blend, recipes.blend)
    return Flow(
        node[run],
        recipes.commodity[line],
        _countries(terms)[recipes.blend[line]],
        recipes.tag[line],
        tonnes[run] * recipes.ratio[line] * terms.step_yields[node, terms.blend_step[blend]][run],
    )


def used(terms: Terms, entries: Entries) -> Flow:
    """Return what processes take in."""
    node, blend, goods, tag, tonnes = entries.columns(
        "uses", "node", "blend", "commodity", "tag", "tonnes"
    )
    return Flow(node, goods, _countries(terms)[blend], tag, -tonnes)


def substituted(terms: Terms, entries: Entries) -> Flow:
    """Return what substitutes take to serve demands."""
    node, number, tag, tonnes = entries.columns(
        "substitutes", "node", "substitution", "tag", "tonnes"
    )
    swaps = terms.swaps
    return Flow(
        node,
        swaps.at.commodity[number],
        swaps.at.country[number],
        tag,
        -tonnes * swaps.ratio[number],
    )


def _countries(terms: Terms) -> Ints:
    """Return the country of each blend."""
    places = terms.find("country", [site.country for site in terms.problem.facilities])
    return places[terms.step_facility][terms.blend_step]
