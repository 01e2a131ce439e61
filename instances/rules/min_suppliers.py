"""Minimum number of suppliers: enough of them must each sell a stated share of demand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from instances.record import Text, Whole
from instances.rules.rule import Lever, Line, RuleUse
from instances.rules.sellers import SellerRule
from instances.units import Fraction
from instances.words import percent

if TYPE_CHECKING:
    from collections.abc import Iterator

    from instances.directory import Directory
    from instances.ledger import Ledger
    from instances.periods import Period
    from instances.words import Names


class MinSuppliers(SellerRule):
    """At least ``count`` suppliers (or countries) each sell ``min_share`` of the demand."""

    kind: Literal["min_suppliers"] = "min_suppliers"
    count: Annotated[Whole, Field(ge=0, le=1000)]
    min_share: Annotated[Fraction, Field(gt=0)]
    """Fraction of the period's demand that makes a seller count."""
    by: Literal["supplier", "country"] = "supplier"
    of: Text | None = None
    """Only sellers in this country or group count; all if not given."""
    all_or_none: bool = False
    """Whether a seller that sells anything at all must sell ``min_share``."""

    @model_validator(mode="after")
    def _asks_for_something(self) -> Self:
        if self.count == 0 and not self.all_or_none:
            raise PydanticCustomError(
                "rule", "asks for no seller. Give a 'count' of 1 or more, or all_or_none: true."
            )
        return self

    @property
    def hard(self) -> bool:
        """Whether the count is required: always."""
        return True

    def limit(self, period: Period) -> float | None:
        """Return the number of sellers required in ``period``."""
        return float(self.count) if self.holds(period) else None

    def lines(self, directory: Directory) -> tuple[Line, ...]:
        """Return one line per commodity."""
        party = directory.party(self.of) if self.of is not None else None
        return tuple(Line(party, line.commodities) for line in super().lines(directory))

    def sentence(
        self, names: Names, line: Line | None = None, period: Period | None = None
    ) -> str:
        """Say the rule: "At least 3 suppliers must each sell at least 10 % of gallium demand"."""
        goods = self.goods(names, line)
        sellers = {
            ("supplier", True): "supplier",
            ("supplier", False): "suppliers",
            ("country", True): "country",
            ("country", False): "countries",
        }[self.by, self.count == 1]
        among = f" of {names.who(self.of)}" if self.of else ""
        share = f"at least {percent(self.min_share)} of {goods} demand"
        text = f"At least {self.count} {sellers}{among} must each sell {share}"
        if self.all_or_none:
            every = f"Every {self.by}{among} that sells {goods} must sell {share}"
            text = every if self.count == 0 else text + ", and nobody may sell less"
        return text + (f" in {period.label}" if period is not None else "")

    def needed(self, ledger: Ledger, line: Line, node: str) -> float:
        """Return the tonnes from which on a seller counts."""
        return self.min_share * ledger.demand(line.commodities, node)

    def use(self, ledger: Ledger) -> Iterator[RuleUse]:
        """Yield, for each commodity and node, how many sellers reach the share."""
        for line in self.lines(ledger.directory):
            for node, period in ledger.periods.items():
                limit = self.limit(period)
                if limit is None:
                    continue
                needed = self.needed(ledger, line, node)
                if needed <= 0:
                    # a share of nothing is reached by everyone, also by those who sell nothing
                    continue
                sold = self.sold(ledger, line, node)
                tolerance = 1e-6 * max(1.0, needed)
                reached = float(sum(amount >= needed - tolerance for amount in sold.values()))
                excess = ledger.declared_excess(self.id, line.who, line.goods, node)
                yield RuleUse(
                    rule=self.id,
                    kind=self.kind,
                    who=line.who,
                    goods=line.goods,
                    node=node,
                    limit=limit,
                    value=reached,
                    unit="count",
                    slack=reached + excess - limit,
                    excess=excess,
                    measure="count",
                    scale=limit,
                )

    def levers(self) -> tuple[Lever, ...]:
        """Return the count and the share: lowering either relaxes the rule."""
        return (Lever("count", "count", 1.0, -1), Lever("min_share", "fraction", 0.01, -1))
