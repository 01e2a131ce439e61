"""Guaranteed prices: what floors and minimum import prices pay per tonne made or bought."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from models.due import Due

if TYPE_CHECKING:
    from collections.abc import Iterator

    from instances.price_floor import MinimumImportPrice, PriceFloor
    from models.frame import Frame
    from models.horizon import Horizon
    from models.index import Values
    from models.network import Network


def price_dues(frame: Frame, network: Network, time: Horizon) -> Iterator[Due]:
    """Yield what the public pays per tonne of activity and per tonne bought, and what tops up."""
    problem = network.problem
    run = np.zeros((len(network.blends), len(time.nodes)))
    pairs = list(network.offers())
    buy = np.zeros((len(pairs), len(time.nodes)))
    for floor in problem.price_floors:
        per_tonne = support_per_tonne(floor, time)
        for row, blend in enumerate(network.blends):
            if blend.facility.id == floor.facility:
                made = blend.process.outputs.get(floor.commodity, 0.0)
                run[row] += made * time.over(blend.process.yields, 0.0) * per_tonne
        for row, (offer, _) in enumerate(pairs):
            if offer.id == floor.offer:
                buy[row] += per_tonne
    for name, variable, keys, dollars in (
        ("support_of_run", "run", "RUN", run),
        ("support_of_buy", "buy", "BUY", buy),
    ):
        table = frame.sets[keys]
        yield Due("price_support", name, variable, table, dollars.ravel(), sparse=True)

    lacking = {"seller": np.zeros_like(buy), "treasury": np.zeros_like(buy)}
    for least in problem.minimum_import_prices:
        zone = problem.directory.places(least.zone)
        for row, (offer, number) in enumerate(pairs):
            if offer.commodity == least.commodity and offer.country not in zone:
                price = time.price(network.problem.ways_to_buy[offer.id][number])
                lacking[least.goes_to][row] += _lacking(least, price, time)
    for account, name, receiver in (
        ("top_up", "top_up_cost", "seller"),
        ("tariff", "adjustable_duty", "treasury"),
    ):
        short = lacking[receiver].ravel()
        yield Due(account, name, "buy", frame.sets["BUY"], short, sparse=True)


def support_per_tonne(floor: PriceFloor, time: Horizon) -> Values:
    """Return USD by node that the public pays per tonne; below 0 where it is paid back."""
    level = time.over(floor.floor, 0.0)
    reference = time.over(floor.reference, 0.0)
    above = level if floor.clawback_above is None else time.over(floor.clawback_above, 0.0)
    paid = np.maximum(level - reference, 0.0)
    back = floor.clawback * np.maximum(reference - above, 0.0)
    return (paid - back) * time.years_within(floor.start, floor.end) / time.years


def _lacking(least: MinimumImportPrice, price: Values, time: Horizon) -> Values:
    lacks = np.maximum(time.over(least.price, 0.0) - price, 0.0)
    return lacks * time.years_within(least.start, least.end) / time.years
