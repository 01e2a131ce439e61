"""What rules that tell sellers apart have in common: of which commodity, and who is one seller."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from instances.record import Id
from instances.rules.rule import Line, RuleRecord
from instances.rules.share_scope import EachCommodity
from instances.tags import UNKNOWN
from instances.words import listed

if TYPE_CHECKING:
    from instances.directory import Directory
    from instances.ledger import Ledger
    from instances.words import Names


class SellerRule(RuleRecord):
    """A rule about who sells or makes a commodity, seller by seller."""

    commodity: Id | EachCommodity
    """One commodity, or each of several."""
    by: Literal["supplier", "country"]
    """Who is one seller: a supplier (what is made counts as its facility's), or a country."""

    @property
    def delivered(self) -> bool:
        """Whether deliveries are counted, by who sold them, and not purchases."""
        return False

    def seller(self, directory: Directory, country: str, supplier: str) -> str:
        """Return as whose the goods of ``supplier`` (if that is known) in ``country`` count."""
        return (supplier or UNKNOWN) if self.by == "supplier" else country

    def sold(self, ledger: Ledger, line: Line, node: str) -> dict[str, float]:
        """Return seller to tonnes bought of it or made by it (or delivered)."""
        return ledger.sold_by(
            line.commodities,
            node,
            lambda country, supplier: self.seller(ledger.directory, country, supplier),
            line.party,
            delivered=self.delivered,
        )

    def lines(self, directory: Directory) -> tuple[Line, ...]:
        """Return one line per commodity."""
        goods = (
            self.commodity.each if isinstance(self.commodity, EachCommodity) else (self.commodity,)
        )
        return tuple(Line(None, (name,)) for name in goods)

    def goods(self, names: Names, line: Line | None) -> str:
        """Return the commodities in words: of a line, or of the whole rule."""
        if line is not None:
            return names.goods(line)
        if isinstance(self.commodity, EachCommodity):
            return listed(tuple(names.commodity(name) for name in self.commodity.each))
        return names.commodity(self.commodity)
