"""Producers: what facilities earn and owe, the price at which they break even, and the floor."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from instances.referee.entries import read_entries
from instances.referee.faults import Faults
from instances.referee.owners import Owner, books, full_books
from instances.referee.terms import Terms
from instances.rules import Participation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from instances.plan import Plan
    from instances.problem import Problem

COLUMNS = [
    "facility",
    "rule",
    "rate",
    "commodity",
    "built_t_per_yr",
    "sold_t",
    "earned_usd",
    "owed_usd",
    "net_usd",
    "price_usd_per_t",
    "break_even_usd_per_t",
    "break_even_if_full_usd_per_t",
    "floor_to_build_usd_per_t",
]


def producers(problem: Problem, plan: Plan) -> pd.DataFrame:
    """Return a row for each facility with a participation or a price floor.

    Money is USD of the first day at the owner's rate (``rate``; without a participation that of
    the facility's first expansion, else the problem's). ``commodity`` is the guaranteed output,
    else the one worth most; co-products count at what they bring. ``price_usd_per_t`` is what a
    tonne sold brings on average, ``break_even_usd_per_t`` what it would have to bring to cover
    costs and charges under the plan; ``break_even_if_full_usd_per_t`` the same were all built at
    the start and run full, and ``floor_to_build_usd_per_t`` the constant floor under the market's
    price at which that pays. Both are absent where capacity has no limit: nothing is ever full.
    """
    terms = Terms(problem)
    entries = read_entries(terms, plan, Faults())
    chance = {node.id: node.probability for node in problem.nodes}
    expected = plan.builds["size"] * plan.builds["node"].map(chance)
    sizes = expected.groupby(plan.builds["expansion"]).sum()
    rows = []
    for facility, rule, rate in _owners(problem):
        now, full = books(terms, entries, facility, rate), full_books(terms, facility, rate)
        good = _main(problem, facility, full or now)
        price, needed = _prices(now, good)
        if_full, floor = (None, None) if full is None else _if_full(terms, full, good)
        rows.append(
            {
                "facility": facility,
                "rule": rule,
                "rate": rate,
                "commodity": good,
                "built_t_per_yr": float(
                    sum(
                        sizes.get(item.id, 0.0)
                        for item in problem.expansions
                        if item.facility == facility
                    )
                ),
                "sold_t": float(now.sold[good] @ np.array(list(chance.values()))),
                "earned_usd": now.earned,
                "owed_usd": now.debt,
                "net_usd": now.earned - now.debt,
                "price_usd_per_t": price,
                "break_even_usd_per_t": needed,
                "break_even_if_full_usd_per_t": if_full,
                "floor_to_build_usd_per_t": floor,
            }
        )
    return pd.DataFrame(rows, columns=COLUMNS)


def _owners(problem: Problem) -> Iterator[tuple[str, str | None, float]]:
    """Yield facility, rule and rate."""
    rules = [rule for rule in problem.rules if isinstance(rule, Participation)]
    for rule in rules:
        yield rule.facility, rule.id, rule.rate
    judged = {rule.facility for rule in rules}
    guaranteed = dict.fromkeys(item.facility for item in problem.price_floors if item.facility)
    for facility in guaranteed:
        if facility is not None and facility not in judged:
            own = [item.rate for item in problem.expansions if item.facility == facility]
            yield facility, None, own[0] if own else problem.discount.rate


def _main(problem: Problem, facility: str, owner: Owner) -> str:
    floors = [item.commodity for item in problem.price_floors if item.facility == facility]
    goods = [name for name in floors if name in owner.sold] or list(owner.sold)
    return max(goods, key=lambda name: float(owner.receipts[name] @ owner.worth))


def _if_full(terms: Terms, full: Owner, good: str) -> tuple[float | None, float | None]:
    """Return what a tonne would have to bring if run full, and the floor at which it does."""
    _, needed = _prices(full, good)
    return needed, None if needed is None else _floor(terms, full, good, needed)


def _prices(owner: Owner, good: str) -> tuple[float | None, float | None]:
    """Return what a tonne of ``good`` brings, and what it would have to bring."""
    tonnes = float(owner.sold[good] @ owner.worth)
    if tonnes <= 1e-9:
        return None, None
    brought = float(owner.receipts[good] @ owner.worth)
    return brought / tonnes, (brought - owner.earned + owner.debt) / tonnes


def _floor(terms: Terms, full: Owner, good: str, needed: float) -> float:
    """Return the least F for which max(F, market price) brings ``needed`` on average."""
    (place,) = terms.find("commodity", [good])
    market = terms.over_time([terms.problem.commodities[place].market_price])[:, 0]
    weight = np.asarray(full.sold[good] * full.worth / (full.sold[good] @ full.worth))
    if float(weight @ market) >= needed:
        return 0.0
    # the average of max(F, price) rises with F: it is linear between two prices of the market
    order: list[Any] = sorted(set(market[weight > 0].tolist()))
    for number, low in enumerate(order):
        raised = market <= low
        above = float(weight[~raised] @ market[~raised])
        level = (needed - above) / float(weight[raised].sum())
        if number + 1 == len(order) or level <= order[number + 1]:
            return level
    raise AssertionError("some level lies between two prices or above them all")
