"""Instruments side by side: what each buys at one and the same outlay.

An instrument is a number of the problem: the floor of a guaranteed price, the grant of an
expansion, the rate of a tariff, the size of a contract, the days of a stock target, the equity of
a fund. At the least of its range it is off; the problem with all of them off is what each is
compared with. Its outlay is what the purse that pays for it pays more than then, discounted and
expected over scenarios, shortfall, delay and fines apart. Its amount is found by bisection.
"""

from __future__ import annotations

import json
import time
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

from instances.accounts import ACCOUNTS
from instances.check import check
from instances.edit import apply
from instances.errors import CheckFailed, Finding, InputError
from instances.words import money, percent, tonnes
from optimizer.answer import Watch
from optimizer.engine.family import Axis, Family
from optimizer.extract import plan_of
from optimizer.losses import unmet_by_commodity
from optimizer.options import Options
from optimizer.rates import rates_of

if TYPE_CHECKING:
    import threading
    from collections.abc import Mapping, Sequence

    from instances.check import Verdict
    from instances.plan import Plan
    from instances.problem import Problem

SCHEMA = 1
ROUNDS = 60
"""Halvings at most."""
NARROW = 1e-7
"""Part of its range within which an outlay jumps if it is not met."""
CLOSE = 1e-4
"""Part of the outlay to which it is met."""
HARMS = frozenset(account.name for account in ACCOUNTS if account.harm)
Purse = Literal["public", "buyer"]
KINDS: dict[str, tuple[str, Purse]] = {
    "price_floors": ("price floor", "public"),
    "expansions": ("grant", "public"),
    "tariffs": ("tariff", "public"),
    "minimum_import_prices": ("tariff", "public"),
    "contracts": ("offtake", "buyer"),
    "stockpiles": ("stockpile", "buyer"),
    "rules": ("stockpile", "buyer"),
    "funds": ("equity", "buyer"),
}
"""Table of its number to what an instrument is called and who pays for it."""


@dataclass(frozen=True, slots=True)
class Instrument:
    """A number of a problem that is turned up until the outlay is met.

    Parameters
    ----------
    path
        Of the number.
    off, most
        At which it does nothing, and how far it may be turned, in base units.
    """

    path: str
    off: float
    most: float

    @property
    def kind(self) -> str:
        """What it is called."""
        return KINDS[self.path.partition("[")[0]][0]

    @property
    def purse(self) -> Purse:
        """Who pays for it."""
        return KINDS[self.path.partition("[")[0]][1]


@dataclass(frozen=True, slots=True)
class Effect:
    """What an instrument buys.

    Parameters
    ----------
    path, kind, purse
        Which, and who pays.
    amount
        How far it is turned, in base units; ``None`` where nothing is known.
    outlay_usd
        What it costs then: at most the sum asked about. Below 0 the purse gains.
    next_usd
        Where the outlay jumps over the sum: what the next step costs.
    cost_usd
        Least cost of the problem, shortfall at what it is said to cost.
    away_t
        Commodity to tonnes more, over the horizon, from others than its largest supplier without
        any instrument.
    share
        Commodity to the share of that supplier in all that is bought or made.
    cover_d
        Commodity to days of demand in stock, on the mean of the ends of periods.
    unmet_t
        Commodity to tonnes unmet.
    reason
        Why the sum is not spent, or nothing is known.
    """

    path: str
    kind: str
    purse: Purse
    amount: float | None = None
    outlay_usd: float | None = None
    next_usd: float | None = None
    cost_usd: float | None = None
    away_t: Mapping[str, float] | None = None
    share: Mapping[str, float] | None = None
    cover_d: Mapping[str, float] | None = None
    unmet_t: Mapping[str, float] | None = None
    reason: str | None = None


@dataclass(frozen=True, eq=False)
class Instruments:
    """Instruments at one outlay.

    Parameters
    ----------
    problem, outlay_usd
        Of what, and the sum.
    base
        With all of them off.
    effects
        One for each instrument, in the order asked.
    complete, seconds
        Whether time did not run out, and how long it took.
    """

    problem: Problem
    outlay_usd: float
    base: Effect
    effects: tuple[Effect, ...]
    complete: bool
    seconds: float

    def summary(self) -> str:
        """Return it as text for people."""
        names = self.problem.names
        lines = [f"{self.problem.name}: what {money(self.outlay_usd)} buy, discounted"]
        if self.base.cost_usd is None:
            return "\n".join([*lines, f"With all of them off: {self.base.reason}."])
        lines.append("With all of them off")
        lines += [f"    {text}" for text in self._told(self.base)]
        for item in self.effects:
            head = f"{item.kind} {item.path}"
            if item.amount is None or item.outlay_usd is None:
                lines.append(f"{head}: {item.reason}")
                continue
            paid = f"the {item.purse} pays {money(item.outlay_usd)}"
            if item.outlay_usd < 0:
                paid = f"the {item.purse} gains {money(-item.outlay_usd)}"
            lines.append(f"{head} = {item.amount:,.6g}: {paid}")
            lines += [f"    {text}" for text in self._told(item)]
            for name, more in (item.away_t or {}).items():
                if abs(more) > 1e-6:
                    word = "more" if more > 0 else "less"
                    lines.append(
                        f"    {tonnes(abs(more))} {word} of {names.commodity(name)} from others"
                    )
            if item.reason is not None:
                lines.append(f"    {item.reason}")
        if not self.complete:
            lines.append("Time ran out: not every instrument was looked at.")
        return "\n".join(lines)

    def _told(self, item: Effect) -> list[str]:
        names = self.problem.names
        told = []
        for name, share in (item.share or {}).items():
            text = f"{names.commodity(name)}: largest supplier {percent(round(share, 4))}"
            days = (item.cover_d or {}).get(name)
            if days is not None:
                text += f", {days:.1f} days in stock"
            short = (item.unmet_t or {}).get(name, 0.0)
            text += f", {tonnes(short)} unmet" if short > 1e-6 else ", nothing unmet"
            told.append(text)
        return told

    def __repr__(self) -> str:
        return self.summary()

    def to_plain(self) -> dict[str, Any]:
        """Return it as plain data for JSON."""
        return {
            "schema": SCHEMA,
            "name": self.problem.name,
            "hash": self.problem.hash,
            "outlay_usd": self.outlay_usd,
            "base": asdict(self.base),
            "effects": [asdict(item) for item in self.effects],
            "complete": self.complete,
            "seconds": self.seconds,
        }

    def to_json(self) -> str:
        """Return it as JSON text."""
        return json.dumps(self.to_plain(), ensure_ascii=False, allow_nan=False)


def instruments(
    problem: Problem,
    named: Sequence[Instrument],
    outlay: float,
    *,
    options: Options | None = None,
    cancel: threading.Event | None = None,
) -> Instruments:
    """Return what each instrument buys at the same outlay, all others off.

    The outlay is taken to rise with the amount. Where it jumps over the sum, as where a plant is
    built or not, the last amount before the jump is told, and what lies beyond it.

    Parameters
    ----------
    named
        The instruments.
    outlay
        USD, discounted.
    options
        How to solve; the time limit holds for everything together.
    cancel
        Set it from another thread to stop; what is known by then is returned.

    Raises
    ------
    InputError
        A path that leads nowhere or to no instrument, a range without length, no outlay.
    CheckFailed
        The referee disagrees with a plan: a bug of ours.
    """
    refuse_instruments(named, outlay)
    limit = None if options is None else options.time_limit
    options = (options or Options()).model_copy(update={"tie_break": False, "time_limit": None})
    begun = time.monotonic()
    watch = Watch.within(limit, cancel)
    off = apply(problem, [Axis(item.path).edit(item.off) for item in named])
    start = _Point.at(Family(off, [Axis(named[0].path)], options), named[0].off, watch)
    blank = Effect("", "none", "public")
    if start is None:
        late = watch.over
        why = "time ran out" if late else "no plan keeps every rule"
        base = replace(blank, reason=why)
        return Instruments(problem, outlay, base, (), not late, time.monotonic() - begun)
    top = start.largest()
    base = start.effect(blank, top, start)
    effects = tuple(_effect(item, off, start, top, outlay, options, watch) for item in named)
    took = time.monotonic() - begun
    over = watch.over
    return Instruments(problem, outlay, base, effects, not over, took)


def refuse_instruments(named: Sequence[Instrument], outlay: float) -> None:
    """Raise InputError for what cannot be compared."""
    findings = []
    if not named:
        findings.append(Finding("instruments", "are missing", remedy="Name one or more."))
    if outlay <= 0:
        findings.append(Finding("outlay", "is not above 0", f"{outlay:g} USD"))
    for item in named:
        if item.path.partition("[")[0] not in KINDS:
            remedy = f"Name a number of {', '.join(KINDS)}."
            findings.append(Finding(item.path, "is no instrument", remedy=remedy))
        if item.off == item.most:
            findings.append(Finding(item.path, "has no range", f"{item.off:g}"))
    if findings:
        raise InputError(findings)


@dataclass(frozen=True, eq=False)
class _Point:
    """A plan with an instrument turned to an amount."""

    problem: Problem
    plan: Plan
    verdict: Verdict
    cost: float

    @classmethod
    def at(cls, family: Family, amount: float, watch: Watch) -> _Point | None:
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
                found[goods[store]] += 365 * years.get(node, 0.0) / whole * stock / rate
        return found

    def effect(self, blank: Effect, top: Mapping[str, str], base: _Point) -> Effect:
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
        )


def _effect(
    item: Instrument,
    off: Problem,
    base: _Point,
    top: Mapping[str, str],
    outlay: float,
    options: Options,
    watch: Watch,
) -> Effect:
    blank = Effect(item.path, item.kind, item.purse)
    family = Family(off, [Axis(item.path)], options)
    spent = base.paid(item.purse)

    def at(amount: float) -> tuple[_Point | None, float]:
        point = _Point.at(family, amount, watch)
        if point is None:
            return None, float("inf")
        paid = point.paid(item.purse) - spent
        # what a duty brings in is what it takes from the buyers
        return point, abs(paid) if item.kind == "tariff" else paid

    low, high = item.off, item.most
    if watch.over:
        return replace(blank, reason="time ran out")
    last, above = at(high)
    if last is not None and above <= outlay * (1 + CLOSE):
        done = last.effect(blank, top, base)
        why = None if above >= outlay * (1 - CLOSE) else "it can be turned no further"
        paid = last.paid(item.purse) - spent
        return replace(done, amount=high, outlay_usd=paid, reason=why)
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
    done = kept.effect(blank, top, base)
    paid = kept.paid(item.purse) - spent
    size = abs(paid) if item.kind == "tariff" else paid
    if size >= outlay * (1 - CLOSE):
        return replace(done, amount=low, outlay_usd=paid)
    if beyond == float("inf"):
        reason = "any more of it leaves no plan"
        return replace(done, amount=low, outlay_usd=paid, reason=reason)
    reason = f"its outlay jumps: the next step costs {money(beyond)}"
    return replace(done, amount=low, outlay_usd=paid, next_usd=beyond, reason=reason)
