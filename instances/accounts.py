"""Accounts: the lines a plan's cost is made of, when they fall due, and who bears them.

A tariff is a cost to the buyer, income to the public purse and nothing to the system: a transfer.
The transfers of the buyer and the public sum to zero.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from instances.periods import years_between
from instances.record import Part, Text
from instances.units import RatePerYear

if TYPE_CHECKING:
    from datetime import date

Perspective = Literal["buyer", "system", "public"]

PERSPECTIVES: tuple[Perspective, ...] = ("buyer", "system", "public")


@dataclass(frozen=True, slots=True)
class Account:
    """One line of cost.

    Parameters
    ----------
    name
        The line.
    buyer, system, public
        What one dollar of it counts under each perspective: 1 a cost, -1 an income, 0 nothing.
    """

    name: str
    buyer: int
    system: int
    public: int

    def counts(self, perspective: Perspective) -> int:
        """Return what one dollar of the line counts under ``perspective``."""
        return {"buyer": self.buyer, "system": self.system, "public": self.public}[perspective]


# Shortfall, lateness and penalties are harm, not money: every perspective minimises them.
ACCOUNTS = (
    Account("purchase", 1, 1, 0),
    Account("processing", 1, 1, 0),
    Account("fixed", 1, 1, 0),
    Account("capex", 1, 1, 0),
    Account("grant", -1, 0, 1),
    Account("recycling", 1, 1, 0),
    Account("substitution", 1, 1, 0),
    Account("disposal", 1, 1, 0),
    Account("freight", 1, 1, 0),
    Account("compliance", 1, 1, 0),
    Account("tariff", 1, 0, -1),
    Account("holding", 1, 1, 0),
    Account("shortfall", 1, 1, 1),
    Account("backlog", 1, 1, 1),
    Account("penalty", 1, 1, 1),
    Account("outlet_revenue", -1, -1, 0),
    Account("terminal_value", -1, -1, 0),
    Account("salvage", -1, -1, 0),
    Account("granted_salvage", 1, 0, -1),
)
AT_THE_END = frozenset({"terminal_value", "salvage", "granted_salvage"})
"""Accounts that fall due on the last day of the horizon, whatever the timing of the others."""


class Discount(Part):
    """Worth today of money later, in real terms."""

    rate: RatePerYear = 0.0
    """Real discount rate per year."""
    timing: Literal["start", "middle", "end"] = "middle"
    """When in its period money falls due."""
    source: Text | None = None
    """Key of the source of the rate."""
    assumption: Text | None = None
    """Why the rate is what it is, when it has no source. Listed to users."""

    def factor(self, base: date, start: date, end: date) -> float:
        """Return the worth on ``base`` of a dollar due in the period from ``start`` to ``end``."""
        until = years_between(base, start)
        share = {"start": 0.0, "middle": 0.5, "end": 1.0}[self.timing]
        return float((1 + self.rate) ** -(until + share * years_between(start, end)))

    def factor_at(self, base: date, day: date) -> float:
        """Return the worth on ``base`` of a dollar due on ``day``."""
        return float((1 + self.rate) ** -years_between(base, day))
