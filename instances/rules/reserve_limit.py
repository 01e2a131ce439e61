"""Reserve limit: no more is taken out of a deposit, or a country, than it holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, Self

from pydantic import model_validator
from pydantic_core import PydanticCustomError

from instances.record import Id, Text
from instances.rules.rule import Lever, Line, RuleRecord, RuleUse
from instances.units import Tonnes, UsdPerTonne
from instances.words import tonnes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from instances.directory import Directory
    from instances.ledger import Ledger
    from instances.periods import Period
    from instances.tree import Node
    from instances.words import Names


class ReserveLimit(RuleRecord):
    """Over the horizon at most ``reserves`` of a commodity come out of the ground of a party.

    What is bought counts by the country of its ore (or by supplier), what facilities dig (without
    any input) by their country or id; what is refined there from the ore of others does not. In
    every branch all that was taken on the way to its end counts together.
    """

    kind: Literal["reserve_limit"] = "reserve_limit"
    of: Text
    """Country or group whose ground it is; or a supplier or facility: one deposit."""
    commodity: Id
    reserves: Tonnes
    """Tonnes of the commodity that these buyers can still take: what is left in the ground at the
    start, less what others take of it until the end of the horizon."""
    penalty: UsdPerTonne | None = None
    """USD per tonne taken beyond them; hard if not given."""

    @model_validator(mode="after")
    def _whole_horizon(self) -> Self:
        if self.start is not None or self.end is not None:
            raise PydanticCustomError(
                "rule",
                "has 'start' or 'end', but a deposit is used up over the whole horizon. Leave "
                "them out.",
            )
        return self

    @property
    def hard(self) -> bool:
        """Whether nothing may be taken beyond the reserves."""
        return self.penalty is None

    def charge(self, whole: float) -> float | None:
        """Return USD per tonne beyond the reserves, ``None`` if nothing may be."""
        return self.penalty

    def nodes(self, nodes: tuple[Node, ...]) -> tuple[Node, ...]:
        """Return the nodes at which the horizon ends: by then all has been taken."""
        return tuple(node for node in nodes if node.last)

    def limit(self, period: Period) -> float | None:
        """Return the tonnes that can be taken over the horizon."""
        return self.reserves

    def lines(self, directory: Directory) -> tuple[Line, ...]:
        """Return the one line: whose ground, and which commodity."""
        return (Line(directory.party(self.of), (self.commodity,)),)

    def sentence(
        self, names: Names, line: Line | None = None, period: Period | None = None
    ) -> str:
        """Say it: "At most 1,000 t of tungsten can be taken out of Kazakhstan"."""
        goods = names.commodity(self.commodity)
        text = f"At most {tonnes(self.reserves)} of {goods} can be taken out of "
        return text + names.who(self.of) + (f" by the end of {period.label}" if period else "")

    def use(self, ledger: Ledger) -> Iterator[RuleUse]:
        """Yield, for the end of each branch, what was taken on the way to it."""
        (line,) = self.lines(ledger.directory)
        passed = {way[-2] for way in ledger.ways.values() if len(way) > 1}
        for node in ledger.periods:
            if node in passed:
                continue
            taken = sum(
                ledger.mined.total(line.commodities, earlier, line.party)
                for earlier in ledger.ways[node]
            )
            excess = ledger.declared_excess(self.id, line.who, line.goods, node)
            yield RuleUse(
                rule=self.id,
                kind=self.kind,
                who=line.who,
                goods=line.goods,
                node=node,
                limit=self.reserves,
                value=taken,
                unit="t",
                slack=self.reserves + excess - taken,
                excess=excess,
                measure="t",
                scale=max(self.reserves, taken),
                charge=self.penalty,
            )

    def levers(self) -> tuple[Lever, ...]:
        """Return the reserves: more of them relax the rule."""
        return (Lever("reserves", "t", max(0.01 * self.reserves, 1.0), 1),)
