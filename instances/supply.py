"""What can be bought: offers, each in one or more tranches of rising price."""

from __future__ import annotations

from functools import cached_property
from typing import Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from instances.network import rising
from instances.record import CountryCode, Day, Id, Part, Record, Text, check_dates
from instances.schedule import (
    FractionOverTime,
    Schedule,
    TonnesPerYearOverTime,
    UsdPerTonneOverTime,
)


class Tranche(Part):
    """A slice of an offer at one price."""

    price: UsdPerTonneOverTime
    capacity: TonnesPerYearOverTime | None = None
    """Tonnes per year; unlimited if not given."""


class Offer(Record):
    """Goods on the table: a supplier in a country sells at a price, up to a capacity."""

    supplier: Text
    country: CountryCode
    commodity: Id
    price: UsdPerTonneOverTime | None = None
    capacity: TonnesPerYearOverTime | None = None
    """Tonnes per year; unlimited if not given. Either price (and capacity) or tranches."""
    tranches: tuple[Tranche, ...] | None = Field(default=None, min_length=1, max_length=100)
    """Slices of rising price, cheapest first."""
    ore: CountryCode | None = None
    """Country the ore came from; the offer's own if not given."""
    via: tuple[CountryCode, ...] = ()
    """Other countries where a step between ore and sale was taken."""
    available: FractionOverTime = Schedule.always(1.0)
    """Fraction of the capacity that these buyers can have; others take the rest."""
    start: Day | None = None
    """First day of supply; the first of the horizon if not given."""
    end: Day | None = None
    """Day after the last of supply; the end of the horizon if not given."""

    @cached_property
    def slices(self) -> tuple[Tranche, ...]:
        """Return the tranches; an offer at one price is one tranche."""
        if self.tranches is not None:
            return self.tranches
        assert self.price is not None
        return (Tranche(price=self.price, capacity=self.capacity),)

    @model_validator(mode="after")
    def _price_or_tranches(self) -> Self:
        if (self.price is None) == (self.tranches is None):
            raise PydanticCustomError(
                "offer", "needs either 'price' (and 'capacity') or 'tranches'."
            )
        if self.tranches is not None:
            if self.capacity is not None:
                raise PydanticCustomError(
                    "offer", "'capacity' stands in the tranches when there are any."
                )
            if not rising(tuple(tranche.price for tranche in self.tranches)):
                raise PydanticCustomError(
                    "offer",
                    "tranche prices fall. List tranches by rising price: the cheapest first.",
                )
        check_dates(self.start, self.end)
        return self
