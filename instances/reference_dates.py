"""What is stated over time: every number has a value while it is needed, and prices rise.

Schedules are read on the first day of each period.
"""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from instances.errors import Finding, shortened
from instances.periods import Period, timeline
from instances.record import Part, Record
from instances.schedule import Schedule

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from instances.reference_scope import Scope
    from instances.rules.rule import RuleRecord


_DATED = (
    "offers",
    "contracts",
    "facilities",
    "expansions",
    "price_floors",
    "minimum_import_prices",
    "tariffs",
)
"""Tables whose records have dates."""
_UNDATED = (
    "commodities",
    "lanes",
    "demand",
    "recycling",
    "substitutions",
    "outlets",
    "stockpiles",
    "funds",
)


def date_findings(scope: Scope) -> Iterator[Finding]:
    """Yield schedules that say nothing when they should, and what never holds or arrives."""
    periods = timeline(scope.problem.periods)
    for table in _DATED:
        for place, record in enumerate(getattr(scope.problem, table)):
            where = scope.where(table, place)
            active = _first_active(periods, record.start, record.end)
            # what stands outside the horizon is no fault: a shorter one is a fair question
            if active is not None:
                yield from _silent(where, record, active)
    for place, cargo in enumerate(scope.problem.in_transit):
        if cargo.arrives < periods[0].start:
            yield Finding(
                f"{scope.where('in_transit', place)}.arrives",
                f"lies before {_horizon(periods)}, so it never arrives",
                str(cargo.arrives),
                remedy="Correct the date, or state the goods as the opening stock of a stockpile.",
            )
    for table in _UNDATED:
        for place, record in enumerate(getattr(scope.problem, table)):
            yield from _silent(scope.where(table, place), record, periods[0])
    for place, rule in enumerate(scope.problem.rules):
        yield from _idle(scope.where("rules", place), rule, periods)


def _first_active(periods: Sequence[Period], start: Any, end: Any) -> Period | None:
    if start is None or start <= periods[0].start:
        return periods[0] if end is None or end > periods[0].start else None
    return next((period for period in periods if period.end > start), None)


def _horizon(periods: Sequence[Period]) -> str:
    last = periods[-1].end - timedelta(days=1)
    return f"the horizon, which runs from {periods[0].start} to {last}"


def _stated(part: Part, where: str) -> Iterator[tuple[str, Schedule]]:
    for name in type(part).model_fields:
        value = getattr(part, name)
        if isinstance(value, Schedule):
            yield f"{where}.{name}", value
        elif isinstance(value, tuple):
            for place, item in enumerate(value):
                if isinstance(item, Part):
                    # records are called by their id, other parts by their place
                    label = item.id if isinstance(item, Record) else place
                    yield from _stated(item, f"{where}.{name}[{label}]")


def _silent(where: str, record: Part, period: Period) -> Iterator[Finding]:
    # a schedule has values from its first date on: the first period decides
    for path, schedule in _stated(record, where):
        if schedule.at(period.start) is None:
            begins = schedule.points[0][0]
            yield Finding(
                path,
                f"has no value in {period.label}, the first period it is needed in",
                f"values from {begins} on",
                remedy=f"State a value from {period.start} or before: "
                "a schedule is read on the first day of each period.",
            )


def _idle(where: str, rule: RuleRecord, periods: Sequence[Period]) -> Iterator[Finding]:
    if any(rule.limit(period) is not None for period in periods):
        return
    held = [period for period in periods if rule.holds(period)]
    if held:
        name = rule.levers()[0].field
        begins = getattr(rule, name).points[0][0]
        what, value = "says nothing in any period", f"values from {begins} on"
    else:
        late = rule.start is not None and rule.start > periods[-1].start
        name = "start" if late else "end"
        what, value = "lets the rule hold in no period", str(rule.start if late else rule.end)
    yield Finding(
        f"{where}.{name}",
        f"{what} of {_horizon(periods)}",
        value,
        remedy="Correct the dates, or remove the rule: it holds in the periods whose first day "
        "lies between its dates.",
    )


def falling_findings(scope: Scope) -> Iterator[Finding]:
    """Yield tranches and slices of shortfall whose price falls where it has to rise."""
    days = [period.start for period in timeline(scope.problem.periods)]
    for table, field, price in (
        ("offers", "tranches", "price"),
        ("demand", "shortfall_cost", "cost"),
    ):
        for place, record in enumerate(getattr(scope.problem, table)):
            slices = getattr(record, field)
            if not isinstance(slices, tuple) or getattr(record, "pricing", "rising") != "rising":
                continue
            prices: list[Schedule] = [getattr(item, price) for item in slices]
            for number, (low, high) in enumerate(pairwise(prices), start=1):
                dates = days if not (low.constant and high.constant) else days[:1]
                for day in dates:
                    below, above = low.at(day), high.at(day)
                    if below is not None and above is not None and below > above:
                        yield Finding(
                            f"{scope.where(table, place)}.{field}[{number}].{price}",
                            f"falls below the one before it on {day}",
                            shortened(above),
                            remedy=f"List '{field}' by rising {price}: the cheapest first.",
                        )
                        break
