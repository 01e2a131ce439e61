"""Goods in transit: cargo that was shipped before the horizon and arrives in it."""

from __future__ import annotations

from instances.record import CountryCode, Day, Id, Record
from instances.units import Tonnes


class InTransit(Record):
    """A cargo under way on the first day: paid for, and certain to arrive."""

    commodity: Id
    country: CountryCode
    """Where it arrives."""
    tonnes: Tonnes
    arrives: Day
    seller: CountryCode | None = None
    """Country that sold it; unknown if not given."""
    ore: CountryCode | None = None
    """Country its ore came from; unknown if not given."""
