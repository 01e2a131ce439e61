"""Known answers of goals in order, and what holds of them on random problems."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from instances.check import check
from instances.errors import InputError
from instances.generate import random_problem
from instances.parse import parse
from instances.referee.goals import check_goals
from optimizer import Options, Point, Result, solve

if TYPE_CHECKING:
    from collections.abc import Callable

    from instances.problem import Problem

Row = dict[str, Any]


def _goals(result: Result) -> dict[str, Row]:
    assert result.goals is not None
    rows = result.goals.astype(object).to_dict("records")
    return {
        row["goal"] if row["goal"] != "shortfall" else row["demand_class"]: row for row in rows
    }


def _bought(result: Result) -> dict[str, float]:
    sums = result.purchases.groupby("country")["bought_t"].sum()
    return {str(name): round(float(tonnes), 4) for name, tonnes in sums.items()}


def test_concentration_gives_way_to_one_per_cent_of_cost(
    three_sellers: Callable[..., Problem],
) -> None:
    # all from China cost 5000; 50 USD more buy 50 / 30 t from Australia instead
    result = solve(three_sellers(), Options(goals=("cost:1%", "concentration")))
    assert _bought(result) == {"AUS": 1.6667, "CHN": 98.3333}
    goals = _goals(result)
    assert goals["cost"]["least"] == pytest.approx(5000)
    assert goals["cost"]["value"] == pytest.approx(5050, rel=1e-6)
    assert goals["concentration"]["value"] == pytest.approx(1 - 0.5 / 30, rel=1e-6)
    # the objective is the least cost, the account what the plan costs
    assert result.objective == pytest.approx(5000)
    assert result.costs["buyer_usd"].sum() == pytest.approx(5050, rel=1e-6)
    assert result.prices is not None


def test_concentration_first_costs_what_it_costs(three_sellers: Callable[..., Problem]) -> None:
    # a shortfall concentrates nothing: all 100 t are left short at 400 USD
    result = solve(three_sellers(), Options(goals=("concentration", "cost")))
    assert result.objective == pytest.approx(40000)
    # with the shortfall before it, 35 t from China, 30 and 35 from the others
    result = solve(three_sellers(), Options(goals=("shortfall", "concentration", "cost")))
    assert _bought(result) == {"AUS": 30, "CHN": 35, "KAZ": 35}
    assert result.objective == pytest.approx(35 * 50 + 30 * 80 + 35 * 95)
    assert result.prices is None
    assert "there are no shadow prices: other goals come before the cost" in result.warnings


def test_defence_is_served_first_however_cheap_its_shortfall(
    problem_of: Callable[..., Problem], offer: Callable[..., Any], need: Callable[..., Any]
) -> None:
    problem = problem_of(
        offers=[offer("CHN", 50, 60)],
        demand=[need(50, 900), need(40, 70, id="army", demand_class="defence")],
    )
    # by cost the army goes short: 50 t to civil use, 10 to the army, 30 short at 70
    assert solve(problem).objective == pytest.approx(60 * 50 + 30 * 70)
    result = solve(problem, Options(goals=("shortfall", "cost")))
    goals = _goals(result)
    # the army has its 40 t, civil use 20 of 50: three fifths are short
    assert goals["defence"]["value"] == pytest.approx(0, abs=1e-6)
    assert goals["civil"]["value"] == pytest.approx(0.6)
    assert result.objective == pytest.approx(60 * 50 + 30 * 900)
    assert list(goals) == ["defence", "civil", "cost"]


def test_a_goal_that_is_first_is_as_good_as_alone_and_ties_cost_least(
    three_sellers: Callable[..., Problem], offer: Callable[..., Any]
) -> None:
    offers = [offer("CHN", 50, 200), offer("AUS", 500, 200), offer("KAZ", 600, 50)]
    result = solve(three_sellers(offers=offers), Options(goals=("shortfall", "cost")))
    # a tonne at 500 is dearer than its shortfall at 400, and yet nothing is short
    assert _bought(result) == {"CHN": 100}
    scarce = three_sellers(offers=[offer("CHN", 50, 30), offer("AUS", 500, 200)])
    assert solve(scarce).objective == pytest.approx(30 * 50 + 70 * 400)
    result = solve(scarce, Options(goals=("shortfall", "cost")))
    assert result.objective == pytest.approx(30 * 50 + 70 * 500)


def test_a_problem_states_its_goals_and_the_option_wins(
    three_sellers: Callable[..., Problem], offer: Callable[..., Any]
) -> None:
    problem = three_sellers(
        offers=[offer("CHN", 50, 80), offer("AUS", 500, 30), offer("KAZ", 510, 30)],
        goals=["shortfall", "cost:1%", "concentration"],
    )
    result = solve(problem)
    goals = _goals(result)
    # nothing is short, though a tonne at 500 is dearer than its shortfall at 400
    assert goals["civil"]["value"] == pytest.approx(0, abs=1e-6)
    assert goals["cost"]["least"] == pytest.approx(80 * 50 + 20 * 500)
    # one per cent of 14,000 moves 140 / 450 t from China to Australia, and the largest is least
    assert _bought(result) == {"CHN": round(80 - 140 / 450, 4), "AUS": round(20 + 140 / 450, 4)}
    assert goals["concentration"]["value"] == pytest.approx(0.8 - 1.4 / 450, rel=1e-6)
    by_cost = solve(problem, Options(goals=("cost",)))
    assert by_cost.goals is None
    # 20 t short at 400
    assert by_cost.objective == pytest.approx(80 * 50 + 20 * 400)


@pytest.mark.parametrize(
    ("goals", "words"),
    [
        (["cost", "beauty"], "names 'beauty', which is no goal"),
        (["cost", "cost:1%"], "names a goal twice"),
        (["shortfall"], "leaves out the cost"),
        (["cost:200%"], "gives cost a tolerance above 100 %"),
    ],
)
def test_goals_that_cannot_be_sought_are_refused(
    three_sellers: Callable[..., Problem], goals: list[str], words: str
) -> None:
    plain = three_sellers().to_plain() | {"goals": goals}
    with pytest.raises(InputError) as told:
        parse(plain)
    assert words in str(told.value)


def test_what_cannot_be_kept_is_infeasible_with_goals_too(
    problem_of: Callable[..., Problem], need: Callable[..., Any]
) -> None:
    result = solve(problem_of(demand=[need(8)]), Options(goals=("shortfall", "cost")))
    assert result.status.point is Point.INFEASIBLE
    assert [item.id for item in result.broken] == ["us"]


def test_the_referee_recounts_every_goal(three_sellers: Callable[..., Problem]) -> None:
    problem = three_sellers()
    result = solve(problem)
    verdict = check(problem, result.plan)
    claims = [("shortfall", "civil", 0.0), ("cost", None, 5000.0), ("concentration", None, 1.0)]
    assert check_goals(problem, result.plan, verdict, claims) == ()
    wrong = [("shortfall", "civil", 0.1), ("cost", None, 4990.0), ("concentration", None, 0.9)]
    assert check_goals(problem, result.plan, verdict, wrong) == (
        "Goal shortfall of class civil is 0 in the plan, but the solver claims 0.1.",
        "Goal cost is 5,000 in the plan, but the solver claims 4,990.",
        "Goal concentration is 1 in the plan, but the solver claims 0.9.",
    )


def test_they_come_back_from_json(three_sellers: Callable[..., Problem]) -> None:
    result = solve(three_sellers(), Options(goals=("shortfall", "cost:1%", "concentration")))
    back = Result.from_plain(result.to_plain())
    assert back.to_json() == result.to_json()
    assert back.summary() == result.summary()
    assert "Goals, in order" in result.summary()


@pytest.mark.parametrize(
    "seed", [4, 6, *(pytest.param(seed, marks=pytest.mark.deep) for seed in (0, 1))]
)
def test_on_random_problems_the_first_goal_is_as_good_as_alone(seed: int) -> None:
    problem = random_problem(seed)
    plain = solve(problem)
    assert solve(problem, Options(goals=("cost",))).objective == plain.objective
    if not plain.has_plan:
        return
    size = float(plain.costs["discounted_usd"].abs().sum())
    least = solve(problem, Options(goals=("cost", "concentration")))
    assert least.objective == pytest.approx(plain.objective, abs=1e-6 * size)
    spent = float(least.costs[f"{problem.perspective}_usd"].sum())
    assert spent == pytest.approx(plain.objective, abs=1e-5 * size)
    first = _goals(solve(problem, Options(goals=("concentration", "cost"))))["concentration"]
    second = _goals(least)["concentration"]
    assert first["value"] <= second["value"] + 1e-6
    assert first["value"] == pytest.approx(first["least"], abs=1e-5)


@pytest.mark.parametrize(
    ("goals", "words"),
    [
        (("shortfall",), "leaves out the cost"),
        (("cost", "cost:1%"), "names a goal twice"),
        (("cost", "beauty"), "'beauty', which is no goal"),
        (("cost:200%",), "a tolerance above 100 %"),
        ((), "at least 1 item"),
    ],
)
def test_goals_that_make_no_sense_are_refused(goals: tuple[str, ...], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        Options(goals=goals)
