"""Share cap: a party may have at most a stated share of a commodity."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from instances.rules.rule import Lever, Line, RuleUse
from instances.rules.share import ShareRule
from instances.schedule import FractionOverTime
from instances.words import over_time, percent

if TYPE_CHECKING:
    from collections.abc import Iterator

    from instances.ledger import Ledger
    from instances.periods import Period
    from instances.words import Names


class ShareCap(ShareRule):
    """At most ``max_share`` of a commodity from a country, group or supplier."""

    kind: Literal["share_cap"] = "share_cap"
    max_share: FractionOverTime
    counts_unknown: bool = True
    """Whether deliveries of unknown seller (opening stock) count as the party's."""

    def limit(self, period: Period) -> float | None:
        """Return the largest share allowed in ``period``, a fraction."""
        return self._limit(self.max_share, period)

    def sentence(
        self, names: Names, line: Line | None = None, period: Period | None = None
    ) -> str:
        """Say the cap: "China may supply at most 40 % of dysprosium oxide demand in 2030"."""
        limit = None if period is None else self.limit(period)
        share = over_time(self.max_share, "percent") if limit is None else percent(limit)
        return self.words(names, "may supply at most", share, line, period)

    def use(self, ledger: Ledger) -> Iterator[RuleUse]:
        """Yield, for each line and node, the share and the room below the cap."""
        for line, node, limit, counted, whole in self.counts(ledger):
            excess = ledger.declared_excess(self.id, line.who, line.goods, node)
            yield self.row(
                line, node, limit, counted, whole, limit * whole + excess - counted, excess
            )

    def levers(self) -> tuple[Lever, ...]:
        """Return the cap itself: raising it relaxes the rule."""
        return (Lever("max_share", "fraction", 0.01, 1),)
