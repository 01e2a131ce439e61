"""Why: for one offer, contract, plant or lane, why it is in the plan or out of it."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from models.build import build
from optimizer.answer import Watch
from optimizer.compile import compile_frame
from optimizer.engine.program import Program
from optimizer.explain.asked import asked_of
from optimizer.explain.landed import Ways
from optimizer.explain.threshold import Search
from optimizer.explain.why_words import why_in_words
from optimizer.options import Options
from optimizer.result import Result
from optimizer.rule_prices import with_choices_fixed
from optimizer.status import Point, Status

if TYPE_CHECKING:
    import threading
    from collections.abc import Mapping

    from instances.problem import Problem
    from optimizer.answer import Answer
    from optimizer.compile import Matrices
    from optimizer.explain.asked import Asked
    from optimizer.explain.landed import Landed
    from optimizer.explain.threshold import Threshold
    from optimizer.prices import DualKind

SCHEMA = 1
MOST_DATES = 12
"""Dates, and slices, at which the way of what is out is looked for."""
MOST_RIVALS = 20
"""Offers of the same goods that are looked at beside one."""
SECONDS = 60.0
"""Time that an answer may take if nothing is said about it."""


@dataclass(frozen=True, eq=False)
class Why:
    """Why a record is in the cheapest plan or out of it.

    Parameters
    ----------
    problem, asked, status
        Of what; how its solve ended.
    amounts
        Node to how much of it is used there, in the unit of `Asked`; zeros left out.
    node
        The node that is told: where most is used; of what is out, where it is nearest to the plan.
    landed
        Its cheapest way to a user there, per tonne; ``None`` where it is closed at every node, or
        where no price holds.
    kept_in_by
        Of an offer that is used: rules that hold back cheaper offers of the same goods.
    reduced_usd
        What its way costs, rules and other limits included, more than it is worth; below 0 where
        a limit of its own is in the way.
    threshold, no_threshold
        The change of price at which it enters or leaves; or why there is none.
    dual_kind
        What prices rest on: duals of the program, or of the one with yes/no choices as they are.
    complete, seconds
        Whether time did not run out, and how long it took.
    notes
        What a reader should know besides.
    """

    problem: Problem
    asked: Asked
    status: Status
    amounts: Mapping[str, float]
    node: str | None = None
    landed: Landed | None = None
    reduced_usd: float | None = None
    kept_in_by: tuple[str, ...] = ()
    threshold: Threshold | None = None
    no_threshold: str | None = None
    dual_kind: DualKind | None = None
    complete: bool = True
    seconds: float = 0.0
    notes: tuple[str, ...] = ()

    @property
    def used(self) -> bool:
        """Whether it is in the plan."""
        return bool(self.amounts)

    def summary(self) -> str:
        """Return the answer as text for people."""
        return why_in_words(self)

    def __repr__(self) -> str:
        return self.summary()

    def to_plain(self) -> dict[str, Any]:
        """Return the answer as plain data for JSON."""
        landed = self.landed
        return {
            "schema": SCHEMA,
            "name": self.problem.name,
            "status": {"stop": str(self.status.stop), "point": str(self.status.point)},
            "table": self.asked.table,
            "id": self.asked.id,
            "used": self.used if self.status.has_plan else None,
            "unit": self.asked.unit,
            "amounts": dict(self.amounts),
            "node": self.node,
            "landed_usd": None if landed is None else landed.cost_usd,
            "accounts_usd": {} if landed is None else dict(landed.accounts),
            "inputs_usd": None if landed is None else landed.inputs_usd,
            "credits_usd": None if landed is None else landed.credits_usd,
            "marginal_usd": None if landed is None else landed.worth_usd,
            "demand": None if landed is None else landed.to,
            "lanes": [] if landed is None else list(landed.lanes),
            "facilities": [] if landed is None else list(landed.facilities),
            "limits": []
            if landed is None
            else [
                {"table": table, "id": id, "usd": usd}
                for (table, id), usd in landed.limits.items()
            ],
            "kept_in_by": list(self.kept_in_by),
            "reduced_cost_usd": self.reduced_usd,
            "threshold": None if self.threshold is None else self.threshold.to_plain(),
            "no_threshold": self.no_threshold,
            "dual_kind": self.dual_kind,
            "complete": self.complete,
            "seconds": self.seconds,
            "notes": list(self.notes),
            "sentence": self.summary(),
        }


def why(
    subject: Problem | Result,
    id: str,
    options: Options | None = None,
    *,
    cancel: threading.Event | None = None,
) -> Why:
    """Return why an offer, contract, facility, expansion or lane is in the cheapest plan or not.

    Parameters
    ----------
    subject
        A problem, or its result, whose problem is solved anew for its duals.
    id
        Of the record; ``table[id]`` where several tables have it.
    options
        How to solve; the time limit holds for everything together, 60 s if not given.
    cancel
        Set it from another thread to stop.

    Raises
    ------
    InputError
        Nothing that can be in a plan has that id.
    """
    problem = subject.problem if isinstance(subject, Result) else subject
    asked = asked_of(problem, id)
    options = options or Options()
    begun = time.monotonic()
    seconds = SECONDS if options.time_limit is None else options.time_limit
    watch = Watch.within(seconds, cancel)
    options = options.model_copy(update={"tie_break": False, "time_limit": None})
    frame = build(problem)
    matrices = compile_frame(frame)
    columns = asked.columns(problem.realised, matrices)
    program = Program.of(problem, matrices, options)
    base = program.run(watch)
    if base.values is None or base.objective is None:
        note = "There is no plan that it could be in or out of: explain() says why."
        took = time.monotonic() - begun
        return Why(problem, asked, base.status, {}, seconds=took, notes=(note,))
    priced = base
    kind: DualKind | None = None
    if matrices.integer.any():
        priced = with_choices_fixed(program.base, base, options, watch)
    if priced.row_dual is not None and priced.column_dual is not None:
        kind = "fixed_integers" if matrices.integer.any() else "lp"
    ways = Ways(problem.realised, frame, program.base, priced)
    search = Search(problem, asked, matrices, options, watch)
    node, landed, reduced = None, None, None
    notes: list[str] = []
    if problem.risk is not None and not problem.risk.neutral:
        notes.append("Costs are weighed by risk, so that a tonne has no cost of its own.")
    elif kind is not None:
        node, landed, reduced = _placed(ways, asked, matrices, base, columns.tolist())
        if node is None:
            notes.append("It cannot be used at any date: its dates, or what is available, are 0.")
    kept = _kept_in_by(ways, search, asked, base, node, landed)
    threshold, none = _threshold(search, asked, matrices, base, columns.tolist())
    late = search.late
    return Why(
        problem,
        asked,
        base.status,
        _amounts(ways, base, columns.tolist(), search),
        node,
        landed,
        reduced,
        kept,
        threshold,
        none,
        kind,
        base.status.point is Point.OPTIMAL and not late,
        time.monotonic() - begun,
        tuple(notes),
    )


def _amounts(ways: Ways, base: Answer, columns: list[int], search: Search) -> dict[str, float]:
    """Return how much is used at each node."""
    assert base.values is not None
    if not search.amount(base):
        return {}
    found: dict[str, float] = {}
    for column in columns:
        node = str(ways.column(column)[1]["node"])
        found[node] = found.get(node, 0.0) + float(base.values[column])
    largest = max(found.values())
    return {node: number for node, number in found.items() if number > 1e-9 * largest}


def _placed(
    ways: Ways, asked: Asked, matrices: Matrices, base: Answer, columns: list[int]
) -> tuple[str | None, Landed | None, float | None]:
    """Return the node that is told, the way from there, and the reduced cost."""
    assert base.values is not None
    nodes = {column: str(ways.column(column)[1]["node"]) for column in columns}
    open_ = [
        column
        for column in columns
        if matrices.upper[column] > 0 and ways.worth[nodes[column]] > 0
    ]
    if not open_:
        return None, None, None
    if asked.table == "expansions":
        # what is decided too late to be charged for is too late to be told of
        open_ = [column for column in open_ if matrices.cost[column]] or open_
    values = base.values
    column = max(open_, key=lambda item: float(values[item]))
    if values[column] <= 1e-9:
        near = sorted(open_, key=lambda item: ways.reduced(item) / ways.worth[nodes[item]])
        column = min(near[:MOST_DATES], key=lambda item: _reduced(ways.landed(item), asked))
    landed = ways.landed(column)
    return nodes[column], landed, _reduced(landed, asked)


def _reduced(landed: Landed, asked: Asked) -> float:
    """Return what it costs more than it is worth, limits of its own apart."""
    others = [usd for key, usd in landed.limits.items() if key != (asked.table, asked.id)]
    return landed.cost_usd + sum(others) - landed.worth_usd + 0.0


def _kept_in_by(
    ways: Ways,
    search: Search,
    asked: Asked,
    base: Answer,
    node: str | None,
    landed: Landed | None,
) -> tuple[str, ...]:
    """Return the rules that hold back cheaper offers of the same goods, at the node told."""
    if landed is None or asked.table != "offers" or not search.amount(base):
        return ()
    goods = {offer.id: offer.commodity for offer in ways.problem.offers}
    rivals = [id for id in goods if id != asked.id and goods[id] == goods[asked.id]]
    found: dict[str, None] = {}
    for id in rivals[:MOST_RIVALS]:
        columns = asked_of(ways.problem, f"offers[{id}]").columns(ways.problem, ways.matrices)
        for column in columns.tolist():
            if str(ways.column(column)[1]["node"]) != node or not ways.matrices.upper[column]:
                continue
            way = ways.landed(column)
            if way.cost_usd < landed.cost_usd:
                rules = [key for key, usd in way.limits.items() if key[0] == "rules" and usd > 0]
                found.update(dict.fromkeys(rule for _, rule in rules))
    return tuple(found)


def _threshold(
    search: Search, asked: Asked, matrices: Matrices, base: Answer, columns: list[int]
) -> tuple[Threshold | None, str | None]:
    if not asked.prices:
        return None, "it has no price of its own"
    if not np.any(matrices.upper[columns] > 0):
        return None, "it cannot be used at any date, whatever its price"
    if base.status.point is not Point.OPTIMAL:
        return None, "the plan is not proven to be the cheapest"
    return search.threshold(base)
