"""Stores of a commodity, run as a reserve or as working stock."""

from __future__ import annotations

from itertools import pairwise
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from instances.record import CountryCode, Day, Id, Part, Record, Text, check_dates
from instances.schedule import TonnesPerYearOverTime
from instances.units import (
    Days,
    Fraction,
    PacePerYear,
    RatePerYear,
    Tonnes,
    UsdPerTonne,
    UsdPerTonneYear,
)


class Declaration(Part):
    """A stretch of time in which a release from stock is declared."""

    start: Day
    """First day on which stock may be released."""
    end: Day
    """Day from which it may not."""

    @model_validator(mode="after")
    def _dates_in_order(self) -> Self:
        check_dates(self.start, self.end)
        return self


class Stockpile(Record):
    """A store of one commodity in one country, and the policy it is run by.

    What is drawn is *released*, *rotated* (replaced by fresh goods in the same period) or *lent*
    (to come back in kind). A declared release binds neither rotation nor loans.
    """

    commodity: Id
    country: CountryCode
    owner: Text | None = None
    """Who owns it; for readers."""
    opening: Tonnes = 0.0
    """Tonnes held at the start of the horizon."""
    opening_country: CountryCode | None = None
    """Seller country of the opening stock; unknown if not given (rules say how that counts)."""
    opening_ore: CountryCode | None = None
    """Country the ore of the opening stock came from; unknown if not given."""
    capacity: Tonnes | None = None
    """Most tonnes it holds at the end of a period; unlimited if not given."""
    fill_rate: TonnesPerYearOverTime | None = None
    """Most tonnes put in per year; unlimited if not given."""
    draw_rate: TonnesPerYearOverTime | None = None
    """Most tonnes taken out per year; unlimited if not given."""
    market_share: Annotated[Fraction, Field(gt=0)] | None = None
    """Most that is put in in a period, as a fraction of what all offers of the commodity hold in
    it, so that filling does not move the market; unlimited if not given."""
    rotation: RatePerYear = 0.0
    """Fraction of what is held that must be drawn and replaced per year."""
    rotation_cost: UsdPerTonne = 0.0
    """USD per tonne rotated."""
    release: Literal["free", "declared"] = "free"
    """Whether goods may be released at any time, or only while a release is declared."""
    declared: Annotated[tuple[Declaration, ...], Field(max_length=100)] = ()
    """Stretches in which a release is declared, in order."""
    pace: PacePerYear | None = None
    """Fraction of what is held when a declaration begins that may be released per year of it
    ("1 %/d"); unlimited if not given."""
    serves: Annotated[tuple[Text, ...], Field(min_length=1)] | None = None
    """Demand classes that may be served: no more is drawn than they receive in the country; all
    classes if not given. What is rotated goes to anyone."""
    loan_days: Days | None = None
    """Days within which goods drawn as a loan come back; no loans if not given. All are back at
    the end of the horizon."""
    decay: RatePerYear = 0.0
    """Fraction lost per year of storage; what is held shrinks by (1 - decay)^years."""
    holding_cost: UsdPerTonneYear = 0.0
    """USD per tonne held at the end of a period and year of that period."""
    terminal_value: UsdPerTonne = 0.0
    """USD per tonne held at the end of the horizon."""

    book_value: UsdPerTonne | None = None
    """USD per tonne in the books of a fund: lent against, paid by whoever draws, settled."""

    @property
    def handles(self) -> bool:
        """Whether some of what is drawn comes back: by rotation or as a loan."""
        return self.rotation > 0 or self.loan_days is not None

    @model_validator(mode="after")
    def _declares(self) -> Self:
        given = {"declared": self.declared, "pace": self.pace, "loan_days": self.loan_days}
        for name, value in given.items():
            if self.release == "free" and value not in ((), None):
                raise PydanticCustomError(
                    "stockpile",
                    "has '{name}', but its release is free. Write 'release: declared', or drop "
                    "'{name}'.",
                    {"name": name},
                )
        for before, after in pairwise(self.declared):
            if after.start < before.end:
                raise PydanticCustomError(
                    "stockpile",
                    "declares a release from {start} before the one until {end} is over. "
                    "List them in order, without overlap.",
                    {"start": after.start.isoformat(), "end": before.end.isoformat()},
                )
        return self

    @model_validator(mode="after")
    def _opening_fits(self) -> Self:
        if self.capacity is not None and self.opening > self.capacity:
            raise PydanticCustomError(
                "stockpile",
                "opens with {opening} t but holds at most {capacity} t.",
                {"opening": f"{self.opening:g}", "capacity": f"{self.capacity:g}"},
            )
        return self
