"""The choice among near-optimal plans: those farthest apart in who supplies, and their tables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from instances.check import check
from instances.errors import CheckFailed
from instances.words import money, percent, tonnes
from optimizer.extract import plan_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from instances.plan import Plan
    from instances.problem import Problem
    from optimizer.compile import Floats, Matrices
    from optimizer.engine.figures import Key
    from optimizer.status import Status

FARTHER = 1e-3
"""Distance, of 1 for a whole commodity that changes hands, below which plans are alike."""


@dataclass(frozen=True, eq=False)
class Candidate:
    """A plan met on the way: its columns, cost and tonnes by partner."""

    values: Floats
    cost: float
    tonnes: Floats


@dataclass(frozen=True, slots=True)
class Partner:
    """How much of a commodity a country supplies, and may supply within the margin.

    Parameters
    ----------
    commodity, country
        Of what, and who.
    now_t, least_t, greatest_t
        Tonnes bought there and made there over the horizon: in the cheapest plan found first, and
        the least and the most within the margin.
    determined
        Whether it is the same in every plan of least cost.
    """

    commodity: str
    country: str
    now_t: float
    least_t: float
    greatest_t: float
    determined: bool


@dataclass(frozen=True, eq=False)
class Alternative:
    """A kept plan, judged by the referee.

    Parameters
    ----------
    plan
        The decisions.
    cost
        Discounted USD under the problem's perspective.
    premium
        How much dearer than the least cost, a fraction of it.
    distance
        From the nearest plan kept before it: the part of supply that changes hands, summed over
        commodities; 0 for the first.
    supply_t
        Tonnes bought and made over the horizon, by commodity and country.
    """

    plan: Plan
    cost: float
    premium: float
    distance: float
    supply_t: dict[tuple[str, str], float]


@dataclass(frozen=True, eq=False)
class Alternatives:
    """Plans within a margin of least cost.

    Parameters
    ----------
    problem, margin
        What was asked.
    status
        How the solve for least cost ended; without a plan there is nothing else.
    least_cost
        Discounted USD, ``None`` without a plan.
    partners
        The range of each country's part.
    plans
        The kept plans, the cheapest first.
    complete
        Whether time or a cancel did not end the search.
    """

    problem: Problem
    margin: float
    status: Status
    least_cost: float | None
    partners: tuple[Partner, ...]
    plans: tuple[Alternative, ...]
    complete: bool

    @property
    def ranges(self) -> pd.DataFrame:
        """Return a row per commodity and country: tonnes now, least and greatest; shares too.

        Shares are of the demand of the horizon; ``None`` for what nobody demands.
        """
        import pandas as pd

        needs = _needs(self.problem)
        rows = []
        for item in self.partners:
            need = needs.get(item.commodity, 0.0)
            numbers = (item.now_t, item.least_t, item.greatest_t)
            shares = [number / need if need > 0 else None for number in numbers]
            rows.append((item.commodity, item.country, *numbers, *shares, item.determined))
        columns = ["commodity", "country", "now_t", "least_t", "greatest_t"]
        columns += ["share_now", "share_least", "share_greatest", "determined"]
        return pd.DataFrame(rows, columns=columns)

    @property
    def supply(self) -> pd.DataFrame:
        """Return the long table of the kept plans: plan, commodity, country, tonnes."""
        import pandas as pd

        rows = [
            (number, commodity, country, amount)
            for number, item in enumerate(self.plans)
            for (commodity, country), amount in item.supply_t.items()
        ]
        return pd.DataFrame(rows, columns=["plan", "commodity", "country", "supply_t"])

    def to_plain(self) -> dict[str, Any]:
        """Return the answer as plain data for JSON."""
        from optimizer.plain import rows

        return {
            "name": self.problem.name,
            "status": {"stop": str(self.status.stop), "point": str(self.status.point)},
            "margin": self.margin,
            "least_cost_usd": self.least_cost,
            "complete": self.complete,
            "ranges": rows(self.ranges),
            "plans": [
                {
                    "cost_usd": item.cost,
                    "premium": item.premium,
                    "distance": item.distance,
                    "plan": item.plan.to_plain(),
                }
                for item in self.plans
            ],
            "supply": rows(self.supply),
        }

    def summary(self) -> str:
        """Return the answer in words: ranges by partner, then the kept plans."""
        head = f"{self.problem.name}: plans within {percent(self.margin)} of least cost"
        if self.least_cost is None:
            return f"{head}\nThere is no plan: {self.status}."
        names = self.problem.names
        lines = [head, f"Least cost {money(self.least_cost)}.", "", "Who may supply how much"]
        for item in self.partners:
            tied = "" if item.determined else "; not determined at least cost"
            lines.append(
                f"  {names.commodity(item.commodity)}, {names.country(item.country)}: "
                f"{tonnes(item.now_t)} now, {tonnes(item.least_t)} to "
                f"{tonnes(item.greatest_t)}{tied}"
            )
        lines += ["", f"{len(self.plans)} plans that differ most in who supplies"]
        for number, plan in enumerate(self.plans):
            lines.append(
                f"  {number}: {money(plan.cost)}, {percent(plan.premium)} more"
                + (f"; {plan.distance:.2f} of a commodity changes hands" if number else "")
            )
            for (commodity, country), amount in plan.supply_t.items():
                if amount > 1e-6:
                    lines.append(
                        f"     {names.commodity(commodity)}, {names.country(country)}: "
                        f"{tonnes(amount)}"
                    )
        if not self.complete:
            lines.append("Stopped early: ranges may be wider, and plans farther apart.")
        return "\n".join(lines)


def choose(
    keys: Sequence[Key], found: Sequence[Candidate], count: int
) -> list[tuple[Candidate, float]]:
    """Return at most ``count`` plans with their distance from the nearest kept before.

    The first is the cheapest; each further one lies farthest from all that are kept (Gonzalez,
    Theor. Comput. Sci. 38 (1985) 293). Plans that lie nowhere else are left out.
    """
    shares = np.array([_shares(keys, candidate.tonnes) for candidate in found])
    cheapest = int(np.argmin([candidate.cost for candidate in found]))
    kept = [(found[cheapest], 0.0)]
    nearest = np.abs(shares - shares[cheapest]).sum(axis=1) / 2
    while len(kept) < count:
        farthest = int(np.argmax(nearest))
        if nearest[farthest] < FARTHER:
            break
        kept.append((found[farthest], float(nearest[farthest])))
        distance = np.abs(shares - shares[farthest]).sum(axis=1) / 2
        nearest = np.minimum(nearest, distance)
    return kept


def drawn(
    problem: Problem, matrices: Matrices, candidate: Candidate, distance: float, least: float
) -> Alternative:
    """Return a kept plan, judged by the referee.

    Raises
    ------
    CheckFailed
        The referee disagrees with it.
    """
    from optimizer import tables

    plan = plan_of(problem, matrices, candidate.values)
    verdict = check(problem, plan, claimed=candidate.cost)
    if verdict.faults:
        raise CheckFailed(verdict.faults)
    supply: dict[tuple[str, str], float] = {}
    for table, amount in (
        (tables.purchases(problem, plan), "bought_t"),
        (tables.production(problem, plan), "made_t"),
    ):
        rows = zip(table["commodity"], table["country"], table[amount], strict=True)
        for commodity, country, number in rows:
            key = (commodity, country)
            supply[key] = supply.get(key, 0.0) + float(number)
    premium = (candidate.cost - least) / abs(least) if least else 0.0
    return Alternative(plan, candidate.cost, premium, distance, supply)


def _shares(keys: Sequence[Key], amounts: Floats) -> Floats:
    """Return each partner's part of its commodity's supply."""
    totals: dict[str, float] = {}
    for key, amount in zip(keys, amounts.tolist(), strict=True):
        totals[key[1]] = totals.get(key[1], 0.0) + amount
    return np.array(
        [
            amount / totals[key[1]] if totals[key[1]] > 1e-9 else 0.0
            for key, amount in zip(keys, amounts.tolist(), strict=True)
        ]
    )


def _needs(problem: Problem) -> dict[str, float]:
    needs: dict[str, float] = {}
    for demand in problem.demand:
        for node in problem.nodes:
            rate = demand.quantity.at(node.period.start, node.branch) or 0.0
            amount = rate * node.period.years * node.probability
            needs[demand.commodity] = needs.get(demand.commodity, 0.0) + amount
    return needs
