"""Ranges: which values an axis takes, as listed, evenly spaced, or drawn from a distribution.

As text::

    rules[cn-cap].max_share=0.3:0.9:13       13 values from 0.3 to 0.9, both included
    rules[cn-cap].max_share=30 %, 50 %       the values listed
    offers[*].price*=0.8:1.2:9               factors
    offers[cn-ga].price=uniform(300 USD/kg, 500 USD/kg)
    offers[cn-ga].price*=normal(1, 0.1)      mean and standard deviation
    offers[cn-ga].price*=lognormal(1, 0.1)   median, and standard deviation of the logarithm
    demand[*].quantity*=triangular(0.8, 1, 1.5)   least, likeliest, greatest
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from statistics import NormalDist
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np
from pydantic_core import PydanticCustomError

from instances.edit import SIGNS
from instances.errors import Finding, InputError, nearest_name
from instances.fields import base_unit
from instances.select import PATH, select
from instances.units import to_base
from optimizer.engine.family import Axis

if TYPE_CHECKING:
    from instances.problem import Problem
    from optimizer.compile import Floats

Shape = Literal["uniform", "normal", "lognormal", "triangular"]
PARAMETERS = {"uniform": 2, "normal": 2, "lognormal": 2, "triangular": 3}
_SIGN = re.compile(r"\s*([*+]?=)")
_SPACED = re.compile(r"([^:]+):([^:]+):\s*(\d+)\s*")
_DRAWN = re.compile(r"\s*([a-z_]+)\s*\(([^()]*)\)\s*")
MOST_VALUES = 100_000


@dataclass(frozen=True)
class Range:
    """An axis with its values, or with the distribution they are drawn from.

    Parameters
    ----------
    axis
        What moves.
    values
        What it takes; empty where it is drawn.
    shape, parameters
        The distribution: uniform (least, greatest), normal (mean, standard deviation), lognormal
        (median, standard deviation of the logarithm), triangular (least, likeliest, greatest).
    """

    axis: Axis
    values: tuple[float, ...] = ()
    shape: Shape | None = None
    parameters: tuple[float, ...] = ()

    def quantile(self, level: Floats) -> Floats:
        """Return the values below which the fractions ``level`` of the distribution lie."""
        if self.shape == "uniform":
            low, high = self.parameters
            return np.asarray(low + level * (high - low))
        if self.shape == "triangular":
            low, mode, high = self.parameters
            turn = (mode - low) / (high - low)
            rising = low + np.sqrt(level * (high - low) * (mode - low))
            falling = high - np.sqrt((1 - level) * (high - low) * (high - mode))
            return np.asarray(np.where(level < turn, rising, falling))
        centre, spread = self.parameters
        # the ends of an unbounded distribution are no values
        inside = np.clip(level, 1e-9, 1 - 1e-9)
        scores = np.array([NormalDist().inv_cdf(float(part)) for part in inside])
        if self.shape == "normal":
            return np.asarray(centre + spread * scores)
        return np.asarray(centre * np.exp(spread * scores))


def parse_range(text: str, problem: Problem) -> Range:
    """Return the range that a text states, its numbers in the base unit of the field.

    Raises
    ------
    InputError
        The text is no range, or its path means nothing in ``problem``.
    """
    path = PATH.match(text)
    sign = _SIGN.match(text, path.end()) if path else None
    if path is None or sign is None:
        raise _fault(text, "is no axis", None, "Write a path, =, *= or +=, then the values.")
    name = path[0].strip()
    spot = select(problem.to_plain(), name)[0]
    action = SIGNS[sign[1]]
    unit = "fraction" if action == "multiply" else base_unit(spot.owner, spot.field)
    axis, rest = Axis(name, action), text[sign.end() :]
    spaced, drawn = _SPACED.fullmatch(rest), _DRAWN.fullmatch(rest)
    if spaced is not None:
        low, high = (_number(part, unit, name) for part in spaced.groups()[:2])
        count = int(spaced[3])
        if not 2 <= count <= MOST_VALUES:
            raise _fault(name, "takes no such number of values", spaced[3], "Write 2 or more.")
        return Range(axis, tuple(np.linspace(low, high, count).tolist()))
    if drawn is not None:
        return _distribution(axis, drawn[1], drawn[2], unit)
    return Range(axis, tuple(_number(part, unit, name) for part in rest.split(",")))


def _distribution(axis: Axis, shape: str, inside: str, unit: str | None) -> Range:
    shapes: tuple[Shape, ...] = get_args(Shape)
    known = next((item for item in shapes if item == shape), None)
    name = axis.select
    if known is None:
        near = nearest_name(shape, shapes)
        raise _fault(name, "knows no such distribution", shape, f"There are: {shapes}.", near)
    parts = inside.split(",")
    if len(parts) != PARAMETERS[known]:
        raise _fault(
            name,
            f"has a {known} distribution of {len(parts)} numbers",
            inside,
            f"Give {PARAMETERS[known]}.",
        )
    # the spread of a logarithm has no unit
    units = [unit, None] if known == "lognormal" else [unit] * len(parts)
    numbers = tuple(_number(part, one, name) for part, one in zip(parts, units, strict=True))
    rising = list(numbers) == sorted(numbers) and numbers[0] < numbers[-1]
    if known in ("uniform", "triangular") and not rising:
        raise _fault(name, f"has a {known} distribution that does not rise", inside, "Sort it.")
    if known in ("normal", "lognormal") and numbers[1] < 0:
        raise _fault(name, "has a spread below 0", inside, "Write one of at least 0.")
    if known == "lognormal" and numbers[0] <= 0:
        raise _fault(name, "has a median that is not above 0", inside, "Write one above 0.")
    return Range(axis, (), known, numbers)


def _number(text: str, unit: str | None, where: str) -> float:
    try:
        number = float(text if unit is None else str(to_base(text.strip(), unit)))
    except (PydanticCustomError, ValueError):
        shown = unit or "no unit"
        raise _fault(
            where, "is given a value that is no number", text.strip(), f"Write one in {shown}."
        ) from None
    if not math.isfinite(number):
        raise _fault(where, "is given a value that is not finite", text.strip(), "Write another.")
    return number


def _fault(
    where: str, what: str, value: str | None, remedy: str, near: str | None = None
) -> InputError:
    return InputError([Finding(where, what, value, near, remedy)])
