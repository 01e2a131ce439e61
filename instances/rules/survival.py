"""Survival: whoever of a list is cut off, enough of what is needed is met (N-1, N-2)."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Annotated, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from instances.periods import LengthField
from instances.record import Id, Text
from instances.rules.rule import Lever, Line, RuleRecord, RuleUse
from instances.rules.share_scope import EachParty
from instances.schedule import FractionOverTime
from instances.words import listed, over_time, percent

if TYPE_CHECKING:
    from collections.abc import Iterator

    from instances.directory import Directory, Party
    from instances.ledger import Ledger
    from instances.periods import Period
    from instances.tree import Node
    from instances.words import Names

Case = tuple[str, ...]
"""Who is cut off together, by name."""


@dataclass(frozen=True, slots=True)
class SurvivalLine(Line):
    """One of the limits of a survival rule: who is cut off, and what is needed by whom.

    Parameters
    ----------
    case
        Names of those who are cut off together.
    demand_class
        The class of demand of which enough is met.
    """

    case: Case = ()
    demand_class: str = ""

    @property
    def goods(self) -> str:
        """Label of the commodity and the class of demand."""
        return f"{'+'.join(self.commodities)}/{self.demand_class}"


class Survival(RuleRecord):
    """Whoever of a list is cut off, and whenever, at least ``min_met`` of each demand is met.

    Nobody knows who it will be: builds, contracts, stocks and all else before the onset are
    common, and only flows, draws and purchases after it are chosen case by case. Onsets are the
    first days of the periods from ``start`` on and before ``end``; without ``start`` all but the
    first of the horizon, before which nothing can be done. A cut-off has probability 0: what it
    costs counts nothing. While it lasts no other rule holds, any release from stock counts as
    declared, and nothing is built, signed or qualified; goods that were loaded before arrive. What
    comes after it is not asked.
    """

    kind: Literal["survival"] = "survival"
    of: Text | Annotated[tuple[Id, ...], Field(min_length=1)] | EachParty
    """Who is cut off: a country, group, supplier or facility; several countries and groups at
    once; or whoever of several, or of the countries of a group (``each``)."""
    at_once: Literal[1, 2] = 1
    """With ``each``: how many of them are cut off together; 2 for every pair (N-2)."""
    commodities: Annotated[tuple[Id, ...], Field(min_length=1)] | None = None
    """Goods that are cut off; all if neither these nor ``stages`` are given."""
    stages: Annotated[tuple[Text, ...], Field(min_length=1)] | None = None
    """Instead of ``commodities``: goods at these stages."""
    buyers: Annotated[tuple[Id, ...], Field(min_length=1)] | None = None
    """Countries and groups to whom the lanes out of ``of`` are closed; if not given, what is on
    offer and made there is cut off, whoever buys it."""
    length: LengthField
    """How long it lasts."""
    min_met: FractionOverTime
    """Fraction of the demand of a period that is met in it at least, in each period that the
    cut-off touches: by commodity and class, over all countries."""
    demand_classes: Annotated[tuple[Text, ...], Field(min_length=1)] | None = None
    """Classes of demand of which that is asked; each of all if not given. Of others nothing is
    asked."""

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.at_once > 1 and not isinstance(self.of, EachParty):
            raise PydanticCustomError(
                "rule",
                "cuts off pairs, but names nobody to pair. Write of: {each: [...]}, or drop "
                "'at_once'.",
            )
        if self.commodities is not None and self.stages is not None:
            raise PydanticCustomError(
                "rule", "has both 'commodities' and 'stages'. Keep one of them."
            )
        return self

    @property
    def hard(self) -> bool:
        """Whether that much must be met: always, since no cost of a cut-off counts."""
        return True

    def limit(self, period: Period) -> float | None:
        """Return the fraction to be met in ``period``, where a cut-off may touch it."""
        if self.start is not None and period.start < self.start:
            return None
        return self.min_met.at(period.start)

    def begins(self, period: Period, first: bool) -> bool:
        """Return whether there is an onset on the first day of ``period``.

        Parameters
        ----------
        first
            Whether it is the first period of the horizon.
        """
        return self.holds(period) and (self.start is not None or not first)

    def cases(self, directory: Directory) -> tuple[Case, ...]:
        """Return who is cut off together, case by case."""
        if not isinstance(self.of, EachParty):
            return ((self.of,) if isinstance(self.of, str) else self.of,)
        return tuple(combinations(self.members(directory), self.at_once))

    def members(self, directory: Directory) -> tuple[str, ...]:
        """Return whoever may be cut off: the listed, or the countries of a group."""
        assert isinstance(self.of, EachParty)
        each = self.of.each
        if not isinstance(each, str):
            return tuple(dict.fromkeys(each))
        return tuple(sorted(directory.groups.get(each, (each,))))

    def lines(self, directory: Directory) -> tuple[SurvivalLine, ...]:
        """Return one line per case, commodity and class of demand."""
        return tuple(
            SurvivalLine(_party(directory, case), (commodity,), case, demand_class)
            for case in self.cases(directory)
            for commodity, demand_class in directory.needed
            if self.demand_classes is None or demand_class in self.demand_classes
        )

    def stands(self, line: Line, node: Node) -> bool:
        """Return whether a line has a row at a node: one at which its case is cut off."""
        cut = node.cut_off
        return cut is not None and self.id in cut.rules and line.who == cut.who

    def sentence(
        self, names: Names, line: Line | None = None, period: Period | None = None
    ) -> str:
        """Say the rule: "Whichever of China and Peru is cut off for 1 yr, at least 80 % ..."."""
        limit = None if period is None else self.limit(period)
        part = over_time(self.min_met, "percent") if limit is None else percent(limit)
        when = "" if period is None else f" in {period.label}"
        if isinstance(line, SurvivalLine):
            who = listed(tuple(map(names.who, line.case)))
            goods = names.goods(line)
            need = f"{line.demand_class} demand for {goods}"
            text = f"If {who} {_verb(line.case)} cut off for {self.length}"
            text += f", at least {part} of {need} is met{when}"
            return text
        since = "" if self.start is None else f" from {self.start} on"
        until = "" if self.end is None else f" before {self.end}"
        text = f"{self._whoever(names)} cut off for {self.length}{since}{until}"
        classes = self.demand_classes
        whose = "demand of each class" if classes is None else f"{listed(classes)} demand"
        return f"{text}, at least {part} of {whose} is met{when}"

    def _whoever(self, names: Names) -> str:
        if not isinstance(self.of, EachParty):
            (case,) = ((self.of,) if isinstance(self.of, str) else self.of,)
            return f"If {listed(tuple(map(names.who, case)))} {_verb(case)}"
        each = self.of.each
        among = listed(tuple(map(names.who, (each,) if isinstance(each, str) else each)))
        return f"Whichever {'' if self.at_once == 1 else 'two '}of {among} {_verb(self.at_once)}"

    def use(self, ledger: Ledger) -> Iterator[RuleUse]:
        """Yield, for each line and node of its cut-offs, how much is met."""
        for line in self.lines(ledger.directory):
            for node, period in ledger.periods.items():
                cut, limit = ledger.cut_offs.get(node), self.limit(period)
                if cut is None or self.id not in cut[1] or cut[0] != line.who or limit is None:
                    continue
                whose = (line.commodities, node, None, None, line.demand_class)
                needed, unmet = ledger.needs.total(*whose), ledger.unmet.total(*whose)
                excess = ledger.declared_excess(self.id, line.who, line.goods, node)
                yield RuleUse(
                    rule=self.id,
                    kind=self.kind,
                    who=line.who,
                    goods=line.goods,
                    node=node,
                    limit=limit,
                    value=1.0 - unmet / needed if needed > 1e-9 else None,
                    unit="fraction",
                    slack=(1.0 - limit) * needed + excess - unmet,
                    excess=excess,
                    measure="t",
                    scale=needed,
                )

    def levers(self) -> tuple[Lever, ...]:
        """Return the part to be met: lowering it relaxes the rule."""
        return (Lever("min_met", "fraction", 0.01, -1),)


def _party(directory: Directory, case: Case) -> Party:
    return directory.party(case[0]) if len(case) == 1 else directory.parties(case)


def _verb(whom: Case | int) -> str:
    return "is" if (whom if isinstance(whom, int) else len(whom)) == 1 else "are"
