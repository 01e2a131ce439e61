"""Funds: the money of stockpiles, equity and a loan, from which what they hold is paid."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from instances.record import Id, Record
from instances.schedule import UsdOverTime
from instances.units import Fraction, RatePerYear, Usd, Years


class Fund(Record):
    """Money that pays what its stockpiles put in, at cost, and their holding and interest.

    The stock stands in its books at the ``book_value`` of each stockpile. What is rotated or lent
    comes back in kind and touches no money; what is released is paid for at book value.
    """

    stockpiles: Annotated[tuple[Id, ...], Field(min_length=1, max_length=1000)]
    """Stockpiles it pays for."""
    equity: UsdOverTime
    """USD that its owners pay in until then, all in all; how much of it is called is decided."""
    loan: Usd = 0.0
    """Most USD drawn, all in all: what is repaid is not lent again; no loan if not given."""
    rate: RatePerYear = 0.0
    """Nominal interest per year on what is owed at the end of a period."""
    inflation: RatePerYear = 0.0
    """Inflation per year by which the nominal rate becomes a real one."""
    term: Annotated[Years, Field(gt=0)] | None = None
    """Years from the end of the period of drawdown to repayment; not due if not given."""
    repayment: Literal["bullet", "straight"] = "bullet"
    """All at the end of the term at the latest, or in equal parts over it; earlier is allowed."""
    leverage: Fraction | None = None
    """Most that is owed, as a fraction of stock at book value plus cash; any if not given."""
    entry_fee: Fraction = 0.0
    """Fraction of the book value of what is put in that members pay to the fund."""
    carrying_fee: RatePerYear = 0.0
    """Fraction of the book value held that members pay to the fund per year."""

    @property
    def real_rate(self) -> float:
        """Interest per year in money of constant worth."""
        return (1 + self.rate) / (1 + self.inflation) - 1
