"""Participation: a facility is built only if it pays its owner, at the owner's own rate."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, Self

from pydantic import model_validator
from pydantic_core import PydanticCustomError

from instances.record import Id
from instances.rules.rule import Lever, Line, RuleRecord, RuleUse
from instances.units import RatePerYear, Usd
from instances.words import money, percent

if TYPE_CHECKING:
    from collections.abc import Iterator

    from instances.directory import Directory
    from instances.ledger import Ledger
    from instances.periods import Period
    from instances.tree import Node
    from instances.words import Names

LEAST = 1000.0
"""USD to which a row is measured where less is at stake: grams of capacity decide nothing."""


class Participation(RuleRecord):
    """What a facility earns over the horizon covers the charges of all that is built there.

    Earned: every output at the ``market_price`` of its commodity and what price floors add, less
    inputs at theirs, the cost of processes and the fixed cost. An output without a price earns
    nothing; what is thrown away of it in that country earns nothing either and costs its disposal,
    whoever made it. Owed: annuities at ``rate`` over each expansion's life from commissioning, cut
    at the horizon, less grants. Both are discounted at ``rate`` and expected over branches.

    It permits a facility, it does not build it: whether it is built is up to what is minimised.
    """

    kind: Literal["participation"] = "participation"
    facility: Id
    rate: RatePerYear
    """The return per year that the owner asks for."""
    max_loss: Usd = 0.0
    """USD of the first day that may be missing."""

    @model_validator(mode="after")
    def _whole_horizon(self) -> Self:
        if self.start is not None or self.end is not None:
            raise PydanticCustomError(
                "rule",
                "has 'start' or 'end', but what pays is judged over the whole horizon. Leave "
                "them out; expansions have dates of their own.",
            )
        return self

    @property
    def hard(self) -> bool:
        """Whether nothing may be missing beyond the loss allowed: always."""
        return True

    def nodes(self, nodes: tuple[Node, ...]) -> tuple[Node, ...]:
        """Return the first node: the rule has one row, on money of its first day."""
        return nodes[:1]

    def limit(self, period: Period) -> float | None:
        """Return the USD that have to be left at least."""
        return 0.0 - self.max_loss

    def lines(self, directory: Directory) -> tuple[Line, ...]:
        """Return the one line: the facility."""
        return (Line(None, (self.facility,)),)

    def sentence(
        self, names: Names, line: Line | None = None, period: Period | None = None
    ) -> str:
        """Say it: "What is built at works must pay its owner 10 % a year"."""
        text = f"What is built at {self.facility} must pay its owner {percent(self.rate)} a year"
        return text + (f", but for {money(self.max_loss)}" if self.max_loss else "")

    def use(self, ledger: Ledger) -> Iterator[RuleUse]:
        """Yield what the facility earns less what it owes, USD of the first day."""
        earned, owed = ledger.owners[self.id]
        node = next(iter(ledger.periods))
        excess = ledger.declared_excess(self.id, "-", self.facility, node)
        yield RuleUse(
            rule=self.id,
            kind=self.kind,
            who="-",
            goods=self.facility,
            node=node,
            limit=0.0 - self.max_loss,
            value=earned - owed,
            unit="USD",
            slack=earned - owed + excess + self.max_loss,
            excess=excess,
            measure="USD",
            scale=max(abs(earned), owed, self.max_loss, LEAST),
        )

    def levers(self) -> tuple[Lever, ...]:
        """Return the loss allowed, and the rate."""
        return (Lever("max_loss", "USD", 1000.0, 1), Lever("rate", "fraction", 0.01, -1))
