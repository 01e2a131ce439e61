from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from instances import load, read
from instances.starter import starter

Run = Callable[..., subprocess.CompletedProcess[str]]
Save = Callable[[dict[str, Any]], Path]

PLACES = {
    "yaml": "my-problem.yaml",
    "json": "my-problem.json",
    "folder": "my-problem",
    "xlsx": "my-problem.xlsx",
}


@pytest.mark.parametrize("form", PLACES)
def test_example_in_each_form_solves(form: str, diversify: Run, tmp_path: Path):
    made = diversify("new", "--form", form)
    assert made.returncode == 0, made.stderr
    assert read(tmp_path / PLACES[form]) == starter()
    # the line that it prints is the line that works
    words = made.stderr.strip().rpartition("diversify ")[2].split()
    solved = diversify(*words, "--json")
    assert solved.returncode == 0, solved.stderr
    assert json.loads(solved.stdout)["status"]["point"] == "optimal"


@pytest.mark.parametrize(
    ("path", "form"), [("a.yml", "yaml"), ("a.json", "json"), ("a.xlsx", "xlsx")]
)
def test_ending_of_the_path_tells_the_form(path: str, form: str, diversify: Run, tmp_path: Path):
    assert diversify("new", path).returncode == 0
    assert read(tmp_path / path) == starter()
    assert (tmp_path / path).read_bytes().startswith(b"PK") == (form == "xlsx")


def test_example_says_what_its_columns_mean(diversify: Run, tmp_path: Path):
    assert diversify("new", "here", "--form", "folder").returncode == 0
    lines = (tmp_path / "here" / "offers.csv").read_text().splitlines()
    assert any("available [fraction]: Fraction of the capacity" in line for line in lines)
    assert diversify("new").returncode == 0
    assert "# what is needed" in (tmp_path / "my-problem.yaml").read_text()


@pytest.mark.parametrize("form", ["yaml", "folder"])
def test_example_overwrites_only_when_told(form: str, diversify: Run, tmp_path: Path):
    assert diversify("new", "--form", form).returncode == 0
    again = diversify("new", "--form", form)
    assert again.returncode == 2
    assert "exists already" in again.stderr
    assert diversify("new", "--form", form, "--force").returncode == 0
    assert read(tmp_path / PLACES[form]) == starter()


def test_export_writes_tables_that_read_back(diversify: Run, tmp_path: Path):
    for options in (("--out", "it.xlsx"), ("--out", "there", "--format", "folder")):
        run = diversify("export", "gallium-usa", *options)
        assert run.returncode == 0, run.stderr
        assert read(tmp_path / options[1]) == load("gallium-usa")


@pytest.mark.parametrize("form", ["folder", "xlsx"])
def test_export_of_tables_needs_a_place(form: str, diversify: Run):
    run = diversify("export", "gallium-usa", "--format", form)
    assert run.returncode == 2
    assert "Say where to with --out" in run.stderr


def test_export_writes_the_model(
    diversify: Run, saved: Save, tiny: dict[str, Any], tmp_path: Path
):
    path = saved(tiny)
    shown = diversify("export", path, "--format", "lp")
    assert shown.returncode == 0, shown.stderr
    assert "buy(cn,0,2026)" in shown.stdout
    assert diversify("export", path, "--out", "model.mps").returncode == 0
    assert "ENDATA" in (tmp_path / "model.mps").read_text()


def test_check_and_solve_name_the_cell_at_fault(diversify: Run, tmp_path: Path):
    assert diversify("new", "here", "--form", "folder").returncode == 0
    table = tmp_path / "here" / "demand.csv"
    table.write_text(table.read_text().replace("1000", "plenty"))
    for verb in ("check", "solve"):
        run = diversify(verb, "./here", "--json")
        assert run.returncode == 2
        (finding,) = json.loads(run.stdout)["findings"]
        assert "demand.csv: row" in finding["where"]
        assert finding["where"].endswith("column D 'quantity [t/yr]'")
