"""The search for the amount of an instrument at which its outlay is met."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from instances.accounts import ACCOUNTS
from instances.check import check
from instances.errors import CheckFailed
from instances.indices import DAYS_OF_YEAR
from instances.words import money
from optimizer.engine.family import Axis, Family
from optimizer.extract import plan_of
from optimizer.instrument import Effect
from optimizer.losses import unmet_by_commodity
from optimizer.rates import rates_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from instances.check import Verdict
    from instances.plan import Plan
    from instances.problem import Problem
    from optimizer.answer import Watch
    from optimizer.instrument import Instrument, Purse
    from optimizer.options import Options

ROUNDS = 60
"""Halvings at most."""
NARROW = 1e-7
"""Part of its range within which an outlay jumps if it is not met."""
CLOSE = 1e-4
"""Part of the outlay to which it is met."""
HARMS = frozenset(account.name for account in ACCOUNTS if account.harm)


@dataclass(frozen=True, eq=False)
class Point:
    """A plan with an instrument turned to an amount.

    Parameters
    ----------
    problem
        With that amount.
    plan, verdict
        Its cheapest plan, and what the referee says of it.
    cost
        Its objective, USD.
    """

    problem: Problem
    plan: Plan
    verdict: Verdict
    cost: float

    @classmethod
    def at(cls, family: Family, amount: float, watch: Watch) -> Point | None:
        """Solve a family at an amount; ``None`` without a plan."""
        program = family.program([amount])
        answer = program.run(watch)
        if answer.values is None or answer.objective is None:
            return None
        problem = family.at([amount])
        plan = plan_of(problem.realised, program.base, answer.values)
        verdict = check(problem, plan, answer.objective)
        if verdict.faults:
            raise CheckFailed(verdict.faults)
        return cls(problem, plan, verdict, answer.objective)

    def paid(self, purse: Purse) -> float:
        """Return what a purse pays, USD discounted, harm apart."""
        totals = self.verdict.totals
        own = totals[~totals["account"].isin(HARMS)]
        return float(own[f"{purse}_usd"].sum())

    def supply(self) -> dict[tuple[str, str], float]:
        """Return commodity and country to tonnes bought or made, expected over scenarios."""
        # pandas is loaded when a table is wanted
        from optimizer.share_table import shares

        chance = {node.id: node.probability for node in self.problem.nodes}
        table = shares(self.problem.realised, self.plan)
        found: dict[tuple[str, str], float] = {}
        columns = ["node", "commodity", "country", "bought_t", "made_t"]
        for node, goods, country, bought, made in table[columns].itertuples(index=False):
            key = goods, country
            found[key] = found.get(key, 0.0) + chance.get(node, 0.0) * (bought + made)
        return found

    def largest(self) -> dict[str, str]:
        """Return the largest supplier of each commodity that is needed."""
        supply = self.supply()
        found = {}
        for name in dict.fromkeys(demand.commodity for demand in self.problem.demand):
            own = {country: t for (goods, country), t in supply.items() if goods == name}
            if own and max(own.values()) > 0:
                found[name] = max(own, key=lambda country: own[country])
        return found

    def cover(self) -> dict[str, float]:
        """Return commodity to days of demand in stock, on the mean of the ends of periods."""
        goods = {store.id: store.commodity for store in self.problem.stockpiles}
        rates = rates_of(self.problem.realised)
        years = {node.id: node.probability * node.period.years for node in self.problem.nodes}
        whole = sum(years.values())
        found = dict.fromkeys(goods.values(), 0.0)
        held = self.plan.stocks[["node", "stockpile", "stock"]]
        for node, store, stock in held.itertuples(index=False):
            rate = rates.get((node, goods[store]))
            if rate:
                found[goods[store]] += DAYS_OF_YEAR * years.get(node, 0.0) / whole * stock / rate
        return found

    def effect(self, blank: Effect, top: Mapping[str, str], base: Point) -> Effect:
        """Return what is bought, beside what is without any instrument."""
        supply, before = self.supply(), base.supply()
        share, away = {}, {}
        for name, country in top.items():
            total = sum(t for (goods, _), t in supply.items() if goods == name)
            old = sum(t for (goods, _), t in before.items() if goods == name)
            share[name] = supply.get((name, country), 0.0) / total if total > 0 else 0.0
            others = total - supply.get((name, country), 0.0)
            away[name] = others - (old - before.get((name, country), 0.0))
        return replace(
            blank,
            cost_usd=self.cost,
            away_t=away,
            share=share,
            cover_d=self.cover(),
            unmet_t=unmet_by_commodity(self.problem, self.plan),
            buyers_usd=self.paid("buyer") - base.paid("buyer"),
        )


def effect_of(
    item: Instrument,
    off: Problem,
    base: Point,
    top: Mapping[str, str],
    outlay: float,
    options: Options,
    watch: Watch,
) -> Effect:
    """Return what an instrument buys at the outlay, beside ``base``, where all are ``off``."""
    blank = Effect(item.path, item.kind, item.purse)
    family = Family(off, [Axis(item.path)], options)
    # a duty costs the public nothing: the sum is what the buyers part with
    payer: Purse = "buyer" if item.kind == "tariff" else item.purse

    def at(amount: float) -> tuple[Point | None, float]:
        point = Point.at(family, amount, watch)
        return point, float("inf") if point is None else point.paid(payer) - base.paid(payer)

    def told(point: Point, amount: float, reason: str | None, after: float | None) -> Effect:
        return replace(
            point.effect(blank, top, base),
            amount=amount,
            outlay_usd=point.paid(item.purse) - base.paid(item.purse),
            next_usd=after,
            reason=reason,
        )

    low, high = item.off, item.most
    if watch.over:
        return replace(blank, reason="time ran out")
    last, above = at(high)
    if last is not None and above <= outlay * (1 + CLOSE):
        why = None if above >= outlay * (1 - CLOSE) else "it can be turned no further"
        return told(last, high, why, None)
    kept, below, beyond = base, 0.0, above
    for number in range(ROUNDS):
        if watch.over:
            return replace(blank, reason="time ran out")
        # where it rises on a straight line one step meets it; halves find the jumps
        part = 0.5
        if number % 2 == 0 and below < above < float("inf"):
            part = min(max((outlay - below) / (above - below), 0.01), 0.99)
        middle = low + part * (high - low)
        point, paid = at(middle)
        if point is not None and paid <= outlay * (1 + CLOSE):
            low, below, kept = middle, paid, point
            if paid >= outlay * (1 - CLOSE):
                break
        else:
            high, above, beyond = middle, paid, min(beyond, paid)
        if abs(high - low) <= NARROW * abs(item.most - item.off):
            break
    if below >= outlay * (1 - CLOSE):
        return told(kept, low, None, None)
    if beyond == float("inf"):
        return told(kept, low, "any more of it leaves no plan", None)
    reason = f"its outlay jumps: the next step costs {money(beyond)}"
    return told(kept, low, reason, beyond)
