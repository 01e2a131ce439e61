from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from instances import parse

Problem = dict[str, Any]
Run = Callable[..., Any]
Save = Callable[[Problem], Path]
Start = Callable[..., subprocess.Popen[str]]

ROOT = Path(__file__).parents[2]

HEAVY = {"pandas", "numpy", "pyomo", "highspy", "scipy", "fastapi", "pydantic", "pint", "uvicorn"}
LOADED = """
import atexit, json, sys
atexit.register(lambda: print(json.dumps(sorted(sys.modules)), file=sys.stderr))
from service.cli import main
main()
"""


def modules_loaded(*arguments: str) -> set[str]:
    """Return the top-level modules that a command has loaded when it ends."""
    run = subprocess.run(
        [sys.executable, "-c", LOADED, *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert run.returncode == 0, run.stderr
    return {name.partition(".")[0] for name in json.loads(run.stderr.splitlines()[-1])}


@pytest.mark.parametrize("arguments", [("--help",), ("--version",)])
def test_help_and_version_load_nothing_heavy(arguments: tuple[str, ...]):
    assert not modules_loaded(*arguments) & HEAVY


def test_help_of_a_verb_loads_no_more_than_its_options_need():
    # typer reads numbers through pydantic
    assert not modules_loaded("solve", "--help") & (HEAVY - {"pydantic"})


def test_solve_loads_no_web_framework(saved: Save, tiny: Problem):
    loaded = modules_loaded("solve", str(saved(tiny)))
    assert "highspy" in loaded
    assert not loaded & {"fastapi", "starlette", "uvicorn"}


def test_check_needs_no_solver(saved: Save, tiny: Problem):
    assert not modules_loaded("check", str(saved(tiny))) & {"highspy", "pyomo", "pandas"}


def test_every_verb_is_in_the_help(diversify: Run):
    run = diversify("--help")
    assert run.returncode == 0
    for verb in (
        "check",
        "solve",
        "sweep",
        "frontier",
        "alternatives",
        "explain",
        "compare",
        "sheet",
        "partners",
        "purse",
        "instruments",
        "stress",
        "worth",
        "export",
        "serve",
    ):
        assert f" {verb} " in run.stdout


def test_unknown_verb_exits_2(diversify: Run):
    run = diversify("slove")
    assert run.returncode == 2
    assert "slove" in run.stderr


def test_check_says_what_a_good_problem_holds(diversify: Run, saved: Save, tiny: Problem):
    run = diversify("check", saved(tiny))
    assert run.returncode == 0
    assert "two-sellers is valid" in run.stdout
    assert "offers: 2" in run.stdout
    assert "40 %" in run.stdout


def test_check_lists_every_fault(diversify: Run, saved: Save, tiny: Problem):
    tiny["rules"][0]["max_share"] = -0.1
    tiny["demand"][0]["commodity"] = "galium"
    run = diversify("check", saved(tiny))
    assert run.returncode == 2
    assert "rules[cn-cap].max_share" in run.stderr
    assert "'gallium'" in run.stderr
    as_json = json.loads(diversify("check", saved(tiny), "--json").stdout)
    assert as_json["valid"] is False
    assert len(as_json["findings"]) == 2


def test_edit_that_matches_nothing_is_refused(diversify: Run, saved: Save, tiny: Problem):
    run = diversify("check", saved(tiny), "--set", "rules[cn-cup].max_share=0.3")
    assert run.returncode == 2
    assert "cn-cap" in run.stderr


def test_bare_word_is_an_instance_and_a_path_a_file(diversify: Run, tiny: Problem, tmp_path: Path):
    (tmp_path / "gallium-usa").write_text(json.dumps(tiny))
    assert "gallium-usa is valid" in diversify("check", "gallium-usa").stdout
    assert "two-sellers is valid" in diversify("check", "./gallium-usa").stdout


def test_export_reads_back_as_the_same_problem(diversify: Run, saved: Save, tiny: Problem):
    path = saved(tiny)
    for name in ("copy.yaml", "copy.json"):
        assert diversify("export", path, "--out", name).returncode == 0
        again = diversify("export", name, "--format", "json")
        assert parse(json.loads(again.stdout)) == parse(tiny)


def test_export_applies_edits(diversify: Run, saved: Save, tiny: Problem):
    run = diversify("export", saved(tiny), "--format", "json", "--set", "offers[au].price=40")
    assert json.loads(run.stdout)["offers"][1]["price"] == 40


def test_export_overwrites_only_when_told(
    diversify: Run, saved: Save, tiny: Problem, tmp_path: Path
):
    (tmp_path / "mine.yaml").write_text("precious")
    assert diversify("export", saved(tiny), "--out", "mine.yaml").returncode == 2
    assert (tmp_path / "mine.yaml").read_text() == "precious"
    assert diversify("export", saved(tiny), "--out", "mine.yaml", "--force").returncode == 0
    assert "two-sellers" in (tmp_path / "mine.yaml").read_text()


def test_instances_are_listed_and_shown_with_every_assumption(diversify: Run):
    listed = diversify("instances", "list").stdout
    assert "gallium-usa" in listed
    assert "rare-earths-usa" in listed
    shown = diversify("instances", "show", "gallium-usa")
    assert shown.returncode == 0
    about = json.loads(diversify("instances", "show", "gallium-usa", "--json").stdout)
    assert about["assumptions"]
    # wrapped on the terminal: compare without line breaks
    words = " ".join(shown.stdout.split())
    for assumption in about["assumptions"]:
        assert " ".join(assumption["reason"].split()) in words
    for source in about["sources"]:
        assert source["id"] in words


def test_doctor_finds_this_installation_sound(diversify: Run):
    run = diversify("doctor", "--json")
    assert run.returncode == 0, run.stdout
    diagnosis = json.loads(run.stdout)
    assert diagnosis["versions"]["highspy"]
    assert all(check["passed"] for check in diagnosis["checks"])
    assert len({str(Path(place).parent) for place in diagnosis["places"].values()}) == 1


def test_doctor_names_a_package_from_elsewhere(start: Start, tmp_path: Path):
    (tmp_path / "models.py").write_text("")
    process = start("doctor", PYTHONPATH=f"{tmp_path}:{ROOT}")
    said, _ = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "models from elsewhere" in said


@pytest.mark.parametrize("arguments", [("instances", "show", "gallium-usa"), ("doctor",)])
def test_closed_pipe_leaves_no_trace(start: Start, arguments: tuple[str, ...]):
    process = start(*arguments)
    assert process.stdout is not None
    process.stdout.close()
    _, said = process.communicate(timeout=60)
    assert (process.returncode, said) == (0, "")
