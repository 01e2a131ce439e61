"""Tariffs by origin: a duty on goods of a country that enter others, from a date."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from instances.record import Day, Id, Record, Text, check_dates
from instances.schedule import FractionOverTime

Parties = Text | Annotated[tuple[Id, ...], Field(min_length=1)]
"""A country or a group, or several."""


class Tariff(Record):
    """An ad-valorem duty on goods by their origin, where they enter.

    The origin of goods is the country that sold or made them last: that of their last substantial
    transformation. It is kept wherever they go, so that the duty is paid on what reaches the
    border through other countries, too, and not on what is made there of the goods. Charged per
    tonne that arrives on a lane from outside into a country of ``into``, on the commodity's
    ``customs_value``, on top of the lane's own tariff; several on one good add up. Goods of which
    no seller is known (opening stock) pay nothing. A transfer from the buyer to the public.
    """

    of: Parties
    """Origin: country or group, or several."""
    into: Parties
    """Whose border: between its own countries goods move freely."""
    commodity: Id | Annotated[tuple[Id, ...], Field(min_length=1)] | None = None
    """One commodity or several."""
    stage: Text | None = None
    """Instead of ``commodity``: every commodity at this stage that has a customs value."""
    rate: FractionOverTime
    """Fraction of the customs value."""
    start: Day | None = None
    """First day on which it is charged; a period partly in force counts by its days."""
    end: Day | None = None
    """Day from which it is charged no longer."""

    @model_validator(mode="after")
    def _goods(self) -> Self:
        if (self.commodity is None) == (self.stage is None):
            raise PydanticCustomError("tariff", "needs either 'commodity' or 'stage'.")
        check_dates(self.start, self.end)
        return self
