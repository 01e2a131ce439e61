"""Answers about what must be survived: clashes, sweeps, scenarios, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest

from instances import apply
from instances.check import check
from instances.errors import InputError
from models import build
from optimizer import (
    Point,
    explain,
    frontier,
    parse_range,
    solve,
    stress,
    sweep,
    worth,
)
from optimizer.sweep.design import grid
from tests.survival import ALWAYS, CHINA, THREE, VAULT, g7, hold, ready


def test_no_other_rule_holds_in_a_cut_off() -> None:
    cap = {"id": "cap", "kind": "share_cap", "of": "AUS", "commodity": "metal", "max_share": 0.1}
    cap |= {"denominator": "demand"}
    # without CHN 30 t of AUS are 30 % of demand
    result = solve(ready(hold(), cap))
    assert result.objective == pytest.approx(5300)
    target = {"id": "reserve", "kind": "stock_target", "stockpile": "vault", "tonnes": 50}
    held = solve(ready(hold(), target | {"start": "2027-01-01"}))
    # 50 t are held at the end of either year: 150 x 50 + 2 x 50 x 6
    assert held.objective == pytest.approx(150 * 50 + 600)


def test_a_clash_names_the_rule_what_is_missing_and_what_would_do() -> None:
    problem = ready(hold(min_met=0.8), stockpiles=[VAULT[0] | {"capacity": 20}])
    result = solve(problem)
    assert result.status.point is Point.INFEASIBLE
    # 50 t come and 20 are held: 10 of 80 t are missing
    (gives,) = result.broken
    assert (gives.id, gives.amount, gives.unit) == ("hold", pytest.approx(10), "t")
    assert gives.sentence == (
        "If China is cut off for 1 yr, at least 80 % of civil demand for metal is met in 2027: "
        "10 t are missing."
    )
    told = explain(problem)
    edits = [edit for remedy in told.remedies for edit in remedy.edits]
    assert 'rules[hold].min_met={"2026": 0.8, "2027": 0.7}' in edits
    assert "stockpiles[vault].capacity=30.0" in edits
    assert "from 2027 on" in told.summary()


def test_a_plan_that_survives_is_explained_without_crying_shortfall() -> None:
    told = explain(g7(min_met=0.8)).summary()
    assert "stays unmet" not in told
    assert "1 point less of min met would save 6 USD" in told


def test_stress_confirms_what_was_asked() -> None:
    report = stress(solve(g7(min_met=0.8)), onsets=["2027"])
    met = {record.who: record.losses[0].met for record in report.records}
    assert met == pytest.approx({"CHN": 0.8, "AUS": 1.0, "KAZ": 1.0})


def test_sweep_and_frontier_move_the_part_that_is_met() -> None:
    # 50 t need not be held for 50 %, and each point more costs 6
    points = parse_range("rules[hold].min_met=0.5,0.6,0.8,1", g7())
    found = sweep(g7(), grid([points]), workers=1)
    costs = [record.objective_usd for record in found.records]
    assert costs == pytest.approx([5000, 5060, 5180, 5300])
    curve = frontier(g7(), "hold")
    assert curve.exact
    known = [(vertex.at, vertex.objective) for vertex in curve.vertices]
    assert known == [pytest.approx(point) for point in ((0, 5000), (0.5, 5000), (1, 5300))]


def banned(**fields: Any) -> dict[str, Any]:
    """Return what makes Australia stop in 2027, half the time."""
    ban = {"id": "ban", "of": "AUS", "availability": 0, "start": "2027-01-01", "length": "1 yr"}
    odds = [{"id": "calm", "probability": 0.5}]
    odds += [{"id": "banned", "probability": 0.5, "events": ["ban"]}]
    return {"events": [ban | fields], "scenarios": odds}


def test_a_cut_off_may_come_on_top_of_every_scenario() -> None:
    problem = ready(hold(of="CHN"), **banned())
    assert [(node.id, node.parent) for node in problem.nodes] == [
        ("2026", None),
        ("2027:banned", "2026"),
        ("2027:calm", "2026"),
        ("2027:banned without CHN from 2027", "2026"),
        ("2027:calm without CHN from 2027", "2026"),
    ]
    # with AUS banned and CHN cut off 20 t come, and 80 t are held: 5,000 + 80 x 6
    result = solve(problem)
    assert result.objective == pytest.approx(5480)
    assert result.scenarios["scenario"].tolist() == ["calm", "banned"]
    (row,) = result.survival.to_dict("records")
    assert (row["tightest"], row["met"]) == ("2027:banned", pytest.approx(1))
    # who knows that AUS will not be banned holds 50 t: 5,300, of which half the time 180 are saved
    report = worth(problem)
    assert report.table["foresight_usd"].tolist() == pytest.approx([5300, 5480])


def test_an_event_that_waives_the_rule_spares_its_scenarios() -> None:
    waived = ready(hold(of="CHN"), **banned(waives=["hold"]))
    assert [node.id for node in waived.nodes if node.cut_off is not None] == [
        "2027:calm without CHN from 2027"
    ]
    # the stock for the calm half is common: 50 t
    assert solve(waived).objective == pytest.approx(5300)
    # a year to rebuild after 2027: in 2028 the rule is not asked after the ban, either
    late = {"periods": THREE, "demand": ALWAYS} | banned(waives=["hold"], rebuild="1 yr")
    problem = ready(hold(of="CHN", start="2028-01-01"), **late)
    assert [node.parent for node in problem.nodes if node.cut_off is not None] == ["2027:calm"]
    # only in calm 50 t are held at the end of 2027, 300 USD half the time; the ban costs nothing
    assert solve(problem).objective == pytest.approx(15_150)


def test_what_is_certain_happens_in_cut_offs_too() -> None:
    # AUS stops for certain in 2027: 20 t come without CHN, and 80 t are held
    event = banned(certain=True)["events"]
    assert solve(ready(hold(of="CHN"), events=event)).objective == pytest.approx(5480)


def test_a_model_without_the_rule_has_its_rows_unchanged() -> None:
    plain, asked = build(g7().without_cut_offs), build(g7())
    assert len(plain.constraints["survival_met"]) == 0
    assert len(asked.constraints["survival_met"]) == 3
    for name, index in plain.constraints.items():
        assert set(index.rows()) <= set(asked.constraints[name].rows())


@pytest.mark.parametrize(
    ("fields", "where", "what"),
    [
        ({"of": {"each": ["CHN", "Chinaa"]}}, "rules[hold].of.each[1]", "names nobody"),
        ({"of": {"each": ["CHN", "FRA"]}}, "rules[hold].of", "has nothing to be cut off"),
        ({"of": {"each": ["CHN", "CHN"]}}, "rules[hold].of.each[1]", "stands twice"),
        ({"of": {"each": ["CHN"]}, "at_once": 2}, "rules[hold].of", "names 1 to cut off 2 of"),
        ({"of": "CHN", "at_once": 2}, "rules[hold]", "names nobody to pair"),
        ({"stages": ["metl"]}, "rules[hold].stages[0]", "names a stage that no commodity is at"),
        ({"commodities": ["ga"]}, "rules[hold].commodities[0]", "names a commodity that does not"),
        ({"commodities": ["metal"], "stages": ["metal"]}, "rules[hold]", "has both"),
        ({"buyers": ["XAB"]}, "rules[hold].buyers[0]", "is neither a country nor a group"),
        ({"buyers": ["XAA"]}, "rules[hold].of", "no lane carries them"),
        ({"demand_classes": ["army"]}, "rules[hold].demand_classes[0]", "a class that no demand"),
        ({"start": "2031-01-01"}, "rules[hold].start", "lets the rule hold in no period"),
        ({"start": None, "end": "2026-06-01"}, "rules[hold].end", "leaves no onset"),
        ({"min_met": 1.2}, "rules[hold].min_met", "is above 1"),
        ({"length": "soon"}, "rules[hold].length", ""),
    ],
)
def test_what_is_refused(fields: dict[str, Any], where: str, what: str) -> None:
    with pytest.raises(InputError) as caught:
        g7(**fields)
    found = {finding.where: str(finding) for finding in caught.value.findings}
    assert where in found, found
    assert what in found[where]


def test_too_large_a_tree_is_refused_with_its_counts() -> None:
    offers = [
        {"id": f"o-{number}", "supplier": f"S{number}", "country": "CHN", "commodity": "metal"}
        | {"price": 50, "capacity": 5}
        for number in range(40)
    ]
    names = {"each": [f"S{number}" for number in range(40)]}
    months = {"start": "2026-01-01", "count": 48, "length": "1 month"}
    with pytest.raises(InputError) as caught:
        ready(hold(of=names, at_once=2, start=None), offers=offers, periods=months)
    # 40 x 39 / 2 pairs from 47 onsets; a year of 12 months but for the last eleven onsets:
    # 36 x 12 + (11 + 10 + ... + 1) = 498 nodes each
    (finding,) = caught.value.findings
    assert finding.where == "rules[hold]"
    assert "780 cases from 47 onsets take 388,440 nodes" in str(finding)


def test_an_unlimited_offer_cannot_be_cut_off_for_a_part_of_a_period() -> None:
    offers = [CHINA | {"price": 50}]
    with pytest.raises(InputError, match="nothing is taken from what is unlimited"):
        ready(hold(of="CHN", length="6 months"), offers=offers, periods=THREE, demand=ALWAYS)
    assert ready(hold(of="CHN"), offers=offers).cut_offs


def test_the_referee_counts_what_is_met_by_itself() -> None:
    result = solve(g7(min_met=0.8))
    tighter = apply(result.problem, ["rules[hold].min_met=0.9"])
    (fault,) = check(tighter, result.plan).faults
    assert fault == (
        "Rule 'hold' (CHN, metal/civil) in 2027:without CHN from 2027 is broken by 10 t: 0.8 "
        "against a limit of 0.9 (fraction), with 0 t declared beyond it."
    )


def test_a_result_with_cut_offs_comes_back_from_plain_data() -> None:
    result = solve(g7(min_met=0.8))
    again = type(result).from_plain(result.to_plain())
    assert again.summary() == result.summary()
    assert again.survival.equals(result.survival)
