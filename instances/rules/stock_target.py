"""Stock target: a stockpile must hold stated tonnes, or cover stated days of demand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from instances.record import Id
from instances.rules.rule import Lever, Line, RuleRecord, RuleUse
from instances.schedule import DaysOverTime, TonnesOverTime
from instances.units import UsdPerTonne
from instances.words import over_time

if TYPE_CHECKING:
    from collections.abc import Iterator

    from instances.directory import Directory
    from instances.ledger import Ledger
    from instances.periods import Period
    from instances.words import Names


class StockTarget(RuleRecord):
    """At the end of a period a stockpile holds ``tonnes``, or the demand of ``cover_days``.

    Cover counts the demand of the days that follow the period, over as many periods as they reach;
    after the horizon the demand as stated, else that of the last period.
    """

    kind: Literal["stock_target"] = "stock_target"
    stockpile: Id
    tonnes: TonnesOverTime | None = None
    cover_days: DaysOverTime | None = None
    demand: Annotated[tuple[Id, ...], Field(min_length=1)] | None = None
    """Demands to cover; those for the stockpile's commodity in its country, or in those of its
    members if it is shared, if not given."""
    penalty: UsdPerTonne | None = None
    """USD per tonne missing at the end of each period; hard if not given."""

    @model_validator(mode="after")
    def _one_measure(self) -> Self:
        if (self.tonnes is None) == (self.cover_days is None):
            raise PydanticCustomError("rule", "needs either 'tonnes' or 'cover_days'.")
        if self.tonnes is not None and self.demand is not None:
            raise PydanticCustomError("rule", "'demand' goes with 'cover_days' only.")
        return self

    @property
    def hard(self) -> bool:
        """Whether nothing may be missing."""
        return self.penalty is None

    def charge(self, whole: float) -> float | None:
        """Return USD per tonne missing."""
        return self.penalty

    def limit(self, period: Period) -> float | None:
        """Return the target in ``period``: tonnes, or days of cover."""
        schedule = self.tonnes if self.tonnes is not None else self.cover_days
        assert schedule is not None
        return schedule.at(period.start) if self.holds(period) else None

    def lines(self, directory: Directory) -> tuple[Line, ...]:
        """Return the one line: the stockpile."""
        return (Line(None, (self.stockpile,)),)

    def sentence(
        self, names: Names, line: Line | None = None, period: Period | None = None
    ) -> str:
        """Say the target: "Stockpile dy-vault must cover at least 60 days of demand"."""
        limit = None if period is None else self.limit(period)
        if self.tonnes is not None:
            amount = over_time(self.tonnes, "tonnes") if limit is None else f"{limit:,.4g} t"
            text = f"Stockpile {self.stockpile} must hold at least {amount}"
        else:
            assert self.cover_days is not None
            amount = over_time(self.cover_days, "days") if limit is None else f"{limit:.4g} days"
            text = f"Stockpile {self.stockpile} must cover at least {amount} of demand"
        return text + (f" at the end of {period.label}" if period is not None else "")

    def use(self, ledger: Ledger) -> Iterator[RuleUse]:
        """Yield, for each node, what is held and the room above the target, in tonnes."""
        for node, period in ledger.periods.items():
            limit = self.limit(period)
            if limit is None:
                continue
            required = (
                limit
                if self.tonnes is not None
                else ledger.cover_tonnes(self.stockpile, node, limit, self.demand)
            )
            held = ledger.stock(self.stockpile, node)
            excess = ledger.declared_excess(self.id, "-", self.stockpile, node)
            yield RuleUse(
                rule=self.id,
                kind=self.kind,
                who="-",
                goods=self.stockpile,
                node=node,
                limit=required,
                value=held,
                unit="t",
                slack=held + excess - required,
                excess=excess,
                measure="t",
                scale=max(held, required),
                charge=self.penalty,
            )

    def levers(self) -> tuple[Lever, ...]:
        """Return the target: lowering it relaxes the rule."""
        if self.tonnes is not None:
            return (Lever("tonnes", "t", 1.0, -1),)
        return (Lever("cover_days", "d", 1.0, -1),)
