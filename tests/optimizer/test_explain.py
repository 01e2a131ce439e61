"""Explain: a clash worked by hand, shortfall, loops that make money, and what binds in a plan."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from instances import apply
from optimizer import Options, explain, solve

if TYPE_CHECKING:
    from collections.abc import Callable

    from instances import Problem

    Make = Callable[..., Any]


def cap(rule: Make, share: Any, **more: Any) -> dict[str, Any]:
    return rule("share_cap", id="cn", of="CHN", max_share=share, denominator="demand", **more)


@pytest.fixture
def clash(three_sellers: Make, rule: Make, need: Make) -> Problem:
    """Return G1 with hard demand and a cap of 10 % on China: 10 + 30 + 50 of 100 t."""
    return three_sellers(cap(rule, 0.1), demand=[need(100)])


def test_a_clash_is_told_with_its_remedies_by_cost(clash: Problem):
    told = explain(clash)
    found = [(item.edits, item.cost_usd) for item in told.remedies]
    assert [edits for edits, _ in found] == [
        ("rules[cn].max_share=0.2",),
        ("offers[aus].capacity=40.0",),
        # a tenth of what is needed and 80 t: 88.89 t, rounded towards less; third at the latest
        ("demand[us].quantity=88.88",),
        ("offers[kaz].capacity=60.0",),
    ]
    # 20*50 + 30*80 + 50*95; 10*50 + 40*80 + 50*95; 8.888*50 + 30*80 + 49.992*95;
    # 10*50 + 30*80 + 60*95
    costs = [8150, 8450, 444.4 + 2400 + 4749.24, 8600]
    assert [cost for _, cost in found] == pytest.approx(costs)
    assert told.irreducible
    assert told.because == (
        "China may supply at most 10 % of metal demand in 2026 (cn)",
        "United States needs 100 t of metal in 2026 (us)",
        "AUS mine (Australia) and KAZ mine (Kazakhstan) together can sell at most 80 t of metal "
        "in 2026",
    )
    text = told.summary()
    assert "Because\n  China may supply at most 10 % of metal demand in 2026" in text
    assert "10 t a year more from AUS mine (Australia). The plan then costs 8,450 USD." in text
    assert "--set 'rules[cn].max_share=0.2'" in text


def test_a_result_explains_itself_and_its_numbers_are_json(clash: Problem):
    told = solve(clash).explain()
    plain = json.loads(told.to_json())
    assert plain["about"] == "infeasible"
    assert plain["complete"] is True
    assert {"table": "rules", "id": "cn", "nodes": ["2026"]} in plain["clash"]
    first = plain["remedies"][0]
    assert first["steps"] == [
        {
            "table": "rules",
            "id": "cn",
            "field": "max_share",
            "unit": "fraction",
            "amount": pytest.approx(0.1),
        }
    ]
    assert solve(apply(clash, first["edits"])).objective == pytest.approx(first["cost_usd"])


def test_only_the_dates_that_clash_are_moved(three_sellers: Make, rule: Make, need: Make):
    years = {"start": "2026-01-01", "count": 3, "length": "1 yr"}
    problem = three_sellers(
        cap(rule, {2026: 0.1, 2028: 0.3}), demand=[need({2026: 80, 2027: 100})], periods=years
    )
    # 2026: 8 + 80 t of 80; 2027: 10 + 80 of 100 t, 10 t short; 2028: 30 + 80 of 100
    told = explain(problem)
    assert [(item.node, item.amount) for item in told.broken] == [("2027", pytest.approx(10))]
    edits = [edit for item in told.remedies for edit in item.edits]
    assert 'rules[cn].max_share={"2026": 0.2, "2028": 0.3}' not in edits
    assert "rules[cn].max_share[2026-01-01]=0.2" in edits
    assert 'offers[aus].capacity={"2026": 30.0, "2027": 40.0}' in edits


def test_where_no_single_change_is_enough_pairs_are(problem_of: Make, offer: Make, need: Make):
    # each metal lacks 5 t, and no record is about both
    two = [{"id": id, "stage": "metal", "basis": "product"} for id in ("metal", "powder")]
    problem = problem_of(
        commodities=two,
        offers=[offer("AUS", 10, 5), offer("CHN", 10, 5, commodity="powder")],
        demand=[need(10), need(10, id="army", commodity="powder")],
    )
    told = explain(problem)
    assert all(len(item.steps) == 2 for item in told.remedies)
    assert any(
        set(item.edits) == {"offers[aus].capacity=10.0", "offers[chn].capacity=10.0"}
        for item in told.remedies
    )
    for remedy in told.remedies:
        assert solve(apply(problem, remedy.edits)).has_plan
    assert "No single change is enough" in told.summary()


def test_a_shortfall_is_explained_as_if_it_were_not_allowed(three_sellers: Make, rule: Make):
    # 100 t, of which 10 + 30 + 50 can be had
    told = explain(three_sellers(cap(rule, 0.1)))
    assert told.about == "shortfall"
    assert told.remedies[0].edits == ("rules[cn].max_share=0.2",)
    assert "Unmet: us lacks 10 t (2026)." in told.summary()


def test_a_shortfall_of_choice_says_what_meeting_it_would_cost(
    problem_of: Make, offer: Make, need: Make
):
    # 30 t at 80 USD; the other 70 t at 95 or short at 90: 350 USD dearer to have them
    problem = problem_of(
        offers=[offer("AUS", 80, 30), offer("KAZ", 95, 100)], demand=[need(100, 90)]
    )
    told = explain(problem)
    assert (told.about, told.dearer_usd) == ("shortfall", pytest.approx(350))
    assert "All of it could be met, for 350 USD more" in told.summary()


def test_the_loop_that_makes_money_is_named(problem_of: Make, offer: Make):
    problem = problem_of(
        offers=[offer("CHN", 10)],
        outlets=[{"id": "sink", "commodity": "metal", "country": "CHN", "price": 11}],
    )
    told = explain(problem)
    assert told.about == "unbounded"
    assert "offers[chn], outlets[sink]" in told.summary()


def test_what_binds_is_told_with_what_a_step_saves(three_sellers: Make, rule: Make):
    rules = [
        cap(rule, 0.6),
        rule("share_cap", id="au", of="AUS", max_share=0.31, denominator="demand"),
        rule("share_cap", id="kz", of="KAZ", max_share=0.5, denominator="demand"),
    ]
    told = explain(three_sellers(*rules))
    # 60 t of China, 30 of Australia, 10 of Kazakhstan: a point more is 1 t at 50, not at 95 USD
    assert [(item.kind, item.rule) for item in told.binding] == [
        ("costs", "cn"),
        ("near", "au"),
        ("free", "kz"),
    ]
    assert told.binding[0].saving_usd == pytest.approx(45)
    assert told.binding[1].room == pytest.approx(1)
    text = told.summary()
    assert "(cn) binds in 2026: 1 point more of max share would save 45 USD." in text
    assert "(au) nearly binds in 2026: 1 t of room is left in 2026." in text
    assert "(kz) costs nothing, because the cheapest plan keeps it anyway: at least 40 t" in text


def test_a_rule_that_binds_for_nothing_says_why(three_sellers: Make, rule: Make):
    # nobody else is as cheap: the cap on China binds, and so does that on its supplier
    told = explain(
        three_sellers(
            cap(rule, 0.6),
            rule("share_cap", id="mine", of="CHN mine", max_share=0.6, denominator="demand"),
        )
    )
    kinds = {item.rule: item.kind for item in told.binding}
    assert set(kinds.values()) == {"free"}
    assert "binds in 2026 but costs nothing, because" in told.summary()


def test_an_explanation_without_time_says_so(clash: Problem):
    told = solve(clash).explain(Options(time_limit=1e-6))
    assert not told.complete
    assert "there may be more to find" in told.summary()
