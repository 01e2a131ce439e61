"""The decision sheet: what a plan leaves short, rests on, costs, turns on, and what comes first.

One page for whoever has to decide. Every figure is of the plan itself or of a solve beside it;
what cannot be told says why.
"""

from __future__ import annotations

import json
import time
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any

from optimizer.answer import Watch
from optimizer.charges import charged_of, charges_of
from optimizer.explain.explain import explain
from optimizer.losses import Losses
from optimizer.options import Options
from optimizer.result import Result
from optimizer.sheet.binds import binds_of, count_dropped
from optimizer.sheet.calendar import commitments_of, known_dates
from optimizer.sheet.choices import largest_choices, turns_of
from optimizer.sheet.due import due_of
from optimizer.sheet.looks import Looks
from optimizer.sheet.page import page, told
from optimizer.sheet.plan import assumed_of, holdings_of, shortfalls_of, suppliers_of
from optimizer.sheet.scarce import bought_up, scarce_of
from optimizer.sheet.words import in_words
from optimizer.solve import solve

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable, Mapping, Sequence

    from instances.problem import Problem
    from optimizer.charges import Charge
    from optimizer.explain import Explanation
    from optimizer.losses import Loss
    from optimizer.sheet.binds import Bind
    from optimizer.sheet.calendar import Commitment, KnownDate
    from optimizer.sheet.choices import Turn
    from optimizer.sheet.due import Due
    from optimizer.sheet.plan import Assumed, Holding, Short, Supplier
    from optimizer.sheet.scarce import Scarce
    from optimizer.status import Status

SCHEMA = 1
SECONDS = 300.0
"""Time that a sheet may take if nothing is said about it."""


@dataclass(frozen=True, eq=False)
class Sheet:
    """One page of a result.

    Parameters
    ----------
    problem, status, cost_usd, gap
        Of what; how its solve ended; least cost, ``None`` without a plan, and its relative
        distance from the best possible.
    charged_usd
        What of the cost is charged for shortfall, delay and fines, and not paid: discounted and
        expected over scenarios; ``None`` without a plan.
    charges
        What a tonne short is charged.
    shortfalls
        Demands left short, the largest part of a need first.
    assumed
        Which part of the plan rests on assumptions.
    suppliers, holdings
        Who supplies what is needed; what stockpiles hold at their fullest.
    binds
        Rules that bind, the costliest first.
    scarce
        Supplies that the plan buys up, those of which more is worth most first.
    losses
        What it costs never to have each country that the plan buys or makes in, buyers' own
        countries apart, the dearest first.
    turns
        The largest choices, the largest first, with the price at which each turns.
    next_date, commitments
        The next known date, ``None`` where there is none; what the plan settles before scenarios
        part, the most urgent first.
    due
        What of it comes before that date, summed; ``None`` without a plan.
    explanation
        Without a plan: why there is none.
    absent
        Section to the reason why nothing stands there.
    complete, seconds
        Whether time did not run out, and how long it took.
    """

    problem: Problem
    status: Status
    cost_usd: float | None = None
    gap: float | None = None
    charged_usd: float | None = None
    charges: tuple[Charge, ...] = ()
    shortfalls: tuple[Short, ...] = ()
    assumed: Assumed | None = None
    suppliers: tuple[Supplier, ...] = ()
    holdings: tuple[Holding, ...] = ()
    binds: tuple[Bind, ...] = ()
    scarce: tuple[Scarce, ...] = ()
    losses: tuple[Loss, ...] = ()
    turns: tuple[Turn, ...] = ()
    next_date: KnownDate | None = None
    commitments: tuple[Commitment, ...] = ()
    due: Due | None = None
    explanation: Explanation | None = None
    absent: Mapping[str, str] = field(default_factory=dict)
    complete: bool = True
    seconds: float = 0.0

    def summary(self) -> str:
        """Return the sheet as text for a terminal."""
        return in_words(self)

    def to_html(self) -> str:
        """Return the sheet as an HTML page that needs no other file."""
        return page(self)

    def __repr__(self) -> str:
        return self.summary()

    def to_plain(self) -> dict[str, Any]:
        """Return the sheet as plain data for JSON: absent is null, with a reason in ``absent``."""
        date = self.next_date
        return {
            "schema": SCHEMA,
            "name": self.problem.name,
            "hash": self.problem.hash,
            "status": {"stop": str(self.status.stop), "point": str(self.status.point)},
            "cost_usd": self.cost_usd,
            "gap": self.gap,
            "charged_usd": self.charged_usd,
            "charges": [
                asdict(item) | {"shares": list(item.shares), "usd_per_t": list(item.usd_per_t)}
                for item in self.charges
            ],
            "shortfalls": [
                asdict(item) | {"worst_nodes": list(item.worst_nodes)} for item in self.shortfalls
            ],
            "assumed": None if self.assumed is None else asdict(self.assumed),
            "suppliers": [asdict(item) for item in self.suppliers],
            "holdings": [asdict(item) for item in self.holdings],
            "binds": [asdict(item) | {"nodes": list(item.nodes)} for item in self.binds],
            "scarce": [asdict(item) | {"nodes": list(item.nodes)} for item in self.scarce],
            "losses": [item.to_plain() for item in self.losses],
            "turns": [
                asdict(item)
                | {
                    "turn_usd": item.turn_usd,
                    "instead": [asdict(gain) for gain in item.instead],
                }
                for item in self.turns
            ],
            "next_date": None
            if date is None
            else {"day": date.day.isoformat(), "what": list(date.what)},
            "commitments": [
                asdict(item) | {"by": item.by.isoformat(), "serves": item.serves.isoformat()}
                for item in self.commitments
            ],
            "due": None
            if self.due is None
            else asdict(self.due)
            | {
                "until": self.due.until.isoformat(),
                "named": [{"table": table, "id": id} for table, id in self.due.named],
            },
            "explanation": None if self.explanation is None else self.explanation.to_plain(),
            "absent": dict(self.absent),
            "words": told(self),
            "complete": self.complete,
            "seconds": self.seconds,
        }

    def to_json(self) -> str:
        """Return the sheet as JSON text."""
        return json.dumps(self.to_plain(), ensure_ascii=False, allow_nan=False)


def sheet(
    subject: Problem | Result,
    options: Options | None = None,
    *,
    progress: Callable[[int, int], None] | None = None,
    cancel: threading.Event | None = None,
) -> Sheet:
    """Return the decision sheet of a result, or of a problem, which is solved first.

    Parameters
    ----------
    subject
        Any problem or result: with yes/no choices, scenarios, or without a plan.
    options
        How to solve; the time limit holds for everything together, 300 s if not given. With yes/no
        choices a difference below ``gap`` is none.
    progress
        Called with the looks taken beside the plan (a rule or a country dropped, a price or a
        capacity moved) and all of them.
    cancel
        Set it from another thread to stop; what is known by then is told.

    Raises
    ------
    CheckFailed
        The referee disagrees with a plan: a bug of ours.
    """
    options = options or Options()
    begun = time.monotonic()
    seconds = SECONDS if options.time_limit is None else options.time_limit
    watch = Watch.within(seconds, cancel)
    if isinstance(subject, Result):
        result = subject
    else:
        asked = options.model_copy(update={"time_limit": seconds})
        result = solve(subject, asked, cancel=watch.cancel)
    bare = options.model_copy(update={"tie_break": False, "time_limit": None})
    if not result.has_plan or result.objective is None:
        left = bare.model_copy(update={"time_limit": max(watch.left(), 1.0)})
        why = explain(result, left, cancel=watch.cancel)
        took = time.monotonic() - begun
        return Sheet(
            result.problem,
            result.status,
            explanation=why,
            absent=dict.fromkeys(SECTIONS, f"there is no plan ({result.status})"),
            complete=why.complete,
            seconds=took,
        )
    problem = result.problem
    dates = known_dates(problem)
    until = dates[0].day if dates else problem.nodes[0].period.end
    commitments = commitments_of(result, until)
    partners, full = _partners_in(result), bought_up(result)
    count = count_dropped(result) + len(largest_choices(result)) + len(partners) + len(full)
    looks = Looks(progress, count)
    found = Sheet(
        problem,
        result.status,
        result.objective,
        result.gap,
        charged_usd=charged_of(problem, result.costs),
        charges=charges_of(problem),
        shortfalls=shortfalls_of(result),
        assumed=assumed_of(result),
        suppliers=suppliers_of(result),
        holdings=holdings_of(result),
        binds=binds_of(result, bare, watch, looks),
        # with many yes/no choices turns are looked at by linear programs, losses are not
        turns=turns_of(result, bare, watch, looks),
        losses=_losses_of(result, partners, bare, watch, looks),
        scarce=scarce_of(result, full, bare, watch, looks),
        next_date=dates[0] if dates else None,
        commitments=commitments,
        due=due_of(result, commitments, dates[0].day if dates else None),
    )
    over = watch.over
    return with_reasons(found, complete=not over, seconds=time.monotonic() - begun)


SECTIONS = (
    *("shortfalls", "assumed", "suppliers", "binds", "scarce"),
    *("losses", "turns", "commitments"),
)
"""Sections of a sheet, of which each tells something or why it does not."""


def with_reasons(found: Sheet, *, complete: bool, seconds: float) -> Sheet:
    """Return the sheet with the reason for every section in which nothing stands."""
    problem = found.problem
    reasons = {
        "shortfalls": "every demand is met in full",
        "assumed": "the problem names no assumption",
        "suppliers": "nothing is bought or made of what is needed",
        "binds": "no rule binds" if problem.rules else "the problem states no rule",
        "scarce": "nothing on offer is bought up",
        "losses": "nothing is bought or made outside the buyers' own countries",
        "turns": "the plan spends nothing on goods or plants",
        "commitments": "nothing is settled before scenarios part",
    }
    absent = {name: why for name, why in reasons.items() if not getattr(found, name)}
    if found.next_date is None:
        absent["next_date"] = "no event, change of a rule or last day to sign is known"
    return replace(found, absent=absent, complete=complete, seconds=seconds)


def _partners_in(result: Result) -> list[str]:
    """Return the countries that the plan buys or makes in, the buyers' own apart."""
    problem, rows = result.problem, result.shares
    home = set(problem.buyers) | {demand.country for demand in problem.demand}
    used = rows["bought_t"] + rows["made_t"] > 1e-6
    return sorted(set(rows.loc[used, "country"]) - home)


def _losses_of(
    result: Result, partners: Sequence[str], options: Options, watch: Watch, looks: Looks
) -> tuple[Loss, ...]:
    """Return the loss of each country, the dearest first."""
    assert result.objective is not None
    solves = Losses(result.problem, options, watch)
    solves.start(result.objective, result.gap, result.plan)
    losses = []
    for partner in partners:
        losses.append(solves.of([partner]))
        looks.taken()
    return tuple(sorted(losses, key=lambda item: (-item.weight, item.partners)))
