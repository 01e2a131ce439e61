"""Accounts: the lines a plan's cost is made of, when they fall due, and who bears them.

Money leaves or reaches one of three purses: the buyer's (who pays for what is bought and built), a
producer's (who owns a facility and sells its output) and the public's. On every line of money the
three add up to what the system bears: a tariff is a cost to the buyer, an income to the public and
nothing to the system, a transfer. Shortfall, lateness and penalties are harm, not money.
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

MoneyView = Literal["resource", "cash"]
"""Purchases and no finance, or what is paid into funds and not what these pay."""

PERSPECTIVES: tuple[Perspective, ...] = ("buyer", "system", "public")

Purse = Literal["buyer", "producer", "public"]

PURSES: tuple[Purse, ...] = ("buyer", "producer", "public")


@dataclass(frozen=True, slots=True)
class Account:
    """One line of cost.

    Parameters
    ----------
    name
        The line.
    buyer, producer, public
        What one dollar of it counts in each purse: 1 a cost, -1 an income, 0 nothing.
    harm
        Whether it is no money but harm, which every perspective minimises.
    finance
        Whether it counts in the cash view alone.
    """

    name: str
    buyer: int
    producer: int
    public: int
    harm: bool = False
    finance: bool = False

    @property
    def system(self) -> int:
        """Return what one dollar counts to all together; 0 is a transfer."""
        return 1 if self.harm else self.buyer + self.producer + self.public

    def counts(self, whose: Perspective | Purse, money: MoneyView = "resource") -> int:
        """Return what one dollar counts under a perspective, or in a purse, in a money view."""
        if self.finance and money == "resource":
            return 0
        return int(getattr(self, whose))


ACCOUNTS = (
    Account("purchase", 1, 0, 0),
    Account("take_or_pay", 1, 0, 0),
    Account("sharing", 1, 0, 0),
    Account("signing", 1, 0, 0),
    Account("processing", 1, 0, 0),
    Account("qualification", 1, 0, 0),
    Account("fixed", 1, 0, 0),
    Account("capex", 1, 0, 0),
    Account("grant", -1, 0, 1),
    Account("recycling", 1, 0, 0),
    Account("substitution", 1, 0, 0),
    Account("disposal", 1, 0, 0),
    Account("freight", 1, 0, 0),
    Account("compliance", 1, 0, 0),
    Account("tariff", 1, 0, -1),
    Account("top_up", 1, 0, 0),
    Account("price_support", 0, -1, 1),
    Account("holding", 1, 0, 0),
    Account("shortfall", 1, 0, 1, harm=True),
    Account("backlog", 1, 0, 1, harm=True),
    Account("penalty", 1, 0, 1, harm=True),
    Account("outlet_revenue", -1, 0, 0),
    Account("terminal_value", -1, 0, 0),
    Account("salvage", -1, 0, 0),
    Account("granted_salvage", 1, 0, -1),
    # what is paid into funds counts, and not what they pay: interest and repayments are met from
    # it, and would otherwise count twice
    Account("equity", 1, 0, 0, finance=True),
    Account("fees", 1, 0, 0, finance=True),
    Account("released", 1, 0, 0, finance=True),
    Account("funded", -1, 0, 0, finance=True),
    Account("settlement", -1, 0, 0, finance=True),
    Account("drawdown", 0, 0, 0, finance=True),
    Account("interest", 0, 0, 0, finance=True),
    Account("repayment", 0, 0, 0, finance=True),
)
AT_THE_END = frozenset({"terminal_value", "salvage", "granted_salvage", "settlement"})
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
