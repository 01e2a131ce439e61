"""The points that a sweep is asked for: axes, draws, lists of edits, the ends of each axis."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING

from instances.edit import SIGNS
from instances.errors import Finding, InputError
from instances.select import PATH, select

if TYPE_CHECKING:
    from collections.abc import Sequence

    from instances import Problem
    from optimizer import Design
    from optimizer.sweep import Range
    from service.asks import SweepAsk


def ranges_of(problem: Problem, ask: SweepAsk) -> list[Range]:
    """Return the axes that are asked for.

    Raises
    ------
    InputError
        Every axis that means nothing, and wishes that exclude one another.
    """
    findings = _excluded(ask)
    ranges: list[Range] = []
    for text in ask.axes:
        try:
            ranges.append(_range_of(problem, text, ask.tornado))
        except InputError as error:
            findings += error.findings
    if findings:
        raise InputError(findings)
    return ranges


def count_of(ranges: Sequence[Range], ask: SweepAsk) -> int:
    """Return how many points are asked for, without laying them out."""
    if ask.tornado is not None:
        return 1 + 2 * len(ranges)
    if ask.sample is not None:
        points = ask.sample
        if ask.method in ("morris", "sobol"):
            from optimizer.sweep.screening import points_of

            points = points_of(len(ranges), ask.sample, ask.method)
    elif ask.zip:
        points = max((len(item.values) for item in ranges), default=1)
    else:
        points = prod(len(item.values) or 1 for item in ranges)
    return points * max(len(ask.scenarios), 1)


def design_of(problem: Problem, ranges: Sequence[Range], ask: SweepAsk) -> Design:
    """Return the points that are asked for.

    Raises
    ------
    InputError
        An axis is drawn where it is to be listed, or listed where it is to be drawn; a tornado
        has no one value to start from.
    """
    from optimizer.sweep import combined, grid, sample, scenarios, screen, tornado, zipped

    if ask.tornado is not None:
        return tornado(ranges, [_base(problem, item) for item in ranges])
    if not ranges:
        return scenarios(ask.scenarios)
    if ask.sample is not None:
        if ask.method == "morris" or ask.method == "sobol":
            return screen(ranges, ask.sample, ask.method, ask.seed)
        design = sample(ranges, ask.sample, ask.method, ask.seed)
    else:
        design = zipped(ranges) if ask.zip else grid(ranges)
    return combined(ask.scenarios, design) if ask.scenarios else design


def _excluded(ask: SweepAsk) -> list[Finding]:
    ways = {"zip": ask.zip, "sample": ask.sample is not None, "tornado": ask.tornado is not None}
    asked = [name for name, wanted in ways.items() if wanted]
    if not ask.axes and (asked or not ask.scenarios):
        remedy = "Give --axis (axes) or --scenarios."
        return [Finding("sweep", "has nothing to move", remedy=remedy)]
    if len(asked) > 1:
        return [Finding("sweep", f"cannot be both {' and '.join(asked)}", remedy="Choose one.")]
    if ask.tornado is not None and ask.scenarios:
        what = "starts from one problem, not from several scenarios"
        return [Finding("tornado", what, remedy="Apply the edits with --set (edits).")]
    if ask.method in ("morris", "sobol"):
        if ask.sample is None:
            what = "needs to know how many points"
            return [Finding("sample", what, remedy="Give --sample (sample).")]
        if ask.scenarios:
            what = "starts from one problem, not from several scenarios"
            return [Finding(ask.method, what, remedy="Apply the edits with --set (edits).")]
    if ask.tornado is not None and not 0 < ask.tornado < 1:
        return [Finding("tornado", "lies between 0 and 100 %", f"{ask.tornado:g}")]
    return []


def _range_of(problem: Problem, text: str, part: float | None) -> Range:
    """Return an axis; for a tornado one that is a mere path goes ``part`` down and up."""
    from optimizer import parse_range

    path = PATH.match(text)
    if part is not None and path is not None and not text[path.end() :].strip():
        return parse_range(f"{text.strip()}*={1 - part!r},{1 + part!r}", problem)
    return parse_range(text, problem)


def _base(problem: Problem, item: Range) -> float:
    """Return the value of an axis at which the problem is as it stands."""
    if item.axis.action != "set":
        return {"multiply": 1.0, "add": 0.0}[item.axis.action]
    path = item.axis.select
    values = [spot.value() for spot in select(problem.to_plain(), path)]
    now = values[0]
    if isinstance(now, bool) or not isinstance(now, int | float) or any(v != now for v in values):
        signs = " or ".join(sign for sign, action in SIGNS.items() if action != "set")
        raise InputError(
            [
                Finding(
                    path,
                    "has no one value to start from",
                    remedy=f"Write factors or additions ({signs}) for a tornado.",
                )
            ]
        )
    return float(now)
