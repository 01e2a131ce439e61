"""What share caps and share floors have in common: who, of what, counted how.

The numerator follows the denominator. `demand`, `supply` and `value` count what is *bought* in the
period, so that stock bought earlier is not counted again; `deliveries` and a demand class count
what is *delivered*, out of stock too, with the seller known to the end.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from instances.record import Id, Places, Text
from instances.rules.rule import Line, RuleRecord, RuleUse
from instances.rules.share_scope import BY_ORIGIN, Basis, Denominator, EachCommodity, EachParty
from instances.units import Fraction, Usd, UsdPerTonne
from instances.words import listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from instances.directory import Directory, Party
    from instances.ledger import Ledger
    from instances.periods import Period
    from instances.schedule import Schedule
    from instances.words import Names


class ShareRule(RuleRecord):
    """A limit on the share of a party in a commodity."""

    of: Text | Annotated[tuple[Id, ...], Field(min_length=1)] | EachParty
    """Country, group, supplier; several countries or groups together; or each on its own."""
    commodity: Id | tuple[Id, ...] | EachCommodity | None = None
    """One commodity; each of several; or (denominator ``value`` only) several together."""
    stage: Text | None = None
    """Instead of ``commodity``: each commodity at this stage."""
    denominator: Denominator
    """What it is a share of: demand, supply (bought less sold on), deliveries, value bought."""
    origin: Literal["direct", "traced", "touched"] = "direct"
    """Whose share: of who sells or makes it last; of the country of its ore, kept through any
    number of processes; or of every lot that had any step there."""
    stake: Annotated[Fraction, Field(gt=0)] | None = None
    """Go by owners: the party's are the sellers and facilities of which holders at home there (or
    the entity named) have at least this stake together, wherever they stand. By who sells or
    makes it where, if not given."""
    buyers: Places | None = None
    """Only what these countries receive; all if not given."""
    demand_class: Text | None = None
    """Only what this class of demand is delivered; all if not given."""
    counts_unknown: bool
    counts_fill: bool = True
    """With denominator ``demand``: whether purchases for stock count when bought, not used."""
    penalty: UsdPerTonne | None = None
    """USD per tonne (for ``value``: per dollar) beyond the limit; hard without either penalty."""
    penalty_per_point: Usd | None = None
    """With denominator ``demand``: USD per percentage point beyond the limit, in each period."""

    @property
    def basis(self) -> Basis:
        """Return where the share is counted."""
        if (
            self.denominator == "deliveries"
            or self.demand_class is not None
            or (self.denominator == "demand" and not self.counts_fill)
        ):
            return Basis.DELIVERED
        return Basis.BOUGHT if self.buyers is None else Basis.RECEIVED

    @property
    def needs_tags(self) -> bool:
        """Whether something of a lot must be remembered beyond its purchase or making."""
        return self.basis is not Basis.BOUGHT or self.origin != "direct"

    @property
    def hard(self) -> bool:
        """Whether nothing may lie beyond the limit."""
        return self.penalty is None and self.penalty_per_point is None

    def charge(self, whole: float) -> float | None:
        """Return USD per tonne beyond the limit of a share of ``whole`` tonnes."""
        if self.penalty_per_point is None:
            return self.penalty
        # a share of nothing has no points to pay for
        return 100 * self.penalty_per_point / whole if whole > 0 else None

    @model_validator(mode="after")
    def _scope(self) -> Self:
        if (self.commodity is None) == (self.stage is None):
            raise PydanticCustomError("rule", "needs either 'commodity' or 'stage'.")
        if isinstance(self.commodity, tuple) and self.denominator != "value":
            raise PydanticCustomError(
                "rule",
                "adds up tonnes of unlike commodities. Write commodity: {each: [...]} for a limit "
                "on each, or denominator: value for one limit on their value.",
            )
        if self.denominator == "value" and (self.buyers or self.demand_class):
            raise PydanticCustomError(
                "rule",
                "denominator 'value' counts purchases; it takes neither 'buyers' nor "
                "'demand_class'. Use 'deliveries' for them.",
            )
        if self.denominator == "supply" and self.demand_class:
            raise PydanticCustomError(
                "rule",
                "a demand class receives deliveries, not supply. Use denominator: deliveries.",
            )
        if not self.counts_fill and self.denominator != "demand":
            raise PydanticCustomError("rule", "'counts_fill' goes with denominator 'demand' only.")
        if self.stake is not None and self.origin != "direct":
            raise PydanticCustomError(
                "rule",
                "goes by the owners of whoever sells or makes goods last ('stake'), but 'origin' "
                "asks who did before. Keep one of them.",
            )
        if self.penalty_per_point is not None:
            self._points_are_data()
        return self

    def _points_are_data(self) -> None:
        if self.denominator != "demand":
            raise PydanticCustomError(
                "rule",
                "'penalty_per_point' needs denominator 'demand': of {whole}, which the plan "
                "decides, a point is no fixed amount. Write 'penalty' instead.",
                {"whole": self.denominator},
            )
        if self.penalty is not None:
            raise PydanticCustomError(
                "rule", "has both 'penalty' and 'penalty_per_point'. Keep one of them."
            )

    def parties(self, directory: Directory) -> tuple[Party, ...]:
        """Return whom the rule limits, one entry per limit."""
        named = self._named(directory)
        if self.stake is None:
            return named
        return tuple(directory.holders(party, self.stake) for party in named)

    def _named(self, directory: Directory) -> tuple[Party, ...]:
        if isinstance(self.of, EachParty):
            members = self.of.each
            if isinstance(members, str):
                members = tuple(sorted(directory.party(members).countries))
            return tuple(directory.party(member) for member in members)
        if isinstance(self.of, tuple):
            return (directory.parties(self.of),)
        return (directory.party(self.of),)

    def lines(self, directory: Directory) -> tuple[Line, ...]:
        """Return one line per party and commodity (or set of commodities counted by value)."""
        goods: list[tuple[str, ...]]
        if self.commodity is None:
            goods = [(name,) for name, stage in directory.stages.items() if stage == self.stage]
        elif isinstance(self.commodity, EachCommodity):
            goods = [(name,) for name in self.commodity.each]
        else:
            goods = [(self.commodity,) if isinstance(self.commodity, str) else self.commodity]
        return tuple(Line(party, names) for party in self.parties(directory) for names in goods)

    def _limit(self, schedule: Schedule, period: Period) -> float | None:
        return schedule.at(period.start) if self.holds(period) else None

    def words(
        self, names: Names, verb: str, share: str, line: Line | None, period: Period | None
    ) -> str:
        """Return the sentence of a share rule: who, verb, share, of what, for whom, when."""
        if line is not None and line.party is not None:
            who, goods = names.party(line.party), names.goods(line)
        else:
            who, goods = self._who(names), self._goods(names)
            if self.stake is not None:
                who = names.holders(who, self.stake)
        counted = {
            "demand": "demand",
            "supply": "purchases",
            "deliveries": "deliveries",
            "value": "the value of purchases",
        }[self.denominator]
        whole = f"{counted} of {goods}" if self.denominator == "value" else f"{goods} {counted}"
        text = f"{who} {verb} {share} of {whole}"
        if self.demand_class:
            text += f" for {self.demand_class} use"
        if self.buyers:
            text += f" by {listed(tuple(names.country(code) for code in self.buyers))}"
        text += BY_ORIGIN[self.origin]
        if period is not None:
            text += f" in {period.label}"
        return text[0].upper() + text[1:]

    def _who(self, names: Names) -> str:
        if isinstance(self.of, EachParty):
            each = self.of.each
            members = (each,) if isinstance(each, str) else each
            return "each of " + listed(tuple(names.who(name) for name in members))
        members = (self.of,) if isinstance(self.of, str) else self.of
        return listed(tuple(names.who(name) for name in members))

    def _goods(self, names: Names) -> str:
        if self.commodity is None:
            return f"each commodity at stage {self.stage}"
        if isinstance(self.commodity, EachCommodity):
            return "each of " + ", ".join(names.commodity(name) for name in self.commodity.each)
        goods = (self.commodity,) if isinstance(self.commodity, str) else self.commodity
        return listed(tuple(names.commodity(name) for name in goods))

    def counts(self, ledger: Ledger) -> Iterator[tuple[Line, str, float, float, float]]:
        """Yield line, node, limit, what counts as the party's and what it is a share of.

        Tonnes, or dollars for ``value``; taken from the plan's own totals.
        """
        for line in self.lines(ledger.directory):
            for node, period in ledger.periods.items():
                limit = self.limit(period)
                if limit is not None:
                    yield (
                        line,
                        node,
                        limit,
                        self._counted(ledger, line, node),
                        self._whole(ledger, line, node),
                    )

    def _counted(self, ledger: Ledger, line: Line, node: str) -> float:
        if self.basis is Basis.BOUGHT:
            return ledger.bought(
                line.commodities,
                node,
                line.party,
                by_value=self.denominator == "value",
                counts_unknown=self.counts_unknown,
                origin=self.origin,
            )
        if self.basis is Basis.RECEIVED:
            return ledger.received(
                line.commodities,
                node,
                line.party,
                self.buyers,
                counts_unknown=self.counts_unknown,
                origin=self.origin,
            )
        return ledger.delivered(
            line.commodities,
            node,
            line.party,
            self.buyers,
            self.demand_class,
            counts_unknown=self.counts_unknown,
            origin=self.origin,
        )

    def _whole(self, ledger: Ledger, line: Line, node: str) -> float:
        if self.denominator == "demand":
            return ledger.demand(line.commodities, node, self.buyers, self.demand_class)
        if self.denominator == "deliveries":
            return ledger.delivered(line.commodities, node, None, self.buyers, self.demand_class)
        if self.denominator == "value":
            return ledger.bought(line.commodities, node, None, by_value=True)
        taken = (
            ledger.bought(line.commodities, node, None)
            if self.basis is Basis.BOUGHT
            else ledger.received(line.commodities, node, None, self.buyers)
        )
        return taken - ledger.sold(line.commodities, node, self.buyers)

    def row(
        self,
        line: Line,
        node: str,
        limit: float,
        counted: float,
        whole: float,
        slack: float,
        excess: float,
    ) -> RuleUse:
        """Return the use of one row; the share is ``None`` when there is nothing to share."""
        return RuleUse(
            rule=self.id,
            kind=self.kind,
            who=line.who,
            goods=line.goods,
            node=node,
            limit=limit,
            value=counted / whole if whole > 1e-9 else None,
            unit="fraction",
            slack=slack,
            excess=excess,
            measure="USD" if self.denominator == "value" else "t",
            scale=max(abs(counted), abs(limit * whole)),
            charge=self.charge(whole),
        )
