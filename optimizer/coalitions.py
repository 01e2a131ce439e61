"""Coalitions: the cheapest set of partners of each size, by branch and bound over who is left out.

With every partner that is still undecided allowed, the least cost is a bound on any coalition
below: taking a partner away never makes a plan cheaper. Where the plan behind the bound takes no
more partners than may be, it is the cheapest. Otherwise one that it takes is left out in one
branch and kept in the other (Land and Doig, Econometrica 28 (1960) 497). Bounds are shared by all
sizes, and no limit on tonnes has to be invented.
"""

from __future__ import annotations

import heapq
import itertools
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from optimizer.losses import NOTHING, unmet_by_commodity

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from instances.plan import Plan
    from instances.problem import Problem
    from optimizer.losses import Losses

SAME = 1e-9
"""Part of a cost that is no difference."""
MOST_SOLVES = 2_000
"""Solves after which the search for coalitions is given up."""


@dataclass(frozen=True, slots=True)
class Coalition:
    """The cheapest coalition of a size.

    Parameters
    ----------
    size
        How many partners there may be.
    members
        Who the plan takes, in order of their codes; ``None`` where no plan is held.
    cost_usd
        Least cost, shortfall at what it is said to cost.
    dearer_usd
        That less the least cost with all partners.
    unmet_t
        Commodity to tonnes unmet beyond those unmet with all of them, expected over scenarios.
    proven
        Whether no coalition of that size is cheaper (to the gap, with yes/no choices), or none has
        a plan.
    """

    size: int
    members: tuple[str, ...] | None
    cost_usd: float | None
    dearer_usd: float | None
    unmet_t: Mapping[str, float]
    proven: bool

    @property
    def adequate(self) -> bool:
        """Whether it leaves nothing more unmet than all partners together."""
        return self.members is not None and not self.unmet_t

    def to_plain(self) -> dict[str, Any]:
        """Return the coalition as plain data."""
        return {
            "size": self.size,
            "members": None if self.members is None else list(self.members),
            "cost_usd": self.cost_usd,
            "dearer_usd": self.dearer_usd,
            "unmet_t": dict(self.unmet_t),
            "adequate": self.adequate,
            "proven": self.proven,
        }


@dataclass(frozen=True, slots=True)
class _Bound:
    """The cheapest plan without some partners: its cost (``None`` without a plan) and its takings.

    ``missing`` says that time ran out before it was known.
    """

    cost: float | None
    used: frozenset[str] = frozenset()
    plan: Plan | None = None
    missing: bool = False


@dataclass(eq=False)
class Coalitions:
    """The search.

    Parameters
    ----------
    problem, losses
        Of what, and what solves it without some.
    partners
        Who may be in a coalition; everybody else supplies as the problem says.
    """

    problem: Problem
    losses: Losses
    partners: Sequence[str]
    _bounds: dict[frozenset[str], _Bound] = field(default_factory=dict)

    def trace(self) -> tuple[Coalition, ...]:
        """Return the cheapest coalition of every size, until all of them are no cheaper."""
        whole = self._bound(frozenset())
        if whole.cost is None or whole.plan is None:
            return ()
        unmet = unmet_by_commodity(self.problem, whole.plan)
        found = []
        for size in range(len(self.partners) + 1):
            bound, proven = self._cheapest(size)
            if bound is None or bound.cost is None or bound.plan is None:
                found.append(Coalition(size, None, None, None, {}, proven))
            else:
                then = unmet_by_commodity(self.problem, bound.plan)
                more = {name: tonnes - unmet.get(name, 0.0) for name, tonnes in then.items()}
                dearer = bound.cost - whole.cost
                close = abs(dearer) <= SAME * abs(whole.cost)
                found.append(
                    Coalition(
                        size,
                        tuple(sorted(bound.used)),
                        bound.cost,
                        0.0 if close else dearer,
                        {name: tonnes for name, tonnes in more.items() if tonnes > NOTHING},
                        proven,
                    )
                )
                if close:
                    break
            if not proven:
                break
        return tuple(found)

    def _cheapest(self, size: int) -> tuple[_Bound | None, bool]:
        """Return the cheapest plan that takes so many partners, and whether it is proven."""
        everybody = frozenset(self.partners)
        order = itertools.count()
        # bound, tie-break, kept, left out
        heap: list[tuple[float, int, frozenset[str], frozenset[str]]] = []

        def push(kept: frozenset[str], out: frozenset[str]) -> bool:
            if len(kept) == size:
                out = everybody - kept
            bound = self._bound(out)
            if bound.cost is not None:
                heapq.heappush(heap, (bound.cost, next(order), kept, out))
            return not bound.missing

        known = push(frozenset(), frozenset())
        while heap and known:
            _, _, kept, out = heapq.heappop(heap)
            bound = self._bound(out)
            if len(bound.used) <= size:
                return bound, True
            pivot = min(bound.used - kept)
            known = push(kept | {pivot}, out) and push(kept, out | {pivot})
        return None, known

    def _bound(self, out: frozenset[str]) -> _Bound:
        if out not in self._bounds:
            if len(self._bounds) >= MOST_SOLVES:
                return _Bound(None, missing=True)
            loss, plan = self.losses.planned(sorted(out))
            if plan is None or loss.cost_usd is None:
                found = _Bound(None, missing=loss.held == "missing")
            else:
                found = _Bound(loss.cost_usd, self._taken(plan), plan)
            if found.missing:
                return found
            self._bounds[out] = found
        return self._bounds[out]

    def _taken(self, plan: Plan) -> frozenset[str]:
        """Return the partners that a plan buys from or makes in."""
        home = {offer.id: offer.country for offer in self.problem.offers}
        sites = {site.id: site.country for site in self.problem.facilities}
        bought = plan.purchases[plan.purchases["tonnes"] > NOTHING]["offer"]
        run = plan.runs[plan.runs["tonnes"] > NOTHING]["facility"]
        used = {home[name] for name in bought} | {sites[name] for name in run}
        return frozenset(used) & frozenset(self.partners)
