"""The mean of a problem: what is planned for by whoever takes the average for the future."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from instances.periods import timeline
from instances.record import with_fields
from instances.scenarios.declared import among
from instances.schedule import Schedule

if TYPE_CHECKING:
    from instances.problem import Problem


def averaged(problem: Problem) -> Problem:
    """Return the problem without scenarios in which every number is its mean over them.

    Rules that an event waives hold, and no release is declared by an event.
    """
    chances = {branch.id: branch.probability for branch in problem.branches}
    days = [period.start for period in timeline(problem.periods)]

    def mean(schedule: Schedule) -> Schedule:
        points = []
        for day in days:
            values = [(chance, schedule.at(day, name)) for name, chance in chances.items()]
            if all(value is not None for _, value in values):
                points.append((day, sum(chance * (value or 0.0) for chance, value in values)))
        return Schedule(tuple(points))

    def changed(value: Any) -> Any:
        if isinstance(value, Schedule):
            return mean(value) if value.branches else value
        if isinstance(value, tuple):
            parts = [changed(part) for part in value]
            same = all(one is other for one, other in zip(parts, value, strict=True))
            return value if same else tuple(parts)
        if isinstance(value, BaseModel):
            fields = {name: getattr(value, name) for name in type(value).model_fields}
            made = {name: changed(field) for name, field in fields.items()}
            made = {name: field for name, field in made.items() if field is not fields[name]}
            return with_fields(value, **made) if made else value  # type: ignore[type-var]
        return value

    calm = changed(with_fields(problem.realised, events=(), scenarios=(), combinations=()))
    found: Problem = with_fields(calm, stockpiles=among(calm.stockpiles, ()))
    return found
