"""Answers about what must be survived: cut-offs of one or two, worked by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from instances import apply, load
from instances.check import check
from instances.edit import Edit
from instances.errors import InputError
from instances.parse import parse
from models import build
from optimizer import (
    Point,
    explain,
    frontier,
    parse_range,
    rule_prices,
    solve,
    stress,
    sweep,
    worth,
)
from optimizer.sweep.design import grid

if TYPE_CHECKING:
    from instances.problem import Problem

YEARS: dict[str, Any] = {"start": "2026-01-01", "count": 2, "length": "1 yr"}
EACH = {"each": ["CHN", "AUS", "KAZ"]}


def hold(**fields: Any) -> dict[str, Any]:
    return {
        "id": "hold",
        "kind": "survival",
        "of": EACH,
        "start": "2027-01-01",
        "length": "1 yr",
        "min_met": 1,
    } | fields


def g7(**fields: Any) -> Problem:
    """Return the shipped G7 with the rule in place of its scenarios of probability 0."""
    plain = load("survival").to_plain()
    return parse(plain | {"events": [], "scenarios": [], "rules": [hold(**fields)]})


def ready(*rules: dict[str, Any], **tables: Any) -> Problem:
    """Return G7 with other rules and tables."""
    plain = load("survival").to_plain() | {"events": [], "scenarios": [], "rules": list(rules)}
    return parse(plain | tables)


@pytest.mark.parametrize(("part", "cost"), [(1.0, 5300), (0.8, 5180), (0.6, 5060), (0.5, 5000)])
def test_the_rule_says_what_scenarios_of_probability_0_said(part: float, cost: float) -> None:
    # without CHN 30 + 20 t come: 100 part - 50 t are held at 6, 100 t are bought at 50
    assert solve(g7(min_met=part)).objective == pytest.approx(cost)
    if part < 1:
        slices = [{"share": 1 - part, "cost": 400}]
        by_hand = apply(
            load("survival"), [Edit(select="demand[need].shortfall_cost", value=slices)]
        )
        assert solve(by_hand).objective == pytest.approx(cost)


def test_cut_offs_are_told_apart_from_what_may_come_about() -> None:
    result = solve(g7(min_met=0.8))
    assert [node.id for node in result.problem.nodes] == [
        "2026",
        "2027",
        "2027:without AUS from 2027",
        "2027:without CHN from 2027",
        "2027:without KAZ from 2027",
    ]
    for name, table in result.tables().items():
        if "node" in table and name != "rules":
            assert set(table["node"]) <= {"2026", "2027"}, name
    assert result.unmet["unmet_t"].sum() == 0
    assert result.warnings == ()
    # a plan holds every node: 30 t from AUS, 20 from KAZ, 30 out of the vault
    bought = result.plan.purchases
    cut = bought[bought["node"] == "2027:without CHN from 2027"]
    assert dict(zip(cut["offer"], cut["tonnes"], strict=True)) == pytest.approx(
        {"australia": 30, "kazakhstan": 20}
    )


def test_the_table_and_the_summary_name_the_tightest_cut_off_and_its_price() -> None:
    result = solve(g7(min_met=0.8))
    table = result.survival.set_index("who").astype(object)
    # a point is 1 t a year earlier in stock, at 6
    assert table.loc["CHN"]["shadow_price_usd"] == pytest.approx(600)
    assert table.loc["CHN"]["met"] == pytest.approx(0.8)
    assert (table.loc["CHN"]["onset"], table.loc["CHN"]["until"]) == ("2027-01-01", "2028-01-01")
    # the 30 t held and CHN are more than enough without the others: all is met
    assert table.loc["AUS"]["met"] == pytest.approx(1)
    assert not table.loc["AUS"]["binds"]
    text = result.summary()
    assert (
        "hold: Whichever of China, Australia and Kazakhstan is cut off for 1 yr from 2027-01-01 "
        "on, at least 80 % of demand of each class is met."
    ) in text
    assert (
        "3 cut-offs; tightest: China from 2027, 80 % of civil demand for metal met in 2027 (20 t "
        "unmet); a point less would save 6 USD."
    ) in text
    assert "Every demand is met in full." in text
    rules = result.rules
    assert list(rules["who"]) == ["CHN", "AUS", "KAZ"]
    assert rules["shadow_price_usd"].tolist() == pytest.approx([600, 0, 0])


def test_a_saving_is_what_a_step_saves() -> None:
    (row,) = rule_prices(g7(min_met=0.8)).to_dict("records")
    assert row["dual"] == pytest.approx(600)
    assert row["relaxing"] == pytest.approx(600)
    assert row["tightening"] == pytest.approx(600)


def test_any_two_may_be_cut_off() -> None:
    # the worst pair is CHN and AUS: 20 t come from KAZ, and 80 t are held: 5,000 + 80 x 6
    result = solve(g7(at_once=2))
    assert result.objective == pytest.approx(5480)
    table = result.survival.set_index("who")
    assert list(table.index) == ["CHN+AUS", "CHN+KAZ", "AUS+KAZ"]
    assert table["shadow_price_usd"].tolist() == pytest.approx([600, 0, 0])
    assert "Whichever two of China, Australia and Kazakhstan are cut off" in result.summary()
    assert "tightest: China and Australia from 2027" in result.summary()


def test_a_list_without_each_is_cut_off_together() -> None:
    # all three: nothing comes, and 100 t are held
    assert solve(g7(of=["CHN", "AUS", "KAZ"])).objective == pytest.approx(5600)
    assert len(g7(of=["CHN", "AUS", "KAZ"]).cut_offs) == 1


def test_suppliers_may_stand_in_a_list() -> None:
    # without the supplier in Australia 200 + 20 t come: nothing need be held
    problem = g7(of={"each": ["Australia", "Kazakhstan"]})
    assert [cut.who for cut in problem.cut_offs] == ["Australia", "Kazakhstan"]
    assert solve(problem).objective == pytest.approx(5000)


THREE: dict[str, Any] = YEARS | {"count": 3}
ALWAYS = [{"id": "need", "commodity": "metal", "country": "XAA", "quantity": 100}]


def test_the_onset_may_come_at_every_period_end() -> None:
    # 100 t are needed in each of three years; without a start onsets are those of 2027 and 2028,
    # and 50 t are held at the end of 2026 and of 2027: 2 x 50 x 6; they replace 50 t in 2028
    result = solve(ready(hold(start=None), periods=THREE, demand=ALWAYS))
    assert result.objective == pytest.approx(3 * 5000 + 2 * 50 * 6)
    assert sorted({cut.start.year for cut in result.problem.cut_offs}) == [2027, 2028]
    held = result.stocks.set_index("node")["stock_t"].to_dict()
    assert held == pytest.approx({"2026": 50, "2027": 50, "2028": 0})


def test_onsets_lie_between_the_dates_of_the_rule() -> None:
    # from 2028 on: 50 t are held at the end of 2027 only
    late = solve(ready(hold(start="2028-01-01"), periods=THREE, demand=ALWAYS))
    assert late.objective == pytest.approx(3 * 5000 + 50 * 6)
    # before 2028: at the end of 2026 only, and they replace 50 t in 2027
    early = solve(ready(hold(start=None, end="2028-01-01"), periods=THREE, demand=ALWAYS))
    assert early.objective == pytest.approx(3 * 5000 + 50 * 6)


def test_a_longer_cut_off_takes_more() -> None:
    # two years from 2027 on take 2 x 50 t at the end of 2026; those from 2028 on, of which the
    # horizon has one, 50 t at the end of 2027: (100 + 50) x 6
    result = solve(ready(hold(length="2 yr"), periods=THREE, demand=ALWAYS))
    assert result.objective == pytest.approx(3 * 5000 + 150 * 6)
    lengths = [node for node in result.problem.nodes if node.cut_off is not None]
    # three sellers: two nodes from 2027, one from 2028, since the horizon ends
    assert len(lengths) == 3 * 3


def test_what_comes_after_a_cut_off_is_not_asked() -> None:
    problem = ready(hold(start=None), periods=THREE, demand=ALWAYS)
    assert {node.period.label for node in problem.nodes if node.cut_off is not None} == {
        "2027",
        "2028",
    }
    assert not any(node.last for node in problem.nodes if node.cut_off is not None)
    assert sum(node.cut_off is not None for node in problem.nodes) == 3 * 2


VAULT = [{"id": "vault", "commodity": "metal", "country": "XAA", "holding_cost": 6}]
CHINA = {"id": "china", "supplier": "China", "country": "CHN", "commodity": "metal"}
ALONE = [CHINA | {"price": 50, "capacity": 200}]


def test_where_nobody_else_sells_stock_is_held() -> None:
    # 100 t a year earlier: 100 x 50 + 100 x 6
    problem = ready(hold(of="CHN"), offers=ALONE, stockpiles=VAULT)
    assert solve(problem).objective == pytest.approx(5600)


def test_where_nothing_can_be_held_a_seller_is_qualified_in_time() -> None:
    # another sells at 80 once it is qualified for 250, which nobody can do in a cut-off
    other = {"id": "au", "supplier": "A", "country": "AUS", "commodity": "metal", "price": 80}
    other |= {"capacity": 100, "qualification_cost": 250, "qualification_time": 365}
    problem = ready(hold(of="CHN"), offers=[*ALONE, other], stockpiles=[])
    result = solve(problem)
    assert result.objective == pytest.approx(5250)
    assert result.plan.qualifications.query("on > 0")["node"].tolist() == ["2026"]
    # at 6 a tonne stock takes 600; at 2 it takes 200 and nobody is qualified
    cheap = ready(
        hold(of="CHN"), offers=[*ALONE, other], stockpiles=[VAULT[0] | {"holding_cost": 2}]
    )
    assert solve(cheap).objective == pytest.approx(5200)


def test_where_nothing_can_be_held_a_plant_is_built_in_time() -> None:
    # 100 t a year of a mine at home, decided a year before at 4 a tonne a year: 5,000 + 400; it
    # is dearer to run (90) than to buy, so that it stands idle while nobody is cut off
    mine = {"id": "mine", "country": "XAA", "capacity": 0}
    mine |= {"processes": [{"id": "dig", "outputs": {"metal": 1}, "cost": 90}]}
    pit = {"id": "pit", "facility": "mine", "size": 150, "capex": 4, "capex_mode": "lump"}
    problem = ready(
        hold(of="CHN"),
        offers=ALONE,
        stockpiles=[],
        facilities=[mine],
        expansions=[pit | {"lead_time": 365}],
    )
    result = solve(problem)
    assert result.objective == pytest.approx(5400)
    assert result.builds["size_t_per_yr"].tolist() == pytest.approx([100])
    assert result.production["made_t"].sum() == pytest.approx(0)


def test_goods_at_sea_before_the_onset_arrive() -> None:
    # 73 days at sea: of what is loaded evenly in 2027 a fifth arrives in 2028. 100 t are needed in
    # each of 2027 and 2028 and nothing can be held; what is under way at the onset of 2028 arrives
    lane = {"id": "sea", "origin": "CHN", "destination": "XAA", "commodities": ["metal"]}
    problem = ready(
        hold(of="CHN", start="2028-01-01", min_met=0.2),
        offers=[CHINA | {"price": 50, "capacity": 125}],
        stockpiles=[],
        lanes=[lane | {"lead_time": 73}],
        periods=THREE,
        demand=[ALWAYS[0] | {"quantity": {2026: 0, 2027: 100, 2028: 100}, "shortfall_cost": 900}],
    )
    result = solve(problem)
    # 125 t loaded in 2027 at most: 100 arrive then, 25 of which 100 x 0.2 are asked, in 2028
    (row,) = result.survival.to_dict("records")
    assert row["met"] == pytest.approx(0.25, abs=1e-3)
    assert solve(apply(problem, ["rules[hold].min_met=0.26"])).status.point is Point.INFEASIBLE


def test_a_release_counts_as_declared_while_somebody_is_cut_off() -> None:
    # the reserve opens with 60 t, and half of what is held may be released in a year: 30 t, which
    # with 50 t are 80 %. Each point more takes 2 t more in it, at 50
    reserve = VAULT[0] | {"opening": 60, "holding_cost": 0, "release": "declared", "pace": 0.5}
    for part, more in ((0.8, 0), (0.9, 20)):
        result = solve(ready(hold(min_met=part), stockpiles=[reserve]))
        assert result.objective == pytest.approx(5000 + 50 * more)
        # nothing is released while nobody is cut off
        assert result.stocks["draw_t"].sum() == pytest.approx(0)
        assert result.stocks["stock_t"].max() == pytest.approx(60 + more)


def test_classes_that_are_not_named_may_go_without() -> None:
    needs = [
        {"id": "army", "commodity": "metal", "country": "XAA", "demand_class": "defence"}
        | {"quantity": {2026: 0, 2027: 60}},
        {"id": "all", "commodity": "metal", "country": "XAA", "quantity": {2026: 0, 2027: 40}},
    ]
    # without CHN 50 t come: defence takes 60, so that 10 t are held
    army = solve(ready(hold(demand_classes=["defence"]), demand=needs))
    assert army.objective == pytest.approx(5000 + 10 * 6)
    # with half of civil demand as well 80 t are met: 30 t are held
    both = (hold(demand_classes=["defence"]), hold(id="half", min_met=0.5))
    result = solve(ready(*both, demand=needs))
    assert result.objective == pytest.approx(5000 + 30 * 6)
    # the two rules ask about the same three cut-offs
    assert len(result.problem.cut_offs) == 3
    assert set(result.survival["demand_class"]) == {"defence", "civil"}


def test_goods_that_are_not_named_are_not_cut_off() -> None:
    # only what Australia sells of another good is cut off
    other = {"id": "ore", "stage": "mine", "basis": "product"}
    plain = load("survival").to_plain()
    ore = {"id": "au-ore", "supplier": "A", "country": "AUS", "commodity": "ore", "price": 1}
    problem = ready(
        hold(of={"each": ["AUS"]}, stages=["mine"]),
        commodities=[*plain["commodities"], other],
        offers=[*plain["offers"], ore],
    )
    assert solve(problem).objective == pytest.approx(5000)
    assert len(problem.cut_offs) == 1


def test_a_group_is_cut_off_member_by_member_as_far_as_they_sell() -> None:
    groups = {"all": ["CHN", "AUS", "KAZ", "FRA"]}
    problem = ready(hold(of={"each": "all"}), groups=groups)
    assert [cut.who for cut in problem.cut_offs] == ["AUS", "CHN", "KAZ"]
    assert solve(problem).objective == pytest.approx(5300)


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
