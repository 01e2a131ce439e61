"""Compile: a Pyomo model becomes arrays, with a map from names to columns and rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Mapping

    from models.frame import Frame
    from models.index import Index

Floats = NDArray[np.float64]
Positions = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Matrices:
    """A linear (mixed-integer) program: minimise cost x + offset within row and column bounds.

    Parameters
    ----------
    start, rows, coefficients
        The constraint matrix by columns (CSC).
    cost, lower, upper, integer
        Per column: USD per unit, bounds, whether it is integer.
    row_lower, row_upper
        Per row.
    offset
        Constant part of the cost, USD.
    columns
        Variable name to the position of its first column; columns follow its index table.
    row_positions
        Constraint name to the position of each row of its index table.
    variables, constraints
        Index tables by name.
    """

    start: NDArray[np.int32]
    rows: NDArray[np.int32]
    coefficients: Floats
    cost: Floats
    lower: Floats
    upper: Floats
    integer: NDArray[np.bool_]
    row_lower: Floats
    row_upper: Floats
    offset: float
    columns: Mapping[str, int]
    row_positions: Mapping[str, Positions]
    variables: Mapping[str, Index]
    constraints: Mapping[str, Index]

    @property
    def size(self) -> dict[str, int]:
        """Number of columns, rows, non-zeros and integer columns."""
        return {
            "columns": len(self.cost),
            "rows": len(self.row_lower),
            "nonzeros": len(self.coefficients),
            "integers": int(self.integer.sum()),
        }

    def span(self, variable: str) -> slice:
        """Return the columns of ``variable``."""
        first = self.columns[variable]
        return slice(first, first + len(self.variables[variable]))


def compile_frame(frame: Frame) -> Matrices:
    """Return the arrays of the model in ``frame``.

    Rows follow the constraints and their index tables, columns the variables and theirs.

    Raises
    ------
    ValueError
        A coefficient, bound or cost is not a number.
    """
    from pyomo.common.gc_manager import PauseGC

    columns: dict[str, int] = {}
    count = 0
    for name, index in frame.variables.items():
        columns[name] = count
        count += len(index)
    with PauseGC():
        read = _Reader(frame)
        cost, offset = read.objective(count)
        row_positions = read.constraints()
    lower, upper, integer = _bounds(frame, count, columns)
    row_lower, row_upper = np.array(read.lower), np.array(read.upper)
    positions, values = np.array(read.columns, dtype=np.int64), np.array(read.values)
    places = np.repeat(np.arange(len(read.counts), dtype=np.int64), read.counts)
    start, rows, coefficients = _by_column(positions, places, values, count)
    for what, numbers in (("coefficient", coefficients), ("cost", cost)):
        if not np.isfinite(numbers).all():
            raise ValueError(f"a {what} of the model is not finite")
    for numbers in (lower, upper, row_lower, row_upper):
        if np.isnan(numbers).any():
            raise ValueError("a bound of the model is not a number")
    return Matrices(
        start=start,
        rows=rows,
        coefficients=coefficients,
        cost=cost,
        lower=lower,
        upper=upper,
        integer=integer,
        row_lower=row_lower,
        row_upper=row_upper,
        offset=offset,
        columns=columns,
        row_positions=row_positions,
        variables=dict(frame.variables),
        constraints=dict(frame.constraints),
    )


class _Reader:
    """Reads the rows of a model one by one.

    Pyomo's standard form gives the same numbers, but needs scipy and loads its statistics too,
    which takes longer than most solves.
    """

    def __init__(self, frame: Frame) -> None:
        from pyomo.repn.linear import LinearRepnVisitor
        from pyomo.repn.util import OrderedVarRecorder

        self._frame = frame
        self._seen: dict[int, Any] = {}
        self._visitor = LinearRepnVisitor(
            {}, var_recorder=OrderedVarRecorder(self._seen, {}, None)
        )
        self._place: dict[int, int] = {}
        position = 0
        for name, index in frame.variables.items():
            variable = getattr(frame.model, name)
            for key in index.rows():
                self._place[id(variable[key])] = position
                position += 1
        self.columns: list[int] = []
        self.values: list[float] = []
        self.counts: list[int] = []
        self.lower: list[float] = []
        self.upper: list[float] = []

    def objective(self, count: int) -> tuple[Floats, float]:
        """Return the cost of every column, and the constant."""
        form = self._visitor.walk_expression(self._frame.model.objective.expr)
        cost = np.zeros(count)
        for variable, number in form.linear.items():
            cost[self._place[variable]] = number
        return cost, float(form.constant)

    def constraints(self) -> dict[str, Positions]:
        """Read every row; return the positions of the rows of each constraint."""
        positions = {}
        for name, index in self._frame.constraints.items():
            first = len(self.counts)
            constraint = getattr(self._frame.model, name)
            for key in index.rows():
                self._row(constraint[key])
            positions[name] = np.arange(first, len(self.counts), dtype=np.int64)
        return positions

    def _row(self, row: Any) -> None:
        lower, body, upper = row.to_bounded_expression(evaluate_bounds=True)
        form = self._visitor.walk_expression(body)
        terms = [item for item in form.linear.items() if item[1] != 0]
        self.columns += [self._place[variable] for variable, _ in terms]
        self.values += [number for _, number in terms]
        self.counts.append(len(terms))
        self.lower.append(-np.inf if lower is None else lower - form.constant)
        self.upper.append(np.inf if upper is None else upper - form.constant)


def _bounds(
    frame: Frame, count: int, columns: Mapping[str, int]
) -> tuple[Floats, Floats, NDArray[np.bool_]]:
    lower = np.empty(count)
    upper = np.empty(count)
    integer = np.zeros(count, dtype=bool)
    for name, first in columns.items():
        span = slice(first, first + len(frame.variables[name]))
        limits = frame.limits[name]
        lower[span], upper[span] = limits.lower, limits.upper
        integer[span] = limits.binary
    return lower, upper, integer


def _by_column(
    columns: Positions, rows: Positions, values: Floats, count: int
) -> tuple[NDArray[np.int32], NDArray[np.int32], Floats]:
    order = np.lexsort((rows, columns))
    start = np.zeros(count + 1, dtype=np.int32)
    np.cumsum(np.bincount(columns, minlength=count), out=start[1:])
    return start, rows[order].astype(np.int32), values[order].astype(float)
