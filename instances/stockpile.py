"""Stores of a commodity, run as a reserve or as working stock."""

from __future__ import annotations

from typing import Self

from pydantic import model_validator
from pydantic_core import PydanticCustomError

from instances.record import CountryCode, Id, Record
from instances.schedule import TonnesPerYearOverTime
from instances.units import RatePerYear, Tonnes, UsdPerTonne, UsdPerTonneYear


class Stockpile(Record):
    """A store of one commodity in one country."""

    commodity: Id
    country: CountryCode
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
    decay: RatePerYear = 0.0
    """Fraction lost per year of storage; what is held shrinks by (1 - decay)^years."""
    holding_cost: UsdPerTonneYear = 0.0
    """USD per tonne held at the end of a period and year of that period."""
    terminal_value: UsdPerTonne = 0.0
    """USD per tonne held at the end of the horizon."""

    @model_validator(mode="after")
    def _opening_fits(self) -> Self:
        if self.capacity is not None and self.opening > self.capacity:
            raise PydanticCustomError(
                "stockpile",
                "opens with {opening} t but holds at most {capacity} t.",
                {"opening": f"{self.opening:g}", "capacity": f"{self.capacity:g}"},
            )
        return self
