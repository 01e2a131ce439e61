"""Compare: a bridge of two causes that interact, worked by hand; who gains; ties told."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from instances import apply, load
from instances.record import with_fields
from optimizer import Comparison, Options, compare, solve

if TYPE_CHECKING:
    from collections.abc import Callable

    from instances import Problem

    Make = Callable[..., Any]


def cap(rule: Make, share: Any) -> dict[str, Any]:
    return rule("share_cap", id="cn", of="CHN", max_share=share, denominator="demand")


def averaged(found: Comparison) -> dict[str, float]:
    return {pillar.cause: pillar.shapley_usd for pillar in found.bridge.pillars}


@pytest.fixture
def two_causes(three_sellers: Make, rule: Make) -> tuple[Problem, Problem]:
    """Return G1 at a cap of 60 %, and at 50 % with Kazakhstan at 100 instead of 95 USD."""
    first = three_sellers(cap(rule, 0.6))
    return first, apply(first, ["rules[cn].max_share=0.5", "offers[kaz].price=100"])


def test_a_bridge_of_two_causes_with_interaction(two_causes: tuple[Problem, Problem]):
    found = compare(*two_causes)
    # 60*50 + 30*80 + 10*95 = 6350; price alone 60*50 + 30*80 + 10*100 = 6400;
    # cap alone 50*50 + 30*80 + 20*95 = 6800; both 50*50 + 30*80 + 20*100 = 6900
    assert (found.bridge.before_usd, found.bridge.after_usd) == pytest.approx((6350, 6900))
    ordered = {pillar.cause: pillar.ordered_usd for pillar in found.bridge.pillars}
    # the price first: 50, then the cap 500; the cap first: 450, then the price 100
    assert ordered == pytest.approx({"price": 50, "cap": 500})
    assert averaged(found) == pytest.approx({"price": 75, "cap": 475})
    assert found.bridge.exact
    assert [(item.path, item.cause, item.old, item.new) for item in found.differences] == [
        ("offers[kaz].price", "price", 95, 100),
        ("rules[cn].max_share", "cap", 0.6, 0.5),
    ]
    text = found.summary()
    assert "offers[kaz].price (price): 95 -> 100" in text
    assert "Cost: 6,350 USD -> 6,900 USD" in text
    assert "+475 USD on average over orders, +500 USD taken in this order" in text
    assert "China, metal, 2026: -10 t (60 % -> 50 %)\n" in text


def test_who_gains_and_loses_is_determined_here(two_causes: tuple[Problem, Problem]):
    found = compare(*(solve(problem) for problem in two_causes))
    moved = {item.country: (item.change_t, item.determined) for item in found.volumes}
    assert moved == {"CHN": (pytest.approx(-10), True), "KAZ": (pytest.approx(10), True)}
    plain = json.loads(found.to_json())
    assert plain["volumes"][0]["change_t"] == pytest.approx(-10)
    assert {row["cause"] for row in plain["causes"]} == {"price", "cap"}


def test_the_way_back_is_the_way_there_turned_round(two_causes: tuple[Problem, Problem]):
    first, second = two_causes
    there, back = averaged(compare(first, second)), averaged(compare(second, first))
    assert back == pytest.approx({cause: -amount for cause, amount in there.items()})


def test_tied_shares_are_told(problem_of: Make, offer: Make, need: Make):
    # 10 t of whoever: Australia and Kazakhstan ask the same
    sellers = [offer("AUS", 80), offer("KAZ", 80)]
    first = problem_of(offers=sellers, demand=[need(10)])
    second = problem_of(offers=sellers, demand=[need(30)])
    found = compare(first, second)
    assert averaged(found) == pytest.approx({"demand": 1600})
    assert {item.determined for item in found.volumes} == {False}
    assert "(tied: other plans cost the same)" in found.summary()


def test_a_step_without_a_plan_leaves_its_orders_out(problem_of: Make, offer: Make, need: Make):
    first = problem_of(offers=[offer("AUS", 80, 10)], demand=[need(10)])
    second = problem_of(offers=[offer("AUS", 80, 30)], demand=[need(20)])
    # more is needed before there is more to sell: no plan; the other order is left
    found = compare(first, second)
    demand, _ = found.bridge.pillars
    assert (demand.cause, demand.ordered_usd) == ("demand", None)
    assert averaged(found) == pytest.approx({"demand": 800, "capacity": 0})
    assert "1 of 2 orders have no plan at some step" in found.summary()
    assert not found.bridge.exact


def test_records_that_come_and_go_have_a_cause(three_sellers: Make, rule: Make, offer: Make):
    first = three_sellers(cap(rule, 0.6), sources=[{"id": "law", "title": "A law"}])
    second = three_sellers(
        rule("share_floor", id="kz", of="KAZ", min_share=0.2, denominator="demand"),
        offers=[
            offer("CHN", 50, 200),
            offer("AUS", 80, 30),
            offer("KAZ", 95, 50),
            offer("BRA", 1, source={"price": "survey"}),
        ],
        # on the way between them its records name it, too
        sources=[{"id": "survey", "title": "A survey"}],
    )
    found = compare(first, second)
    assert [(item.path, item.cause) for item in found.differences] == [
        ("offers[bra]", "capacity"),
        ("rules[cn]", "cap"),
        ("rules[kz]", "target"),
    ]
    # 80*1 + 20*95
    assert found.bridge.after_usd == pytest.approx(1980)
    assert sum(averaged(found).values()) == pytest.approx(1980 - 6350)


def test_what_has_no_plan_has_no_bridge(three_sellers: Make, rule: Make, need: Make):
    first = three_sellers(cap(rule, 0.6))
    second = three_sellers(cap(rule, 0.1), demand=[need(100)])
    found = compare(first, second)
    assert found.bridge.pillars == ()
    assert found.volumes == ()
    assert "The second has no plan" in found.summary()


def test_nothing_differs_between_a_problem_and_itself(two_causes: tuple[Problem, Problem]):
    first, _ = two_causes
    assert "nothing differs" in compare(first, first).summary()


def test_a_real_bridge_adds_up_to_the_difference():
    first = load("gallium-usa")
    second = apply(
        first,
        [
            "rules[cn-cap].max_share[2030]=0.2",
            "offers[*].price*=1.1",
            "demand[*].quantity*=1.2",
            "rules[ga-cover].cover_days*=1.5",
        ],
    )
    found = compare(first, second)
    causes = averaged(found)
    assert set(causes) == {"demand", "price", "cap", "target"}
    assert found.bridge.before_usd is not None
    assert found.bridge.after_usd is not None
    total = found.bridge.after_usd - found.bridge.before_usd
    assert sum(causes.values()) == pytest.approx(total, rel=1e-9)
    ordered = [pillar.ordered_usd or 0.0 for pillar in found.bridge.pillars]
    assert sum(ordered) == pytest.approx(total, rel=1e-9)
    assert solve(second).objective == pytest.approx(found.bridge.after_usd, rel=1e-9)


def test_a_comparison_without_time_says_so(two_causes: tuple[Problem, Problem]):
    first, second = (solve(problem) for problem in two_causes)
    found = compare(first, second, Options(time_limit=1e-6))
    assert not found.complete
    # both have a plan
    assert found.bridge.notes == (
        "Time was over before the costs at both ends of a bridge were found.",
    )
    assert "has no plan" not in found.summary()


def test_volumes_over_different_trees_are_expected_by_period(every_branch: Problem):
    """Half the time China's 100 t of 2027 are 30 t from Australia and 50 t from Kazakhstan."""
    uncertain = apply(every_branch, ["risk=null"])
    certain = with_fields(uncertain, scenarios=(), events=())
    told = compare(certain, uncertain)
    assert not told.same_tree
    found = {(item.country, item.node): (item.before_t, item.after_t) for item in told.volumes}
    assert found == {
        ("CHN", "2027"): pytest.approx((100, 50)),
        ("AUS", "2027"): pytest.approx((0, 15)),
        ("KAZ", "2027"): pytest.approx((0, 25)),
    }
    assert all(item.determined for item in told.volumes)
    china = next(item for item in told.volumes if item.country == "CHN")
    assert (china.before_share, china.after_share) == pytest.approx((1, 0.5))
    assert "as expected over scenarios, by period" in told.summary()
    # the other way round every sign turns, and a tree beside itself is told node by node
    back = compare(uncertain, certain)
    assert {item.country: item.change_t for item in back.volumes} == pytest.approx(
        {"CHN": 50, "AUS": -15, "KAZ": -25}
    )
    dearer = apply(uncertain, ["offers[aus].price=45"])
    nodes = {item.node for item in compare(uncertain, dearer).volumes}
    assert nodes == {"2026", "2027:calm"}
