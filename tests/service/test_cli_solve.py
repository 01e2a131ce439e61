from __future__ import annotations

import csv
import json
import signal
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from openpyxl import load_workbook

if TYPE_CHECKING:
    import subprocess

Problem = dict[str, Any]
Run = Callable[..., Any]
Save = Callable[[Problem], Path]


def total(table: Path, column: str) -> float:
    with table.open() as file:
        return sum(float(row[column]) for row in csv.DictReader(file))


def test_answer_goes_to_stdout_and_nothing_to_stderr(diversify: Run, saved: Save, tiny: Problem):
    run = diversify("solve", saved(tiny))
    assert run.returncode == 0
    # a busy machine may take over a second, and then progress is told
    assert [line for line in run.stderr.splitlines() if not line.startswith("Solving")] == []
    # 40 t at 10 USD/t and 60 t at 30 USD/t
    assert "2,200 USD" in run.stdout
    assert "cn-cap" in run.stdout


def test_json_is_the_result_in_plain_data(diversify: Run, saved: Save, tiny: Problem):
    run = diversify("solve", saved(tiny), "--json")
    answer = json.loads(run.stdout)
    assert run.returncode == 0
    assert answer["status"] == {"stop": "finished", "point": "optimal"}
    assert answer["objective_usd"] == pytest.approx(2200)
    rule = answer["tables"]["rules"][0]
    # one more point of share moves 1 t from 30 to 10 USD/t: 20 USD a point, 2,000 USD per 1.0
    assert rule["shadow_price_usd"] == pytest.approx(2000)


def test_edits_apply_in_order(diversify: Run, saved: Save, tiny: Problem):
    edits = ("--set", "rules[cn-cap].max_share=0.5", "--set", "offers[au].price*=2")
    run = diversify("solve", saved(tiny), *edits, "--json")
    # 50 t at 10 USD/t and 50 t at 60 USD/t
    assert json.loads(run.stdout)["objective_usd"] == pytest.approx(3500)


def test_share_intervals_are_told_and_repeated(
    diversify: Run, saved: Save, tiny: Problem, tmp_path: Path
):
    out = tmp_path / "run"
    asked = ("--share-intervals", "--shares-of", "of=CHN,commodity=gallium")
    run = diversify("solve", saved(tiny), *asked, "--out", out)
    assert run.returncode == 0, run.stderr
    # 40 of the 100 t delivered are Chinese, whoever gets which
    assert "Share of CHN in gallium (direct; share-of-1)" in run.stdout
    assert "  the least it can be  40 %\n  the most             40 %\n" in run.stdout
    assert total(out / "share_intervals.csv", "least_share") == pytest.approx(0.4, abs=1e-5)
    again = json.loads((out / "run.json").read_text())["repeat"]
    assert "--share-intervals --shares-of of=CHN,commodity=gallium" in again
    wrong = diversify("solve", saved(tiny), "--shares-of", "of=CHN,commodity=galium")
    assert wrong.returncode == 2
    assert "Did you mean 'gallium'?" in wrong.stderr


def test_a_tree_is_solved_the_way_that_is_asked_for(diversify: Run, tmp_path: Path):
    out = tmp_path / "run"
    run = diversify("solve", "farmer", "--method", "l-shaped", "--out", out, "--json")
    assert run.returncode == 0, run.stderr
    answer = json.loads(run.stdout)
    # Birge and Louveaux 2011, section 1.1
    assert answer["objective_usd"] == pytest.approx(-108_390, rel=1e-6)
    assert answer["record"]["method"] == "L-shaped"
    assert "--method l-shaped" in json.loads((out / "run.json").read_text())["repeat"]
    wrong = diversify("solve", "dantzig", "--method", "l-shaped")
    assert wrong.returncode == 2
    assert "nothing branches" in wrong.stderr


def test_goals_are_sought_in_order_and_repeated(
    diversify: Run, saved: Save, tiny: Problem, tmp_path: Path
):
    out = tmp_path / "run"
    run = diversify("solve", saved(tiny), "--goals", "shortfall,cost", "--out", out, "--json")
    assert run.returncode == 0, run.stderr
    goals = json.loads(run.stdout)["tables"]["goals"]
    assert [row["goal"] for row in goals] == ["shortfall", "cost"]
    assert goals[-1]["value"] == pytest.approx(2200)
    assert "--goals shortfall,cost" in json.loads((out / "run.json").read_text())["repeat"]
    assert (out / "goals.csv").is_file()
    wrong = diversify("solve", saved(tiny), "--goals", "beauty")
    assert wrong.returncode == 2
    assert "--goals: names 'beauty', which is no goal. Write shortfall, cost" in wrong.stderr


def test_shipped_instance_is_solved_by_its_name(diversify: Run):
    run = diversify("solve", "gallium-usa", "--json")
    assert run.returncode == 0
    assert json.loads(run.stdout)["name"] == "gallium-usa"


def test_shortfall_is_printed_and_is_good_unless_refused(
    diversify: Run, saved: Save, short: Problem
):
    path = saved(short)
    plain = diversify("solve", path)
    assert plain.returncode == 0
    assert "UNMET: 10 t" in plain.stdout
    as_json = diversify("solve", path, "--json", "--fail-on-shortfall")
    assert as_json.returncode == 3
    assert "10 t" in as_json.stderr


def test_infeasible_is_an_answer_with_code_3(diversify: Run, saved: Save, impossible: Problem):
    run = diversify("solve", saved(impossible))
    assert run.returncode == 3
    assert "No plan keeps every rule" in run.stdout
    assert "10 t" in run.stdout


def test_unbounded_exits_3(diversify: Run, saved: Save, tiny: Problem):
    # bought at 10 USD/t, sold at 11 USD/t without limit
    tiny["outlets"] = [{"id": "sink", "commodity": "gallium", "country": "CHN", "price": 11}]
    tiny["rules"] = []
    run = diversify("solve", saved(tiny))
    assert run.returncode == 3
    assert "without end" in run.stdout


def test_out_folder_holds_result_tables_inputs_and_record(
    diversify: Run, saved: Save, tiny: Problem, tmp_path: Path
):
    run = diversify("solve", saved(tiny), "--out", "made/answer", "--set", "offers[au].price=40")
    assert run.returncode == 0
    out = tmp_path / "made" / "answer"
    # 40 t at 10 USD/t and 60 t at 40 USD/t
    assert json.loads((out / "result.json").read_text())["objective_usd"] == pytest.approx(2800)
    assert total(out / "purchases.csv", "bought_t") == pytest.approx(100)
    record = json.loads((out / "run.json").read_text())
    assert record["edits"] == ["offers[au].price=40"]
    assert record["inputs_hash"]
    assert sorted(path.name for path in out.parent.iterdir()) == ["answer"]


def test_recorded_command_repeats_the_run(
    diversify: Run, saved: Save, tiny: Problem, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    changes = (
        "--set",
        "offers[au].price=40",
        "--seed",
        "3",
        "--no-tie-break",
        "--time-limit",
        "9",
    )
    diversify("solve", saved(tiny), "--out", "out", *changes)
    record = json.loads((tmp_path / "out" / "run.json").read_text())
    monkeypatch.chdir(tmp_path / "out")
    again = diversify(*record["repeat"].split()[1:], "--json")
    first = json.loads((tmp_path / "out" / "result.json").read_text())
    second = json.loads(again.stdout)
    assert second["objective_usd"] == first["objective_usd"]
    assert second["record"]["inputs_hash"] == first["record"]["inputs_hash"]
    assert second["record"]["options"] == first["record"]["options"]


def test_existing_folder_is_left_alone_without_force(
    diversify: Run, saved: Save, tiny: Problem, tmp_path: Path
):
    path = saved(tiny)
    assert diversify("solve", path, "--out", "out").returncode == 0
    before = (tmp_path / "out" / "run.json").read_text()
    refused = diversify("solve", path, "--out", "out", "--seed", "7")
    assert refused.returncode == 2
    assert "exists already" in refused.stderr
    assert refused.stdout == ""
    assert (tmp_path / "out" / "run.json").read_text() == before
    assert diversify("solve", path, "--out", "out", "--seed", "7", "--force").returncode == 0
    assert json.loads((tmp_path / "out" / "run.json").read_text())["options"]["seed"] == 7
    assert sorted(item.name for item in tmp_path.iterdir()) == ["out", "problem.json"]


def test_force_never_replaces_what_no_run_wrote(
    diversify: Run, saved: Save, tiny: Problem, tmp_path: Path
):
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "one.jpg").write_text("x")
    run = diversify("solve", saved(tiny), "--out", "photos", "--force")
    assert run.returncode == 2
    assert (tmp_path / "photos" / "one.jpg").exists()


def test_full_disk_leaves_nothing_half_written(
    start: Callable[..., subprocess.Popen[str]], saved: Save, tiny: Problem, tmp_path: Path
):
    # no file may grow beyond a kilobyte
    small = ("sh", "-c", 'ulimit -f 1; exec "$@"', "sh")
    process = start("solve", saved(tiny), "--out", "out", before=small)
    answered, said = process.communicate(timeout=60)
    assert process.returncode == 2
    assert "2,200 USD" in answered
    assert "could not be written: File too large" in said
    assert [item.name for item in tmp_path.iterdir()] == ["problem.json"]


def test_log_goes_to_a_file_or_stderr(diversify: Run, saved: Save, tiny: Problem, tmp_path: Path):
    path = saved(tiny)
    diversify("solve", path, "--log", "solver.log")
    assert "HiGHS" in (tmp_path / "solver.log").read_text()
    shown = diversify("solve", path, "--log", "-", "--json")
    assert "HiGHS" in shown.stderr
    json.loads(shown.stdout)


@pytest.mark.parametrize(
    ("flag", "value"),
    [("--gap", "-1"), ("--threads", "0"), ("--time-limit", "nan"), ("--seed", "x")],
)
def test_wrong_option_exits_2_and_names_the_flag(
    diversify: Run, saved: Save, tiny: Problem, flag: str, value: str
):
    run = diversify("solve", saved(tiny), flag, value)
    assert run.returncode == 2
    assert flag in run.stderr
    assert "Traceback" not in run.stderr


def test_every_finding_is_listed_and_nothing_is_written(
    diversify: Run, saved: Save, tiny: Problem, tmp_path: Path
):
    tiny["offers"][0]["prise"] = 3
    tiny["offers"][1]["price"] = "ten dollars"
    tiny["demand"][0]["country"] = "UAS"
    run = diversify("solve", saved(tiny), "--json", "--out", "out")
    assert run.returncode == 2
    for place in ("offers[cn].prise", "offers[au].price", "demand[us].country"):
        assert place in run.stderr
    answer = json.loads(run.stdout)
    assert answer["valid"] is False
    assert len(answer["findings"]) >= 3
    assert answer["findings"][0]["nearest"] == "price"
    assert not (tmp_path / "out").exists()


def test_unknown_instance_names_the_nearest(diversify: Run):
    run = diversify("solve", "galium-usa")
    assert run.returncode == 2
    assert "gallium-usa" in run.stderr


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("broken.json", b'{"name": '),
        ("nan.json", b'{"name": NaN}'),
        ("deep.yaml", b"[" * 100_000),
        ("bomb.yaml", b"a: &a [1]\nb: &b [*a, *a]\nc: [*b, *b]\n"),
        ("binary.yaml", bytes(range(256))),
        ("empty.yaml", b""),
        ("missing.yaml", None),
    ],
)
def test_hostile_file_gets_a_finding_and_no_trace(
    diversify: Run, tmp_path: Path, name: str, content: bytes | None
):
    if content is not None:
        (tmp_path / name).write_bytes(content)
    run = diversify("solve", name)
    assert run.returncode == 2
    assert name in run.stderr
    assert "Traceback" not in run.stderr
    assert run.stdout == ""


def test_reader_that_stops_reading_changes_neither_code_nor_files(
    start: Callable[..., subprocess.Popen[str]], saved: Save, impossible: Problem, tmp_path: Path
):
    process = start("solve", saved(impossible), "--json", "--out", "out")
    assert process.stdout is not None
    process.stdout.close()
    _, said = process.communicate(timeout=30)
    assert process.returncode == 3
    assert "Traceback" not in said
    assert "BrokenPipe" not in said
    assert (tmp_path / "out" / "result.json").exists()


def test_interrupt_keeps_the_best_plan(
    start: Callable[..., subprocess.Popen[str]], saved: Save, hard: Problem
):
    process = start("solve", saved(hard), "--json", "--gap", "0")
    assert process.stderr is not None
    for line in process.stderr:
        if "best plan" in line:
            break
    process.send_signal(signal.SIGINT)
    answered, _ = process.communicate(timeout=30)
    assert process.returncode == 4
    answer = json.loads(answered)
    assert answer["status"] == {"stop": "cancelled", "point": "feasible"}
    assert answer["objective_usd"] >= answer["bound_usd"]
    assert answer["plan"] is not None


def test_interrupt_before_any_plan_exits_5(
    start: Callable[..., subprocess.Popen[str]], saved: Save, hard: Problem
):
    # so many periods that the first line of progress comes long before a plan can
    process = start("solve", saved(hard), "--set", "periods.count=25")
    assert process.stderr is not None
    process.stderr.readline()
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=30)
    assert process.returncode == 5


def test_time_limit_without_a_plan_exits_5(diversify: Run, saved: Save, hard: Problem):
    run = diversify("solve", saved(hard), "--time-limit", "0.01")
    assert run.returncode == 5
    assert "time_limit" in run.stdout


def test_prices_of_rules_are_told_and_kept_and_repeated(
    diversify: Run, saved: Save, tiny: Problem, tmp_path: Path
):
    run = diversify("solve", saved(tiny), "--prices", "--out", "out")
    assert run.returncode == 0, run.stderr
    # a point of the cap is 1 t, 20 USD cheaper in China, from 0 to 100 %
    assert (
        "cn-cap, max_share, a point: dual 20 USD, a step looser 20 USD, a step tighter 20 USD "
        "(the dual holds 40 points tighter and 40 looser)"
    ) in run.stdout
    with (tmp_path / "out" / "rule_prices.csv").open() as file:
        (row,) = csv.DictReader(file)
    assert float(row["dual"]) == pytest.approx(2000)
    assert "--prices" in json.loads((tmp_path / "out" / "run.json").read_text())["repeat"]


def test_a_name_that_ends_in_xlsx_gets_a_workbook(
    diversify: Run, saved: Save, tiny: Problem, tmp_path: Path
):
    out = tmp_path / "new" / "answer.xlsx"
    run = diversify("solve", saved(tiny), "--out", out)
    assert run.returncode == 0, run.stderr
    assert f"Wrote {out}." in run.stderr
    book = load_workbook(out)
    facts = {row[0]: row[1] for row in book["result"].iter_rows(values_only=True)}
    # 40 t at 10 USD/t and 60 t at 30 USD/t
    assert facts["objective"] == pytest.approx(2200)
    again = diversify("solve", saved(tiny), "--out", out)
    assert again.returncode == 2
    assert "exists already" in again.stderr
    assert diversify("solve", saved(tiny), "--out", out, "--force").returncode == 0
    (tmp_path / "folder.xlsx").mkdir()
    wrong = diversify("solve", saved(tiny), "--out", tmp_path / "folder.xlsx", "--force")
    assert "is a folder" in wrong.stderr
