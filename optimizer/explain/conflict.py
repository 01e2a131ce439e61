"""Conflict: which records cannot all be kept, from the solver's proof and its irreducible set.

The duals of the elastic re-solve are a proof that no plan exists (Farkas; Gleeson and Ryan, ORSA
Journal on Computing 2 (1990) 61): a change that touches no row and no bound of it leaves it
standing. So it tells which changes are worth trying. HiGHS's irreducible set is a smaller proof,
of one clash only; it tells which sentences to say.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from optimizer.cuts import Cuts
from optimizer.elastic import broken_in, opened_up
from optimizer.highs import Instance, irreducible_set
from optimizer.status import Point

if TYPE_CHECKING:
    from collections.abc import Mapping

    from instances.problem import Problem
    from optimizer.answer import Answer, Watch
    from optimizer.compile import Matrices, Positions
    from optimizer.elastic import Break
    from optimizer.options import Options

TABLES = {
    "rule": "rules",
    "demand": "demand",
    "offer": "offers",
    "contract": "contracts",
    "facility": "facilities",
    "expansion": "expansions",
    "lane": "lanes",
    "stockpile": "stockpiles",
    "fund": "funds",
    "outlet": "outlets",
    "recycling": "recycling",
    "substitution": "substitutions",
}
"""Dimension of an index table to the table of the problem that its labels are ids of."""
WEIGHTLESS = 1e-9
"""Duals below this part of the largest are noise."""
LONGEST = 10.0
"""Seconds that the irreducible set may take; without it the whole proof is told."""


@dataclass(frozen=True, eq=False)
class Touched:
    """Records that take part in a proof.

    Parameters
    ----------
    records
        Table and id of a record to the nodes at which it takes part, in order of time.
    lines
        Rule to the party and the goods of the first of its rows that takes part.
    """

    records: Mapping[tuple[str, str], tuple[str, ...]]
    lines: Mapping[str, tuple[str, str]]


@dataclass(frozen=True, eq=False)
class Conflict:
    """What clashes.

    Parameters
    ----------
    broken
        The least that has to give.
    needed
        Every record that a single remedy can be about; empty where only yes/no choices clash.
    clash
        Records that cannot all be kept: each is needed if ``irreducible``.
    irreducible
        Whether HiGHS found an irreducible set.
    """

    broken: tuple[Break, ...]
    needed: Touched
    clash: Touched
    irreducible: bool


def conflict_of(
    problem: Problem, matrices: Matrices, options: Options, watch: Watch
) -> Conflict | None:
    """Return what clashes in an infeasible model, ``None`` where time ran out first."""
    data = problem.realised
    opened = opened_up(data, matrices)
    cuts = Cuts(problem, opened.matrices, options.hhi_tolerance)
    answer = cuts.solve(Instance(opened.matrices, options, quiet=True), watch)
    if answer.values is None:
        return None
    broken = broken_in(data, opened, answer.values)
    order = [node.id for node in problem.nodes]
    proof = answer
    model = cuts.matrices
    if matrices.integer.any():
        model = replace(model, integer=np.zeros_like(model.integer))
        proof = Instance(model, options, quiet=True).run(watch)
    needed = touched(model, *_proof(model, proof), order)
    closed = replace(
        model,
        upper=np.concatenate([matrices.upper, model.upper[len(matrices.upper) :]]),
        cost=np.zeros(len(model.cost)),
    )
    found = None
    seconds = min(LONGEST, watch.left())
    if needed.records and seconds > 0:
        found = irreducible_set(closed, seconds)
    clash = needed if found is None else touched(closed, *found, order)
    return Conflict(
        broken, _with_builds(problem, needed), _with_builds(problem, clash), found is not None
    )


def _with_builds(problem: Problem, named: Touched) -> Touched:
    """Return a proof with what could be built at its facilities.

    What comes too late for a node has no coefficient there, and so takes no part by itself.
    """
    records = dict(named.records)
    for item in problem.expansions:
        nodes = records.get(("facilities", item.facility))
        if nodes is not None:
            records.setdefault(("expansions", item.id), nodes)
    tables = list(TABLES.values())
    return Touched(
        {key: records[key] for key in sorted(records, key=lambda key: tables.index(key[0]))},
        named.lines,
    )


def _proof(matrices: Matrices, answer: Answer) -> tuple[Positions, Positions]:
    """Return the rows and the columns (by their upper bounds) of the proof in the duals."""
    none = np.zeros(0, dtype=np.int64)
    if answer.status.point is not Point.OPTIMAL or answer.row_dual is None:
        return none, none
    assert answer.column_dual is not None
    assert answer.objective is not None
    if answer.objective <= WEIGHTLESS:
        return none, none
    largest = max(
        float(np.abs(answer.row_dual).max(initial=0.0)),
        float(np.abs(answer.column_dual).max(initial=0.0)),
    )
    rows = np.flatnonzero(np.abs(answer.row_dual) > WEIGHTLESS * largest)
    # at a lower bound of 0 nothing is in the way but at an upper one
    columns = np.flatnonzero(
        (answer.column_dual < -WEIGHTLESS * largest) & np.isfinite(matrices.upper)
    )
    return rows, columns


def touched(matrices: Matrices, rows: Positions, columns: Positions, order: list[str]) -> Touched:
    """Return the records that rows and columns name, with their nodes."""
    found: dict[tuple[str, str], set[str]] = {}
    lines: dict[str, tuple[str, str]] = {}
    marked = np.zeros(len(matrices.row_lower), dtype=bool)
    marked[rows] = True
    chosen = np.zeros(len(matrices.cost), dtype=bool)
    chosen[columns] = True
    parts = [
        (matrices.constraints[name], marked[at]) for name, at in matrices.row_positions.items()
    ]
    parts += [(matrices.variables[name], chosen[matrices.span(name)]) for name in matrices.columns]
    for index, hit in parts:
        places = np.flatnonzero(hit)
        heads = [dim for dim in index.dims if dim in TABLES]
        if not len(places) or not heads:
            continue
        some = index.take(places)
        nodes = some.column("node") if "node" in index.dims else [order[0]] * len(places)
        for dim in heads:
            for id, node in zip(some.column(dim), nodes, strict=True):
                found.setdefault((TABLES[dim], str(id)), set()).add(str(node))
        if {"rule", "who", "goods"} <= set(index.dims):
            for rule, who, goods in zip(
                *(some.column(dim) for dim in ("rule", "who", "goods")), strict=True
            ):
                lines.setdefault(str(rule), (str(who), str(goods)))
    rank = {node: number for number, node in enumerate(order)}
    tables = list(TABLES.values())
    records = {
        key: tuple(sorted(found[key], key=rank.__getitem__))
        for key in sorted(found, key=lambda key: tables.index(key[0]))
    }
    return Touched(records, lines)
