"""Substitution: another commodity serves a demand, at a ratio, a cost and up to a limit."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from instances.record import Id, Record
from instances.schedule import FractionOverTime, Schedule, UsdPerTonneOverTime
from instances.units import Ratio


class Substitution(Record):
    """A part of a demand that another commodity can serve."""

    demand: Id
    commodity: Id
    """What serves it instead."""
    ratio: Annotated[Ratio, Field(gt=0)] = 1.0
    """Tonnes of it per tonne of demand served."""
    cost: UsdPerTonneOverTime = Schedule.always(0.0)
    """USD per tonne of demand served, such as for redesign or lost performance."""
    limit: FractionOverTime = Schedule.always(1.0)
    """Most of the demand that can be served so, a fraction."""
