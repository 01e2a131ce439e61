"""Construction: when an expansion decided at a node can be used, and what it is charged when."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from instances.periods import years_between

if TYPE_CHECKING:
    from collections.abc import Iterator

    from instances.expansion import Expansion
    from instances.facility import Facility
    from instances.tree import Node
    from models.horizon import Horizon


def commissioned(expansion: Expansion, decided: Node) -> date:
    """Return the day on which an expansion decided at a node is commissioned.

    The decision falls on the first day of the node's period on which it is allowed.
    """
    first = decided.period.start
    if expansion.start is not None:
        first = max(first, expansion.start)
    return first + timedelta(days=round(lead_time(expansion, decided)))


def lead_time(expansion: Expansion, decided: Node) -> float:
    """Return the days from decision at a node to commissioning."""
    late = expansion.delay.at(decided.period.start, decided.branch) or 0.0
    return expansion.lead_time + late


def _leads(expansion: Expansion, time: Horizon) -> tuple[int, ...]:
    """Return the whole days from decision to commissioning, by node of decision."""
    return tuple(round(lead_time(expansion, node)) for node in time.nodes)


def usable(
    expansion: Expansion, facility: Facility, time: Horizon
) -> Iterator[tuple[str, str, float]]:
    """Yield the node of decision, a later node, and the years of it in which a tonne can be run.

    Ramp, utilisation and the probability of delivery count: half a year at 80 % is 0.4 years.
    Pairs without any are left out.
    """
    used = (time.over(facility.utilisation, 0.0) * expansion.delivery_probability).tolist()
    part = dict(zip([node.id for node in time.nodes], used, strict=True))
    dates = (expansion.start, _leads(expansion, time), expansion.ramp)
    by = ("service", *dates, facility.start, facility.end)
    service = time.shared(by, lambda: _service(expansion, facility, time))
    for decided, node, years in service:
        if part[node] * years > 0:
            yield decided, node, part[node] * years


def _service(
    expansion: Expansion, facility: Facility, time: Horizon
) -> Iterator[tuple[str, str, float]]:
    """Yield the node of decision, a later node, and its years of service, ramp counted."""
    for node in time.nodes:
        for decided in time.way(node.id):
            start = commissioned(expansion, time.node(decided))
            years = sum(
                share * _overlap(node, facility, first, last)
                for share, first, last in _stages(expansion, start)
            )
            if years > 0:
                yield decided, node.id, years


def _stages(expansion: Expansion, start: date) -> Iterator[tuple[float, date, date | None]]:
    """Yield the usable share with its first day and the day after its last, if any."""
    for number, share in enumerate(expansion.ramp):
        yield share, _anniversary(start, number), _anniversary(start, number + 1)
    yield 1.0, _anniversary(start, len(expansion.ramp)), None


def _overlap(node: Node, facility: Facility, first: date, last: date | None) -> float:
    starts = [day for day in (first, facility.start) if day is not None]
    ends = [day for day in (last, facility.end) if day is not None]
    return node.period.years_within(max(starts), min(ends) if ends else None)


def _anniversary(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        # the 29th of February of a common year is the 1st of March
        return day.replace(year=day.year + years, month=3, day=1)


def annuity(rate: float, years: float) -> float:
    """Return the yearly payment that repays 1 over ``years``: the capital recovery factor.

    rate / (1 - (1 + rate)^-years), 1 / years without interest; Park, Contemporary Engineering
    Economics (2016).
    """
    return rate / (1 - (1 + rate) ** -years) if rate > 0 else 1 / years


def charges(expansion: Expansion, time: Horizon) -> Iterator[tuple[str, str, float]]:
    """Yield the node of decision, the node that is charged, and USD per tonne per year built.

    A lump falls on the node of decision. An annuity runs from commissioning over the life,
    interest during construction added, as far as the horizon reaches: a plant built late is
    charged only for the years in which it serves.
    """
    capex = time.over(expansion.capex, 0.0).tolist()
    price = dict(zip([node.id for node in time.nodes], capex, strict=True))
    if expansion.capex_mode == "lump":
        for node in time.nodes:
            yield node.id, node.id, price[node.id]
        return
    years_before = {node.id: lead_time(expansion, node) / 365 for node in time.nodes}
    repaid = annuity(expansion.rate, expansion.life)
    life = timedelta(days=round(expansion.life * 365.25))
    by = ("life", expansion.start, _leads(expansion, time), life)
    for decided, due, years in time.shared(by, lambda: _life(expansion, life, time)):
        interest = (1 + expansion.rate) ** years_before[decided]
        yield decided, due, price[decided] * interest * repaid * years


def _life(
    expansion: Expansion, life: timedelta, time: Horizon
) -> Iterator[tuple[str, str, float]]:
    """Yield the node of decision, a later node, and its years within the life."""
    for node in time.nodes:
        for decided in time.way(node.id):
            start = commissioned(expansion, time.node(decided))
            years = node.period.years_within(start, start + life)
            if years > 0:
                yield decided, node.id, years


def left(expansion: Expansion, time: Horizon) -> Iterator[tuple[str, str, float]]:
    """Yield the node of decision, the node where the horizon ends, and the salvage there.

    The salvage is USD per tonne per year built, granted parts included.
    """
    if expansion.salvage == "none":
        return
    capex = time.over(expansion.capex, 0.0).tolist()
    price = dict(zip([node.id for node in time.nodes], capex, strict=True))
    for last in time.nodes:
        if not last.last:
            continue
        for decided in time.way(last.id):
            start = commissioned(expansion, time.node(decided))
            served = years_between(start, last.period.end)
            yield decided, last.id, price[decided] * expansion.salvaged(served)
