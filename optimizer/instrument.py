"""Instruments and what they buy: the records, and how they are told."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Literal

from instances.words import money, percent, tonnes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from instances.problem import Problem

SCHEMA = 1
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
STOCK_TARGETS = ("tonnes", "cover_days")
"""Fields of rules that are the size of a stockpile."""


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
        What the purse pays then: at most the sum asked about. Below 0 it gains.
    buyers_usd
        What the buyers pay more then, shortfall, delay and fines apart: of a tariff, the sum.
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
    buyers_usd: float | None = None
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
            if item.purse == "public" and item.buyers_usd is not None:
                word = "more" if item.buyers_usd >= 0 else "less"
                paid += f", the buyers pay {money(abs(item.buyers_usd))} {word}"
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
