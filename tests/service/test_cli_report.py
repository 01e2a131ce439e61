from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import datetime
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


def test_reports_of_two_runs_can_be_told_apart(
    diversify: Run, saved: Save, tiny: dict[str, Any], tmp_path: Path
) -> None:
    file = saved(tiny)
    edit = "offers[au].price=40"
    for name, words in (("plain", ()), ("dear", ("--set", edit))):
        assert diversify("solve", file, *words, "--out", tmp_path / name).returncode == 0
        record = json.loads((tmp_path / name / "result.json").read_text())["record"]
        # the file's name and not where it lies
        made_of = {"instance": None, "file": file.name, "edits": list(words[1:])}
        assert {key: record[key] for key in made_of} == made_of
        assert datetime.fromisoformat(record["solved_at"]).tzinfo is not None
        assert diversify("report", tmp_path / name).returncode == 0
    plain = (tmp_path / "two-sellers.html").read_text()
    (made,) = tmp_path.glob("two-sellers-1-change-*.html")
    assert record["inputs_hash"][:8] in made.name
    dear = made.read_text()
    assert "<title>two-sellers: report of Diversify</title>" in plain
    assert "<title>two-sellers, offers[au].price=40: report of Diversify</title>" in dear
    assert held(plain, "asked") == {
        "instance": None,
        "file": file.name,
        "edits": [],
        "shipped": None,
        "solved": held(plain, "answer")["result"]["record"]["solved_at"],
    }
    assert held(dear, "asked")["edits"] == [edit]
    # what is changed in a result comes after what was
    more = diversify("report", tmp_path / "dear", "--set", "offers[cn].price=20")
    assert more.returncode == 0, more.stderr
    (made,) = tmp_path.glob("two-sellers-2-changes-*.html")
    again = made.read_text()
    assert held(again, "asked")["edits"] == [edit, "offers[cn].price=20"]
    # 40 t at 20 USD/t and 60 t at 40 USD/t
    assert held(again, "answer")["result"]["objective_usd"] == pytest.approx(3200)


def held(text: str, name: str) -> Any:
    (found,) = re.findall(rf'data-path="/page/{name}.json">(.*?)</script>', text)
    return json.loads(found)


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
