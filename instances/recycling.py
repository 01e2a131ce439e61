"""Recycling: what comes back from past use, as stated or as a lagged part of deliveries."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from instances.record import CountryCode, Id, Record
from instances.schedule import (
    FractionOverTime,
    Schedule,
    TonnesPerYearOverTime,
    UsdPerTonneOverTime,
)
from instances.units import Days


class Recycling(Record):
    """A source of a commodity: scrap as given, and a part of past deliveries when they come back.

    Deliveries of a period come back ``lag`` days later, spread over as many days as the period
    had.
    """

    country: CountryCode
    commodity: Id
    given: TonnesPerYearOverTime = Schedule.always(0.0)
    """Tonnes per year recoverable whatever the plan, such as from use before the horizon."""
    of: Annotated[tuple[Id, ...], Field(max_length=100)] = ()
    """Demands whose deliveries come back."""
    recovered: FractionOverTime = Schedule.always(0.0)
    """Tonnes of ``commodity`` recoverable per tonne delivered, on the day it comes back."""
    lag: Days = 0.0
    """Days from delivery to recovery."""
    cost: UsdPerTonneOverTime = Schedule.always(0.0)
    """USD per tonne recovered."""
