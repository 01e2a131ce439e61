"""Governance of countries: the World Bank's estimates, from the facts, by country code."""

from __future__ import annotations

from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from instances.facts.loader import facts

if TYPE_CHECKING:
    from collections.abc import Mapping

INDICATOR = "WGI political stability and absence of violence, estimate"
"""The one of the six indicators that the facts hold."""


@cache
def political_stability() -> Mapping[str, float]:
    """Return country code to the latest WGI estimate, -2.5 (worst) to 2.5 (best)."""
    latest: dict[str, tuple[str, float]] = {}
    for item in facts("country_governance", indicator=INDICATOR):
        country, year = item.row["country"], item.row["year"]
        if item.value is not None and year > latest.get(country, ("", 0.0))[0]:
            latest[country] = (year, item.value)
    return MappingProxyType({country: value for country, (_, value) in latest.items()})
