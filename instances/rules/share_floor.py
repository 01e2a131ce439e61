"""Share floor: a party must have at least a stated share of a commodity."""

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


class ShareFloor(ShareRule):
    """At least ``min_share`` of a commodity from a country, group or supplier."""

    kind: Literal["share_floor"] = "share_floor"
    min_share: FractionOverTime
    counts_unknown: bool = False
    """Whether deliveries of unknown seller (opening stock) count as the party's."""

    def limit(self, period: Period) -> float | None:
        """Return the smallest share allowed in ``period``, a fraction."""
        return self._limit(self.min_share, period)

    def sentence(
        self, names: Names, line: Line | None = None, period: Period | None = None
    ) -> str:
        """Say the floor: "The group partners must supply at least 60 % of gallium demand"."""
        limit = None if period is None else self.limit(period)
        share = over_time(self.min_share, "percent") if limit is None else percent(limit)
        return self.words(names, "must supply at least", share, line, period)

    def use(self, ledger: Ledger) -> Iterator[RuleUse]:
        """Yield, for each line and node, the share and the room above the floor."""
        for line, node, limit, counted, whole in self.counts(ledger):
            excess = ledger.declared_excess(self.id, line.who, line.goods, node)
            yield self.row(
                line, node, limit, counted, whole, counted + excess - limit * whole, excess
            )

    def levers(self) -> tuple[Lever, ...]:
        """Return the floor itself: lowering it relaxes the rule."""
        return (Lever("min_share", "fraction", 0.01, -1),)
