"""Designs: the points of a sweep, from axes, from lists of edits, or drawn at random."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, Literal

import numpy as np

from instances.errors import Finding, InputError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from optimizer.compile import Floats
    from optimizer.engine.family import Axis
    from optimizer.sweep.ranges import Range

Method = Literal["random", "latin"]
Analysis = Literal["morris", "sobol"]
BASE = "base"


@dataclass(frozen=True)
class Point:
    """A point of a sweep.

    Parameters
    ----------
    id
        Unique in the sweep; names its record and its folder.
    values
        A value for each axis.
    edits
        Edits made before the axes are set.
    """

    id: str
    values: tuple[float, ...] = ()
    edits: tuple[str, ...] = ()


@dataclass(frozen=True)
class Screening:
    """How the points of a screening were laid out: what reading them needs.

    Parameters
    ----------
    method
        Elementary effects ("morris") or shares of variance ("sobol").
    ranges
        The axes with their distributions.
    count, seed
        Trajectories or size of the base sample, and the seed.
    """

    method: Analysis
    ranges: tuple[Range, ...]
    count: int
    seed: int


@dataclass(frozen=True)
class Design:
    """The axes of a sweep and its points.

    Parameters
    ----------
    axes, points
        What moves, and where it is solved.
    base
        Id of the point from which the others move one axis each, ``None`` where there is none.
    screening
        How the points of a screening are to be read, ``None`` for others.
    """

    axes: tuple[Axis, ...]
    points: tuple[Point, ...]
    base: str | None = None
    screening: Screening | None = None

    @property
    def spans(self) -> tuple[tuple[float, float], ...]:
        """Return the least and the greatest value of each axis."""
        return tuple(
            (min(values), max(values))
            for values in zip(*(point.values for point in self.points), strict=True)
        )


def grid(ranges: Sequence[Range]) -> Design:
    """Return every combination of the values of the axes, the last axis running fastest."""
    _need_values(ranges)
    return _design(ranges, list(product(*(item.values for item in ranges))))


def zipped(ranges: Sequence[Range]) -> Design:
    """Return the first values of all axes as one point, then the second ones, and so on.

    Raises
    ------
    InputError
        The axes have different numbers of values.
    """
    _need_values(ranges)
    lengths = {len(item.values) for item in ranges}
    if len(lengths) > 1:
        told = ", ".join(f"{item.axis.select}: {len(item.values)}" for item in ranges)
        raise InputError(
            [Finding("axes", "are not equally long", told, remedy="Give each as many values.")]
        )
    return _design(ranges, list(zip(*(item.values for item in ranges), strict=True)))


def scenarios(edits: Mapping[str, Sequence[str]]) -> Design:
    """Return a point for each named list of edits."""
    return Design((), tuple(Point(name, (), tuple(texts)) for name, texts in edits.items()))


def combined(edits: Mapping[str, Sequence[str]], design: Design) -> Design:
    """Return every point of ``design`` under each named list of edits."""
    points = tuple(
        Point(f"{name}-{point.id}", point.values, (*texts, *point.edits))
        for name, texts in edits.items()
        for point in design.points
    )
    return Design(design.axes, points)


def sample(ranges: Sequence[Range], count: int, method: Method, seed: int) -> Design:
    """Return ``count`` points drawn from the distributions of the axes.

    Parameters
    ----------
    method
        "random": independent draws. "latin": each axis has one draw in each of ``count`` equally
        likely slices, combined at random (McKay, Beckman and Conover, Technometrics 21 (1979)
        239).
    seed
        Equal seeds give equal points.
    """
    need_distributions(ranges)
    draw = np.random.default_rng(seed)
    levels = draw.random((count, len(ranges)))
    if method == "latin":
        slots = np.column_stack([draw.permutation(count) for _ in ranges])
        levels = (slots + levels) / count
    return at_levels(ranges, levels)


def at_levels(ranges: Sequence[Range], levels: Floats) -> Design:
    """Return the points at fractions of the distributions: a row per point, a column per axis."""
    columns = [item.quantile(levels[:, number]) for number, item in enumerate(ranges)]
    return _design(ranges, list(zip(*(column.tolist() for column in columns), strict=True)))


def tornado(ranges: Sequence[Range], base: Sequence[float]) -> Design:
    """Return the base, then each axis at either end of its values with the others at the base."""
    _need_values(ranges)
    points = [Point(BASE, tuple(base))]
    for number, item in enumerate(ranges):
        for end, value in (("low", min(item.values)), ("high", max(item.values))):
            values = list(base)
            values[number] = value
            points.append(Point(f"{number}-{end}", tuple(values)))
    return Design(tuple(item.axis for item in ranges), tuple(points), BASE)


def need_distributions(ranges: Sequence[Range]) -> None:
    """Raise InputError where an axis is listed and not drawn."""
    listed = [item.axis.select for item in ranges if item.shape is None]
    if listed or not ranges:
        raise InputError(
            [
                Finding(
                    name,
                    "is listed, not drawn",
                    remedy="Give a distribution such as uniform(0.8, 1.2).",
                )
                for name in listed
            ]
            or [Finding("axes", "are none", remedy="Give one with a distribution.")]
        )


def _design(ranges: Sequence[Range], combinations: list[tuple[float, ...]]) -> Design:
    width = len(str(max(len(combinations) - 1, 0)))
    points = tuple(
        Point(f"{number:0{width}d}", tuple(values)) for number, values in enumerate(combinations)
    )
    return Design(tuple(item.axis for item in ranges), points)


def _need_values(ranges: Sequence[Range]) -> None:
    drawn = [item.axis.select for item in ranges if item.shape is not None]
    if drawn:
        raise InputError(
            [
                Finding(
                    name,
                    "is drawn from a distribution, not listed",
                    remedy="List its values, or ask for a sample.",
                )
                for name in drawn
            ]
        )
