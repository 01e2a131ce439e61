"""Owners: what facilities earn and owe, at their owners' rates, recomputed from a plan."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from instances.referee.building import charges
from instances.referee.guarantees import support
from instances.referee.sums import totals
from instances.rules import Participation

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from instances.referee.entries import Entries
    from instances.referee.terms import Terms

    Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Owner:
    """The books of a facility: arrays by node, in undiscounted USD."""

    worth: Floats
    """Probability times discount factor at the owner's rate."""
    sold: dict[str, Floats]
    """Output commodity to tonnes that are not thrown away."""
    receipts: dict[str, Floats]
    """Output commodity to what its tonnes bring, floors included."""
    costs: Floats
    """Inputs, processing, fixed cost and disposal."""
    owed: Floats
    """Capital charges, less grants."""

    @property
    def earned(self) -> float:
        """Return receipts less costs, USD of the first day."""
        return float((sum(self.receipts.values(), -self.costs)) @ self.worth)

    @property
    def debt(self) -> float:
        """Return the capital charges, USD of the first day."""
        return float(self.owed @ self.worth)


def worth(terms: Terms, rate: float) -> Floats:
    """Return probability times discount factor at ``rate``, by node."""
    base = terms.nodes[0].period.start
    own = type(terms.problem.discount)(rate=rate, timing=terms.problem.discount.timing)
    return np.array(
        [
            node.probability * own.factor(base, node.period.start, node.period.end)
            for node in terms.nodes
        ]
    )


def books(terms: Terms, entries: Entries, facility: str, rate: float) -> Owner:
    """Return the books of ``facility`` under a plan, for an owner who asks for ``rate``."""
    problem = terms.problem
    count = len(terms.nodes)
    node, step, tonnes = entries.columns("runs", "node", "process", "tonnes")
    activity = {
        number: totals(count, node[step == number], tonnes[step == number])
        for number, item in enumerate(terms.steps)
        if item.facility.id == facility
    }
    when, site, on = entries.columns("running", "node", "facility", "on")
    (place,) = terms.find("facility", [facility])
    mine = site == place
    costs = totals(count, when[mine], on[mine]) * terms.sites.fixed_cost[:, place]
    owed = np.zeros(count)
    expansions = problem.expansions
    built, number, size = entries.columns("builds", "node", "expansion", "size")
    for at, which, amount in zip(built.tolist(), number.tolist(), size.tolist(), strict=True):
        item = expansions[which]
        if item.facility == facility and amount:
            own = item.model_copy(update={"rate": rate, "capex_mode": "annual"})
            owed += amount * (1 - item.grant) * charges(terms, own, at)
    return _books(terms, facility, rate, activity, _thrown(terms, entries, facility), costs, owed)


def full_books(terms: Terms, facility: str, rate: float) -> Owner | None:
    """Return the books of ``facility`` as if all were built at once and it ran full.

    Every expansion is decided whole on the first node at which it can be; the facility runs all
    its capacity in its first process, and throws nothing away. ``None`` if its capacity has no
    limit: then it is never full.
    """
    from instances.referee.building import usable

    (place,) = terms.find("facility", [facility])
    most = terms.sites.most[:, place].copy()
    if not np.isfinite(most).all():
        return None
    owed = np.zeros(len(terms.nodes))
    running = np.zeros(len(terms.nodes))
    for item in terms.problem.expansions:
        open_ = [
            number
            for number, node in enumerate(terms.nodes)
            if node.period.years_within(item.start, item.end) > 0
        ]
        if item.facility == facility and open_:
            own = item.model_copy(update={"rate": rate, "capex_mode": "annual"})
            most += item.size * usable(terms, item, open_[0])
            owed += item.size * (1 - item.grant) * charges(terms, own, open_[0])
    running = np.where(most > 0, terms.sites.fixed_cost[:, place], 0.0)
    first = next(number for number, item in enumerate(terms.steps) if item.facility.id == facility)
    return _books(terms, facility, rate, {first: most}, {}, running, owed)


def owners(terms: Terms, entries: Entries) -> dict[str, tuple[float, float]]:
    """Return rule id to what its facility earns and owes, USD of the first day."""
    found = {}
    for rule in terms.problem.rules:
        if isinstance(rule, Participation):
            owner = books(terms, entries, rule.facility, rule.rate)
            found[rule.id] = (owner.earned, owner.debt)
    return found


def _thrown(terms: Terms, entries: Entries, facility: str) -> dict[str, Floats]:
    """Return the tonnes by node thrown away in the facility's country, by commodity."""
    site = next(item for item in terms.problem.facilities if item.id == facility)
    (here,) = terms.find("country", [site.country])
    node, goods, country, tonnes = entries.columns(
        "disposals", "node", "commodity", "country", "tonnes"
    )
    thrown = {}
    for name in dict.fromkeys(name for item in site.processes for name in item.outputs):
        (place,) = terms.find("commodity", [name])
        mine = (goods == place) & (country == here)
        thrown[name] = totals(len(terms.nodes), node[mine], tonnes[mine])
    return thrown


def _books(
    terms: Terms,
    facility: str,
    rate: float,
    activity: dict[int, Floats],
    thrown: dict[str, Floats],
    costs: Floats,
    owed: Floats,
) -> Owner:
    records = {item.id: item for item in terms.problem.commodities}
    floors = [item for item in terms.problem.price_floors if item.facility == facility]
    sold: dict[str, Floats] = {}
    receipts: dict[str, Floats] = {}
    spent = costs.copy()
    for number, tonnes in activity.items():
        process = terms.steps[number].process
        spent += terms.step_cost[:, number] * tonnes
        for name, ratio in process.inputs.items():
            spent += terms.over_time([records[name].market_price])[:, 0] * ratio * tonnes
        for name, ratio in process.outputs.items():
            made = ratio * terms.step_yields[:, number] * tonnes
            sold[name] = sold.get(name, 0.0) + made
            paid = terms.over_time([records[name].market_price])[:, 0] * made
            for floor in floors:
                if floor.commodity == name:
                    paid = paid + support(terms, floor) * made
            receipts[name] = receipts.get(name, 0.0) + paid
    for name, tonnes in thrown.items():
        if name in sold:
            sold[name] = sold[name] - tonnes
            price = terms.over_time([records[name].market_price])[:, 0]
            receipts[name] = receipts[name] - price * tonnes
        (place,) = terms.find("commodity", [name])
        spent += terms.disposal_cost[:, place] * tonnes
    return Owner(worth(terms, rate), sold, receipts, spent, owed)
