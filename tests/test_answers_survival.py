"""Answers about what must be survived: cut-offs of one or two, worked by hand."""

from __future__ import annotations

import pytest

from instances import apply, load
from instances.edit import Edit
from optimizer import (
    Point,
    rule_prices,
    solve,
)
from tests.survival import ALONE, ALWAYS, CHINA, THREE, VAULT, g7, hold, ready


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
