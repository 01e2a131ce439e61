"""Extract: column values become a plan, with zeros left out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from instances.plan import COLUMNS, Plan
from models.funds import MILLION
from models.rows import all_rows
from models.share import row_unit

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from instances.problem import Problem
    from optimizer.compile import Floats, Matrices

NOTHING = 1e-9
"""Tonnes that are solver noise and not a decision."""

AMOUNTS = {
    "purchases": "buy",
    "forgone": "forgone",
    "shipments": "ship",
    "deliveries": "deliver",
    "shortfalls": "short",
    "backlogs": "late",
    "sales": "sell",
    "runs": "run",
    "uses": "use",
    "disposals": "dispose",
    "recoveries": "recycle",
    "substitutes": "substitute",
}
"""Table of the plan to the variable whose tonnes it holds."""
STOCKS = ("fill", "draw", "stock")
"""Columns of the plan's stocks, which are variables of the same names."""
POOLING = ("withdraw", "overdraw", "give_back", "set_off", "entitled")
"""Columns of the plan's pooling, likewise."""
FLAGS = {
    "running": "on",
    "sailing": "sail",
    "ordering": "order",
    "qualifications": "qualify",
}
"""Table of the plan to the variable that is 0 or 1."""


def plan_of(problem: Problem, matrices: Matrices, values: Floats) -> Plan:
    """Return the plan that ``values`` of the columns stand for."""
    tables = {
        name: _table(matrices, values, variable, {"tonnes": variable}, COLUMNS[name])
        for name, variable in AMOUNTS.items()
    }
    tables["stocks"] = _table(
        matrices,
        values,
        "stock",
        {name: name for name in STOCKS},
        COLUMNS["stocks"],
    )
    tables["handling"] = _table(
        matrices,
        values,
        "rotate",
        {name: name for name in ("rotate", "lend", "restore")},
        COLUMNS["handling"],
    )
    tables["pooling"] = _table(
        matrices,
        values,
        "withdraw",
        {name: name for name in POOLING},
        COLUMNS["pooling"],
    )
    tables["signings"] = _table(matrices, values, "sign", {"share": "sign"}, COLUMNS["signings"])
    tables["allotments"] = _table(
        matrices, values, "allot", {"tonnes": "allot"}, COLUMNS["allotments"]
    )
    tables["funding"] = _table(
        matrices,
        values,
        "equity",
        {name: name for name in ("equity", "borrow", "repay", "debt", "cash")},
        COLUMNS["funding"],
        MILLION,
    )
    tables["builds"] = _table(matrices, values, "build", {"size": "build"}, COLUMNS["builds"])
    for name, variable in FLAGS.items():
        flags = (values[matrices.span(variable)] > 0.5).astype(float)
        tables[name] = _frame(matrices, variable, {"on": flags}, COLUMNS[name])
    choices = (values[matrices.span("chosen")] > 0.5).astype(float)
    tables["choices"] = _frame(matrices, "chosen", {"chosen": choices}, COLUMNS["choices"])
    units = np.array([row_unit(problem, row) for row in all_rows(problem)])
    excess = values[matrices.span("excess")]
    tables["excesses"] = _frame(
        matrices, "excess", {"amount": excess * units}, COLUMNS["excesses"], excess > NOTHING
    )
    return Plan(**tables)


def _table(
    matrices: Matrices,
    values: Floats,
    keys: str,
    amounts: dict[str, str],
    columns: tuple[str, ...],
    unit: float = 1.0,
) -> pd.DataFrame:
    numbers = {name: unit * values[matrices.span(variable)] for name, variable in amounts.items()}
    some = np.zeros(len(matrices.variables[keys]), dtype=bool)
    for column in numbers.values():
        some |= column > NOTHING
    cleaned = {name: np.where(column > NOTHING, column, 0.0) for name, column in numbers.items()}
    return _frame(matrices, keys, cleaned, columns, some)


def _frame(
    matrices: Matrices,
    variable: str,
    numbers: dict[str, Floats],
    columns: tuple[str, ...],
    some: NDArray[np.bool_] | None = None,
) -> pd.DataFrame:
    """Return the rows of ``variable`` (those in ``some``) with numbers beside them."""
    import pandas as pd

    index = matrices.variables[variable]
    if some is not None:
        index = index.take(some)
        numbers = {name: column[some] for name, column in numbers.items()}
    data = {dim: index.column(dim) for dim in index.dims} | numbers
    return pd.DataFrame({column: data[column] for column in columns})
