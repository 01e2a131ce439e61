"""Guarantees: what floors, least prices at a border and duties by origin cost, recomputed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from instances.referee.sums import totals
from instances.tags import UNKNOWN, read_tag

if TYPE_CHECKING:
    from datetime import date

    from numpy.typing import NDArray

    from instances.price_floor import PriceFloor
    from instances.referee.entries import Entries
    from instances.referee.terms import Terms

    Floats = NDArray[np.float64]


def in_force(terms: Terms, start: date | None, end: date | None) -> Floats:
    """Return, by node, the fraction of its days between two dates."""
    within = [node.period.years_within(start, end) for node in terms.nodes]
    return np.asarray(np.array(within) / terms.years, dtype=np.float64)


def support(terms: Terms, floor: PriceFloor) -> Floats:
    """Return, by node, USD that a floor pays for a tonne; less than 0 where it takes."""
    level, market = terms.over_time([floor.floor, floor.reference]).T
    threshold = terms.over_time([floor.clawback_above or floor.floor])[:, 0]
    pays = np.where(market < level, level - market, 0.0)
    takes = np.where(market > threshold, floor.clawback * (market - threshold), 0.0)
    return np.asarray((pays - takes) * in_force(terms, floor.start, floor.end), dtype=np.float64)


def price_support(terms: Terms, entries: Entries) -> Floats:
    """Return the USD by node that the public pays makers, less what it claws back."""
    dollars = np.zeros(len(terms.nodes))
    if not terms.problem.price_floors:
        return dollars
    node, step, tonnes = entries.columns("runs", "node", "process", "tonnes")
    when, part, bought = entries.columns("purchases", "node", "tranche", "tonnes")
    for floor in terms.problem.price_floors:
        made = np.array(
            [
                item.process.outputs.get(floor.commodity, 0.0)
                if item.facility.id == floor.facility
                else 0.0
                for item in terms.steps
            ]
        )
        sold = np.array([offer.id == floor.offer for offer in terms.problem.offers], dtype=float)
        amount = np.zeros(len(terms.nodes))
        if len(made):
            amount += totals(
                len(amount), node, made[step] * terms.step_yields[node, step] * tonnes
            )
        if len(sold):
            amount += totals(len(amount), when, sold[terms.slices.offer[part]] * bought)
        dollars += amount * support(terms, floor)
    return dollars


def border_prices(terms: Terms, entries: Entries) -> tuple[Floats, Floats]:
    """Return the USD by node that sellers and the treasury get above the prices of offers."""
    found = {"seller": np.zeros(len(terms.nodes)), "treasury": np.zeros(len(terms.nodes))}
    node, part, tonnes = entries.columns("purchases", "node", "tranche", "tonnes")
    offers = terms.problem.offers
    for least in terms.problem.minimum_import_prices:
        zone = terms.problem.directory.places(least.zone)
        foreign = np.array(
            [offer.commodity == least.commodity and offer.country not in zone for offer in offers],
            dtype=bool,
        )
        limit = terms.over_time([least.price])
        short = np.clip(limit - terms.slices.price, 0.0, None)
        short *= foreign[terms.slices.offer] * in_force(terms, least.start, least.end)[:, None]
        found[least.goes_to] += totals(len(terms.nodes), node, short[node, part] * tonnes)
    return found["seller"], found["treasury"]


def origin_duties(terms: Terms, entries: Entries) -> Floats:
    """Return the USD by node of duties by origin."""
    dollars = np.zeros(len(terms.nodes))
    if not terms.problem.tariffs:
        return dollars
    tags = [read_tag(str(tag)).seller or UNKNOWN for tag in terms.ids["tag"]]
    makers = [seller.partition("/")[0] for seller in tags]
    stages = {item.id: item.stage for item in terms.problem.commodities}
    node, lane, goods, tag, tonnes = entries.columns(
        "shipments", "node", "lane", "commodity", "tag", "tonnes"
    )
    arrived = tonnes * terms.ways.arriving[lane] * terms.customs_value[node, goods]
    for tariff in terms.problem.tariffs:
        into = terms.problem.directory.places(tariff.into)
        origins = terms.problem.directory.places(tariff.of)
        named = {tariff.commodity} if isinstance(tariff.commodity, str) else tariff.commodity
        enters = np.array(
            [way.destination in into and way.origin not in into for way in terms.routes],
            dtype=bool,
        )
        covered = np.array(
            [
                name in named if named is not None else stages[name] == tariff.stage
                for name in terms.ids["commodity"]
            ],
            dtype=bool,
        )
        from_there = np.array([maker in origins for maker in makers], dtype=bool)
        rate = terms.over_time([tariff.rate])[:, 0] * in_force(terms, tariff.start, tariff.end)
        due = enters[lane] & covered[goods] & from_there[tag]
        dollars += totals(len(terms.nodes), node, rate[node] * arrived * due)
    return dollars
