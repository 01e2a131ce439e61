"""The numbers of a problem that a user may move: where each stands, and how far it goes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from instances.periods import timeline
from instances.rules.rule import LEAST_HHI
from instances.schedule import Schedule

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from instances import Problem

DEMAND_STEP = 0.01
LONGEST_COVER = 730.0
MOST_COUNTED = 20.0
WIDE = 500
"""Steps to the middle of the range of a number that stands at 0."""


def levers(problem: Problem) -> list[dict[str, Any]]:
    """Return what a problem offers to move: what its rules offer, all demand, and its scenarios.

    Each is plain data: ``of`` is a rule's id, "demand" or "scenarios", and ``sentence`` says it in
    words; ``path`` is what an edit names, followed by a number in ``unit``; ``whole`` sets all
    dates at once. ``factor`` says that the number multiplies what is stated. ``now`` is where it
    stands, ``step`` a sensible step, ``low`` and ``high`` are the ends of the range.
    """
    return [*_of_rules(problem), *_of_demand(problem), *_of_scenarios(problem)]


def _of_rules(problem: Problem) -> Iterator[dict[str, Any]]:
    horizon = timeline(problem.periods)
    for rule in problem.rules:
        sentence = rule.sentence(problem.names)
        for lever in rule.levers():
            value = getattr(rule, lever.field)
            whole = f"rules[{rule.id}].{lever.field}"
            largest = max(value.values) if isinstance(value, Schedule) else float(value)
            low, high = _range(lever.unit, largest or WIDE * lever.step)
            for day, now in _points(value, horizon[0].start, horizon[-1].start):
                yield {
                    "of": rule.id,
                    "sentence": sentence,
                    "path": whole if day is None else f"{whole}[{day}]",
                    "whole": whole,
                    "date": day,
                    "factor": False,
                    "unit": lever.unit,
                    "step": lever.step,
                    "low": low,
                    "high": high,
                    "now": now,
                }


def _points(
    value: Schedule | float, first: date, last: date
) -> Iterator[tuple[str | None, float]]:
    """Yield the dates of a schedule as an edit names them, ``None`` for one value for ever.

    Edits name dates from the first day of the horizon to that of its last period.
    """
    if not isinstance(value, Schedule):
        yield None, float(value)
        return
    for day, number in value.points:
        if value.constant:
            yield None, number
        elif first <= day <= last:
            yield _named(day), number


def _named(day: date) -> str:
    return str(day.year) if (day.month, day.day) == (1, 1) else str(day)


def _range(unit: str, largest: float) -> tuple[float, float]:
    if unit in ("fraction", "hhi"):
        return (LEAST_HHI if unit == "hhi" else 0.0), 1.0
    most = {"d": LONGEST_COVER, "count": MOST_COUNTED}.get(unit, 1.0)
    return 0.0, max(most, 2 * largest)


def _of_demand(problem: Problem) -> Iterator[dict[str, Any]]:
    if problem.demand:
        path = "demand[*].quantity*"
        yield {
            "of": "demand",
            "sentence": "All demand, as a part of what is stated",
            "path": path,
            "whole": path,
            "date": None,
            "factor": True,
            "unit": "fraction",
            "step": DEMAND_STEP,
            "low": 0.0,
            "high": 2.0,
            "now": 1.0,
        }


def _of_scenarios(problem: Problem) -> Iterator[dict[str, Any]]:
    """Yield the probabilities; they are moved together, for they add up to 1."""
    for table in ("scenarios", "combinations"):
        for record in getattr(problem, table):
            path = f"{table}[{record.id}].probability"
            yield {
                "of": "scenarios",
                "sentence": f"Probability of {record.id}; all of them add up to 1",
                "path": path,
                "whole": path,
                "date": None,
                "factor": False,
                "unit": "fraction",
                "step": 0.01,
                "low": 0.0,
                "high": 1.0,
                "now": record.probability,
            }
