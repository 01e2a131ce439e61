"""Benchmark: the capacity of a group at a stage reaches a share of what the group consumes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from instances.record import Text
from instances.rules.rule import Lever, Line, RuleRecord, RuleUse
from instances.schedule import FractionOverTime
from instances.units import Usd
from instances.words import over_time, percent

if TYPE_CHECKING:
    from collections.abc import Iterator

    from instances.directory import Directory
    from instances.ledger import Ledger
    from instances.periods import Period
    from instances.words import Names


class Benchmark(RuleRecord):
    """Capacity in a country or group, at a stage, is at least ``min_share`` of its consumption.

    Capacity is what stands on the last day of a period: facilities and the offers of member
    countries at their nameplate, used or not, and expansions commissioned by then. Consumption is
    the members' demand for the same material at any stage. Both count tonnes of the material.
    """

    kind: Literal["benchmark"] = "benchmark"
    of: Text
    """Country or group whose capacity and consumption are meant."""
    stage: Text
    """Stage of the commodities that the capacity makes: mine, oxide, recycled, ..."""
    min_share: FractionOverTime
    aggregate: bool = True
    """Whether the materials are taken together, as the mean of the shares reached (none counts as
    more than 1: tonnes of unlike materials are never summed); each on its own otherwise."""
    penalty_per_point: Usd | None = None
    """USD per percentage point missing, in each period; hard if not given."""

    @property
    def hard(self) -> bool:
        """Whether nothing may be missing."""
        return self.penalty_per_point is None

    def charge(self, whole: float) -> float | None:
        """Return USD per 1.0 of share missing."""
        return None if self.penalty_per_point is None else 100 * self.penalty_per_point

    def limit(self, period: Period) -> float | None:
        """Return the share to reach in ``period``."""
        return self.min_share.at(period.start) if self.holds(period) else None

    def lines(self, directory: Directory) -> tuple[Line, ...]:
        """Return one line for all commodities at the stage, or one per material."""
        party = directory.party(self.of)
        goods: dict[str, list[str]] = {}
        for name, stage in directory.stages.items():
            if stage == self.stage:
                key = "" if self.aggregate else directory.materials[name]
                goods.setdefault(key, []).append(name)
        return tuple(Line(party, tuple(names)) for names in goods.values())

    def sentence(
        self, names: Names, line: Line | None = None, period: Period | None = None
    ) -> str:
        """Say the benchmark: "Capacity of the group eu for ore must reach 10 % of its ..."."""
        limit = None if period is None else self.limit(period)
        share = over_time(self.min_share, "percent") if limit is None else percent(limit)
        goods = f"goods at stage {self.stage}" if line is None else names.goods(line)
        mean = ", on the mean of materials," if self.aggregate else ""
        text = f"Capacity of {names.who(self.of)} for {goods} must{mean} reach {share} of its "
        return text + "consumption" + (f" in {period.label}" if period is not None else "")

    def use(self, ledger: Ledger) -> Iterator[RuleUse]:
        """Yield, for each line and node, the share reached and the room above the benchmark."""
        for line in self.lines(ledger.directory):
            for node, period in ledger.periods.items():
                limit = self.limit(period)
                reached = self._reached(ledger, line, node)
                if limit is None or not reached:
                    continue
                value = sum(reached) / len(reached)
                excess = ledger.declared_excess(self.id, line.who, line.goods, node)
                yield RuleUse(
                    rule=self.id,
                    kind=self.kind,
                    who=line.who,
                    goods=line.goods,
                    node=node,
                    limit=limit,
                    value=value,
                    unit="fraction",
                    slack=value + excess - limit,
                    excess=excess,
                    measure="fraction",
                    scale=limit,
                    charge=self.charge(0.0),
                )

    def _reached(self, ledger: Ledger, line: Line, node: str) -> list[float]:
        """Return the share reached of each material that is consumed, at most 1."""
        assert line.party is not None
        directory = ledger.directory
        members = tuple(line.party.countries)
        reached = []
        for material in dict.fromkeys(directory.materials[name] for name in line.commodities):
            same = [name for name, own in directory.materials.items() if own == material]
            consumed = sum(
                directory.contents[name] * ledger.demand((name,), node, members) for name in same
            )
            if consumed <= 0:
                continue
            capacity = sum(
                directory.contents[name] * ledger.capacity(name, node, members)
                for name in line.commodities
                if name in same
            )
            reached.append(min(capacity * ledger.periods[node].years / consumed, 1.0))
        return reached

    def levers(self) -> tuple[Lever, ...]:
        """Return the share: lowering it relaxes the rule."""
        return (Lever("min_share", "fraction", 0.01, -1),)
