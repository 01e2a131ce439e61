"""Scenarios: what happens together and how likely it is, listed or combined."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Annotated, NamedTuple, Self, TypeVar

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from instances.periods import LengthField
from instances.record import Day, Id, Record
from instances.units import Fraction

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from instances.periods import Length

Value = TypeVar("Value")
Weights = Annotated[tuple[Fraction, ...], Field(min_length=1)]
MOST_CELLS = 2000
SUM_TOLERANCE = 1e-6
"""How far probabilities that add up to 1 may be from it."""


class Scenario(Record):
    """A course that things may take: events that happen, and the probability that they do."""

    probability: Fraction
    """All scenarios and combinations together have 1."""
    events: tuple[Id, ...] = ()
    """Events that happen; none for a course without any. Those that are ``certain`` happen too."""


class Cell(NamedTuple):
    """One member of a combination."""

    id: str
    probability: float
    start: date | None
    length: Length | None
    availability: float | None


class Combination(Record):
    """One event in every combination of onset, length and depth: a scenario each.

    What is not given stays as the event says. Weights are probabilities given that the event
    happens, and add up to 1; all values are equally likely if they are not given.
    """

    event: Id
    """The event that is varied."""
    probability: Fraction
    """Probability that it happens in any of these ways."""
    starts: Annotated[tuple[Day, ...], Field(min_length=1)] | None = None
    """First days."""
    start_weights: Weights | None = None
    lengths: Annotated[tuple[LengthField, ...], Field(min_length=1)] | None = None
    """How long it lasts."""
    length_weights: Weights | None = None
    availabilities: Annotated[tuple[Fraction, ...], Field(min_length=1)] | None = None
    """Depths: fractions that are left."""
    availability_weights: Weights | None = None
    events: tuple[Id, ...] = ()
    """Events that happen in all of them, besides."""

    def cells(self) -> Iterator[Cell]:
        """Yield its members in order: by onset, then length, then depth."""
        axes = (
            _weighed(self.starts, self.start_weights),
            _weighed(self.lengths, self.length_weights),
            _weighed(self.availabilities, self.availability_weights),
        )
        for (start, early), (length, long), (left, deep) in product(*axes):
            words = [self.id]
            if start is not None:
                words.append(_day(start))
            if length is not None:
                words.append(str(length).replace(" ", ""))
            if left is not None:
                words.append(f"{100 * left:g}")
            chance = self.probability * early * long * deep
            yield Cell("-".join(words), chance, start, length, left)

    @model_validator(mode="after")
    def _weights_fit(self) -> Self:
        size = 1
        for values, weights in (
            ("starts", "start_weights"),
            ("lengths", "length_weights"),
            ("availabilities", "availability_weights"),
        ):
            stated, given = getattr(self, values), getattr(self, weights)
            if stated is not None:
                size *= len(stated)
                if len(set(stated)) < len(stated):
                    raise PydanticCustomError(
                        "combination",
                        "'{values}' names a value twice. Keep one of them.",
                        {"values": values},
                    )
            if given is None:
                continue
            if stated is None or len(stated) != len(given):
                raise PydanticCustomError(
                    "combination",
                    "'{weights}' has {count} values, but there are {stated} '{values}'. Give one "
                    "for each, or leave the weights out.",
                    {
                        "weights": weights,
                        "count": len(given),
                        "stated": len(stated or ()),
                        "values": values,
                    },
                )
            if abs(sum(given) - 1) > SUM_TOLERANCE:
                raise PydanticCustomError(
                    "combination",
                    "'{weights}' add up to {total}. They must add up to 1.",
                    {"weights": weights, "total": f"{sum(given):.6g}"},
                )
        if size > MOST_CELLS:
            raise PydanticCustomError(
                "combination",
                "makes {size} scenarios. At most {most} are allowed: give fewer values.",
                {"size": size, "most": MOST_CELLS},
            )
        return self


def _weighed(
    values: tuple[Value, ...] | None, weights: tuple[float, ...] | None
) -> list[tuple[Value | None, float]]:
    if values is None:
        return [(None, 1.0)]
    return list(zip(values, weights or (1 / len(values),) * len(values), strict=True))


def _day(day: date) -> str:
    return str(day.year) if (day.month, day.day) == (1, 1) else day.isoformat()
