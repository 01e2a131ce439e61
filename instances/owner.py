"""Owners: who holds a seller, and at home where; a country cap does not see them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from instances.record import CountryCode, Part, Text
from instances.units import Fraction

if TYPE_CHECKING:
    from collections.abc import Collection


class Owner(Part):
    """A holder of a part of a mine, plant or seller."""

    entity: Text
    """Company, fund or state that holds it."""
    home: CountryCode
    """Country that it is controlled from."""
    stake: Annotated[Fraction, Field(gt=0)]
    """Fraction of equity, votes or board seats that it holds, whichever is largest."""


def _whole(owners: tuple[Owner, ...]) -> tuple[Owner, ...]:
    total = sum(owner.stake for owner in owners)
    if total > 1 + 1e-9:
        raise PydanticCustomError(
            "owners",
            "the stakes of owners add up to {total}, more than all of it.",
            {"total": f"{total:.4g}"},
        )
    return owners


Owners = Annotated[tuple[Owner, ...], Field(max_length=50), AfterValidator(_whole)]
"""Holders by name; what they leave of 1, and all of it where none is stated, is held at home."""


def stake_of(
    owners: Collection[Owner], country: str, homes: Collection[str], entity: str | None
) -> float:
    """Return the fraction of a seller in ``country`` that a party holds.

    The party is whoever is at home in ``homes``, or the entity of that name if there is one. What
    no stated owner holds is held in the seller's own country.
    """
    if entity is not None:
        return sum(owner.stake for owner in owners if owner.entity == entity)
    held = sum(owner.stake for owner in owners if owner.home in homes)
    if country in homes:
        held += max(0.0, 1.0 - sum(owner.stake for owner in owners))
    return held
