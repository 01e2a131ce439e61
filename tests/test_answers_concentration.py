"""Known answers on concentration and numbers of sellers; the sum stands in a comment."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest

from models import build
from optimizer import Options, solve
from optimizer.answer import Answer, Watch
from optimizer.compile import compile_frame
from optimizer.cuts import Cuts
from optimizer.engine.family import Axis, Family
from optimizer.highs import Instance
from optimizer.search import why_no_kinks

if TYPE_CHECKING:
    from collections.abc import Callable

    from instances.problem import Problem

    Make = Callable[..., Problem]
    Words = Callable[..., Any]


# G2: four sellers at 50, 80, 95 and 120, 100 t needed. While all sell, the cheapest mix of index H
# lies from the equal one against the costs: the mean 86.25 less sqrt(H - 1/4) * ||c - mean||, with
# ||c - mean|| = sqrt(36.25^2 + 6.25^2 + 8.75^2 + 33.75^2) = 50.682837. With three sellers the mean
# is 75 and ||c - mean|| = sqrt(25^2 + 5^2 + 20^2) = sqrt(1050), the index at least 1/3

G2 = {
    1.0: 5000,  # all from China
    0.65: 5678.416,  # two sell shares of (1 +- sqrt(0.3)) / 2: 6,500 - 1,500 sqrt(0.3)
    0.5: 6177.124,  # three sell: 7,500 - 100 sqrt(1/6 * 1,050)
    0.4: 6663.340,  # three still: 7,500 - 100 sqrt(1/15 * 1,050)
    0.3: 7491.697,  # 8,625 - 100 sqrt(0.05) * 50.682837
}
EXACT = Options(hhi_tolerance=1e-9)


@pytest.fixture
def four_sellers(problem_of: Make, offer: Words, need: Words) -> Make:
    """Make G2."""

    def make(*rules: Any, **tables: Any) -> Problem:
        offers = [offer("CHN", 50), offer("AUS", 80), offer("KAZ", 95), offer("CAN", 120)]
        tables = {"offers": offers, "demand": [need(100)]} | tables
        return problem_of(rules=list(rules), **tables)

    return make


@pytest.mark.parametrize("counted", ["purchases", "deliveries"])
@pytest.mark.parametrize("by", ["country", "supplier"])
@pytest.mark.parametrize(("cap", "cost"), G2.items())
def test_g2_costs_what_the_concentration_makes_it_cost(
    four_sellers: Make, rule: Words, cap: float, cost: float, by: str, counted: str
) -> None:
    cap_rule = rule("hhi_cap", max_hhi=cap, by=by, counted=counted)
    result = solve(four_sellers(cap_rule), EXACT)
    assert result.objective == pytest.approx(cost, abs=0.001)
    (row,) = result.rules.itertuples()
    assert row.value == pytest.approx(cap, abs=2e-8)
    assert row.binds


def test_g2_in_closed_form_while_all_sell(four_sellers: Make, rule: Words) -> None:
    costs = (50, 80, 95, 120)
    mean = sum(costs) / 4
    spread = sum((cost - mean) ** 2 for cost in costs) ** 0.5
    for cap in (0.26, 0.28, 0.3, 0.32):
        cost = 100 * (mean - (cap - 1 / 4) ** 0.5 * spread)
        result = solve(four_sellers(rule("hhi_cap", max_hhi=cap)), EXACT)
        assert result.objective == pytest.approx(cost, abs=0.001)
        # what a unit more of the cap saves is the slope of the closed form
        slope = 100 * spread / (2 * (cap - 1 / 4) ** 0.5)
        assert result.rules["shadow_price_usd"].tolist() == pytest.approx([slope], rel=1e-3)


def test_a_looser_tolerance_takes_fewer_rounds_and_says_how_many(
    four_sellers: Make, rule: Words
) -> None:
    problem = four_sellers(rule("hhi_cap", max_hhi=0.3))
    rough = solve(problem, Options(hhi_tolerance=1e-4))
    exact = solve(problem, EXACT)
    assert 0 < rough.record["cut_rounds"] < exact.record["cut_rounds"] < 60
    assert rough.rules["value"].tolist() == pytest.approx([0.3], abs=1e-4)
    # the cuts lie outside: what they allow costs less
    assert rough.objective is not None
    assert rough.objective < 7491.697 < rough.objective + 1.2
    assert "cut_rounds" not in solve(four_sellers()).record


def test_fewer_sellers_than_the_concentration_needs_is_an_answer(
    four_sellers: Make, rule: Words
) -> None:
    result = solve(four_sellers(rule("hhi_cap", max_hhi=0.2)))
    # at 25 t each the root of the sum of squares is 50, and sqrt(0.2) * 100 = 44.721 is allowed
    (broken,) = result.broken
    assert broken.id == "rule"
    assert broken.amount == pytest.approx(50 - 20 * 5**0.5)


def test_a_cap_between_the_cuts_is_still_named_when_nothing_keeps_it(
    four_sellers: Make, offer: Words, rule: Words
) -> None:
    # China must sell 70 t as the others have 10 each: 0.49 + 3 * 0.01 = 0.52 is the least index,
    # and the first cuts alone allow shares up to sqrt(0.51)
    offers = [offer("CHN", 50), offer("AUS", 80, 10), offer("KAZ", 95, 10), offer("CAN", 120, 10)]
    result = solve(four_sellers(rule("hhi_cap", max_hhi=0.51), offers=offers))
    (broken,) = result.broken
    assert broken.id == "rule"
    assert broken.amount == pytest.approx(100 * (0.52**0.5 - 0.51**0.5), abs=1e-3)
    feasible = solve(four_sellers(rule("hhi_cap", max_hhi=0.520001), offers=offers))
    # 70 * 50 + 10 * (80 + 95 + 120)
    assert feasible.objective == pytest.approx(6450, abs=0.1)


def test_partners_can_count_as_one_seller(four_sellers: Make, rule: Words) -> None:
    cap = rule("hhi_cap", max_hhi=0.5, as_one=["partners"])
    problem = four_sellers(cap, groups={"partners": ["AUS", "KAZ", "CAN"]})
    # two sellers at 50 and 80, half each: 50 * 50 + 50 * 80
    assert solve(problem, EXACT).objective == pytest.approx(6500, abs=0.2)


def test_governance_weighs_the_squares(four_sellers: Make, offer: Words, rule: Words) -> None:
    # China's estimate of 0.5 is a risk of (2.5 - 0.5) / 0.5 = 4, Australia's 2 is one of 1: a
    # share x of China makes 4 x^2 + (1 - x)^2, and 5 x^2 - 2 x + 1 = 1.25 at x = (1 + 1.5) / 5
    cap = rule("hhi_cap", max_hhi=1.25, governance=True)
    problem = four_sellers(
        cap,
        offers=[offer("CHN", 50), offer("AUS", 80)],
        countries=[{"id": "CHN", "governance": 0.5}, {"id": "AUS", "governance": 2}],
    )
    result = solve(problem, EXACT)
    assert result.objective == pytest.approx(50 * 50 + 50 * 80, abs=0.001)


def test_stock_counts_by_who_sold_it_where_deliveries_do(
    four_sellers: Make, offer: Words, rule: Words
) -> None:
    # 50 t of China's lie in stock, and as much of Australia's is bought: an index of a half
    vault = {"id": "vault", "commodity": "metal", "country": "USA", "opening": 50}
    fields = {
        "offers": [offer("CHN", 50), offer("AUS", 80)],
        "stockpiles": [vault | {"opening_country": "CHN"}],
    }
    delivered = rule("hhi_cap", max_hhi=0.5, counted="deliveries")
    assert solve(four_sellers(delivered, **fields), EXACT).objective == pytest.approx(
        4000, abs=0.2
    )
    # of the 50 t bought half may be China's: 25 * 50 + 25 * 80
    bought = rule("hhi_cap", max_hhi=0.5)
    assert solve(four_sellers(bought, **fields), EXACT).objective == pytest.approx(3250, abs=0.2)


def test_concentration_with_a_choice_is_cut_between_solves(
    four_sellers: Make, rule: Words
) -> None:
    # three must sell a fifth each: shares 0.6, 0.2, 0.2 have an index of 0.44, so that at 0.5 the
    # cap leaves x^2 + y^2 + z^2 = 0.5 with z = 0.2: x + y = 0.8, x^2 + y^2 = 0.46, and
    # x = 0.4 + sqrt(0.23 - 0.16) = 0.664575. Its partners must have 0.2 each: 0.6 it is
    count = rule("min_suppliers", id="count", count=3, min_share=0.2, by="country")
    result = solve(four_sellers(rule("hhi_cap", max_hhi=0.5), count), EXACT)
    # 60 * 50 + 20 * 80 + 20 * 95
    assert result.objective == pytest.approx(6500)
    # at 0.4: x + y = 0.8, x^2 + y^2 = 0.36, x = 0.4 + sqrt(0.02), and y = 0.4 - sqrt(0.02) > 0.2
    result = solve(four_sellers(rule("hhi_cap", max_hhi=0.4), count), EXACT)
    x = 40 + 100 * 0.02**0.5
    assert result.objective == pytest.approx(50 * x + 80 * (80 - x) + 95 * 20, abs=0.001)
    assert result.record["cut_rounds"] > 0
    assert result.rules["dual_kind"].tolist()[0] == "fixed_integers"


def test_without_time_for_another_round_no_plan_is_held(four_sellers: Make, rule: Words) -> None:
    problem = four_sellers(rule("hhi_cap", max_hhi=0.3))
    cuts = Cuts(problem, compile_frame(build(problem)), 1e-9)
    instance = Instance(cuts.matrices, EXACT)
    watch = Watch(deadline=time.monotonic() + 60)
    # the deadline passes during the first solve
    run = instance.run

    def slow(watch: Watch) -> Answer:
        answer = run(watch)
        watch.deadline = time.monotonic() - 1
        return answer

    instance.run = slow  # type: ignore[method-assign]
    answer = cuts.solve(instance, watch)
    # the point breaks the cap: it is none to hold; its cost is a bound
    assert str(answer.status) == "none (time_limit)"
    assert answer.values is None
    assert answer.bound is not None
    assert answer.bound < 7491.697
    assert cuts.rounds == 1


# Sellers


def test_who_makes_a_commodity_counts_as_a_seller(
    three_sellers: Make, offer: Words, rule: Words
) -> None:
    works = {
        "id": "works",
        "country": "USA",
        "capacity": 100,
        "processes": [{"id": "p", "inputs": {"ore": 1}, "outputs": {"metal": 1}, "cost": 60}],
    }
    problem = three_sellers(
        rule("min_suppliers", count=2, min_share=0.2),
        commodities=[
            {"id": "metal", "stage": "metal", "basis": "product"},
            {"id": "ore", "stage": "mine", "basis": "product"},
        ],
        offers=[offer("CHN", 50), offer("KAZ", 95), offer("USA", 10, id="ore", commodity="ore")],
        facilities=[works],
    )
    # 80 * 50 + 20 * (10 + 60)
    assert solve(problem).objective == pytest.approx(5400)
    # by concentration, too. Costs of 50, 70 and 95 have the mean 215 / 3 and lie
    # sqrt(1016.667) from it: 100 * (215 / 3 - sqrt((1/2 - 1/3) * 1016.667))
    mix = problem.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    mix["rules"] = [rule("hhi_cap", max_hhi=0.5)]
    assert solve(type(problem).model_validate(mix), EXACT).objective == pytest.approx(
        5864.958, abs=0.001
    )


@pytest.mark.parametrize(
    ("count", "least", "cost"),
    [
        # under a cap of 60 % for China 40 t come from elsewhere. Australia has 30 t, Kazakhstan
        # 10 more: 60 * 50 + 30 * 80 + 10 * 95
        (0, 0.1, 6350),
        # nobody sells less than 20 t: 60 * 50 + 20 * 80 + 20 * 95
        (0, 0.2, 6500),
        # nobody less than 35 t, which Australia does not have: 60 * 50 + 40 * 95
        (0, 0.35, 6800),
        # three sell at least 25 t each: 50 * 50 + 25 * 80 + 25 * 95
        (3, 0.25, 6875),
    ],
)
def test_who_sells_at_all_sells_its_share(
    three_sellers: Make, rule: Words, count: int, least: float, cost: float
) -> None:
    cap = rule("share_cap", id="cap", of="CHN", max_share=0.6, denominator="demand")
    lots = rule("min_suppliers", count=count, min_share=least, all_or_none=True)
    assert solve(three_sellers(cap, lots)).objective == pytest.approx(cost)


@pytest.mark.parametrize(
    ("count", "incumbents", "cost"),
    [
        # China, at most 60 %, supplies already; with nobody new 40 t stay short
        (0, ["CHN"], 60 * 50 + 40 * 400),
        # one newcomer: Kazakhstan, which has 50 t, not Australia, which has 30
        (1, ["CHN"], 60 * 50 + 40 * 95),
        # both: the 6,350 of G1
        (2, ["CHN"], 6350),
        (1, ["CHN", "AUS"], 6350),
        # if China is new, too, one is all there is: China
        (1, [], 60 * 50 + 40 * 400),
    ],
)
def test_few_sellers_are_taken_on(
    three_sellers: Make, rule: Words, count: int, incumbents: list[str], cost: float
) -> None:
    cap = rule("share_cap", id="cap", of="CHN", max_share=0.6, denominator="demand")
    new = rule("max_new_sellers", count=count, incumbents=incumbents)
    assert solve(three_sellers(cap, new)).objective == pytest.approx(cost)


def test_who_was_taken_on_once_may_sell_ever_after(
    three_sellers: Make, offer: Words, rule: Words
) -> None:
    # Australia sells in 2026 only, Kazakhstan in 2027 only: with one newcomer over the horizon
    # the year without it is short of 40 t
    offers = [
        offer("CHN", 50, 200),
        offer("AUS", 80, 50, end="2027-01-01"),
        offer("KAZ", 95, 50, start="2027-01-01"),
        offer("CAN", 150, 50),
    ]
    years = {"start": "2026-01-01", "count": 2, "length": "1 yr"}
    cap = rule("share_cap", id="cap", of="CHN", max_share=0.6, denominator="demand")

    def cost(count: int) -> float | None:
        new = rule("max_new_sellers", count=count, incumbents=["CHN"])
        return solve(three_sellers(cap, new, offers=offers, periods=years)).objective

    # Canada in both years: 2 * (60 * 50 + 40 * 150)
    assert cost(1) == pytest.approx(18_000)
    # 60 * 50 + 40 * 80, and 60 * 50 + 40 * 95
    assert cost(2) == pytest.approx(6200 + 6800)


def test_too_few_newcomers_are_named_when_nothing_keeps_the_rule(
    three_sellers: Make, need: Words, rule: Words
) -> None:
    cap = rule("share_cap", id="cap", of="CHN", max_share=0.0, denominator="demand")
    new = rule("max_new_sellers", count=0, incumbents=["CHN"])
    result = solve(three_sellers(cap, new, demand=[need(20)]))
    assert not result.has_plan
    assert {item.id for item in result.broken} <= {"cap", "rule", "us"}
    assert result.broken


def test_a_frontier_over_concentration_keeps_the_cap_at_every_point(
    four_sellers: Make, rule: Words
) -> None:
    problem = four_sellers(rule("hhi_cap", max_hhi=0.3))
    family = Family(problem, [Axis("rules[rule].max_hhi")], EXACT)
    for cap, cost in G2.items():
        assert family.solve([cap], Watch()).objective == pytest.approx(cost, abs=0.001)
    assert not family.prove([0.3], [1.0])
    assert why_no_kinks(family) == "a cap on concentration makes the cost curved"
