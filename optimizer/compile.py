"""Compile: a frame becomes arrays, with a map from names to columns and rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from optimizer.by_column import Part, by_column
from optimizer.expand import Expander
from optimizer.lookup import positions

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from models.frame import Frame
    from models.index import Index
    from optimizer.formula import Relation
    from optimizer.scope import Entries, Factor

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
    ModelError
        A constraint is no template, or looks up what is not declared.
    ValueError
        A coefficient, bound or cost is not a number.
    """
    # Pyomo is the largest import of a solve: it is loaded when it is needed
    from optimizer.template import Templates

    first: dict[str, int] = {}
    count = 0
    for name, index in frame.variables.items():
        first[name] = count
        count += len(index)
    templates, expander = Templates(frame), Expander(frame, first)
    cost, offset = _objective(expander.expand("objective", templates.objective()), count)
    blocks: list[_Block] = []
    row_positions = {}
    height = 0
    for name, index in frame.constraints.items():
        if len(index):
            blocks.append(_expand(expander, name, templates.relation(name), index))
        row_positions[name] = np.arange(height, height + len(index), dtype=np.int64)
        height += len(index)
    start, rows, coefficients = by_column(_parts(blocks), height, count)
    lower, upper, integer = _bounds(frame, count, first)
    row_lower = np.concatenate([np.zeros(0), *(block.lower for block in blocks)])
    row_upper = np.concatenate([np.zeros(0), *(block.upper for block in blocks)])
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
        columns=first,
        row_positions=row_positions,
        variables=dict(frame.variables),
        constraints=dict(frame.constraints),
    )


@dataclass(frozen=True, eq=False)
class _Block:
    """The rows of one constraint: coefficients by row and column (as parts), and bounds."""

    rows: list[Positions]
    columns: list[Positions | slice]
    values: list[Factor]
    lower: Floats
    upper: Floats


def _objective(entries: Entries, count: int) -> tuple[Floats, float]:
    cost = np.zeros(count)
    for columns, values in zip(entries.columns, entries.values, strict=True):
        if isinstance(columns, slice):
            cost[columns] += values
        elif len(columns):
            low, high = columns.min(), columns.max() + 1
            weights = np.broadcast_to(values, columns.shape)
            cost[low:high] += np.bincount(columns - low, weights, high - low)
    return cost, float(entries.constants[0])


def _expand(expander: Expander, name: str, relation: Relation, index: Index) -> _Block:
    """Return the rows of a constraint, signs as Pyomo has them.

    What varies stands on the left of its limits: a row turns round where only its right side
    varies, and both sides go to the left where both do.
    """
    left = expander.expand(name, relation.left, index, relation.symbols)
    right = expander.expand(name, relation.right, index, relation.symbols)
    limit = right.constants - left.constants + 0.0
    lower, upper = np.full(len(index), -np.inf), limit
    if relation.sense == "equal":
        lower = limit
    elif relation.least is not None:
        least = expander.expand(name, relation.least, index, relation.symbols)
        lower = least.constants - left.constants
    values = left.values + [-value for value in right.values]
    rows = left.rows + right.rows
    if right.rows:
        turned = ~left.filled() & right.filled() if left.rows else np.ones(len(index), dtype=bool)
        if turned.any():
            sign = np.where(turned, -1.0, 1.0)
            values = [value * sign[at] for value, at in zip(values, rows, strict=True)]
            lower, upper = np.where(turned, -upper, lower), np.where(turned, -lower, upper)
    return _Block(rows, left.columns + right.columns, values, lower + 0.0, upper + 0.0)


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


def _parts(blocks: Iterable[_Block]) -> list[Part]:
    parts = []
    top = 0
    for block in blocks:
        for rows, columns, values in zip(block.rows, block.columns, block.values, strict=True):
            parts.append(Part(top, rows, positions(columns), values))
        top += len(block.lower)
    return parts
