"""Coefficients: how far apart the numbers of a model lie, and which rows hold the extremes.

A solver works to absolute tolerances of about 1e-7. Coefficients within 1e-4 to 1e4 leave room for
them; a unit that is wrong by a thousand shows here first.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from models.build import build
from optimizer.compile import compile_frame
from optimizer.export import column_names, row_names
from optimizer.span import origin_at

if TYPE_CHECKING:
    from instances.problem import Problem
    from optimizer.origin import Origin

LEAST, MOST = 1e-4, 1e4
"""Sizes between which a coefficient is at ease."""
SHOWN = 3
"""Extremes that are named at either end."""


@dataclass(frozen=True, slots=True)
class Coefficient:
    """One number of the constraint matrix.

    Parameters
    ----------
    size
        Its absolute value.
    row, column
        Where it stands, such as ``process_input(sep,p,any,ore,2026)``.
    origin
        The number of the problem that it comes from; ``None`` where the model makes it.
    """

    size: float
    row: str
    column: str
    origin: Origin | None = None

    def __str__(self) -> str:
        of = "" if self.origin is None else f", from {self.origin}"
        return f"{self.size:.4g} (row {self.row}, column {self.column}{of})"


@dataclass(frozen=True, slots=True)
class CoefficientReport:
    """The extremes of a model's coefficients.

    Parameters
    ----------
    model
        Columns, rows, non-zeros and integers.
    smallest, largest
        The extreme coefficients, the most extreme first, one for each size.
    outside
        How many coefficients lie outside 1e-4 to 1e4.
    """

    model: dict[str, int]
    smallest: tuple[Coefficient, ...]
    largest: tuple[Coefficient, ...]
    outside: int

    def to_plain(self) -> dict[str, Any]:
        """Return the report as plain data."""
        return asdict(self)

    def sentences(self) -> tuple[str, ...]:
        """Return the report in words."""
        if not self.largest:
            return ("The model has no coefficients.",)
        low, high = self.smallest[0], self.largest[0]
        text = [f"Coefficients from {low} to {high}."]
        if self.outside:
            text.append(
                f"{self.outside} of {self.model['nonzeros']} lie outside {LEAST:g} to {MOST:g}: "
                "check the units of the records named, or state them in larger or smaller ones."
            )
        return tuple(text)


def coefficients(problem: Problem) -> CoefficientReport:
    """Return the extremes of the coefficients of the model of ``problem``, zeros left out."""
    matrices = compile_frame(build(problem))
    sizes = np.abs(matrices.coefficients)
    columns = np.repeat(np.arange(len(matrices.cost)), np.diff(matrices.start))
    names, rows = column_names(matrices), row_names(matrices)

    def extremes(order: list[int]) -> tuple[Coefficient, ...]:
        found: dict[float, Coefficient] = {}
        for place in order:
            size = float(sizes[place])
            if size not in found:
                row, column = int(matrices.rows[place]), int(columns[place])
                origin = origin_at(problem, matrices, row, column)
                found[size] = Coefficient(size, rows[row], names[column], origin)
            if len(found) == SHOWN:
                break
        return tuple(found.values())

    order = np.argsort(sizes, kind="stable").tolist()
    return CoefficientReport(
        model=matrices.size,
        smallest=extremes(order),
        largest=extremes(order[::-1]),
        outside=int(((sizes < LEAST) | (sizes > MOST)).sum()),
    )
