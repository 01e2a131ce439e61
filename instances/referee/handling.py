"""Handling: reserves are filled, rotated, released and lent as their policy says.

For each node n and stockpile, held[m] being its stock at the end of m (its opening before a root)

    fill <= market share * what offers of its commodity hold in n
    rotate >= rotation * years(n) * held[parent of n]
    rotate + lend <= draw,   rotate + restore <= fill
    draw - rotate - lend <= 0 outside declarations, and within them
                          <= sum over declarations of pace * their years in n * held[onset]
                          <= release rate * years of declarations in n
    draw - rotate, over all that serve no other classes, <= what the classes receive there
    lent on the way to n and due by its end <= restored on the way to n <= lent on the way to n
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from instances.referee.faults import Faults, figure, tolerance
from instances.referee.sums import summed
from instances.scenarios.branch import CERTAIN
from instances.scenarios.declared import windows_in

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from instances.referee.entries import Entries
    from instances.referee.terms import Terms
    from instances.stockpile import Stockpile

    Floats = NDArray[np.float64]


def check_handling(terms: Terms, entries: Entries, faults: Faults) -> None:
    """Add to ``faults`` what a stockpile's policy does not allow."""
    Handling(terms, entries, faults).check()


class Handling:
    """The tonnes of every stockpile by node, judged by its policy."""

    def __init__(self, terms: Terms, entries: Entries, faults: Faults) -> None:
        self.terms = terms
        self.faults = faults
        self.stores = terms.problem.stockpiles
        shape = (len(terms.nodes), len(self.stores))
        node, store = entries.columns("stocks", "node", "stockpile")
        self.fill, self.draw, self.held = (
            summed(shape, node, store, entries.columns("stocks", column)[0])
            for column in ("fill", "draw", "stock")
        )
        node, store = entries.columns("handling", "node", "stockpile")
        self.rotate, self.lend, self.restore = (
            summed(shape, node, store, entries.columns("handling", column)[0])
            for column in ("rotate", "lend", "restore")
        )
        node, demand, tonnes = entries.columns("deliveries", "node", "demand", "tonnes")
        self.delivered = summed(terms.demanded.shape, node, demand, tonnes)
        opening = terms.stores.opening
        before = self.held[terms.parents]
        self.before = np.where(terms.parents[:, None] < 0, opening, before)

    def check(self) -> None:
        """Judge every policy."""
        none = np.zeros_like(self.fill)
        lending = np.array([store.lends for store in self.stores], dtype=bool)
        turning = np.array([store.rotation > 0 for store in self.stores], dtype=bool)
        free = np.full_like(self.fill, np.inf)
        self._at_most("rotates", self.rotate, np.where(turning, free, none), "without rotation")
        self._at_most("lends", self.lend, np.where(lending, free, none), "without loans")
        self._at_most("takes back", self.restore, np.where(lending, free, none), "without loans")
        self._at_most("fills", self.fill, self._market(), "as its share of the market")
        due = self.terms.stores.rotation * self.before
        self._at_most("must rotate", due, self.rotate, "rotated", least=True)
        self._at_most("rotates and lends", self.rotate + self.lend, self.draw, "drawn")
        self._at_most("rotates and takes back", self.rotate + self.restore, self.fill, "put in")
        released = self.draw - self.rotate - self.lend
        self._at_most("releases", released, self._declared(), "as declared and paced")
        self._classes()
        self._loans(lending)

    def _market(self) -> Floats:
        most = np.full_like(self.fill, np.inf)
        offers = self.terms.problem.offers
        slices = self.terms.slices
        for column, store in enumerate(self.stores):
            if store.market_share is not None:
                goods = np.array([offer.commodity == store.commodity for offer in offers])
                on_offer = slices.width[:, goods[slices.offer]].sum(axis=1)
                most[:, column] = store.market_share * on_offer
        return most

    def _declared(self) -> Floats:
        most = np.full_like(self.fill, np.inf)
        for column, store in enumerate(self.stores):
            if store.release == "declared":
                for row in range(len(self.terms.nodes)):
                    most[row, column] = self._open(store, column, row)
        return most

    def _open(self, store: Stockpile, column: int, row: int) -> float:
        """Return the tonnes that may be released at a node."""
        terms, paced, open_ = self.terms, 0.0, 0.0
        here = terms.nodes[row]
        passing = here.scenarios or (CERTAIN,)
        branch = next(item for item in terms.problem.branches if item.id in passing)
        cut = here.cut_off
        stated = [(window.start, window.end) for window in windows_in(store, branch)]
        # a cut-off is a declaration
        for start, end in stated if cut is None else [(cut.start, cut.until)]:
            declared = [node.period.years_within(start, end) for node in terms.nodes]
            years = declared[row]
            if years <= 0:
                continue
            onset = row
            while terms.parents[onset] >= 0 and declared[terms.parents[onset]] > 0:
                onset = int(terms.parents[onset])
            pace = np.inf if store.pace is None else store.pace * self.before[onset, column]
            paced += float(pace) * years
            open_ += years
        if not open_:
            return 0.0
        rate = np.inf if store.release_rate is None else store.release_rate
        return min(paced, float(rate) * open_)

    def _classes(self) -> None:
        given = self.draw - self.rotate
        most = np.full_like(self.fill, np.inf)
        taken = given.copy()
        for column, store in enumerate(self.stores):
            if store.serves is None:
                continue
            place = (store.commodity, store.country)
            kin = [
                number
                for number, other in enumerate(self.stores)
                if other.serves is not None
                and (other.commodity, other.country) == place
                and set(other.serves) <= set(store.serves)
            ]
            users = [
                number
                for number, demand in enumerate(self.terms.problem.demand)
                if (demand.commodity, demand.country) == place
                and demand.demand_class in store.serves
            ]
            taken[:, column] = given[:, kin].sum(axis=1)
            most[:, column] = self.delivered[:, users].sum(axis=1)
        self._at_most("and its kin give", taken, most, "delivered to the classes they serve")

    def _loans(self, lending: NDArray[np.bool_]) -> None:
        lineage = self.terms.windows.lineage.astype(float)
        restored, lent = lineage.T @ self.restore, lineage.T @ self.lend
        last = np.array([node.last for node in self.terms.nodes], dtype=bool)
        due = np.zeros_like(lent)
        for column in np.flatnonzero(lending):
            days = round(self.stores[column].loan_days or 0.0)
            falling = self.terms.windows.falling(days) @ lineage
            part = np.where(last, lineage, falling)
            due[:, column] = part.T @ self.lend[:, column]
        self._at_most("is owed", due, restored, "come back by then", least=True)
        self._at_most("has taken back", restored, lent, "lent until then")

    def _at_most(
        self, verb: str, amount: Floats, most: Floats, what: str, *, least: bool = False
    ) -> None:
        size = np.where(np.isfinite(most), most, 0.0)
        over = (amount > most + tolerance(np.maximum(np.abs(amount), size))).ravel()

        def say(position: int) -> str:
            row, column = divmod(position, amount.shape[1])
            limit = figure(most[row, column])
            end = f"but only {limit} t are {what}" if least else f"more than {limit} t {what}"
            return (
                f"Stockpile {self.stores[column].id!r} {verb} {figure(amount[row, column])} t in "
                f"{self.terms.nodes[row].id}, {end}."
            )

        self.faults.where(over, say)
