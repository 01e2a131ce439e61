"""Expansions: capacity that can be added to a facility, for money and after a time."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Discriminator, Field, Tag, model_validator
from pydantic_core import PydanticCustomError

from instances.record import Day, Id, Record, check_dates
from instances.schedule import DaysOverTime, Schedule, UsdPerTonneOverTime
from instances.units import Days, Fraction, RatePerYear, TonnesPerYear, Years


def _salvage_form(value: object) -> str:
    return "word" if isinstance(value, str) and value.strip("_ ").isidentifier() else "number"


Salvage = Annotated[
    Annotated[Literal["none", "straight_line"], Tag("word")] | Annotated[Fraction, Tag("number")],
    Discriminator(_salvage_form),
]


class Expansion(Record):
    """Capacity that can be added to a facility.

    Money is charged either when it is decided (``lump``), or as an annuity over the asset's life
    from the day it is commissioned, cut at the horizon (``annual``); never both. Interest runs at
    ``rate`` between decision and commissioning where the annuity is charged.
    """

    facility: Id
    size: Annotated[TonnesPerYear, Field(gt=0)]
    """Most tonnes of activity per year that can be added over the horizon."""
    lumpy: bool = False
    """Whether it is built whole or not at all, once; otherwise any part of it at any time."""
    capex: UsdPerTonneOverTime
    """USD per tonne of activity per year, at the prices of the day it is decided."""
    capex_mode: Literal["annual", "lump"] = "annual"
    grant: Fraction = 0.0
    """Fraction of the capital cost that others pay."""
    life: Annotated[Years, Field(gt=0)] = 20.0
    """Years from commissioning over which it serves and the annuity runs."""
    salvage: Salvage = "none"
    """What a lump is worth at the end of the horizon, credited on its last day: nothing, the
    fraction of the capital cost that the fraction of ``life`` left makes, or a stated fraction.
    Whoever granted a part of the capital cost owns that part. An annuity has none: it is cut at
    the horizon."""
    rate: RatePerYear = 0.08
    """Interest per year of the annuity and during construction."""
    lead_time: Days = 0.0
    """Days from the start of the period of decision to commissioning."""
    delay: DaysOverTime = Schedule.always(0.0)
    """Days that what is decided on a day takes on top of ``lead_time``."""
    ramp: Annotated[tuple[Fraction, ...], Field(max_length=50)] = ()
    """Fraction usable in the first, second, ... year after commissioning; all of it afterwards.
    Commissioned on a 29th of February, its years begin on the 1st of March."""
    delivery_probability: Fraction = 1.0
    """Probability that what is decided is there when it is due. All of it is paid for, and a plan
    counts the expected capacity; where all or nothing matters, write an event and scenarios."""
    start: Day | None = None
    """First day on which it can be decided."""
    end: Day | None = None
    """Day from which it cannot be decided."""

    @model_validator(mode="after")
    def _dates_in_order(self) -> Self:
        check_dates(self.start, self.end)
        return self

    @model_validator(mode="after")
    def _salvage_of_a_lump(self) -> Self:
        if self.salvage != "none" and self.capex_mode != "lump":
            raise PydanticCustomError(
                "salvage",
                "has a 'salvage', but an annuity is cut at the horizon already. Leave 'salvage' "
                "out, or set 'capex_mode' to lump.",
            )
        return self

    def salvaged(self, years: float) -> float:
        """Return the fraction of a lump that is left after so many years of service."""
        if self.salvage == "none":
            return 0.0
        if self.salvage == "straight_line":
            return max(0.0, 1.0 - years / self.life)
        return float(self.salvage)
