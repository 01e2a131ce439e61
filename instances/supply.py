"""What can be bought: offers, each in one or more tranches, and on which conditions."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from instances.network import rising
from instances.owner import Owners
from instances.record import CountryCode, Day, Id, Part, Record, Text, check_dates
from instances.schedule import (
    FractionOverTime,
    Schedule,
    TonnesPerYearOverTime,
    UsdPerTonneOverTime,
    UsdPerYearOverTime,
)
from instances.units import Days, Fraction, TonnesPerYear, Usd

if TYPE_CHECKING:
    from datetime import date


class Tranche(Part):
    """A slice of an offer at one price."""

    price: UsdPerTonneOverTime
    capacity: TonnesPerYearOverTime | None = None
    """Tonnes per year; unlimited if not given."""

    def price_on(self, day: date, branch: str | None = None) -> float | None:
        """Return the price on ``day`` in a branch; ``None`` before the first that is stated."""
        return self.price.at(day, branch)


class Offer(Record):
    """Goods on the table: a supplier in a country sells at a price, up to a capacity.

    Widths of tranches, capacity and minimum lot are rates: what a period may take of a tranche is
    its width times the years of the period within the dates, times ``available`` and
    ``delivery_probability`` (not for the lot). A discount is earned anew in every period, on what
    that period buys.
    """

    supplier: Text
    country: CountryCode
    commodity: Id
    price: UsdPerTonneOverTime | None = None
    capacity: TonnesPerYearOverTime | None = None
    """Tonnes per year; unlimited if not given. Either price (and capacity) or tranches."""
    tranches: tuple[Tranche, ...] | None = Field(default=None, min_length=1, max_length=100)
    """Slices in the order in which they are bought."""
    pricing: Literal["rising", "incremental", "all_units"] = "rising"
    """``rising``: each tranche costs at least as much as the one before it. ``incremental``: a
    tranche may be cheaper, and is for sale once those before it are bought in full. ``all_units``:
    the price of the tranche that is reached holds for all tonnes of the period."""
    owners: Owners = ()
    """Who holds the supplier: share rules with a ``stake`` go by them, not by its country."""
    ore: CountryCode | None = None
    """Country the ore came from; the offer's own if not given."""
    via: tuple[CountryCode, ...] = ()
    """Other countries where a step between ore and sale was taken."""
    available: FractionOverTime = Schedule.always(1.0)
    """Fraction of the capacity that these buyers can have; others take the rest."""
    allotted: bool = False
    """Whether the capacity is no more than what these buyers can have of a supplier whose output
    is larger or not known: an import share, a quota. Nothing is then said of what others leave."""
    delivery_probability: Fraction = 1.0
    """Probability that announced capacity is there when it is due. A plan counts the expected
    capacity; where all or nothing matters, write an event and scenarios instead."""
    start: Day | None = None
    """First day of supply; the first of the horizon if not given."""
    end: Day | None = None
    """Day after the last of supply; the end of the horizon if not given."""
    minimum_lot: TonnesPerYear = 0.0
    """Tonnes per year below which a period buys nothing; ordering is then a yes/no choice."""
    fixed_cost: UsdPerYearOverTime = Schedule.always(0.0)
    """USD per year (within the dates) of a period in which anything is bought; ordering is then a
    yes/no choice."""
    qualification_cost: Usd = 0.0
    """USD, once, before the first tonne: tests, audits, samples. Qualifying is a yes/no choice."""
    qualification_time: Days = 0.0
    """Days from the start of the period in which qualifying is decided to the first tonne."""

    @cached_property
    def slices(self) -> tuple[Tranche, ...]:
        """Return the tranches; an offer at one price is one tranche."""
        if self.tranches is not None:
            return self.tranches
        assert self.price is not None
        return (Tranche(price=self.price, capacity=self.capacity),)

    @property
    def chooses(self) -> bool:
        """Whether ordering is a yes/no choice."""
        return self.minimum_lot > 0 or any(self.fixed_cost.values)

    @property
    def qualifies(self) -> bool:
        """Whether it has to be qualified before the first tonne."""
        return self.qualification_cost > 0 or self.qualification_time > 0

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
            prices = tuple(tranche.price for tranche in self.tranches)
            if self.pricing == "rising" and not rising(prices):
                raise PydanticCustomError(
                    "offer",
                    "tranche prices fall. List tranches by rising price, the cheapest first, or "
                    "say how they fall: 'pricing: incremental' or 'pricing: all_units'.",
                )
        check_dates(self.start, self.end)
        return self

    @model_validator(mode="after")
    def _choices_within_capacity(self) -> Self:
        if self.pricing != "rising" and self.tranches is None:
            raise PydanticCustomError(
                "offer",
                "has a 'pricing' but no tranches. List its 'tranches', or drop 'pricing'.",
            )
        limited = all(item.capacity is not None for item in self.slices)
        if not limited and (self.delivery_probability < 1 or self.allotted):
            raise PydanticCustomError(
                "offer",
                "has a 'delivery_probability' or is 'allotted', but no 'capacity', or a tranche "
                "without one. Give the capacity that is announced or allotted.",
            )
        if not limited and (self.pricing != "rising" or self.chooses or self.qualifies):
            raise PydanticCustomError(
                "offer",
                "is bought by yes/no choices but has no 'capacity', or a tranche without one. "
                "Give the most it can sell, in every tranche: it decides what a choice allows.",
            )
        return self
