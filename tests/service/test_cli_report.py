from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import matplotlib as mpl
import pytest
from matplotlib.image import imread
from openpyxl import load_workbook

Run = Callable[..., Any]
Save = Callable[[dict[str, Any]], Path]


@pytest.fixture(autouse=True)
def _paper() -> None:
    """Draw on paper: there may be no screen."""
    mpl.use("agg")


def test_a_result_is_shown_as_pictures_and_as_a_workbook(
    diversify: Run, saved: Save, tiny: dict[str, Any], tmp_path: Path
) -> None:
    assert diversify("solve", saved(tiny), "--out", tmp_path / "run").returncode == 0
    for name in ("a.png", "a.svg", "new/a.xlsx"):
        run = diversify("report", tmp_path / "run", "--out", tmp_path / name)
        assert run.returncode == 0, run.stderr
    assert imread(tmp_path / "a.png").shape[1] == 15 * 150
    assert "<svg" in (tmp_path / "a.svg").read_text()
    assert "purchases" in load_workbook(tmp_path / "new" / "a.xlsx").sheetnames
    page = diversify("report", tmp_path / "run", "--good", "gallium")
    assert page.returncode == 0, page.stderr
    assert "Wrote two-sellers.html." in page.stderr
    assert "2,200 USD" in (tmp_path / "two-sellers.html").read_text()
    unknown = diversify("report", tmp_path / "run", "--good", "galium", "--force")
    assert "Did you mean 'gallium'?" in unknown.stderr
    first = (tmp_path / "a.svg").read_bytes()
    again = diversify("report", tmp_path / "run", "--out", tmp_path / "a.svg")
    assert again.returncode == 2
    assert "exists already" in again.stderr
    forced = diversify("report", tmp_path / "run", "--out", tmp_path / "a.svg", "--force")
    assert forced.returncode == 0
    assert (tmp_path / "a.svg").read_bytes() == first


def test_a_problem_is_solved_first_and_what_is_not_there_is_said(
    diversify: Run, saved: Save, impossible: dict[str, Any], tmp_path: Path
) -> None:
    file = saved(impossible)
    run = diversify("report", file, "--out", tmp_path / "a.xlsx")
    assert run.returncode == 3, run.stderr
    none = diversify("report", file, "--out", tmp_path / "a.png")
    assert none.returncode != 0
    assert "there is no plan" in none.stderr
    assert not (tmp_path / "a.png").exists()
    page = diversify("report", file, "--out", tmp_path / "a.html")
    assert page.returncode == 3
    # 50 t from China at 10 USD/t and 50 t from Australia at 30 USD/t
    assert '"cost_usd": 2000' in (tmp_path / "a.html").read_text()
    wrong = diversify("report", file, "--out", tmp_path / "a.doc")
    assert wrong.returncode == 2
    assert ".svg" in wrong.stderr
