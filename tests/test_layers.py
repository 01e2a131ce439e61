"""What import-linter cannot hold: what stays unloaded until it is used."""

from __future__ import annotations

import subprocess
import sys


def loaded(statement: str) -> set[str]:
    """Return the top-level packages in memory after ``statement`` in a fresh interpreter."""
    code = (
        f"import sys; {statement}; print(*sorted({{name.split('.')[0] for name in sys.modules}}))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def test_reading_a_problem_loads_neither_solver_nor_modelling_language() -> None:
    assert not loaded("from instances import load; load('dantzig')") & {
        "highspy",
        "pyomo",
        "pandas",
        "fastapi",
    }


def test_optimizer_loads_pandas_and_fastapi_only_when_used() -> None:
    assert not loaded("import optimizer") & {"pandas", "fastapi", "uvicorn", "typer"}


def test_a_solve_loads_neither_scipy_nor_the_web() -> None:
    code = "from instances import load; from optimizer import solve; solve(load('gallium-usa'))"
    assert not loaded(code) & {"scipy", "fastapi", "uvicorn", "typer", "openpyxl"}
