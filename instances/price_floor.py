"""Guaranteed prices: a floor under what a maker gets, and a least price at a border.

Prices are data, so that what is paid per tonne is a number: nothing here is a decision.
"""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from instances.record import Day, Id, Record, Text, check_dates
from instances.schedule import UsdPerTonneOverTime
from instances.units import Fraction


class PriceFloor(Record):
    """A contract for difference: the public pays the maker what the reference price lacks.

    Per tonne that the facility makes, or that is bought from the offer, while it is in force: the
    floor less the reference price where that is lower; where the reference price lies above the
    threshold, the maker pays back a fraction of what is above. Account ``price_support``, a
    transfer from the public purse to the producer; what is paid back counts against it.
    """

    facility: Id | None = None
    """Whose output is guaranteed. Either a facility or an offer."""
    offer: Id | None = None
    """Whose sales are guaranteed."""
    commodity: Id
    """Which output of the facility; that of the offer."""
    floor: UsdPerTonneOverTime
    reference: UsdPerTonneOverTime
    """The market's price that the floor is compared with."""
    clawback: Fraction = 0.0
    """Fraction of the reference price above the threshold that the maker pays back."""
    clawback_above: UsdPerTonneOverTime | None = None
    """The threshold; the floor if not given."""
    start: Day | None = None
    """First day on which it is in force; a period partly in force counts by its days."""
    end: Day | None = None
    """Day from which it is in force no longer."""

    @model_validator(mode="after")
    def _one_maker(self) -> Self:
        if (self.facility is None) == (self.offer is None):
            raise PydanticCustomError("price_floor", "needs either 'facility' or 'offer'.")
        check_dates(self.start, self.end)
        return self


class MinimumImportPrice(Record):
    """A least price at the border of a zone: what is bought from outside pays the greater price.

    Per tonne bought from an offer in a country outside the zone: what its price lacks. Purchases
    count at the seller's gate, wherever the goods go: the buyers are taken to be in the zone. The
    difference goes to the seller (account ``top_up``, a cost) or, as an adjustable duty, to the
    treasury (account ``tariff``, a transfer). Several on one commodity add up.
    """

    commodity: Id
    zone: Text | Annotated[tuple[Id, ...], Field(min_length=1)]
    """Country or group, or several: what is bought from a country in it pays nothing more."""
    price: UsdPerTonneOverTime
    """The least price."""
    goes_to: Literal["seller", "treasury"]
    """Who receives the difference."""
    start: Day | None = None
    """First day on which it is in force; a period partly in force counts by its days."""
    end: Day | None = None
    """Day from which it is in force no longer."""

    @model_validator(mode="after")
    def _dates_in_order(self) -> Self:
        check_dates(self.start, self.end)
        return self
