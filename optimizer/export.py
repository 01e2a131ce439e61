"""Export: the model of a problem as LP or MPS text, for other solvers and for reading."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

from instances.rules import HHICap
from models.build import build
from optimizer.compile import compile_frame
from optimizer.highs import model_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from instances.problem import Problem
    from models.index import Index
    from optimizer.compile import Matrices

Language = Literal["lp", "mps"]
LONGEST = 200
"""Signs of a name; the LP format allows 255."""
_RISKY = re.compile(r"[^A-Za-z0-9_.,()]")


def export(problem: Problem, language: Language) -> str:
    """Return the model of a problem as text; its cost is in USD and its solutions are plans.

    A cap on concentration is stated by the cuts it begins with: the text opens with a remark that
    its optimum may lie below that of `optimizer.solve`, which adds cuts until the cap is kept.

    Parameters
    ----------
    problem
        The problem.
    language
        "lp", which people can read, or "mps", which more programs read; numbers have 15 figures.
    """
    matrices = compile_frame(build(problem))
    text = model_text(matrices, column_names(matrices), row_names(matrices), language)
    curved = [rule.id for rule in problem.rules if isinstance(rule, HHICap)]
    if not curved:
        return text
    sign = {"lp": "\\", "mps": "*"}[language]
    return (
        f"{sign} Concentration ({', '.join(curved)}) is no linear row: only the first cuts of its "
        f"cap stand here,\n{sign} so that the optimum may lie below the least cost.\n{text}"
    )


def column_names(matrices: Matrices) -> list[str]:
    """Return the name of each column: variable and index, such as ``buy(cn_ga,0,2026)``."""
    return _unique(matrices.variables, matrices.columns, len(matrices.cost))


def row_names(matrices: Matrices) -> list[str]:
    """Return the name of each row: constraint and index, such as ``demand_met(us,2026)``."""
    names = [""] * len(matrices.row_lower)
    taken: set[str] = set()
    for name, index in matrices.constraints.items():
        for position, text in zip(
            matrices.row_positions[name].tolist(), _named(name, index), strict=True
        ):
            names[position] = _free(text, taken)
    return names


def _unique(tables: Mapping[str, Index], first: Mapping[str, int], count: int) -> list[str]:
    names = [""] * count
    taken: set[str] = set()
    for name, index in tables.items():
        for place, text in enumerate(_named(name, index)):
            names[first[name] + place] = _free(text, taken)
    return names


def _named(name: str, index: Index) -> Iterator[str]:
    for key in index.rows():
        parts = key if isinstance(key, tuple) else (key,)
        # both formats give signs such as - and + a meaning of their own
        text = _RISKY.sub("_", f"{name}({','.join(str(part) for part in parts)})")
        yield text if len(text) <= LONGEST else f"{text[:LONGEST]}..."


def _free(text: str, taken: set[str]) -> str:
    found, number = text, 1
    while found in taken:
        number += 1
        found = f"{text}.{number}"
    taken.add(found)
    return found
