"""Rivals: the same model by linopy, PyOptInterface and highspy's own calls.

They are handed the finished coefficients (PyOptInterface row by row, linopy once as padded arrays
and once as terms that it groups and sums itself), so that what is timed is their building alone:
they read no problem, look nothing up, and all but one sum over nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import highspy
import numpy as np

if TYPE_CHECKING:
    from optimizer.compile import Matrices

    Rows = tuple[Any, Any, Any]


def by_row(matrices: Matrices) -> Rows:
    """Return the matrix by rows: start, columns, coefficients."""
    columns = np.repeat(np.arange(len(matrices.cost)), np.diff(matrices.start))
    order = np.argsort(matrices.rows, kind="stable")
    counts = np.bincount(matrices.rows, minlength=len(matrices.row_lower))
    start = np.concatenate([[0], np.cumsum(counts)])
    return start, columns[order], matrices.coefficients[order]


def linopy_arrays(matrices: Matrices, table: Rows) -> Any:
    """Build the model in linopy, from padded arrays of rows of about equal length."""
    import linopy
    import xarray

    start, columns, coefficients = table
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


def linopy_sums(matrices: Matrices, table: Rows) -> Any:
    """Build the model in linopy, which groups and sums the terms of every constraint itself."""
    import linopy
    import pandas as pd
    import xarray

    start, columns, coefficients = table
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


def pyoptinterface_model(matrices: Matrices, table: Rows) -> Any:
    """Build the model in PyOptInterface, one call a column and a row."""
    import pyoptinterface as poi
    from pyoptinterface import highs

    start, columns, coefficients = (part.tolist() for part in table)
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


def linopy_solved(matrices: Matrices, table: Rows) -> float:
    """Build the model in linopy and solve it by its direct way to HiGHS."""
    model = linopy_sums(matrices, table)
    options = {"threads": 1, "output_flag": False, "random_seed": 0}
    model.solve("highs", io_api="direct", progress=False, **options)
    return float(model.objective.value) + matrices.offset


def highspy_model(matrices: Matrices) -> highspy.Highs:
    """Hand the finished arrays to HiGHS by its own call: the least anybody needs."""
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = len(matrices.cost), len(matrices.row_lower)
    model.col_cost_, model.offset_ = matrices.cost, matrices.offset
    model.col_lower_, model.col_upper_ = matrices.lower, matrices.upper
    model.row_lower_, model.row_upper_ = matrices.row_lower, matrices.row_upper
    model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    model.a_matrix_.start_, model.a_matrix_.index_ = matrices.start, matrices.rows
    model.a_matrix_.value_ = matrices.coefficients
    solver = highspy.Highs()
    for name, value in (("output_flag", False), ("threads", 1)):
        solver.setOptionValue(name, value)
    solver.passModel(model)
    return solver
