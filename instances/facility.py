"""Facilities: sites whose processes turn commodities into others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from instances.owner import Owners
from instances.record import CountryCode, Day, Id, Record, check_dates
from instances.schedule import (
    FractionOverTime,
    RatioOverTime,
    Schedule,
    TonnesPerYearOverTime,
    UsdPerTonneOverTime,
    UsdPerYearOverTime,
)
from instances.units import Fraction, Ratio, TonnesPerYear

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

Recipe = Annotated[dict[Id, Ratio], Field(max_length=50)]
"""Tonnes of each commodity per tonne of activity."""


class Process(Record):
    """A recipe: what a tonne of activity takes in, and the basket it gives (joint production)."""

    inputs: Recipe = Field(default_factory=dict)
    """Tonnes of each commodity taken in per tonne of activity; nothing for a mine."""
    outputs: Annotated[Recipe, Field(min_length=1)]
    """Tonnes of each commodity given per tonne of activity."""
    yields: RatioOverTime = Schedule.always(1.0)
    """Factor on all outputs: 0.9 where a tenth of what the recipe says is lost."""
    cost: UsdPerTonneOverTime = Schedule.always(0.0)
    """USD per tonne of activity, inputs apart."""
    carrier: Id | None = None
    """The input whose ore country the outputs inherit; the first if not given."""

    def given(self, day: date, branch: str | None = None) -> Mapping[str, float]:
        """Return the tonnes that a tonne of activity gives on ``day`` in a branch, by commodity.

        Before the first date of ``yields`` it gives nothing.
        """
        factor = self.yields.at(day, branch) or 0.0
        return {name: factor * ratio for name, ratio in self.outputs.items()}

    @model_validator(mode="after")
    def _carrier_is_input(self) -> Self:
        if self.carrier is not None and self.carrier not in self.inputs:
            raise PydanticCustomError(
                "process",
                "'carrier' {carrier} is none of the inputs. Name one of them, or leave it out.",
                {"carrier": repr(self.carrier)},
            )
        both = sorted(self.inputs.keys() & self.outputs.keys())
        if both:
            raise PydanticCustomError(
                "process",
                "{both} is both an input and an output. State the net amount on one side.",
                {"both": ", ".join(both)},
            )
        return self


class Facility(Record):
    """A site in a country that runs one or more processes within one capacity."""

    country: CountryCode
    owners: Owners = ()
    """Who holds it: share rules with a ``stake`` go by them, not by its country."""
    processes: Annotated[tuple[Process, ...], Field(min_length=1)]
    capacity: TonnesPerYearOverTime | None = None
    """Tonnes of activity per year over all processes; unlimited if not given; 0 for a site to
    build."""
    utilisation: FractionOverTime = Schedule.always(1.0)
    """Fraction of the capacity that can be used."""
    delivery_probability: Fraction = 1.0
    """Probability that the announced capacity is there when it is due: a plan counts the expected
    capacity. What expansions add has a probability of its own."""
    minimum_run: TonnesPerYear = 0.0
    """Tonnes of activity per year below which it stands idle; whether it runs is then a yes/no
    choice."""
    fixed_cost: UsdPerYearOverTime = Schedule.always(0.0)
    """USD per year of a period in which it runs; whether it runs is then a yes/no choice."""
    growth: TonnesPerYear | None = None
    """Most by which its yearly rate of activity may rise per year; unlimited if not given."""
    start: Day | None = None
    """First day on which it can run; the first of the horizon if not given."""
    end: Day | None = None
    """Day from which it cannot run; the end of the horizon if not given."""

    @property
    def chooses(self) -> bool:
        """Whether running is a yes/no choice."""
        return self.minimum_run > 0 or any(self.fixed_cost.values)

    @model_validator(mode="after")
    def _dates_in_order(self) -> Self:
        check_dates(self.start, self.end)
        if self.chooses and self.capacity is None:
            raise PydanticCustomError(
                "facility",
                "has a fixed cost or a minimum run but no 'capacity'. Give the most it can run.",
            )
        if self.delivery_probability < 1 and self.capacity is None:
            raise PydanticCustomError(
                "facility",
                "has a 'delivery_probability' but no 'capacity'. Give the capacity announced.",
            )
        ids = [process.id for process in self.processes]
        twice = sorted({name for name in ids if ids.count(name) > 1})
        if twice:
            raise PydanticCustomError(
                "process",
                "has more than one process with the id {twice}. Give each an id of its own.",
                {"twice": ", ".join(twice)},
            )
        return self
