"""Compare on the command line and over HTTP, on problems worked by hand."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Problem = dict[str, Any]
Run = Callable[..., Any]
Save = Callable[[Problem], Path]


def test_compare_with_edits_bridges_the_cost(diversify: Run, saved: Save, tiny: Problem):
    path = saved(tiny)
    edits = ("--set", "rules[cn-cap].max_share=0.5", "--set", "offers[au].price=40")
    run = diversify("compare", path, *edits)
    assert run.returncode == 0, run.stderr
    # 40*10 + 60*30 = 2200; cap alone 50*10 + 50*30 = 2000; price alone 40*10 + 60*40 = 2800;
    # both 50*10 + 50*40 = 2500: the price adds 600 or 500, the cap -300 or -200
    assert "Cost: 2,200 USD -> 2,500 USD" in run.stdout
    assert "+550 USD on average over orders, +600 USD taken in this order" in run.stdout
    assert "-250 USD on average over orders, -300 USD taken in this order" in run.stdout
    assert "Australia, gallium, 2026: -10 t (60 % -> 50 %)" in run.stdout
    nothing = diversify("compare", path)
    assert nothing.returncode == 2
    assert "Name a second problem" in nothing.stderr


def test_compare_may_start_from_a_changed_problem(diversify: Run, saved: Save, tiny: Problem):
    price, cap = "offers[au].price=40", "rules[cn-cap].max_share=0.5"
    run = diversify("compare", saved(tiny), "--both", price, "--set", cap)
    assert run.returncode == 0, run.stderr
    # 40*10 + 60*40 = 2800, and 50*10 + 50*40 = 2500 with the cap at a half
    assert "Cost: 2,800 USD -> 2,500 USD" in run.stdout
    assert "offers[au].price" not in run.stdout


def test_compare_reads_problems_and_results(
    diversify: Run, saved: Save, tiny: Problem, tmp_path: Path
):
    path = saved(tiny)
    assert diversify("solve", path, "--out", "run").returncode == 0
    tiny["rules"][0]["max_share"] = 0.5
    other = tmp_path / "other.json"
    other.write_text(json.dumps(tiny))
    for first in ("run", "run/result.json"):
        run = diversify("compare", first, other, "--json", "--out", f"c-{first.count('/')}")
        assert run.returncode == 0, run.stderr
        found = json.loads(run.stdout)
        assert (found["before_usd"], found["after_usd"]) == pytest.approx((2200, 2000))
        assert [row["cause"] for row in found["causes"]] == ["cap"]
    assert (tmp_path / "c-0" / "causes.csv").read_text().startswith("cause,ordered_usd,shapley")


def test_the_plan_of_a_result_is_compared_as_it_is(
    diversify: Run, saved: Save, tiny: Problem, tmp_path: Path
):
    path = saved(tiny)
    assert diversify("solve", path, "--out", "run").returncode == 0
    file = tmp_path / "run" / "result.json"
    stored = json.loads(file.read_text())
    # 40 t from China are the most; 30 are a plan, too, if not the cheapest
    bought = stored["plan"]["purchases"]
    bought["tonnes"] = [{"cn": 30.0, "au": 70.0}[offer] for offer in bought["offer"]]
    file.write_text(json.dumps(stored))
    tiny["rules"][0]["max_share"] = 0.5
    other = tmp_path / "other.json"
    other.write_text(json.dumps(tiny))
    found = json.loads(diversify("compare", "run", other, "--json").stdout)
    china = next(row for row in found["volumes"] if row["country"] == "CHN")
    assert (china["before_t"], china["after_t"]) == pytest.approx((30, 50))


def test_compare_with_what_has_no_plan_exits_3(diversify: Run, saved: Save, impossible: Problem):
    run = diversify("compare", saved(impossible), "--set", "rules[cn-cap].max_share=0.5")
    assert run.returncode == 3
    assert "The first has no plan" in run.stdout


def test_compare_over_http_takes_changes_or_another_problem(server: Any, tiny: Problem):
    body = {"problem": tiny, "changes": ["rules[cn-cap].max_share=0.5"]}
    answer = server.http.post("/v1/compare", json=body)
    assert answer.status_code == 200, answer.text
    assert answer.json()["status"] == {"state": "complete"}
    assert answer.json()["result"]["causes"][0]["shapley_usd"] == pytest.approx(-200)
    other = json.loads(json.dumps(tiny))
    other["rules"][0]["max_share"] = 0.5
    same = server.http.post("/v1/compare", json={"problem": tiny, "other": other}).json()
    assert same["result"]["causes"] == answer.json()["result"]["causes"]
    nothing = server.http.post("/v1/compare", json={"problem": tiny})
    assert nothing.status_code == 422
    assert nothing.json()["findings"][0]["where"] == "changes"
    broken = server.http.post("/v1/compare", json={"problem": tiny, "other": {"name": 3}})
    assert broken.status_code == 422
    assert broken.json()["findings"][0]["where"].startswith("other")
