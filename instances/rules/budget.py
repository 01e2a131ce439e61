"""Budget: money that may be spent, on what is built or on any lines of account, stays within."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from instances.accounts import ACCOUNTS, AT_THE_END, Purse
from instances.record import Id, Text
from instances.rules.rule import Lever, Line, RuleRecord, RuleUse
from instances.schedule import UsdPerYearOverTime
from instances.units import UsdPerTonne
from instances.words import listed, money, over_time

if TYPE_CHECKING:
    from collections.abc import Iterator

    from instances.directory import Directory
    from instances.ledger import Ledger
    from instances.periods import Period
    from instances.words import Names

SPENT = tuple(
    item.name for item in ACCOUNTS if not (item.harm or item.finance or item.name in AT_THE_END)
)
"""Lines of money that falls due in a period."""
BUILDING = ("capex", "grant")
_PURSES = {"buyer": "The buyer", "producer": "The producers", "public": "The public purse"}


class Budget(RuleRecord):
    """What a purse pays on the stated lines, net of what it receives on them, stays within.

    Money counts when it falls due, undiscounted: a lump when it is decided, an annuity in each
    period it reaches. The default is the buyer's capital cost net of grants.
    """

    kind: Literal["budget"] = "budget"
    amount: UsdPerYearOverTime
    """USD per year; a period allows its years of it. Where it has no value yet, nothing is
    limited."""
    carry_over: bool = False
    """Whether what earlier periods left unspent may be spent, too."""
    payer: Purse = "buyer"
    """Whose money: the sign of each line is what it counts in this purse."""
    accounts: Annotated[tuple[Text, ...], Field(min_length=1)] | Literal["all"] = BUILDING
    """Lines that count, by name; or all of the purse's."""
    of: Text | None = None
    """Only what is built in this country or group, or at this facility."""
    expansions: Annotated[tuple[Id, ...], Field(min_length=1)] | None = None
    """Only these expansions. Like ``of`` it goes with the accounts capex and grant alone."""
    penalty: UsdPerTonne | None = None
    """USD per USD beyond the budget (a bare number); hard if not given."""

    @model_validator(mode="after")
    def _what_counts(self) -> Self:
        strange = [name for name in self.lines_of_account if name not in SPENT]
        if strange:
            raise PydanticCustomError(
                "rule",
                "'accounts' names {strange}, which is no line of money that falls due in a "
                "period. Name some of: {names}; or write all.",
                {"strange": ", ".join(strange), "names": ", ".join(SPENT)},
            )
        if self.of is not None and self.expansions is not None:
            raise PydanticCustomError("rule", "has both 'of' and 'expansions'. Keep one of them.")
        if self.scoped and not set(self.lines_of_account) <= set(BUILDING):
            raise PydanticCustomError(
                "rule", "'of' and 'expansions' go with the accounts capex and grant only."
            )
        return self

    @property
    def lines_of_account(self) -> tuple[str, ...]:
        """Return the lines that count, by name."""
        return SPENT if self.accounts == "all" else self.accounts

    @property
    def scoped(self) -> bool:
        """Whether only some expansions count."""
        return self.of is not None or self.expansions is not None

    @property
    def hard(self) -> bool:
        """Whether nothing may be overspent."""
        return self.penalty is None

    def charge(self, whole: float) -> float | None:
        """Return USD per USD overspent, ``None`` if nothing may be."""
        return self.penalty

    def limit(self, period: Period) -> float | None:
        """Return the USD that ``period`` adds to the budget."""
        yearly = self.amount.at(period.start) if self.holds(period) else None
        return None if yearly is None else yearly * period.years

    def lines(self, directory: Directory) -> tuple[Line, ...]:
        """Return the one line: whose building, and which accounts."""
        party = directory.party(self.of) if self.of is not None else None
        accounts = ("all",) if self.accounts == "all" else self.accounts
        return (Line(party, accounts),)

    def sentence(
        self, names: Names, line: Line | None = None, period: Period | None = None
    ) -> str:
        """Say the budget: "The buyer may spend on building at most 50 million USD a year"."""
        limit = None if period is None else self.limit(period)
        most = over_time(self.amount, "money a year") if limit is None else money(limit)
        what = listed(tuple(name.replace("_", " ") for name in self.lines_of_account))
        if self.accounts == "all":
            what = "everything net of what it receives"
        elif self.accounts == BUILDING and self.payer == "buyer":
            what = "building net of grants"
        text = f"{_PURSES[self.payer]} may spend on {what}"
        if self.expansions is not None:
            text += f" ({listed(self.expansions)})"
        if self.of is not None:
            text += f" ({names.who(self.of)})"
        text += f" at most {most}" + (f" in {period.label}" if period is not None else "")
        return text + (", and what was left before" if self.carry_over else "")

    def use(self, ledger: Ledger) -> Iterator[RuleUse]:
        """Yield, for each node, what is spent there and what may be, in USD."""
        (line,) = self.lines(ledger.directory)
        counts = {
            item.name: item.counts(self.payer)
            for item in ACCOUNTS
            if item.name in self.lines_of_account
        }
        left: dict[str, float] = {}
        for node, period in ledger.periods.items():
            added = self.limit(period)
            if added is None:
                continue
            excess = ledger.declared_excess(self.id, line.who, line.goods, node)
            spent = ledger.spent(counts, node, line.party, self.expansions)
            # of the nodes on the way, the last that the rule holds at knows what is left
            before = [left[name] for name in ledger.ways[node] if name in left]
            limit = added + (before[-1] if before and self.carry_over else 0.0)
            left[node] = limit + excess - spent
            yield RuleUse(
                rule=self.id,
                kind=self.kind,
                who=line.who,
                goods=line.goods,
                node=node,
                limit=limit,
                value=spent,
                unit="USD",
                slack=left[node],
                excess=excess,
                measure="USD",
                scale=max(abs(limit), abs(spent)),
                charge=self.penalty,
            )

    def levers(self) -> tuple[Lever, ...]:
        """Return the amount: raising it relaxes the budget."""
        step = max(0.01 * max(self.amount.values), 1.0)
        return (Lever("amount", "USD/yr", step, 1),)
