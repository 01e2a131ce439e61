"""Sweeps on the command line: what is solved, what is kept, how they end."""

from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Problem = dict[str, Any]
Run = Callable[..., Any]
Save = Callable[[Problem], Path]
Start = Callable[..., subprocess.Popen[str]]

CAP = "rules[cn-cap].max_share"


def costs(run: Any) -> list[float]:
    return [point["objective_usd"] for point in json.loads(run.stdout)["points"]]


def test_grid_solves_every_combination(diversify: Run, saved: Save, tiny: Problem):
    axes = ("--axis", f"{CAP}=0:1:3", "--axis", "offers[au].price=30,40")
    run = diversify("sweep", saved(tiny), *axes, "--json")
    assert run.returncode == 0, run.stderr
    # 100 t: a share s at 10 USD/t, the rest at 30 or 40
    assert costs(run) == pytest.approx([3000, 4000, 2000, 2500, 1000, 1000])
    told = diversify("sweep", saved(tiny), *axes)
    assert "sweep of 6 points, complete" in told.stdout
    assert "Least cost 1,000 USD to 4,000 USD" in told.stdout
    lines = [line.split() for line in told.stdout.splitlines()]
    assert [CAP, "offers[au].price", "(USD/t)", "least", "cost"] in lines
    assert ["0", "0", "%", "30", "3,000", "USD"] in lines
    assert ["3", "50", "%", "40", "2,500", "USD"] in lines


def test_of_many_points_the_cheapest_and_the_dearest_are_told(
    diversify: Run, saved: Save, tiny: Problem
):
    told = diversify("sweep", saved(tiny), "--axis", "demand[us].quantity=100:124:25").stdout
    lines = [line.split() for line in told.splitlines()]
    # 22 USD for each tonne of demand, of 100 t and of 124 t
    assert ["00", "100", "2,200", "USD"] in lines
    assert ["24", "124", "2,728", "USD"] in lines
    assert not [line for line in lines if line[:2] == ["01", "101"]]


def test_zip_takes_values_together(diversify: Run, saved: Save, tiny: Problem):
    axes = ("--axis", f"{CAP}=0,1", "--axis", "offers[au].price=30,40", "--zip")
    assert costs(diversify("sweep", saved(tiny), *axes, "--json")) == pytest.approx([3000, 1000])


def test_equal_seeds_draw_equal_points(diversify: Run, saved: Save, tiny: Problem):
    drawn = ("--axis", "offers[au].price*=uniform(0.5, 1.5)", "--sample", "8")
    path = saved(tiny)
    runs = [
        costs(diversify("sweep", path, *drawn, "--method", "latin", "--seed", seed, "--json"))
        for seed in ("1", "1", "2")
    ]
    assert runs[0] == runs[1] != runs[2]
    # one draw in each eighth of 60 t at 15 to 45 USD/t, and 40 t at 10
    slots = sorted(int((cost - 400 - 900) / (1800 / 8)) for cost in runs[0])
    assert slots == list(range(8))


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("s.yaml", "as-is: []\ntight:\n- rules[cn-cap].max_share=0.2\n- offers[au].price+=10\n"),
        (
            "s.csv",
            "point,edit\nas-is,\ntight,rules[cn-cap].max_share=0.2\ntight,offers[au].price+=10\n",
        ),
    ],
)
def test_scenarios_come_from_a_file_and_meet_axes(
    diversify: Run, saved: Save, tiny: Problem, tmp_path: Path, name: str, text: str
):
    (tmp_path / name).write_text(text)
    run = diversify("sweep", saved(tiny), "--scenarios", name, "--json")
    # 20 t at 10 and 80 t at 40 USD/t
    assert costs(run) == pytest.approx([2200, 3400])
    axis = ("--axis", "demand[us].quantity=100,200")
    both = diversify("sweep", saved(tiny), "--scenarios", name, *axis, "--json")
    assert costs(both) == pytest.approx([2200, 4400, 3400, 6800])
    points = [point["point"] for point in json.loads(both.stdout)["points"]]
    assert points == ["as-is-0", "as-is-1", "tight-0", "tight-1"]


def test_tornado_moves_paths_by_a_share_and_ranges_to_their_ends(
    diversify: Run, saved: Save, tiny: Problem
):
    axes = ("--axis", "offers[cn].price", "--axis", "demand[us].quantity=80:130:2")
    run = diversify("sweep", saved(tiny), *axes, "--tornado", "10 %", "--json")
    assert run.returncode == 0, run.stderr
    wide, narrow = json.loads(run.stdout)["bars"]
    # 22 USD/t of demand; 40 t at 1 USD/t
    assert [wide["low_change_usd"], wide["high_change_usd"]] == pytest.approx([-440, 660])
    assert [narrow["low_change_usd"], narrow["high_change_usd"]] == pytest.approx([-40, 40])
    assert "What moves the least cost" in (
        diversify("sweep", saved(tiny), *axes, "--tornado", "10%").stdout
    )


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ((), "has nothing to move"),
        (("--axis", CAP), "is no axis"),
        (("--axis", f"{CAP}=uniform(0.1, 0.2)"), "drawn from a distribution"),
        (("--axis", f"{CAP}=0.1,0.2", "--sample", "3"), "is listed, not drawn"),
        (("--axis", f"{CAP}=0.1,0.2", "--zip", "--tornado", "5%"), "cannot be both"),
        (("--axis", "offers[*].price=10:20:2", "--tornado", "5%"), "no one value to start from"),
        (("--axis", "offers[cn].prise=1,2", "--axis", "demand[uk].quantity=1,2"), "2 faults"),
        (("--axis", f"{CAP}=0.1,0.2", "--resume"), "--resume"),
        (("--scenarios", "nothing.yaml"), "nothing.yaml"),
        (("--axis", f"{CAP}=0.1,0.2", "--tornado", "2"), "between 0 and 100 %"),
        (("--axis", f"{CAP}=uniform(0, 1)", "--method", "morris"), "how many points"),
    ],
)
def test_what_means_nothing_exits_2(
    diversify: Run, saved: Save, tiny: Problem, arguments: tuple[str, ...], told: str
):
    run = diversify("sweep", saved(tiny), *arguments)
    assert run.returncode == 2
    assert told in run.stderr
    assert "Traceback" not in run.stderr


@pytest.mark.parametrize("text", ["[]", "a: b", "a: [1]", "point;edit\n", ""])
def test_a_scenario_file_of_another_kind_is_refused(
    diversify: Run, saved: Save, tiny: Problem, tmp_path: Path, text: str
):
    (tmp_path / "s.yaml").write_text(text)
    (tmp_path / "s.csv").write_text(text)
    for name in ("s.yaml", "s.csv"):
        run = diversify("sweep", saved(tiny), "--scenarios", name)
        assert run.returncode == 2
        assert name in run.stderr


def test_screening_names_what_matters(diversify: Run, saved: Save, tiny: Problem):
    # 40 t of China's at 10 and 60 t of Australia's at 30 USD/t: prices move the cost 40 to 60
    axes = [f"offers[{name}].price+=uniform(0, 1)" for name in ("cn", "au")]
    words = [word for axis in axes for word in ("--axis", axis)]
    for method, points in (("morris", 2 * 3), ("sobol", 16 * 4)):
        count = str(points // {"morris": 3, "sobol": 4}[method])
        given = ("sweep", saved(tiny), *words, "--sample", count, "--method", method)
        plain = json.loads(diversify(*given, "--json").stdout)
        assert len(plain["points"]) == points
        assert [row["axis"] for row in plain["influence"]] == [
            "offers[au].price+=",
            "offers[cn].price+=",
        ]
        if method == "morris":
            # over 98 % of 1 USD/t
            sizes = [row["mean_size_usd"] for row in plain["influence"]]
            assert sizes == pytest.approx([58.8, 39.2])
    assert (
        "What moves the least cost most: mean size"
        in diversify("sweep", saved(tiny), *words, "--sample", "2", "--method", "morris").stdout
    )


def test_a_sweep_out_of_time_is_partial_and_goes_on(diversify: Run, saved: Save, tiny: Problem):
    given = ("sweep", saved(tiny), "--axis", f"{CAP}=0.1:0.9:9", "--out", "out")
    first = diversify(*given, "--total-time-limit", "0")
    assert first.returncode == 5
    assert "9 missing, not run: the time for the whole sweep ran out before it" in first.stdout
    assert "sweep of 9 points, complete" in diversify(*given, "--resume").stdout


def test_infeasible_points_are_good_and_unanswered_ones_are_not(
    diversify: Run, saved: Save, impossible: Problem, tmp_path: Path
):
    path = saved(impossible)
    # Australia has 50 of 100 t
    run = diversify("sweep", path, "--axis", f"{CAP}=0.4,0.6")
    assert run.returncode == 0
    assert "1 infeasible, 1 optimal" in run.stdout
    (tmp_path / "some.yaml").write_text("good:\n- demand[us].quantity=50\nbad:\n- no[x].way=1\n")
    some = diversify("sweep", path, "--scenarios", "some.yaml")
    assert some.returncode == 4
    assert "1 invalid, " in some.stdout
    (tmp_path / "none.yaml").write_text("bad:\n- no[x].way=1\n")
    assert diversify("sweep", path, "--scenarios", "none.yaml").returncode == 2


def test_no_time_for_any_point_exits_5(diversify: Run, saved: Save, hard: Problem):
    axis = ("--axis", "demand[need-g0].quantity=100")
    assert diversify("sweep", saved(hard), *axis, "--time-limit", "0.01").returncode == 5


def test_a_folder_that_holds_something_is_left_alone(
    diversify: Run, saved: Save, tiny: Problem, tmp_path: Path
):
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "one.jpg").write_text("x")
    run = diversify("sweep", saved(tiny), "--axis", f"{CAP}=0.1,0.2", "--out", "photos")
    assert run.returncode == 2
    assert "is not empty" in run.stderr
    assert [item.name for item in (tmp_path / "photos").iterdir()] == ["one.jpg"]


@pytest.mark.parametrize("workers", ["1", "2"])
def test_interrupt_keeps_what_is_solved_and_resume_repeats_nothing(
    start: Start, diversify: Run, saved: Save, tiny: Problem, tmp_path: Path, workers: str
):
    count = 60
    # each of these is compiled: the sweep takes seconds
    (tmp_path / "s.csv").write_text(
        "point,edit\n" + "".join(f"s{at},demand[us].quantity={100 + at}\n" for at in range(count))
    )
    words = ("sweep", saved(tiny), "--scenarios", "s.csv", "--workers", workers, "--out", "out")
    # in a process group of its own: a terminal's Ctrl-C reaches the workers, too
    process = start(*words, before=("setsid",))
    kept = tmp_path / "out" / "points.jsonl"
    deadline = time.monotonic() + 60
    while not kept.exists() or not kept.read_text():
        assert time.monotonic() < deadline
        time.sleep(0.01)
    os.killpg(process.pid, signal.SIGINT)
    said, told = process.communicate(timeout=60)
    assert process.returncode == 4, told
    assert "partial" in said
    assert "the sweep was stopped before it" in said
    assert "--resume goes on with it" in told
    assert "Traceback" not in told
    first = kept.read_text().splitlines()
    assert 0 < len(first) < count
    with (tmp_path / "out" / "points.csv").open() as file:
        statuses = [row["status"] for row in csv.DictReader(file)]
    assert statuses.count("optimal") + statuses.count("none") >= len(first) - int(workers)
    assert len(statuses) == count
    again = diversify(*words, "--resume", "--json")
    assert again.returncode == 0, again.stderr
    lines = kept.read_text().splitlines()
    solved = [line for line in first if json.loads(line)["status"] == "optimal"]
    # what was solved stands there as it was, to the microsecond it took
    assert lines[: len(solved)] == solved
    assert len({json.loads(line)["point"] for line in lines}) == len(lines) == count
    # 22 USD for each tonne of demand
    assert costs(again) == pytest.approx([22 * (100 + at) for at in range(count)])
