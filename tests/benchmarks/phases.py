"""Where the time of a large problem goes, phase by phase, beside what others need for it.

    python -m tests.benchmarks.phases small [medium] [large] [--runs 3] [--rivals SITE-PACKAGES]

linopy and PyOptInterface are no dependencies: name the site-packages folder of an environment that
has them. They are handed the finished coefficients, row by row (PyOptInterface) or as the arrays
that linopy holds inside, so that what is timed is their building alone: they read no problem, look
nothing up and sum over nothing. Every figure is a median over runs in one process, in seconds of
CPU, so that others on the machine do not count.
"""

from __future__ import annotations

import argparse
import gc
import sys
import threading
import time
from statistics import median
from typing import TYPE_CHECKING, Any

import numpy as np

from instances.check import check
from instances.generate.large import SIZES, large_data
from instances.parse import parse
from models.build import build
from optimizer.answer import Watch
from optimizer.compile import Matrices, compile_frame
from optimizer.extract import plan_of
from optimizer.highs import Instance
from optimizer.options import Options

if TYPE_CHECKING:
    from collections.abc import Callable


def _timed(
    phase: str, seconds: dict[str, list[float]], call: Callable[..., Any], *given: Any
) -> Any:
    gc.collect()
    start = time.process_time()
    found = call(*given)
    seconds.setdefault(phase, []).append(time.process_time() - start)
    return found


def _by_row(matrices: Matrices) -> tuple[Any, Any, Any]:
    """Return the matrix by rows: start, columns, coefficients."""
    columns = np.repeat(np.arange(len(matrices.cost)), np.diff(matrices.start))
    order = np.argsort(matrices.rows, kind="stable")
    counts = np.bincount(matrices.rows, minlength=len(matrices.row_lower))
    start = np.concatenate([[0], np.cumsum(counts)])
    return start, columns[order], matrices.coefficients[order]


def linopy_model(matrices: Matrices, by_row: tuple[Any, Any, Any]) -> Any:
    """Build the model in linopy, from padded arrays of rows of about equal length."""
    import linopy
    import xarray

    start, columns, coefficients = by_row
    model = linopy.Model()
    many = len(matrices.cost)
    span = xarray.DataArray(np.arange(many), dims="column", coords={"column": np.arange(many)})
    lower = span.copy(data=matrices.lower)
    upper = span.copy(data=matrices.upper)
    x = model.add_variables(lower, upper, name="x")
    lengths = np.diff(start)
    kinds = np.ceil(np.log2(np.maximum(lengths, 1))).astype(int)
    equal = matrices.row_lower == matrices.row_upper
    senses = np.where(equal, 0, np.where(np.isfinite(matrices.row_upper), 1, 2))
    for kind in np.unique(kinds).tolist():
        for sense, sign in enumerate(("=", "<=", ">=")):
            rows = np.flatnonzero((kinds == kind) & (senses == sense) & (lengths > 0))
            if not len(rows):
                continue
            width = int(lengths[rows].max())
            place = start[rows][:, None] + np.arange(width)
            there = np.arange(width) < lengths[rows][:, None]
            place = np.where(there, place, 0)
            data = xarray.Dataset(
                {
                    "coeffs": (("row", "_term"), np.where(there, coefficients[place], np.nan)),
                    "vars": (("row", "_term"), np.where(there, columns[place], -1)),
                    "const": (("row",), np.zeros(len(rows))),
                },
                coords={"row": rows},
            )
            limit = (matrices.row_lower if sign == ">=" else matrices.row_upper)[rows]
            right = xarray.DataArray(limit, dims="row", coords={"row": rows})
            model.add_constraints(
                linopy.LinearExpression(data, model), sign, right, name=f"c{kind}{sense}"
            )
    model.add_objective((span.copy(data=matrices.cost) * x).sum())
    return model


def linopy_sums(matrices: Matrices, by_row: tuple[Any, Any, Any]) -> Any:
    """Build the model in linopy, which groups and sums the terms of every constraint itself."""
    import linopy
    import pandas as pd
    import xarray

    start, columns, coefficients = by_row
    model = linopy.Model()
    variables = {}
    for name, first in matrices.columns.items():
        if many := len(matrices.variables[name]):
            at = slice(first, first + many)
            coords = [pd.RangeIndex(many, name=name)]
            variables[name] = model.add_variables(
                xarray.DataArray(matrices.lower[at], coords),
                xarray.DataArray(matrices.upper[at], coords),
                coords,
                name=name,
            )
    cost = []
    for name, x in variables.items():
        worth = matrices.cost[matrices.span(name)]
        cost.append((xarray.DataArray(worth, coords=x.coords) * x).sum())
    model.add_objective(linopy.merge(cost))
    for name, positions in matrices.row_positions.items():
        if not len(positions):
            continue
        at = slice(start[positions[0]], start[positions[-1] + 1])
        rows = np.repeat(positions, np.diff(start[positions[0] : positions[-1] + 2]))
        sums = []
        for block, x in variables.items():
            span = matrices.span(block)
            some = (columns[at] >= span.start) & (columns[at] < span.stop)
            if not some.any():
                continue
            place = xarray.DataArray(columns[at][some] - span.start, dims="term")
            factor = xarray.DataArray(coefficients[at][some], dims="term")
            terms = factor * x.isel({block: place})
            group = pd.Series(rows[some], index=pd.RangeIndex(some.sum(), name="term"), name="row")
            sums.append(terms.groupby(group).sum())
        left = linopy.merge(sums, join="outer") if len(sums) > 1 else sums[0]
        known = left.data.indexes["row"]
        least, most = matrices.row_lower[known], matrices.row_upper[known]
        sign = np.where(least == most, "=", np.where(np.isfinite(most), "<=", ">="))
        limit = np.where(np.isfinite(most), most, least)
        coords = {"row": known}
        model.add_constraints(
            left,
            xarray.DataArray(sign, coords, dims="row"),
            xarray.DataArray(limit, coords, dims="row"),
            name=name,
        )
    return model


def pyoptinterface_model(matrices: Matrices, by_row: tuple[Any, Any, Any]) -> Any:
    """Build the model in PyOptInterface, one call a column and a row."""
    import pyoptinterface as poi
    from pyoptinterface import highs

    start, columns, coefficients = (part.tolist() for part in by_row)
    model = highs.Model()
    x = [
        model.add_variable(lb=low, ub=high)
        for low, high in zip(matrices.lower.tolist(), matrices.upper.tolist(), strict=True)
    ]
    lower, upper = matrices.row_lower.tolist(), matrices.row_upper.tolist()
    for row, (low, high) in enumerate(zip(lower, upper, strict=True)):
        at = slice(start[row], start[row + 1])
        if at.start == at.stop:
            continue
        form = poi.ScalarAffineFunction(coefficients[at], columns[at])
        if low == high:
            model.add_linear_constraint(form, poi.Eq, low)
        elif high < np.inf:
            model.add_linear_constraint(form, poi.Leq, high)
        else:
            model.add_linear_constraint(form, poi.Geq, low)
    cost = matrices.cost.tolist()
    model.set_objective(poi.ScalarAffineFunction(cost, range(len(x))), poi.ObjectiveSense.Minimize)
    return model


RIVALS = {
    "linopy, handed arrays": linopy_model,
    "linopy, summing": linopy_sums,
    "PyOptInterface": pyoptinterface_model,
}


def measure(size: str, runs: int, solved: bool) -> None:
    """Print the phases of one size."""
    seconds: dict[str, list[float]] = {}
    data = large_data(*SIZES[size])
    rivals = dict(RIVALS)
    for _ in range(runs):
        problem = _timed("read", seconds, parse, data)
        frame = _timed("build", seconds, build, problem)
        matrices = _timed("compile", seconds, compile_frame, frame)
        by_row = _by_row(matrices)
        for name, rival in list(rivals.items()):
            try:
                _timed(name, seconds, rival, matrices, by_row)
            except ImportError as error:
                print(f"{name} is left out: {error}")
                del rivals[name]
    if solved:
        instance = _timed("hand over", seconds, Instance, matrices, Options(threads=1))
        watch = Watch(progress=None, cancel=threading.Event(), deadline=None)
        answer = _timed("HiGHS", seconds, instance.run, watch)
        plan = _timed("extract", seconds, plan_of, problem, matrices, answer.values)
        _timed("referee", seconds, lambda: check(problem, plan, claimed=answer.objective))
    found = {phase: median(some) for phase, some in seconds.items()}
    ours = found["read"] + found["build"] + found["compile"]
    print(f"{size}: {matrices.size}")
    print("  " + ", ".join(f"{phase} {number:.2f} s" for phase, number in found.items()))
    print(f"  read + build + compile {ours:.2f} s")
    for name in rivals:
        pairs = zip(*(seconds[phase] for phase in ("read", "build", "compile", name)), strict=True)
        ratio = median((read + made + done) / other for read, made, done, other in pairs)
        print(f"  {ratio:.2f} x {name}")


def main() -> None:
    """Read the arguments and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sizes", nargs="+", choices=SIZES)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--solve", action="store_true", help="solve, extract and check, too")
    parser.add_argument("--rivals", help="site-packages with linopy and pyoptinterface")
    given = parser.parse_args()
    if given.rivals:
        sys.path.append(given.rivals)
    for size in given.sizes:
        measure(size, given.runs, given.solve)


if __name__ == "__main__":
    main()
