"""Frontier and alternatives on the command line, on problems worked by hand."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Problem = dict[str, Any]
Run = Callable[..., Any]
Save = Callable[[Problem], Path]


def test_frontier_tells_cost_price_and_who_gives_way(diversify: Run, saved: Save, tiny: Problem):
    run = diversify("frontier", saved(tiny), "cn-cap", "--low", "10 %")
    assert run.returncode == 0, run.stderr
    # at 10 %: 10 t at 10 and 90 t at 30 USD/t; at 100 %: 100 t at 10; a point is 1 t, 20 USD
    assert "At 10 %: 2,800 USD." in run.stdout
    assert "To 100 %: 1,000 USD; saves 20 USD a point" in run.stdout
    assert "China +90 t gallium" in run.stdout
    assert "exact kinks" in run.stdout


def test_frontier_of_a_path_has_units_and_edits_and_json(
    diversify: Run, saved: Save, tiny: Problem
):
    ends = ("--path", "demand[us].quantity", "--low", "50 t/yr", "--high", "0.2 kt/yr")
    run = diversify("frontier", saved(tiny), *ends, "--set", "offers[au].price=40", "--json")
    curve = json.loads(run.stdout)
    assert run.returncode == 0
    # 40 % at 10 and 60 % at 40 USD/t: 28 USD/t
    costs = [(row["value"], row["objective_usd"]) for row in curve["vertices"]]
    assert [number for pair in costs for number in pair] == pytest.approx([50, 1400, 200, 5600])
    assert curve["exact"] is True


def test_frontier_of_two_objectives(diversify: Run, saved: Save, tiny: Problem, tmp_path: Path):
    # without the cap 100 t at 10 USD/t from China alone; half from Australia at 30 costs 2,000
    given = ("frontier", saved(tiny), "--set", "rules[cn-cap].max_share=1", "--against")
    run = diversify(*given, "concentration", "--out", "front")
    assert run.returncode == 0, run.stderr
    assert "1000 USD: concentration 1." in run.stdout
    assert "2,000 USD: concentration 0.5; each 0.01 less costs 20 USD." in run.stdout
    assert (tmp_path / "front" / "points.csv").exists()
    points = json.loads(diversify(*given, "concentration", "--json").stdout)["points"]
    assert [row["objective_usd"] for row in points] == pytest.approx([1000, 2000], rel=1e-5)
    both = diversify(*given, "shortfall", "--low", "10 %")
    assert both.returncode == 2
    assert "Leave out low" in both.stderr


def test_frontier_says_where_no_plan_is_left(diversify: Run, saved: Save, impossible: Problem):
    path = saved(impossible)
    run = diversify("frontier", path, "cn-cap")
    # Australia has 50 of 100 t
    assert "No plan below 50 %." in run.stdout
    assert run.returncode == 0
    nowhere = diversify("frontier", path, "cn-cap", "--high", "40 %")
    assert nowhere.returncode == 3
    assert "No plan at any value." in nowhere.stdout


def test_frontier_without_a_bottom_exits_3(diversify: Run, saved: Save, tiny: Problem):
    # bought at 10 USD/t, sold at 11 USD/t without limit
    tiny["outlets"] = [{"id": "sink", "commodity": "gallium", "country": "CHN", "price": 11}]
    tiny["rules"][0]["denominator"] = "deliveries"
    run = diversify("frontier", saved(tiny), "--path", "demand[us].quantity", *ENDS)
    assert run.returncode == 3, run.stderr
    assert "without end" in run.stdout


ENDS = ("--low", "10", "--high", "20")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("cn-cup",), "'cn-cap'"),
        ((), "needs either a rule or a path"),
        (("cn-cap", "--low", "60 %", "--high", "30 %"), "no stretch to look at"),
        (("cn-cap", "--low", "0.1:0.3:4"), "an end that is no number"),
        (("--path", "demand[us].quantitty", *ENDS), "'quantity'"),
        (("cn-cap", "--tolerance", "0"), "--tolerance"),
    ],
)
def test_frontier_refuses_what_means_nothing(
    diversify: Run, saved: Save, tiny: Problem, arguments: tuple[str, ...], told: str
):
    run = diversify("frontier", saved(tiny), *arguments)
    assert run.returncode == 2
    assert told in run.stderr
    assert "Traceback" not in run.stderr


def test_no_time_exits_5(diversify: Run, saved: Save, hard: Problem):
    path = saved(hard)
    for words in (("frontier", path, "three-g0"), ("alternatives", path)):
        assert diversify(*words, "--time-limit", "0.01").returncode == 5


def test_time_that_runs_out_on_the_way_exits_4(diversify: Run, saved: Save, tiny: Problem):
    # a tiny program is solved before its clock is looked at; nothing is solved after it
    run = diversify("alternatives", saved(tiny), "--time-limit", "1e-9")
    assert run.returncode == 4
    assert "Stopped early" in run.stdout


def test_folder_of_a_frontier_repeats_it(
    diversify: Run, saved: Save, tiny: Problem, tmp_path: Path
):
    edit = ("--set", "offers[au].price=40")
    run = diversify("frontier", saved(tiny), "cn-cap", *edit, "--out", "out")
    assert run.returncode == 0
    out = tmp_path / "out"
    names = ["curve.json", "inputs.json", "moves.csv", "run.json", "vertices.csv"]
    assert sorted(path.name for path in out.iterdir()) == names
    record = json.loads((out / "run.json").read_text())
    assert record["command"].endswith("cn-cap --set 'offers[au].price=40' --out out")
    with (out / "vertices.csv").open() as file:
        found = [float(row["objective_usd"]) for row in csv.DictReader(file)]
    assert found == pytest.approx([4000, 1000])
    again = json.loads(diversify("frontier", "out/inputs.json", "cn-cap", "--json").stdout)
    assert [row["objective_usd"] for row in again["vertices"]] == found
    assert diversify("frontier", saved(tiny), "cn-cap", "--out", "out").returncode == 2
    assert diversify("frontier", saved(tiny), "cn-cap", "--out", "out", "--force").returncode == 0


def test_alternatives_tell_ranges_within_the_margin(diversify: Run, saved: Save, tiny: Problem):
    run = diversify("alternatives", saved(tiny), "--margin", "5 %", "--count", "2", "--json")
    answer = json.loads(run.stdout)
    assert run.returncode == 0
    assert answer["least_cost_usd"] == pytest.approx(2200)
    # 110 USD more move 5.5 t from China to Australia
    china = next(row for row in answer["ranges"] if row["country"] == "CHN")
    assert [china["now_t"], china["least_t"], china["greatest_t"]] == pytest.approx([40, 34.5, 40])
    assert [plan["cost_usd"] for plan in answer["plans"]] == pytest.approx([2200, 2310])


def test_alternatives_are_told_and_kept(
    diversify: Run, saved: Save, tiny: Problem, tmp_path: Path
):
    run = diversify("alternatives", saved(tiny), "--out", "out")
    assert run.returncode == 0
    # the default, 3 %: 66 USD, 3.3 t
    assert "China: 40 t now, 36.7 t to 40 t" in run.stdout
    names = ["alternatives.json", "inputs.json", "ranges.csv", "run.json", "supply.csv"]
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == names


def test_alternatives_of_what_has_no_plan_exit_3(diversify: Run, saved: Save, impossible: Problem):
    run = diversify("alternatives", saved(impossible))
    assert run.returncode == 3
    assert "There is no plan" in run.stdout


def test_alternatives_refuse_a_margin_below_0(diversify: Run, saved: Save, tiny: Problem):
    assert "margin is below 0" in diversify("alternatives", saved(tiny), "--margin=-1").stderr
    run = diversify("alternatives", saved(tiny), "--margin", "3 pc", "--count", "0")
    assert run.returncode == 2
    assert "--margin: has the unknown unit 'pc'" in run.stderr
    assert "--count: must be a whole number, at least 1" in run.stderr
