"""A model as HiGHS takes it, and as text."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import highspy
import numpy as np

from instances.errors import SolverFailed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from optimizer.compile import Floats, Matrices


def power_of_ten(cost: Floats) -> float:
    """Return the power of ten nearest to the geometric mean of the costs that are not 0."""
    sizes = np.abs(cost[cost != 0])
    return float(10.0 ** np.round(np.mean(np.log10(sizes)))) if len(sizes) else 1.0


def model_of(matrices: Matrices, scale: float) -> highspy.HighsLp:
    """Return the model as HiGHS takes it, costs divided by ``scale``."""
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = len(matrices.cost), len(matrices.row_lower)
    model.col_cost_ = matrices.cost / scale
    model.offset_ = matrices.offset / scale
    model.col_lower_, model.col_upper_ = matrices.lower, matrices.upper
    model.row_lower_, model.row_upper_ = matrices.row_lower, matrices.row_upper
    model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    model.a_matrix_.start_ = matrices.start
    model.a_matrix_.index_ = matrices.rows
    model.a_matrix_.value_ = matrices.coefficients
    if matrices.integer.any():
        kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
        model.integrality_ = [kinds[int(flag)] for flag in matrices.integer]
    return model


def model_text(
    matrices: Matrices, columns: Sequence[str], rows: Sequence[str], language: str
) -> str:
    """Return a model as text, its cost in USD.

    Parameters
    ----------
    matrices
        The model.
    columns, rows
        Their names: unique, without spaces.
    language
        "lp" or "mps".

    Raises
    ------
    SolverFailed
        HiGHS cannot write it.
    """
    model = model_of(matrices, 1.0)
    model.col_names_, model.row_names_ = list(columns), list(rows)
    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    with tempfile.TemporaryDirectory() as folder:
        # HiGHS writes to files only, and tells the language by the ending
        file = Path(folder) / f"model.{language}"
        for status in (solver.passModel(model), solver.writeModel(str(file))):
            if status != highspy.HighsStatus.kOk:
                raise SolverFailed(f"HiGHS does not write the model as {language}: {status.name}")
        return file.read_text()
