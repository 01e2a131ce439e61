"""Pools: shared stockpiles, each member's draws booked against what it put in or borrowed.

For each node n, pool and member, added being what is put in less what is rotated or given back

    sum over members of (withdrawn + overdrawn) = draw - rotate
    sum over members of given back <= fill - rotate
    entitled[n] = (1 - decay)^years(n) * entitled[parent of n] + share * added
                  - withdrawn - set off
    borrowed on the way to n and due by its end <= made up on the way to n <= borrowed
    borrowed - made up <= the member's limit
    withdrawn + overdrawn, over all pools there, <= loaded from the pools' country to the member,
                                                    or used and sold there if it is its own

with the share of the opening stock in place of an entitlement before a root; what is made up is
given back or set off.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from instances.referee.faults import Faults, figure, tolerance
from instances.referee.flows import substituted, used
from instances.referee.sums import summed

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from instances.referee.entries import Entries
    from instances.referee.terms import Terms

    Floats = NDArray[np.float64]


def check_pools(terms: Terms, entries: Entries, faults: Faults) -> None:
    """Add to ``faults`` where the accounts of a pool do not close or pass a limit."""
    if terms.members:
        Pools(terms, entries, faults).check()


class Pools:
    """What members draw, owe and make up, tonnes by node and member."""

    def __init__(self, terms: Terms, entries: Entries, faults: Faults) -> None:
        self.terms, self.entries, self.faults = terms, entries, faults
        self.members, self.pool = terms.members, terms.member_stockpile
        self.stores = terms.problem.stockpiles
        shape = (len(terms.nodes), len(self.members))
        node, member = entries.columns("pooling", "node", "member")
        self.withdrawn, self.overdrawn, self.given_back, self.set_off, self.entitled = (
            summed(shape, node, member, entries.columns("pooling", column)[0])
            for column in ("withdraw", "overdraw", "give_back", "set_off", "entitled")
        )
        shape = (len(terms.nodes), len(self.stores))
        node, store = entries.columns("stocks", "node", "stockpile")
        self.fill, self.draw = (
            summed(shape, node, store, entries.columns("stocks", column)[0])
            for column in ("fill", "draw")
        )
        node, store, tonnes = entries.columns("handling", "node", "stockpile", "rotate")
        self.rotate = summed(shape, node, store, tonnes)

    def check(self) -> None:
        """Judge every account."""
        shared = np.array([bool(store.members) for store in self.stores])
        booked = self._by_pool(self.withdrawn + self.overdrawn)
        released = np.where(shared, self.draw - self.rotate, 0.0)
        self._pool("books", booked, released, "released", equal=True)
        returned = self._by_pool(self.given_back)
        room = np.where(shared, self.fill - self.rotate, 0.0)
        self._pool("is given back", returned, room, "put in")
        self._entitlements(returned)
        self._borrowing()
        self._custody()

    def _by_pool(self, amount: Floats) -> Floats:
        member_of = np.equal.outer(self.pool, np.arange(len(self.stores))).astype(float)
        total: Floats = amount @ member_of
        return total

    def _entitlements(self, returned: Floats) -> None:
        terms, stores = self.terms, self.terms.stores
        share = np.array([member.share for member in self.members])
        opening = share * stores.opening[self.pool]
        parents = terms.parents[:, None]
        before = np.where(parents < 0, opening, self.entitled[terms.parents])
        added = (self.fill - self.rotate - returned)[:, self.pool]
        kept = stores.kept[:, self.pool] * before
        due = kept + share * added - self.withdrawn - self.set_off
        size = kept + np.abs(share * added) + self.withdrawn
        self._member("is entitled to", self.entitled, due, "by what it put in and drew", size)

    def _borrowing(self) -> None:
        lineage = self.terms.windows.lineage.astype(float)
        borrowed = lineage.T @ self.overdrawn
        made_up = lineage.T @ (self.given_back + self.set_off)
        days = [self.stores[pool].loan_days for pool in self.pool]
        closed = np.array([number is None for number in days])
        none = np.where(closed, 0.0, np.inf)
        self._member("has borrowed", borrowed, none + 0 * borrowed, "without loan days")
        last = np.array([node.last for node in self.terms.nodes], dtype=bool)
        due = np.zeros_like(borrowed)
        for column, number in enumerate(days):
            falling = self.terms.windows.falling(round(number or 0.0)) @ lineage
            part = np.where(last, lineage, falling)
            due[:, column] = part.T @ self.overdrawn[:, column]
        self._member("must have made up for", due, made_up, "made up for", borrowed, least=True)
        self._member("has made up for", made_up, borrowed, "borrowed until then")
        most = [np.inf if item.borrowing is None else item.borrowing for item in self.members]
        owed, limit = borrowed - made_up, np.broadcast_to(most, borrowed.shape)
        self._member("owes", owed, limit, "that it may borrow", borrowed)

    def _custody(self) -> None:
        terms = self.terms
        ways, stores = terms.ways, terms.stores
        goods, home = stores.at.commodity[self.pool], stores.at.country[self.pool]
        there = terms.find("country", [member.country for member in self.members])
        drawn = self.withdrawn + self.overdrawn
        node, lane, good, tonnes = self.entries.columns(
            "shipments", "node", "lane", "commodity", "tonnes"
        )
        taken = self._taken()
        kin, most = np.zeros_like(drawn), np.zeros_like(drawn)
        for column in range(len(self.members)):
            place = (goods[column], home[column], there[column])
            alike = (goods == place[0]) & (home == place[1]) & (there == place[2])
            kin[:, column] = drawn[:, alike].sum(axis=1)
            if place[1] == place[2]:
                most[:, column] = taken[:, place[0], place[1]]
                continue
            fits = (good == place[0]) & (ways.origin[lane] == place[1])
            fits &= ways.destination[lane] == place[2]
            most[:, column] = np.bincount(node[fits], tonnes[fits], len(terms.nodes))
        self._member("draws, with other pools there,", kin, most, "that goes to it or is used")

    def _taken(self) -> Floats:
        """Return the tonnes used and sold by node, commodity and country."""
        terms = self.terms
        shape = (len(terms.nodes), len(terms.ids["commodity"]), len(terms.ids["country"]))
        total = np.zeros(shape)
        for table, record, at in (
            ("deliveries", "demand", terms.demand_at),
            ("sales", "outlet", terms.outlet_at),
        ):
            node, item, tonnes = self.entries.columns(table, "node", record, "tonnes")
            np.add.at(total, (node, at.commodity[item], at.country[item]), tonnes)
        for flow in (used(terms, self.entries), substituted(terms, self.entries)):
            np.add.at(total, (flow.node, flow.commodity, flow.country), -flow.tonnes)
        return total

    def _pool(
        self, verb: str, amount: Floats, due: Floats, what: str, *, equal: bool = False
    ) -> None:
        gap = np.abs(amount - due) if equal else amount - due
        wrong = gap > tolerance(np.maximum(np.abs(amount), np.abs(self.draw) + self.fill))

        def say(position: int) -> str:
            row, column = divmod(position, amount.shape[1])
            word = "not the" if equal else "more than the"
            return (
                f"Pool {self.stores[column].id!r} {verb} {figure(amount[row, column])} t in "
                f"{self.terms.nodes[row].id}, {word} {figure(due[row, column])} t {what}."
            )

        self.faults.where(wrong.ravel(), say)

    def _member(
        self,
        verb: str,
        amount: Floats,
        due: Floats,
        what: str,
        size: Floats | float = 0.0,
        *,
        least: bool = False,
    ) -> None:
        """Judge members: an entitlement must be equal, the rest at most ``due``."""
        equal = amount is self.entitled
        gap = np.abs(amount - due) if equal else amount - due
        wrong = gap > tolerance(np.maximum(np.abs(amount), size))

        def say(position: int) -> str:
            row, column = divmod(position, amount.shape[1])
            word = "not the" if equal else "but only" if least else "more than the"
            return (
                f"Member {self.members[column].country} of pool "
                f"{self.stores[self.pool[column]].id!r} {verb} {figure(amount[row, column])} t "
                f"in {self.terms.nodes[row].id}, {word} {figure(due[row, column])} t {what}."
            )

        self.faults.where(wrong.ravel(), say)
