"""Loops that make something from nothing: a tonne sent round comes back as more than a tonne.

What is looked for is provable from recipes and lanes alone: processes that need one input each,
in a row that ends where it began. Goods that no lane names move freely, so that their country does
not matter.
"""

from __future__ import annotations

from math import exp, log
from typing import TYPE_CHECKING, NamedTuple

from instances.errors import Finding
from instances.routes import free_commodities
from instances.scenarios.hits import hits_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from instances.facility import Facility
    from instances.problem import Problem
    from instances.reference_scope import Scope

ROUNDS = 50
"""Passes over all steps: longer loops may go unseen."""
_ROUNDING = 1e-9

Spot = tuple[str, str]
"""A commodity and its country, "" where it moves freely."""


class _Step(NamedTuple):
    """A tonne at ``start`` can become ``exp(gain)`` tonnes at ``end``, by a process or a lane."""

    start: Spot
    end: Spot
    gain: float
    facility: int | None
    process: str


def loop_findings(scope: Scope) -> Iterator[Finding]:
    """Yield a finding about a loop of processes that gives more than it takes in, if any does."""
    steps = _steps(scope.problem)
    if all(step.gain <= 0 for step in steps):
        return
    loop = _gaining(steps)
    if loop is None:
        return
    makers = [step for step in loop if step.facility is not None]
    places = [
        f"{scope.where('facilities', step.facility)}.processes[{step.process}]"
        for step in makers
        if step.facility is not None
    ]
    factor = exp(sum(step.gain for step in loop))
    goods = makers[0].start[0]
    yield Finding(
        f"{places[0]}.outputs",
        f"makes something from nothing, in a loop with {', '.join(places[1:])}"
        if len(places) > 1
        else "makes something from nothing",
        f"{factor:.4g} t of '{goods}' from 1 t",
        remedy="Lower an output or raise an input, so that a tonne sent round the loop is at most "
        "a tonne when it comes back.",
    )


def _steps(problem: Problem) -> Sequence[_Step]:
    free = set(free_commodities(problem))

    def spot(commodity: str, country: str) -> Spot:
        return (commodity, "" if commodity in free else country)

    steps = []
    for place, facility in enumerate(problem.facilities):
        for process in facility.processes:
            taken = [(name, ratio) for name, ratio in process.inputs.items() if ratio > 0]
            if len(taken) != 1:
                continue
            ((name, ratio),) = taken
            start = spot(name, facility.country)
            best = max(process.yields.values) * _luck(problem, facility)
            given = {good: best * part for good, part in process.outputs.items()}
            steps += [
                _Step(start, spot(good, facility.country), log(part / ratio), place, process.id)
                for good, part in given.items()
                if part > 0
            ]
    steps += [
        _Step((good, lane.origin), (good, lane.destination), log(1 - lane.loss), None, "")
        for lane in problem.lanes
        if lane.loss < 1
        for good in lane.commodities
    ]
    return steps


def _luck(problem: Problem, facility: Facility) -> float:
    """Return the largest factor by which events may raise what a facility gives, at least 1."""
    factor = 1.0
    for event in problem.events:
        if event.yields > 1 and any(
            hit.effect == "yields" and problem.facilities[hit.place] is facility
            for hit in hits_of(problem, event)
        ):
            factor *= event.yields
    return factor


def _gaining(steps: Sequence[_Step]) -> Sequence[_Step] | None:
    """Return a loop whose gains add up to more than 0: Bellman and Ford's search, cut short."""
    best: dict[Spot, float] = {}
    came: dict[Spot, _Step] = {}
    for _ in range(ROUNDS):
        changed = False
        for step in steps:
            gain = best.get(step.start, 0.0) + step.gain
            if gain > best.get(step.end, 0.0) + _ROUNDING:
                best[step.end] = gain
                came[step.end] = step
                changed = True
        if not changed:
            return None
        if (loop := _closed(came)) is not None:
            return loop
    return None


def _closed(came: Mapping[Spot, _Step]) -> Sequence[_Step] | None:
    """Return the steps of a loop among those by which spots were reached, if they close one."""
    seen: set[Spot] = set()
    for first in came:
        way: list[_Step] = []
        on_way: dict[Spot, int] = {}
        spot = first
        while spot in came and spot not in seen:
            seen.add(spot)
            on_way[spot] = len(way)
            way.append(came[spot])
            spot = came[spot].start
            if spot in on_way:
                loop = way[on_way[spot] :]
                return loop[::-1] if sum(step.gain for step in loop) > _ROUNDING else None
    return None
