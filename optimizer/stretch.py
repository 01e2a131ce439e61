"""Which field a frontier moves, and between which values."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from instances.errors import Finding, InputError, nearest_name
from instances.fields import base_unit
from instances.schedule import Schedule
from instances.select import select

if TYPE_CHECKING:
    from instances.problem import Problem


class Span(NamedTuple):
    """A field and two values of it, in its base unit ("" where it has none)."""

    path: str
    unit: str
    low: float
    high: float


def span_of(
    problem: Problem, rule: str | None, path: str | None, low: float | None, high: float | None
) -> Span:
    """Return what is moved: the first lever of a rule, or a field by its path.

    Raises
    ------
    InputError
        Neither or both are named, there is no such rule or field, or ``low`` is not below
        ``high``.
    """
    if (rule is None) == (path is None):
        raise InputError(
            [Finding("frontier", "needs either a rule or a path", remedy="Give one of them.")]
        )
    unit = ""
    if rule is not None:
        found = next((item for item in problem.rules if item.id == rule), None)
        if found is None:
            raise InputError([_unknown(rule, [item.id for item in problem.rules])])
        lever = found.levers()[0]
        path, unit = f"rules[{rule}].{lever.field}", lever.unit
        value = getattr(found, lever.field)
        largest = max(value.values) if isinstance(value, Schedule) else float(value)
        low = (1.0 if unit == "count" else 0.0) if low is None else low
        high = (1.0 if unit == "fraction" else 2.0 * largest) if high is None else high
    assert path is not None
    if low is None or high is None or not low < high:
        raise InputError(
            [
                Finding(
                    path,
                    "has no stretch to look at",
                    f"{low} to {high}",
                    remedy="Give its low and its high end, the lower first.",
                )
            ]
        )
    if rule is None:
        spot = select(problem.to_plain(), path)[0]
        unit = base_unit(spot.owner, spot.field) or ""
    return Span(path, unit, float(low), float(high))


def _unknown(rule: str, ids: list[str]) -> Finding:
    remedy = f"There are: {', '.join(ids)}." if ids else "The problem has no rules."
    return Finding("rule", "does not exist", repr(rule), nearest_name(rule, ids), remedy)
