"""Explain on the command line and over HTTP, on problems worked by hand."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Problem = dict[str, Any]
Run = Callable[..., Any]
Save = Callable[[Problem], Path]


def test_explain_names_the_clash_and_what_restores_a_plan(
    diversify: Run, saved: Save, impossible: Problem
):
    path = saved(impossible)
    run = diversify("explain", path)
    assert run.returncode == 3, run.stderr
    # 40 of 100 t from China, 50 from Australia
    assert "China may supply at most 40 % of gallium demand in 2026 (cn-cap)" in run.stdout
    assert "can sell at most 50 t of gallium in 2026" in run.stdout
    # 50 t at 10 and 50 t at 30 USD: 2,000 USD; 40 t at 10 and 60 t at 30 USD: 2,200 USD
    assert "China may supply at most 50 % of gallium demand (cn-cap)" in run.stdout
    assert "The plan then costs 2,000 USD." in run.stdout
    assert "10 t a year more from" in run.stdout
    mended = diversify("solve", path, "--set", "rules[cn-cap].max_share=0.5", "--json")
    assert mended.returncode == 0
    assert json.loads(mended.stdout)["objective_usd"] == pytest.approx(2000)


def test_every_remedy_in_the_json_is_an_edit_that_works(
    diversify: Run, saved: Save, impossible: Problem, tmp_path: Path
):
    path = saved(impossible)
    run = diversify("explain", path, "--json", "--out", "out")
    told = json.loads(run.stdout)
    assert json.loads((tmp_path / "out" / "explanation.json").read_text()) == told
    assert told["about"] == "infeasible"
    assert len(told["remedies"]) == 3
    for remedy in told["remedies"]:
        edits = [word for edit in remedy["edits"] for word in ("--set", edit)]
        mended = json.loads(diversify("solve", path, *edits, "--json").stdout)
        assert mended["objective_usd"] == pytest.approx(remedy["cost_usd"])


def test_explain_of_a_plan_says_what_binds(diversify: Run, saved: Save, tiny: Problem):
    run = diversify("explain", saved(tiny))
    assert run.returncode == 0, run.stderr
    # a point of the cap is 1 t, 20 USD cheaper in China
    assert "(cn-cap) binds in 2026: 1 point more of max share would save 20 USD." in run.stdout


def test_solve_explains_when_there_is_no_plan_unless_told_not_to(
    diversify: Run, saved: Save, impossible: Problem
):
    path = saved(impossible)
    run = diversify("solve", path)
    assert run.returncode == 3
    assert "--set 'rules[cn-cap].max_share=0.5'" in run.stdout
    # what has to give is told once
    assert run.stdout.count("10 t cannot be supplied") == 1
    silent = diversify("solve", path, "--diagnose", "never")
    assert silent.returncode == 3
    assert "--set" not in silent.stdout
    answer = json.loads(diversify("solve", path, "--json").stdout)
    assert answer["explanation"]["remedies"][0]["edits"] == ["rules[cn-cap].max_share=0.5"]


def test_solve_explains_a_plan_when_asked_to(diversify: Run, saved: Save, tiny: Problem):
    path = saved(tiny)
    assert "would save 20 USD" not in diversify("solve", path).stdout
    run = diversify("solve", path, "--diagnose", "always")
    assert run.returncode == 0
    assert "1 point more of max share would save 20 USD" in run.stdout
    wrong = diversify("solve", path, "--diagnose", "perhaps")
    assert wrong.returncode == 2


def test_a_refused_shortfall_is_explained(diversify: Run, saved: Save, short: Problem):
    path = saved(short)
    run = diversify("solve", path, "--fail-on-shortfall")
    assert run.returncode == 3
    assert "Unmet: us lacks 10 t (2026)." in run.stdout
    assert "--set 'rules[cn-cap].max_share=0.5'" in run.stdout
    assert "--set" not in diversify("solve", path).stdout


def test_explain_over_http_is_that_of_the_command_line(
    server: Any, diversify: Run, saved: Save, impossible: Problem
):
    told = json.loads(diversify("explain", saved(impossible), "--json").stdout)
    answer = server.http.post("/v1/explain", json={"problem": impossible})
    assert answer.status_code == 200, answer.text
    assert answer.json()["status"] == {"state": "complete"}
    result = answer.json()["result"]
    for field in ("about", "broken", "clash", "because", "remedies"):
        assert result[field] == told[field]
    wrong = server.http.post("/v1/explain", json={"problem": impossible, "remedy": 1})
    assert wrong.status_code == 422
    assert wrong.json()["findings"][0]["where"] == "remedy"


def test_why_a_supplier_is_in_the_plan_and_at_which_price_it_leaves(
    diversify: Run, saved: Save, tiny: Problem, tmp_path: Path
):
    path = saved(tiny)
    run = diversify("explain", path, "--why", "cn", "--json", "--out", "out")
    assert run.returncode == 0, run.stderr
    told = json.loads(run.stdout)
    assert json.loads((tmp_path / "out" / "why.json").read_text()) == told
    # 10 USD in China, 30 in Australia: the cap holds back 20 USD a tonne
    assert told["landed_usd"] == pytest.approx(10)
    assert told["marginal_usd"] == pytest.approx(30)
    assert told["limits"] == [{"table": "rules", "id": "cn-cap", "usd": pytest.approx(20)}]
    assert told["threshold"]["change_usd"] == pytest.approx(20)
    wrong = diversify("explain", path, "--why", "cnn")
    assert wrong.returncode == 2
    assert "Did you mean 'cn'?" in wrong.stderr


def _with_assumptions(problem: Problem) -> Problem:
    """Say that the cap, what Australia asks and whether it may be varied are assumptions."""
    problem["rules"][0]["assumption"] = {"max_share": "The planner's choice."}
    problem["offers"][1]["assumption"] = {"price": "A guess."}
    return problem


def test_what_a_plan_rests_on_is_told_on_the_command_line_and_kept(
    diversify: Run, saved: Save, tiny: Problem, tmp_path: Path
):
    path = saved(_with_assumptions(tiny))
    run = diversify("explain", path, "--assumptions", "--out", "out")
    assert run.returncode == 0, run.stderr
    # 40 t at 10 USD and 60 at 30: 1,800 of 2,200 USD are a guess, which is 81.8 %
    assert "Assumed: 81.8 % of the money in it" in run.stdout
    # a tenth of 1,800 USD; 4 t more or less from China at 20 USD each
    lines = {line.split()[0]: line.split()[1:] for line in run.stdout.splitlines() if "+" in line}
    assert lines["offers[au].price"] == ["+180", "USD", "-180", "USD"]
    assert lines["rules[cn-cap].max_share"] == ["-80", "USD", "+80", "USD"]
    told = json.loads((tmp_path / "out" / "evidence.json").read_text())
    assert told["accounts"] == [
        {
            "account": "purchase",
            "cost_usd": 2200.0,
            "assumed_usd": pytest.approx(1800),
            "assumed_share": pytest.approx(1800 / 2200),
        }
    ]
    head, first, _ = (tmp_path / "out" / "assumptions.csv").read_text().splitlines()
    assert head == "where,reason,up_usd,down_usd,up,down"
    assert first.startswith("offers[au].price,A guess.,")
    both = diversify("explain", path, "--assumptions", "--why", "cn")
    assert (both.returncode, "Ask one of them" in both.stderr) == (2, True)


def test_what_a_plan_rests_on_is_the_same_over_http(
    server: Any, diversify: Run, saved: Save, tiny: Problem, impossible: Problem
):
    problem = _with_assumptions(tiny)
    told = json.loads(diversify("explain", saved(problem), "--assumptions", "--json").stdout)
    answer = server.http.post("/v1/explain", json={"problem": problem, "assumptions": True})
    assert answer.status_code == 200, answer.text
    assert answer.json()["status"] == {"state": "complete"}
    result = answer.json()["result"]
    assert {**result, "seconds": 0} == {**told, "seconds": 0}
    both = {"problem": problem, "assumptions": True, "why": "cn"}
    assert server.http.post("/v1/explain", json=both).status_code == 422
    run = diversify("explain", saved(impossible), "--assumptions")
    assert (run.returncode, "there is no plan" in run.stdout) == (3, True)


def test_the_sheet_of_a_saved_result_is_written_as_text_json_and_page(
    diversify: Run, saved: Save, short: Problem, tmp_path: Path
):
    path = saved(short)
    assert diversify("solve", path, "--out", "run").returncode == 0
    run = diversify("sheet", "run", "--html", "sheet.html", "--out", "told")
    assert run.returncode == 0, run.stderr
    # 40 t from China and 50 from Australia: 10 t short
    assert "gallium (civil): 10 t, 10 % of the need, in 2026" in run.stdout
    plain = json.loads((tmp_path / "told" / "sheet.json").read_text())
    # half a tonne more from Australia at 30 in place of a shortfall at 1,000 USD
    assert plain["scarce"][0]["saving_usd"] == pytest.approx(485)
    assert "10 t, 10 % of the need" in (tmp_path / "sheet.html").read_text()
    again = diversify("sheet", "run", "--html", "sheet.html")
    assert again.returncode == 2
    assert "exists already" in again.stderr


def test_the_sheet_without_a_plan_explains(diversify: Run, saved: Save, impossible: Problem):
    run = diversify("sheet", saved(impossible), "--json")
    assert run.returncode == 3
    plain = json.loads(run.stdout)
    assert plain["cost_usd"] is None
    assert plain["explanation"]["remedies"]


def test_partners_are_told_on_the_command_line(
    diversify: Run, saved: Save, short: Problem, tmp_path: Path
):
    run = diversify("partners", saved(short), "--coalitions", "--out", "told")
    assert run.returncode == 0, run.stderr
    # without Australia 60 t go unmet in place of 10, at 1,000 in place of 30 USD
    assert "Without Australia 50 t of gallium more unmet." in run.stdout
    plain = json.loads((tmp_path / "told" / "partners.json").read_text())
    assert plain["losses"][0]["dearer_usd"] == pytest.approx(50 * 970)
    assert (tmp_path / "told" / "losses.csv").read_text().startswith("partner,")
    unknown = diversify("partners", saved(short), "--of", "AUZ")
    assert unknown.returncode == 2


def test_a_purse_is_read_with_its_unit(
    diversify: Run, saved: Save, short: Problem, tmp_path: Path
):
    run = diversify("purse", saved(short), "--budget", "0.0013 million USD", "--out", "told")
    assert run.returncode == 0, run.stderr
    plain = json.loads((tmp_path / "told" / "purse.json").read_text())
    # China 40 % of demand at 10, the rest at 30 USD: 400 + 900 leave 30 of 100 t unmet
    assert plain["bought"][0]["unmet"] == pytest.approx(0.3)
    assert diversify("purse", saved(short), "--goal", "best").returncode == 2
    assert diversify("purse", saved(short), "--budget", "5 t").returncode == 2


def test_instruments_are_turned_from_off_to_most(
    diversify: Run, saved: Save, tiny: Problem, tmp_path: Path
):
    deal = {"id": "deal", "offer": "au", "maximum": 0, "take_or_pay": 1, "price": 30}
    path = saved(tiny | {"contracts": [deal]})
    turn = "contracts[deal].maximum=0 t/yr,90 t/yr"
    run = diversify("instruments", path, "--outlay", "200 USD", "--turn", turn, "--out", "told")
    assert run.returncode == 0, run.stderr
    plain = json.loads((tmp_path / "told" / "instruments.json").read_text())
    # 60 t come from Australia anyway; 10 t more cost 20 USD each
    assert plain["effects"][0]["amount"] == pytest.approx(70, rel=1e-3)
    assert plain["effects"][0]["share"]["gallium"] == pytest.approx(0.7, rel=1e-3)
    assert diversify("instruments", path, "--outlay", "9", "--turn", f"{turn},5").returncode == 2
