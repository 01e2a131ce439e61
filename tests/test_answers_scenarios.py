"""Answers under uncertainty that can be worked out by hand, the sum in a comment."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest

from instances.check import check
from instances.errors import InputError
from optimizer.options import Options
from optimizer.solve import solve

if TYPE_CHECKING:
    from collections.abc import Callable

    from instances.problem import Problem

Data = dict[str, Any]
TWO_YEARS: Data = {"start": "2026-01-01", "count": 2, "length": "1 yr"}
BAN: Data = {"id": "ban", "of": "CHN", "availability": 0, "start": "2027-01-01"}


def calm_or_ban(chance: float) -> list[Data]:
    """Return two scenarios: the ban with a probability, and else none."""
    return [
        {"id": "calm", "probability": 1 - chance},
        {"id": "banned", "probability": chance, "events": ["ban"]},
    ]


@pytest.fixture
def year_of_ban(problem_of: Callable[..., Problem], offer: Any, need: Any):
    """Make two years in which 100 t are needed at 50 from CHN, the second under a ban or not.

    AUS sells in 2027 at 80 to whom has signed in 2026, and else at more than going without costs.
    """

    def make(chance: float, holding: float = 6.0, **tables: Any) -> Problem:
        vault = {"id": "vault", "commodity": "metal", "country": "USA", "holding_cost": holding}
        return problem_of(
            periods=TWO_YEARS,
            offers=[offer("CHN", 50, 200), offer("AUS", 5000, 100)],
            contracts=[
                {"id": "firm", "offer": "aus", "maximum": 100, "price": 80, "take_or_pay": 1}
                | {"commitment": "divisible", "sign_by": "2026-06-01", "start": "2027-01-01"}
            ],
            demand=[need(100, 1000)],
            stockpiles=[vault],
            events=[BAN],
            scenarios=calm_or_ban(chance),
            **tables,
        )

    return make


def held(problem: Problem) -> tuple[float, float, float]:
    """Return the expected cost, the stock at the end of 2026 and the contract's share."""
    result = solve(problem)
    assert not check(problem, result.plan, result.objective).faults
    stock = result.stocks.set_index("node").loc["2026", "stock_t"]
    return float(result.objective or 0.0), float(stock), float(result.plan.signings["share"].sum())


def test_a_tonne_of_stock_pays_from_a_probability_on(year_of_ban: Any) -> None:
    # a tonne held costs 50 + 6, spares 50 in calm and 1000 in a ban:
    # 56 - 50 (1 - p) - 1000 p = 6 - 950 p, which is 0 at p = 6/950 = 0.00632
    # below it the ban is borne: 5000 + 0.994 * 5000 + 0.006 * 100000 = 10570
    assert held(year_of_ban(0.006)) == pytest.approx((10_570, 0, 0))
    # above it all is held: 100 * 56 + 5000 in 2026, and nothing is bought in 2027
    # but what replaces no stock: 10600 whatever happens
    assert held(year_of_ban(0.007)) == pytest.approx((10_600, 100, 0))


def test_a_contract_pays_later_and_beats_dear_stock(year_of_ban: Any) -> None:
    # a tonne under contract costs 80, spares 50 in calm and 1000 in a ban: 30 - 950 p, 0 at
    # p = 30/950 = 0.0316; a tonne held at 40 costs 40 - 950 p, 0 at 0.0421
    # at 0.03 the ban is borne: 5000 + 0.97 * 5000 + 0.03 * 100000 = 12850
    assert held(year_of_ban(0.03, holding=40)) == pytest.approx((12_850, 0, 0))
    # at 0.035, and at 0.05 where stock would pay, too, the contract is the cheaper: 5000 + 8000
    assert held(year_of_ban(0.035, holding=40)) == pytest.approx((13_000, 0, 1))
    assert held(year_of_ban(0.05, holding=40)) == pytest.approx((13_000, 0, 1))
    # and stock is at 6, well below 30
    assert held(year_of_ban(0.05)) == pytest.approx((10_600, 100, 0))


def test_a_ban_of_unknown_length_does_not_run_the_stock_dry_on_its_last_day(
    problem_of: Any, offer: Any, need: Any
) -> None:
    # 2027 is under a ban that ends with it or lasts 2028, too, half each; 150 t of stock at hand
    # and nothing else; the second half of a year's need costs 10 times as much to go without
    tiers = [{"share": 0.5, "cost": 100}, {"share": 0.5, "cost": 1000}]
    problem = problem_of(
        periods={"start": "2027-01-01", "count": 2, "length": "1 yr"},
        offers=[offer("CHN", 50, 100)],
        demand=[need(100, tiers)],
        stockpiles=[{"id": "vault", "commodity": "metal", "country": "USA", "opening": 100}],
        events=[BAN],
        combinations=[
            {"id": "ban", "event": "ban", "probability": 1, "lengths": ["1 yr", "2 yr"]}
        ],
    )
    result = solve(problem)
    stock = result.stocks.set_index("node")["stock_t"]
    # a tonne kept for 2028 spares 0.5 * 1000 there, or 0.5 * 50 of buying; in 2027 it spares 100
    # for the first half, 1000 for the second: 50 t now, 50 t then
    assert stock["2027"] == pytest.approx(50)
    # 50 t short at 100; then 50 t bought at 50, or 50 t short at 100, half each
    assert result.objective == pytest.approx(5000 + 0.5 * 50 * 50 + 0.5 * 50 * 100)


def test_cargo_loaded_before_the_onset_arrives(problem_of: Any, offer: Any, need: Any) -> None:
    # 73 days at sea: a fifth of what is loaded in 2026 arrives in 2027, ban or not
    problem = problem_of(
        periods=TWO_YEARS,
        offers=[offer("CHN", 50, 100)],
        demand=[need(100, 1000)],
        lanes=[
            {"id": "sea", "origin": "CHN", "destination": "USA", "commodities": ["metal"]}
            | {"lead_time": "73 d"}
        ],
        events=[BAN],
        scenarios=calm_or_ban(0.5),
    )
    result = solve(problem)
    unmet = result.unmet.set_index("node")["unmet_t"]
    # 2026: 80 of 100 t arrive; 2027 calm: 20 + 80; banned: 20 t from before
    assert unmet.to_dict() == pytest.approx({"2026": 20, "2027:banned": 80, "2027:calm": 0})
    # 100 t bought in each year but 2027 banned; 20 t and, half the time, 80 t short
    assert result.objective == pytest.approx(100 * 50 * 1.5 + 20 * 1000 + 0.5 * 80 * 1000)


def test_a_delay_holds_back_what_is_loaded_meanwhile(
    problem_of: Any, offer: Any, need: Any
) -> None:
    # a licence takes 73 days in 2027: a fifth of that year's loads misses it, and is lost to it
    problem = problem_of(
        periods=TWO_YEARS,
        offers=[offer("CHN", 50, 100)],
        demand=[need(100, 1000)],
        lanes=[{"id": "sea", "origin": "CHN", "destination": "USA", "commodities": ["metal"]}],
        events=[{"id": "ban", "of": "CHN", "delay": "73 d", "start": "2027-01-01"}],
        scenarios=calm_or_ban(0.5),
    )
    unmet = solve(problem).unmet.set_index("node")["unmet_t"]
    assert unmet.to_dict() == pytest.approx({"2026": 0, "2027:banned": 20, "2027:calm": 0})


def test_a_poor_yield_takes_more_ore_and_leaves_less_metal(
    problem_of: Callable[..., Problem], offer: Any, need: Any
) -> None:
    # 1.25 t of ore at 20 give 1 t of metal and 0.2 t of slag, thrown away at 5; a plant runs 100 t
    # a year at 10; in 2027 ore may be poor: 0.8 t of metal and 0.16 t of slag for the same
    ore = {"id": "ore", "supplier": "pit", "country": "USA", "commodity": "ore"}
    problem = problem_of(
        periods=TWO_YEARS,
        commodities=[
            {"id": "metal", "stage": "metal", "basis": "product"},
            {"id": "ore", "stage": "mine", "basis": "product"},
            {"id": "slag", "stage": "waste", "basis": "product", "disposal_cost": 5},
        ],
        offers=[ore | {"price": 20, "capacity": 500}, offer("AUS", 70, 100)],
        facilities=[
            {"id": "smelter", "country": "USA", "capacity": 100}
            | {
                "processes": [
                    {"id": "smelt", "inputs": {"ore": 1.25}, "cost": 10}
                    | {"outputs": {"metal": 1, "slag": 0.2}}
                ]
            }
        ],
        demand=[need(100, 1000)],
        events=[{"id": "ban", "of": "smelter", "yields": 0.8, "start": "2027-01-01"}],
        scenarios=calm_or_ban(0.5),
    )
    result = solve(problem)
    # a year of calm: 100 t of activity at 1.25 * 20 + 10 + 0.2 * 5 = 36; a poor year: as much at
    # 25 + 10 + 0.16 * 5 = 35.80 gives 80 t, and AUS sells 20 t at 70
    assert result.objective == pytest.approx(3600 + 0.5 * 3600 + 0.5 * (3580 + 1400))
    made = result.production.set_index(["node", "commodity"])["made_t"]
    assert made["2027:banned", "metal"] == pytest.approx(80)
    assert made["2027:banned", "slag"] == pytest.approx(16)
    assert made["2027:calm", "metal"] == pytest.approx(100)
    # a plan that ran as in calm and made 100 t of it is refused
    purchases = result.plan.purchases
    lucky = replace(result.plan, purchases=purchases[purchases["offer"] != "aus"])
    assert any("2027:banned" in fault for fault in check(problem, lucky).faults)


def test_a_rule_that_is_waived_does_not_hold_while_the_event_lasts(
    problem_of: Any, offer: Any, need: Any, rule: Any
) -> None:
    # 60 t must be held, but a ban in 2027 waives that, and 2028 is left to rebuild it
    def stocks(**fields: Any) -> dict[str, float]:
        problem = problem_of(
            periods={"start": "2026-01-01", "count": 4, "length": "1 yr"},
            offers=[offer("CHN", 50, 200)],
            demand=[need(100, 1000)],
            stockpiles=[
                {"id": "vault", "commodity": "metal", "country": "USA", "holding_cost": 6}
            ],
            rules=[rule("stock_target", stockpile="vault", tonnes=60)],
            events=[BAN | {"end": "2028-01-01"} | fields],
            scenarios=calm_or_ban(0.001),
        )
        table = solve(problem).stocks.set_index("node")["stock_t"]
        return {name: value for name, value in table.items() if "banned" in name}

    waived = {"waives": ["rule"], "rebuild": "1 yr"}
    assert stocks(**waived) == pytest.approx(
        {"2027:banned": 0, "2028:banned": 0, "2029:banned": 60}
    )
    assert stocks(waives=["rule"]) == pytest.approx(
        {"2027:banned": 0, "2028:banned": 60, "2029:banned": 60}
    )
    assert list(stocks().values()) == pytest.approx([60, 60, 60])


def test_alike_scenarios_and_their_order_change_nothing(year_of_ban: Any) -> None:
    problem = year_of_ban(0.25)
    plain = problem.to_plain()
    split = [
        {"id": "one", "probability": 0.125, "events": ["ban"]},
        {"id": "calm", "probability": 0.75},
        {"id": "two", "probability": 0.125, "events": ["ban"]},
    ]
    other = type(problem).model_validate(plain | {"scenarios": split})
    options = Options(tie_break=False)
    assert solve(other, options).objective == pytest.approx(solve(problem, options).objective)
    assert len(other.nodes) == len(problem.nodes)


def test_analyses_that_cannot_look_into_a_tree_refuse_it(year_of_ban: Any) -> None:
    problem = year_of_ban(0.5)
    told = (
        "scenarios: make a tree of branches, which an interval of shares cannot look into "
        "(got 3 nodes)"
    )
    with pytest.raises(InputError, match=re.escape(told)):
        solve(problem, Options(share_intervals=True))


def test_the_tail_the_worst_case_and_doubt_make_stock_pay_earlier(year_of_ban: Any) -> None:
    # at p = 0.004 a tonne of stock costs 6 - 950 p = 2.2 on average: the ban is borne, 10380
    borne, stocked = pytest.approx(0), pytest.approx(100)

    def stock(**risk: float) -> float:
        return held(year_of_ban(0.004, risk=risk))[1]

    assert stock(level=0.99) == borne
    # the dearest 1 % is 0.004 of ban and 0.006 of calm: a tonne changes it by
    # 0.4 (56 - 1000) + 0.6 * 6 = -374, and (1 - w) 2.2 - 374 w is 0 at w = 0.00585
    assert stock(level=0.99, tail_weight=0.005) == borne
    assert stock(level=0.99, tail_weight=0.007) == stocked
    # the ban, the worst case, changes by -944: (1 - w) 2.2 - 944 w is 0 at w = 0.00233
    assert stock(worst_weight=0.002) == borne
    assert stock(worst_weight=0.0025) == stocked
    # 6 - 950 * 0.004 (1 + d) is 0 at d = 0.579
    assert stock(probability_range=0.5) == borne
    assert stock(probability_range=0.6) == stocked


def test_what_is_minimised_is_the_weighted_sum_of_the_branch_costs(year_of_ban: Any) -> None:
    risk = {"level": 0.99, "tail_weight": 0.001, "worst_weight": 0.0003, "probability_range": 0.25}
    problem = year_of_ban(0.004, risk=risk)
    result = solve(problem)
    # borne: 10000 in calm, 105000 in the ban
    assert result.scenarios.set_index("scenario")["cost_usd"].to_dict() == pytest.approx(
        {"calm": 10_000, "banned": 105_000}
    )
    mean = 0.005 * 105_000 + 0.995 * 10_000
    tail = 0.4 * 105_000 + 0.6 * 10_000
    expected = (1 - 0.0013) * mean + 0.001 * tail + 0.0003 * 105_000
    assert result.objective == pytest.approx(expected)
    assert result.verdict.risks["expected"] == pytest.approx(0.004 * 105_000 + 0.996 * 10_000)
    assert check(problem, result.plan, expected * 1.001).faults


@pytest.mark.parametrize("weights", [{"tail_weight": 0.5}, {"tail_weight": 1}])
def test_the_optimum_never_falls_with_the_level(year_of_ban: Any, weights: Data) -> None:
    costs = [
        solve(year_of_ban(0.004, risk=weights | {"level": level})).objective
        for level in (0, 0.5, 0.9, 0.99, 0.999)
    ]
    assert costs == sorted(costs)
    assert costs[0] < costs[-1]


def test_a_ban_that_leaves_more_never_costs_more(year_of_ban: Any) -> None:
    problem = year_of_ban(0.25)
    costs = []
    for left in (0, 0.25, 0.5, 0.75):
        event = BAN | {"availability": left}
        softer = type(problem).model_validate(problem.to_plain() | {"events": [event]})
        costs.append(solve(softer).objective)
    assert costs == sorted(costs, reverse=True)


def test_risk_goes_with_no_list_of_goals(year_of_ban: Any) -> None:
    problem = year_of_ban(0.25, risk={"tail_weight": 0.5})
    with pytest.raises(InputError, match="goes with no list of goals"):
        solve(problem, Options(goals=("shortfall", "cost")))


def test_the_table_of_scenarios_says_when_and_for_how_long(year_of_ban: Any) -> None:
    result = solve(year_of_ban(0.006))
    table = result.scenarios.set_index("scenario").astype(object)
    banned = table.loc["banned"]
    assert (banned["unmet_t"], banned["first_unmet"]) == (pytest.approx(100), "2027-01-01")
    # short from the first day of the ban, to the end of the horizon and maybe beyond
    assert banned["survive_d"] == 0
    assert table["recover_d"].isna().all()
    assert "UNMET: 0.6 t expected; something stays unmet with probability 0.6 %" in repr(result)
    assert "at most 100 t (banned)" in repr(result)
    assert list(result.tables())[-1] == "scenarios"


def test_what_need_only_be_survived_decides_nothing_that_lasts(
    problem_of: Any, offer: Any
) -> None:
    # without CHN, of probability 0, 40 of 100 t must be met: by building 40 t at 3 a tonne in
    # 2026, since in the year itself, where it would cost nothing, nothing may be built
    problem = problem_of(
        periods=TWO_YEARS,
        offers=[offer("CHN", 50, 200)],
        facilities=[
            {"id": "mine", "country": "USA", "capacity": 0}
            | {"processes": [{"id": "dig", "outputs": {"metal": 1}, "cost": 90}]}
        ],
        expansions=[
            {"id": "pit", "facility": "mine", "size": 100, "capex": 3, "capex_mode": "lump"}
        ],
        demand=[
            {"id": "us", "commodity": "metal", "country": "USA", "quantity": 100}
            | {"shortfall_cost": [{"share": 0.6, "cost": 400}]}
        ],
        events=[BAN],
        scenarios=calm_or_ban(0.0),
    )
    result = solve(problem)
    assert result.objective == pytest.approx(10_000 + 40 * 3)
    assert result.builds[["node", "size_t_per_yr"]].to_numpy().tolist() == [["2026", 40]]
    builds = pd.DataFrame({"node": ["2027:banned"], "expansion": ["pit"], "size": [40.0]})
    (fault, *_) = check(problem, replace(result.plan, builds=builds)).faults
    assert "builds 40 of expansion 'pit' in 2027:banned, which has probability 0" in str(
        check(problem, replace(result.plan, builds=builds)).faults
    ), fault
