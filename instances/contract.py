"""Contracts: binding purchases from an offer, at a price of their own, taken or paid."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, Self

from pydantic import model_validator
from pydantic_core import PydanticCustomError

from instances.record import Day, Id, Record, check_dates
from instances.schedule import (
    TonnesPerYearOverTime,
    UsdPerTonneOverTime,
    UsdPerYearOverTime,
)
from instances.units import Fraction, Usd
from instances.words import money, percent, tonnes

if TYPE_CHECKING:
    from datetime import date


class Contract(Record):
    """A binding purchase from an offer: one more way to buy from its supplier.

    What it brings counts as bought of the offer everywhere, and comes out of the same output as
    what the offer sells besides.
    """

    offer: Id
    maximum: TonnesPerYearOverTime
    """Tonnes per year that can be taken."""
    take_or_pay: Fraction = 0.0
    """Fraction of what can be taken that is paid for in each period whether taken or not."""
    price: UsdPerTonneOverTime | None = None
    """Fixed price, USD/t. Either this or a reference price."""
    reference_price: UsdPerTonneOverTime | None = None
    """Market price that is expected, USD/t, which the price follows."""
    floor: UsdPerTonneOverTime | None = None
    """Least price, USD/t, however low the reference price."""
    sharing: Fraction = 0.0
    """Fraction of the reference price above ``sharing_above`` that one side pays the other, on the
    tonnes taken."""
    sharing_above: UsdPerTonneOverTime | None = None
    sharing_cap: UsdPerYearOverTime | None = None
    """Most USD per year that are shared; unlimited if not given."""
    sharing_to: Literal["buyer", "seller"] = "buyer"
    """Who receives what is shared."""
    start: Day | None = None
    """First day of delivery; the first of the horizon if not given."""
    end: Day | None = None
    """Day after the last of delivery; the end of the horizon if not given."""
    commitment: Literal["signed", "whole", "divisible"] = "signed"
    """``signed`` already; or still to be decided, once, on the first day of a period: ``whole``,
    or any part of it (``divisible``)."""
    signing_cost: Usd = 0.0
    """USD, once, when it is signed; of a part of it, that part."""
    sign_by: Day | None = None
    """Day from which it cannot be signed any more."""
    priority_share: Fraction = 1.0
    """Fraction of the offer's available output that it gives a right to. What the offer cannot
    give need not be paid for."""

    @property
    def optional(self) -> bool:
        """Whether signing it is still to be decided."""
        return self.commitment != "signed"

    def price_on(self, day: date, branch: str | None = None) -> float | None:
        """Return the price of a tonne taken, nothing shared yet; ``None`` if none is stated.

        The fixed price, else the larger of reference price and floor.
        """
        if self.price is not None:
            return self.price.at(day)
        assert self.reference_price is not None
        price = self.reference_price.at(day, branch)
        least = None if self.floor is None else self.floor.at(day)
        return price if price is None or least is None else max(price, least)

    def shared_on(self, day: date, branch: str | None = None) -> float:
        """Return the USD per tonne that one side pays the other, below the cap."""
        if self.reference_price is None or self.sharing_above is None:
            return 0.0
        price, above = self.reference_price.at(day, branch), self.sharing_above.at(day)
        if price is None or above is None:
            return 0.0
        return self.sharing * max(0.0, price - above)

    def sentence(self, day: date) -> str:
        """Return what it binds to, as of a day."""
        most = self.maximum.at(day) or 0.0
        text = f"up to {tonnes(most)} a year from {self.offer}"
        price = self.price_on(day)
        if price is not None:
            text += f" at {money(price)} a tonne"
        if self.take_or_pay:
            text += f", {percent(self.take_or_pay)} paid whether taken or not"
        if self.sharing:
            most_shared = None if self.sharing_cap is None else self.sharing_cap.at(day)
            cap = "" if most_shared is None else f", at most {money(most_shared)} a year"
            text += f", {percent(self.sharing)} of what lies above a threshold to the "
            text += f"{self.sharing_to}{cap}"
        return text

    @model_validator(mode="after")
    def _terms_that_fit(self) -> Self:
        if (self.price is None) == (self.reference_price is None):
            raise PydanticCustomError(
                "contract", "needs either a 'price' or a 'reference_price'. Give one of them."
            )
        if self.price is not None and (self.floor is not None or self.sharing):
            raise PydanticCustomError(
                "contract",
                "has a fixed price with a floor or sharing, which follow a market price. Give a "
                "'reference_price' in place of 'price', or drop them.",
            )
        if (self.sharing > 0) != (self.sharing_above is not None):
            raise PydanticCustomError(
                "contract",
                "states 'sharing' or 'sharing_above' without the other. Give both or neither.",
            )
        if self.sharing_cap is not None and not self.sharing:
            raise PydanticCustomError(
                "contract", "caps what is shared, but nothing is. Give 'sharing', or drop the cap."
            )
        if not self.optional and (self.signing_cost or self.sign_by is not None):
            raise PydanticCustomError(
                "contract",
                "is signed already, so that signing has no cost and no date. Drop them, or write "
                "'commitment: whole' or 'commitment: divisible'.",
            )
        check_dates(self.start, self.end)
        return self
