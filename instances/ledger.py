"""The ledger: a plan's totals, as the checks of the rules ask for them.

It is made of plain rows (`instances.referee.totals` draws them from a problem and a plan), so that
a rule needs neither of the two to say how far a plan uses it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import chain, product
from typing import TYPE_CHECKING, Literal, NamedTuple
from urllib.parse import unquote

from instances.periods import beyond, timeline
from instances.tags import UNKNOWN, belongs, read_tag

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from instances.directory import Directory, Party
    from instances.periods import Period, Periods
    from instances.schedule import Schedule

Origin = Literal["direct", "traced", "touched"]
"""Whose a lot is: of who sold or made it, of its ore's country, of every step's country."""


class Lot(NamedTuple):
    """An amount (tonnes or dollars) with all that a rule may count it by."""

    node: str
    commodity: str
    country: str
    demand_class: str
    tag: str
    amount: float


class Lots:
    """Amounts grouped by node and commodity, asked for by buyer country, class and seller.

    Parameters
    ----------
    lots
        The amounts. Several with the same key add up.
    """

    def __init__(self, lots: Iterable[Lot]) -> None:
        self._lots: dict[tuple[str, str], list[Lot]] = {}
        for lot in lots:
            self._lots.setdefault((lot.node, lot.commodity), []).append(lot)
        self._by_tag: dict[tuple[object, ...], dict[str, float]] = {}

    def by_tag(
        self,
        commodity: str,
        node: str,
        buyers: Sequence[str] | None = None,
        demand_class: str | None = None,
    ) -> Mapping[str, float]:
        """Return tag to amount; ``None`` for ``buyers`` or ``demand_class`` means all."""
        key = (commodity, node, None if buyers is None else frozenset(buyers), demand_class)
        if key not in self._by_tag:
            sums: dict[str, float] = {}
            for lot in self._lots.get((node, commodity), ()):
                if (buyers is None or lot.country in buyers) and (
                    demand_class is None or lot.demand_class == demand_class
                ):
                    sums[lot.tag] = sums.get(lot.tag, 0.0) + lot.amount
            self._by_tag[key] = sums
        return self._by_tag[key]

    def total(
        self,
        commodities: Sequence[str],
        node: str,
        party: Party | None = None,
        buyers: Sequence[str] | None = None,
        demand_class: str | None = None,
        counts_unknown: bool = False,
        origin: Origin = "direct",
    ) -> float:
        """Return the amount of ``commodities`` at ``node`` that is ``party``'s; all for ``None``.

        Lots of which that is not known count as the party's only if ``counts_unknown``.
        """
        total = 0.0
        for commodity in commodities:
            for tag, amount in self.by_tag(commodity, node, buyers, demand_class).items():
                whose = True if party is None else belongs(tag, party, origin)
                if whose or (whose is None and counts_unknown):
                    total += amount
        return total


@dataclass(frozen=True)
class Ledger:
    """Totals of a plan, in tonnes (payments in undiscounted USD), by node id.

    Parameters
    ----------
    directory
        What the names in rules stand for.
    periods
        Node id to its period, in order.
    ways
        Node id to the ids of the nodes on the way to it, itself last.
    horizon
        The periods as stated, for the demand that follows them.
    purchases, payments
        Bought in the period and paid for it; always tagged with country and supplier.
    made
        Made by processes in the period; always tagged with country and facility.
    receipts
        What reaches a country for use, stock or resale: delivered + processed + substituting +
        filled - drawn + sold.
    capacities
        Tonnes per year that could be made or sold in a country, used or not, on the last day.
    deliveries, sales
        Delivered to demands, and sold to outlets.
    needs
        Demand as stated.
    stocks
        Tonnes held at the end, by stockpile and node.
    excesses
        What the plan declares to lie beyond a limit, by rule, who, goods and node.
    rates
        Demand id to tonnes per year over time.
    local_demands
        Stockpile id to the demands for its commodity in its country, or in its members'.
    spending
        Undiscounted USD by account, node and what is built ("" where nothing is): on lines of
        money that fall due in a period.
    sites
        Expansion id to the country and the id of its facility.
    owners
        Rule id to what the facility of a participation earns and owes, USD of the first day.
    mined
        Taken out of the ground in the period, bought or dug; tagged with the country of the ore
        and the supplier or facility.
    unmet
        Left short or owed at the end of the period.
    cut_offs
        Node id of a cut-off to the label of who is cut off, and the ids of rules that ask for it.
    """

    directory: Directory
    periods: Mapping[str, Period]
    ways: Mapping[str, tuple[str, ...]]
    horizon: Periods
    purchases: Lots
    payments: Lots
    made: Lots
    capacities: Lots
    receipts: Lots
    deliveries: Lots
    sales: Lots
    needs: Lots
    stocks: Mapping[tuple[str, str], float]
    excesses: Mapping[tuple[str, str, str, str], float]
    rates: Mapping[str, Schedule]
    local_demands: Mapping[str, tuple[str, ...]]
    spending: Mapping[tuple[str, str, str], float] = field(default_factory=dict)
    sites: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    owners: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    mined: Lots = field(default_factory=lambda: Lots(()))
    unmet: Lots = field(default_factory=lambda: Lots(()))
    cut_offs: Mapping[str, tuple[str, tuple[str, ...]]] = field(default_factory=dict)

    def bought(
        self,
        commodities: Sequence[str],
        node: str,
        party: Party | None = None,
        by_value: bool = False,
        counts_unknown: bool = False,
        origin: Origin = "direct",
    ) -> float:
        """Return the tonnes bought of ``party`` or made by it, ``None`` for everybody.

        ``by_value``: the USD paid for what is bought; what is made has no price.
        """
        books = (self.payments,) if by_value else (self.purchases, self.made)
        return sum(
            book.total(commodities, node, party, counts_unknown=counts_unknown, origin=origin)
            for book in books
        )

    def received(
        self,
        commodities: Sequence[str],
        node: str,
        party: Party | None,
        buyers: Sequence[str] | None,
        counts_unknown: bool = False,
        origin: Origin = "direct",
    ) -> float:
        """Return the tonnes ``buyers`` receive for use, stock or resale, net of stock drawn."""
        return self.receipts.total(
            commodities, node, party, buyers, counts_unknown=counts_unknown, origin=origin
        )

    def delivered(
        self,
        commodities: Sequence[str],
        node: str,
        party: Party | None,
        buyers: Sequence[str] | None = None,
        demand_class: str | None = None,
        counts_unknown: bool = False,
        origin: Origin = "direct",
    ) -> float:
        """Return the tonnes delivered to the demands of ``buyers`` and ``demand_class``."""
        return self.deliveries.total(
            commodities, node, party, buyers, demand_class, counts_unknown, origin
        )

    def demand(
        self,
        commodities: Sequence[str],
        node: str,
        buyers: Sequence[str] | None = None,
        demand_class: str | None = None,
    ) -> float:
        """Return the tonnes demanded, met or not."""
        return self.needs.total(commodities, node, None, buyers, demand_class)

    def sold(
        self, commodities: Sequence[str], node: str, buyers: Sequence[str] | None = None
    ) -> float:
        """Return the tonnes that outlets take in the countries ``buyers``."""
        return self.sales.total(commodities, node, None, buyers)

    def sold_by(
        self,
        commodities: Sequence[str],
        node: str,
        seller: Callable[[str, str], str],
        party: Party | None = None,
        delivered: bool = False,
    ) -> dict[str, float]:
        """Return seller to tonnes bought of it or made by it, within ``party``.

        Parameters
        ----------
        seller
            Names the seller of goods from a country and supplier; the supplier of what is made is
            its facility.
        delivered
            Whether to count deliveries instead, by who sold them; opening stock of which that is
            not known is "unknown"'s.
        """
        sums: dict[str, float] = {}
        books = (self.deliveries,) if delivered else (self.purchases, self.made)
        for book, commodity in product(books, commodities):
            for tag, amount in book.by_tag(commodity, node).items():
                if party is None or belongs(tag, party):
                    whose = read_tag(tag).seller or UNKNOWN
                    country, _, supplier = whose.partition("/")
                    name = UNKNOWN if whose == UNKNOWN else seller(country, unquote(supplier))
                    sums[name] = sums.get(name, 0.0) + amount
        return sums

    def capacity(self, commodity: str, node: str, members: Sequence[str]) -> float:
        """Return the tonnes per year that could be made or sold in ``members``, used or not."""
        return self.capacities.total((commodity,), node, None, members)

    def stock(self, stockpile: str, node: str) -> float:
        """Return the tonnes held at the end of ``node``."""
        return self.stocks.get((stockpile, node), 0.0)

    def cover_tonnes(
        self, stockpile: str, node: str, days: float, demand_ids: Sequence[str] | None = None
    ) -> float:
        """Return the tonnes demanded in the ``days`` days that follow ``node``.

        Demand is spread evenly over the days of a period. After the horizon come periods as long
        as its last. Without ``demand_ids`` the demands for the stockpile's commodity in its
        country count.
        """
        demands = self.local_demands[stockpile] if demand_ids is None else tuple(demand_ids)
        missing, tonnes = days, 0.0
        for period in self._following(node):
            if missing <= 0:
                break
            within = min(missing, period.days)
            rate = sum(self.rates[demand].at(period.start) or 0.0 for demand in demands)
            tonnes += rate * period.years * within / period.days
            missing -= within
        return tonnes

    def spent(
        self,
        counts: Mapping[str, int],
        node: str,
        party: Party | None = None,
        expansions: Sequence[str] | None = None,
    ) -> float:
        """Return the USD that fall due at ``node``, each account times what it ``counts``.

        Parameters
        ----------
        party, expansions
            Only what is built at its sites, or by these; ``None`` for all that is paid.
        """
        total = 0.0
        for (account, due, what), dollars in self.spending.items():
            if due != node or account not in counts:
                continue
            if party is not None and not (what and party.includes(*self.sites[what])):
                continue
            if expansions is None or what in expansions:
                total += counts[account] * dollars
        return total

    def _following(self, node: str) -> Iterator[Period]:
        end = self.periods[node].end
        later = (period for period in timeline(self.horizon) if period.start >= end)
        return chain(later, beyond(self.horizon))

    def declared_excess(self, rule: str, who: str, goods: str, node: str) -> float:
        """Return what the plan declares to lie beyond the limit of a row, in the row's measure."""
        return self.excesses.get((rule, who, goods, node), 0.0)
