"""Stress on the command line and over HTTP, on problems worked by hand."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Problem = dict[str, Any]
Run = Callable[..., Any]
Save = Callable[[Problem], Path]


def test_stress_tells_what_is_lost(diversify: Run, saved: Save, short: Problem):
    run = diversify("stress", saved(short), "--out", "run", "--workers", "1")
    assert run.returncode == 0, run.stderr
    # without China 50 of 100 t, 10 t less than planned; without Australia 40, that of the cap
    assert "China      50 %" in run.stdout
    assert "Australia  40 %" in run.stdout
    # 50 * 30 in place of 40 * 10 + 50 * 30
    assert "all but shortfall costs 400 USD less" in run.stdout
    # without Australia 60 t of 100 stay unmet, 50 more than planned: half of a year's use
    lines = run.stdout.splitlines()
    (need,) = (line for line in lines if line.startswith("  gallium for civil"))
    assert " ".join(need.split()[3:]) == "Australia 2026-01-01 1 yr 40 % 60 t 182 day 0"
    cases = Path("run/cases.csv").read_text().splitlines()
    assert cases[0].startswith("who,onset,length,status,commodity,demand_class,needed_t,unmet_t")
    assert len(cases) == 3
    assert Path("run/matrix.csv").read_text().splitlines()[0] == "who,2026-01-01"


def test_stress_takes_the_plan_of_a_result_as_it_is(diversify: Run, saved: Save, tiny: Problem):
    tiny["offers"][1]["capacity"] = 70
    assert diversify("solve", saved(tiny), "--out", "run").returncode == 0
    for source in ("run", "run/result.json"):
        run = diversify("stress", source, "--who", "CHN", "--json")
        assert run.returncode == 0, run.stderr
        (row,) = json.loads(run.stdout)["cases"]
        assert row["unmet_t"] == pytest.approx(30)
    # a larger cap on China changes the plan, and not what is left without it
    run = diversify("stress", "run", "--who", "CHN", "--set", "offers[au].capacity=80", "--json")
    assert json.loads(run.stdout)["cases"][0]["unmet_t"] == pytest.approx(20)
    plain = json.loads(Path("run/result.json").read_text())
    plain["plan"]["purchases"]["tonnes"] = [100.0, 100.0]
    Path("spoilt.json").write_text(json.dumps(plain))
    run = diversify("stress", "spoilt.json")
    assert (run.returncode, "is none of its problem" in run.stderr) == (2, True)
    del plain["plan"]["purchases"]["tonnes"]
    Path("broken.json").write_text(json.dumps(plain))
    run = diversify("stress", "broken.json")
    assert (run.returncode, "cannot be read" in run.stderr) == (2, True)


def test_stress_without_a_plan_and_on_nobody(diversify: Run, saved: Save, impossible: Problem):
    run = diversify("stress", saved(impossible))
    assert run.returncode == 3
    assert "no plan to put under stress" in run.stdout
    run = diversify("stress", saved(impossible), "--who", "nobody", "--length", "1 yr")
    assert run.returncode == 2
    assert "nobody: of[0]" in run.stderr
    run = diversify("stress", saved(impossible), "--onset", "2030")
    assert run.returncode == 2
    assert "begins no period" in run.stderr


def test_stress_over_http_is_that_of_the_command_line(
    server: Any, diversify: Run, saved: Save, short: Problem
):
    flags = ("--available", "50 %", "--reoptimise", "--pairs", "--json")
    here = json.loads(diversify("stress", saved(short), *flags).stdout)
    ask = {"available": "50 %", "reoptimise": True, "pairs": True}
    answer = server.http.post("/v1/stress", json={"problem": short, **ask})
    assert answer.status_code == 200, answer.text
    assert answer.json()["status"] == {"state": "complete"}
    there = answer.json()["result"]
    assert there["cases"] == here["cases"]
    assert there["matrix"] == here["matrix"]
    wrong = server.http.post("/v1/stress", json={"problem": short, "onsets": ["2030"]})
    assert wrong.status_code == 422
    assert wrong.json()["findings"][0]["what"] == "begins no period"


def test_stress_over_http_is_bounded(running: Any, short: Problem):
    with running(POINTS="1") as server:
        answer = server.http.post("/v1/stress", json={"problem": short})
        assert answer.status_code == 413, answer.text
        assert answer.json()["findings"][0]["where"] == "who"
