"""Scope of a share: of what it is a share, where it is counted, and limits on each of several."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from instances.record import Id, Part, Text

Denominator = Literal["demand", "supply", "deliveries", "value"]


BY_ORIGIN = {
    "direct": "",
    "traced": " (by the country of the ore)",
    "touched": " (of every lot with any step there)",
}
"""How a sentence says whose share is meant."""


class Basis(StrEnum):
    """Where a share is counted."""

    BOUGHT = "bought"
    """At the seller's gate: tonnes (or dollars) bought in the period, wherever they go."""
    RECEIVED = "received"
    """At the buyers: tonnes that reach them in the period, for use, stock or resale."""
    DELIVERED = "delivered"
    """At the user: tonnes delivered in the period, from purchases and from stock."""


class EachParty(Part):
    """Every member of a group (or everybody listed) on its own."""

    each: Text | Annotated[tuple[Text, ...], Field(min_length=1)]


class EachCommodity(Part):
    """Every listed commodity on its own."""

    each: Annotated[tuple[Id, ...], Field(min_length=1)]
