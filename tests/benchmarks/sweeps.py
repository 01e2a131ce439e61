"""What a point of a sweep takes, beside naive Pyomo and raw patches of HiGHS, in one process.

    python -m tests.benchmarks.sweeps [--points 200] [--naive 3] [--instance NAME | --large medium]

For a right-hand side, a cap that is a coefficient, and a cost: the same points, one after the
other, each figure a median of milliseconds of wall time a point.

- ours: `Family`, the line proven beforehand (its cost is given apart);
- raw: one `highspy.Highs` to which the same numbers are written by its own calls, warm;
- Pyomo: the problem edited, the model written out anew and solved by Pyomo's HiGHS interface;
- compiled: ours without a line, each point edited, compiled and compared.

All must agree on the cost of every point they share.
"""

from __future__ import annotations

import argparse
import time
from statistics import median
from typing import TYPE_CHECKING, Any

import highspy
import numpy as np

from instances import load, parse
from instances.generate.large import SIZES, large_data
from models.build import build
from optimizer.answer import Watch
from optimizer.compile import compile_frame
from optimizer.engine import Axis, Family
from optimizer.options import Options

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from instances.problem import Problem
    from optimizer.engine import Line

PLAIN = Options(tie_break=False)
AGREES = 1e-6


def _each(points: Sequence[float], solve: Callable[[float], float]) -> tuple[float, list[float]]:
    """Return the median milliseconds of a point, and the costs."""
    spent, costs = [], []
    for point in points:
        start = time.perf_counter()
        costs.append(solve(point))
        spent.append(1e3 * (time.perf_counter() - start))
    return median(spent), costs


def raw(line: Line) -> Callable[[float], float]:
    """Return a solve of a point by highspy's own calls alone."""
    base, places = line.base, line.places
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = len(base.cost), len(base.row_lower)
    model.col_cost_, model.col_lower_, model.col_upper_ = base.cost, base.lower, base.upper
    model.row_lower_, model.row_upper_, model.offset_ = base.row_lower, base.row_upper, base.offset
    model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    model.a_matrix_.start_, model.a_matrix_.index_ = base.start, base.rows
    model.a_matrix_.value_ = base.coefficients
    solver = highspy.Highs()
    for name, value in (("output_flag", False), ("threads", 1)):
        solver.setOptionValue(name, value)
    solver.passModel(model)
    solver.run()
    costs, columns, rows = (
        part.astype(np.int32) for part in (places.costs, places.columns, places.rows)
    )
    entry_columns, entry_rows = (
        part.tolist() for part in np.divmod(places.entries, places.height)
    )

    def solve(point: float) -> float:
        parts = places.parts(line.numbers(np.array([point])))
        solver.changeColsCost(len(costs), costs, parts[0])
        solver.changeColsBounds(len(columns), columns, parts[1], parts[2])
        solver.changeRowsBounds(len(rows), rows, parts[3], parts[4])
        for row, column, number in zip(entry_rows, entry_columns, parts[5].tolist(), strict=True):
            solver.changeCoeff(row, column, number)
        solver.changeObjectiveOffset(float(parts[6][0]))
        solver.run()
        return float(solver.getInfo().objective_function_value)

    return solve


def pyomo(family: Family) -> Callable[[float], float]:
    """Return a solve of a point as one would write it: edit, build, solve, read the cost."""
    import pyomo.environ as pyo

    solver = pyo.SolverFactory("appsi_highs")

    def solve(point: float) -> float:
        model = build(family.at([point])).model
        solver.solve(model)
        return float(pyo.value(model.objective))

    return solve


def measure(
    problem: Problem, name: str, axis: Axis, span: tuple[float, float], count: int, naive: int
) -> None:
    """Print a row of the table: one kind of axis."""
    points = np.linspace(*span, count).tolist()
    family = Family(problem, [axis], PLAIN)
    start = time.perf_counter()
    if not family.prove([span[0]], [span[1]]) or family.line is None:
        print(f"{name}: {axis.name} has no line")
        return
    proof = time.perf_counter() - start
    watch = Watch()
    ours, costs = _each(points, lambda point: _cost(family.solve([point], watch)))
    patched, raw_costs = _each(points, raw(family.line))
    few = points[:: max(1, count // max(naive, 1))][:naive]
    compiled = Family(problem, [axis], PLAIN)
    slow, slow_costs = _each(few, lambda point: _cost(compiled.solve([point], watch)))
    naively, naive_costs = _each(few, pyomo(family))
    known = dict(zip(points, costs, strict=True))
    for other, theirs in (
        (points, raw_costs),
        (few, slow_costs),
        (few, naive_costs),
    ):
        for point, cost in zip(other, theirs, strict=True):
            assert abs(cost - known[point]) <= AGREES * max(1.0, abs(cost)), (name, point)
    print(
        f"{name:<12} ours {ours:9.3f} ms   raw {patched:9.3f} ms ({ours / patched:5.2f} x)   "
        f"Pyomo {naively:10.1f} ms ({naively / ours:7.0f} x)   compiled {slow:9.1f} ms   "
        f"proof {proof:.2f} s"
    )


def _cost(answer: Any) -> float:
    assert answer.objective is not None, answer.status
    return float(answer.objective)


def main() -> None:
    """Read the arguments and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--points", type=int, default=200)
    parser.add_argument("--naive", type=int, default=3)
    parser.add_argument("--instance", default="rare-earths-usa")
    parser.add_argument("--large", choices=SIZES)
    given = parser.parse_args()
    problem = parse(large_data(*SIZES[given.large])) if given.large else load(given.instance)
    print(f"{problem.name}: {compile_frame(build(problem)).size}")
    demands = {rule.id for rule in problem.rules if getattr(rule, "denominator", None) == "demand"}
    others = {
        rule.id
        for rule in problem.rules
        if getattr(rule, "denominator", None) in ("supply", "deliveries")
    }
    axes = [("cost", Axis("offers[*].price", "multiply"), (0.8, 1.2))]
    axes += [
        (kind, Axis(f"rules[{name}].max_share"), (0.35, 0.8))
        for kind, names in (("right side", demands), ("coefficient", others))
        for name in sorted(names)[:1]
    ]
    axes += [("demand", Axis("demand[*].quantity", "multiply"), (0.9, 1.1))]
    for name, axis, span in axes:
        measure(problem, name, axis, span, given.points, given.naive)


if __name__ == "__main__":
    main()
