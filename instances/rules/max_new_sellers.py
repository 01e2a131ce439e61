"""Maximum number of new sellers: few may be used that did not supply before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from instances.record import Text, Whole
from instances.rules.rule import Lever, Line, RuleUse
from instances.rules.sellers import SellerRule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from instances.ledger import Ledger
    from instances.periods import Period
    from instances.words import Names

NOTHING = 1e-6
"""Tonnes that do not make a seller one that is used."""


class MaxNewSellers(SellerRule):
    """At most ``count`` countries (or suppliers) are taken on that did not supply before.

    Whoever is taken on may sell from then on. Only periods in which the rule holds count.
    """

    kind: Literal["max_new_sellers"] = "max_new_sellers"
    count: Annotated[Whole, Field(ge=0, le=1000)]
    """How many may have been taken on, over the horizon up to and with each period."""
    by: Literal["supplier", "country"] = "country"
    incumbents: tuple[Text, ...] = ()
    """Who supplies already: codes of countries, or names of suppliers as their offers spell them
    (ids of facilities)."""

    @property
    def hard(self) -> bool:
        """Whether the count is a limit: always."""
        return True

    def limit(self, period: Period) -> float | None:
        """Return how many may have been taken on up to ``period``."""
        return float(self.count) if self.holds(period) else None

    def sentence(
        self, names: Names, line: Line | None = None, period: Period | None = None
    ) -> str:
        """Say the rule: "At most 1 country may be taken on as a new seller of gallium"."""
        sellers = {
            ("supplier", True): "supplier",
            ("supplier", False): "suppliers",
            ("country", True): "country",
            ("country", False): "countries",
        }[self.by, self.count == 1]
        goods = self.goods(names, line)
        text = f"At most {self.count} {sellers} may be taken on as new sellers of {goods}"
        return text + (f" up to {period.label}" if period is not None else "")

    def use(self, ledger: Ledger) -> Iterator[RuleUse]:
        """Yield, for each commodity and node, how many sold by then that did not before."""
        for line in self.lines(ledger.directory):
            for node, period in ledger.periods.items():
                limit = self.limit(period)
                if limit is None:
                    continue
                used = {
                    seller
                    for earlier in ledger.ways[node]
                    if earlier in ledger.periods and self.holds(ledger.periods[earlier])
                    for seller, amount in self.sold(ledger, line, earlier).items()
                    if amount > NOTHING and seller not in self.incumbents
                }
                excess = ledger.declared_excess(self.id, line.who, line.goods, node)
                yield RuleUse(
                    rule=self.id,
                    kind=self.kind,
                    who=line.who,
                    goods=line.goods,
                    node=node,
                    limit=limit,
                    value=float(len(used)),
                    unit="count",
                    slack=limit + excess - len(used),
                    excess=excess,
                    measure="count",
                    scale=limit,
                )

    def levers(self) -> tuple[Lever, ...]:
        """Return the count: raising it relaxes the rule."""
        return (Lever("count", "count", 1.0, 1),)
