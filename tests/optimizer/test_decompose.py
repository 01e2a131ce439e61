"""The L-shaped loop: known answers, cuts by hand, and agreement with the extensive form."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from instances import load
from instances.errors import InputError
from instances.generate import random_tree
from instances.generate.disruptions import disrupted_problem
from instances.parse import parse
from models.build import build
from optimizer.answer import Watch
from optimizer.compile import Matrices, compile_frame
from optimizer.decompose import choose, l_shaped
from optimizer.decompose.partition import partition
from optimizer.decompose.recourse import Recourse
from optimizer.highs import Instance
from optimizer.options import Options
from optimizer.solve import solve
from optimizer.status import Point, Stop

if TYPE_CHECKING:
    from collections.abc import Callable

    from instances.problem import Problem
    from optimizer.result import Result

Data = dict[str, Any]
BY_CUTS = Options(method="l-shaped", tie_break=False)
IN_ONE = Options(method="extensive", tie_break=False)
BAN: Data = {"id": "ban", "of": "CHN", "availability": 0, "start": "2027-01-01"}


@pytest.fixture
def year_of_ban(
    problem_of: Callable[..., Problem], offer: Any, need: Any
) -> Callable[..., Problem]:
    """Make two years in which 100 t are needed at 50 from CHN, the second under a ban or not."""

    def make(chance: float = 0.25, capacity: float = 150, short: Any = 1000, **tables: Any):
        vault = {"id": "vault", "commodity": "metal", "country": "USA", "holding_cost": 6}
        firm: Data = {"id": "firm", "offer": "aus", "maximum": 100, "price": 80}
        firm |= {"take_or_pay": 1, "commitment": "divisible"}
        firm |= {"sign_by": "2026-06-01", "start": "2027-01-01"}
        data = {
            "periods": {"start": "2026-01-01", "count": 2, "length": "1 yr"},
            "offers": [offer("CHN", 50, capacity), offer("AUS", 5000, 100)],
            "contracts": [firm],
            "demand": [need(100, short)],
            "stockpiles": [vault],
            "events": [BAN],
            "scenarios": [
                {"id": "calm", "probability": 1 - chance},
                {"id": "banned", "probability": chance, "events": ["ban"]},
            ],
        }
        return problem_of(**data | tables)

    return make


def _same(one: Result, other: Result, near: float = 1e-6) -> None:
    assert one.status.point is other.status.point
    assert one.objective == pytest.approx(other.objective, rel=2 * near, abs=1e-6)


def test_the_farmer_of_the_book() -> None:
    # Birge and Louveaux 2011, section 1.1: RP = -108,390 with 170, 80 and 250 acres
    result = solve(load("farmer"), BY_CUTS)
    assert result.objective == pytest.approx(-108_390, rel=1e-6)
    assert result.bound == pytest.approx(-108_390, rel=1e-6)
    assert result.record["method"] == "L-shaped"
    assert result.record["subproblems"] == 3
    assert result.record["iterations"] > 1
    assert "by the L-shaped method in" in result.summary()


def test_stock_is_laid_in_and_the_rest_signed_for(year_of_ban: Callable[..., Problem]) -> None:
    # 2026: 100 x 50. 2027, a tonne: stock 50 + 6 = 56, signed 80, neither 0.75 x 50 + 0.25 x 1000
    # = 287.5. Only 150 - 100 = 50 t can be laid in: 5000 + 50 x 56 + 50 x 80 = 11,800
    result = solve(year_of_ban(), BY_CUTS)
    assert result.status.point is Point.OPTIMAL
    assert result.objective == pytest.approx(11_800)
    assert result.gap == pytest.approx(0, abs=1e-6)
    assert result.plan.signings["share"].tolist() == pytest.approx([0.5])


def test_where_a_demand_is_hard_feasibility_cuts_ask_for_stock(
    year_of_ban: Callable[..., Problem],
) -> None:
    # the ban has a chance of 1 %, but 100 t must be there: 5000 + 100 x 56 = 10,600
    only = year_of_ban(0.01, 200).to_plain()["offers"][:1]
    result = solve(year_of_ban(0.01, 200, None, contracts=[], offers=only), BY_CUTS)
    assert result.objective == pytest.approx(10_600)
    assert result.record["feasibility_cuts"] > 0


@pytest.mark.parametrize("capacity", [90, 150])
def test_what_cannot_be_kept_at_first_or_later_is_infeasible(
    capacity: float, year_of_ban: Callable[..., Problem]
) -> None:
    # 90 t a year are too few for 2026; 150 leave 50 t for a year of ban, in which 100 are needed
    only = year_of_ban(0.5, capacity).to_plain()["offers"][:1]
    problem = year_of_ban(0.5, capacity, None, contracts=[], offers=only)
    result = solve(problem, BY_CUTS)
    assert result.status.point is Point.INFEASIBLE
    assert result.status.stop is Stop.FINISHED
    assert result.broken


@pytest.mark.parametrize(
    "risk",
    [
        {"level": 0.8, "tail_weight": 0.5},
        {"worst_weight": 0.5},
        {"probability_range": 0.3},
        {"level": 0.5, "tail_weight": 0.3, "worst_weight": 0.3, "probability_range": 0.2},
    ],
)
def test_every_measure_of_risk_falls_apart_too(
    risk: Data, year_of_ban: Callable[..., Problem]
) -> None:
    problem = year_of_ban(0.02, risk=risk)
    _same(solve(problem, BY_CUTS), solve(problem, IN_ONE))


def test_a_contract_that_is_signed_whole_or_not_at_all(
    year_of_ban: Callable[..., Problem],
) -> None:
    # signed whole, 100 t at 80 = 8,000 are dearer than 50 t in stock and 50 t short in a ban that
    # comes in one case of forty: 50 x 56 + 50 x (0.975 x 50 + 0.025 x 1000) = 2,800 + 3,687.5. If
    # it comes in one of ten, 50 x (0.9 x 50 + 0.1 x 1000) = 7,250, with stock 10,050: it is signed
    firm = year_of_ban().to_plain()["contracts"][0] | {"commitment": "whole"}
    rare = solve(year_of_ban(0.025, contracts=[firm]), BY_CUTS)
    assert rare.record["model"]["integers"] == 3
    assert rare.objective == pytest.approx(5000 + 2800 + 3687.5)
    assert rare.record["method"] == "L-shaped"
    often = solve(year_of_ban(0.1, contracts=[firm]), BY_CUTS)
    assert often.objective == pytest.approx(5000 + 8000)


def test_a_cut_by_hand() -> None:
    # min 3 y with x + y >= 10 and y <= 4: at x = 8 it costs 6, and 3 less for every unit of x; at
    # x = 5 one unit of the row is missing, and one less for every unit of x
    matrices = Matrices(
        start=np.array([0, 1, 2], dtype=np.int32),
        rows=np.zeros(2, dtype=np.int32),
        coefficients=np.ones(2),
        cost=np.array([0.0, 3.0]),
        lower=np.zeros(2),
        upper=np.array([20.0, 4.0]),
        integer=np.zeros(2, dtype=bool),
        row_lower=np.array([10.0]),
        row_upper=np.array([np.inf]),
        offset=0.0,
        columns={},
        row_positions={},
        variables={},
        constraints={},
    )
    recourse = Recourse(matrices, 1, np.array([0]), Options())
    found = recourse.at(np.array([8.0]), Watch())
    assert (found.feasible, found.cost) == (True, pytest.approx(6))
    assert found.slope == pytest.approx([-3])
    assert found.duals == pytest.approx([3])
    lost = recourse.at(np.array([5.0]), Watch())
    assert not lost.feasible
    # where the cut reaches 0 does not hang on its scale
    assert 5 - lost.cost / lost.slope[0] == pytest.approx(6)


def test_the_whole_of_a_chain_agrees_with_its_shadow_prices() -> None:
    problem = disrupted_problem(6, (1, 5, 3, 4))
    parts, whole = solve(problem, BY_CUTS), solve(problem, IN_ONE)
    _same(parts, whole)
    assert parts.prices is not None
    assert whole.prices is not None
    ours, theirs = (
        table["shadow_price"].to_numpy(float) for table in (parts.prices, whole.prices)
    )
    assert np.allclose(ours, theirs, rtol=1e-4, atol=1e-3 * np.abs(theirs).max())
    twice = solve(problem, BY_CUTS.model_copy(update={"threads": 2}))
    assert twice.objective == parts.objective


@pytest.mark.parametrize(
    "seed", [3, 7, *(pytest.param(seed, marks=pytest.mark.deep) for seed in range(100, 160))]
)
@pytest.mark.parametrize("choices", ["none", "first"])
def test_random_trees_cost_the_same_either_way(seed: int, choices: str) -> None:
    """Rules of all families, risk and stocks; yes/no choices at most in the first stage."""
    plain = random_tree(seed).to_plain()
    plain["rules"] = [rule for rule in plain["rules"] if rule["kind"] != "participation"]
    problem = parse(plain)
    matrices = compile_frame(build(problem))
    parts = partition(problem.nodes, matrices)
    kept = np.zeros_like(matrices.integer)
    if choices == "first":
        kept[parts.first.columns] = matrices.integer[parts.first.columns]
    matrices = replace(matrices, integer=kept)
    parts = partition(problem.nodes, matrices)
    assert not parts.ties
    whole = Instance(matrices, Options(), quiet=True).run(Watch())
    found, facts = l_shaped(parts, Options(), Watch())
    assert found.status == whole.status
    assert facts["iterations"] < 100
    if whole.objective is not None:
        size = max(1.0, abs(whole.objective))
        assert found.objective is not None
        assert found.bound is not None
        assert abs(found.objective - whole.objective) <= 3e-6 * size
        assert found.bound <= whole.objective + 2e-6 * size


def test_what_the_loop_cannot_do_is_refused_and_told(
    year_of_ban: Callable[..., Problem], three_sellers: Callable[..., Problem], rule: Any
) -> None:
    lots = year_of_ban().to_plain()["offers"]
    lots[0]["minimum_lot"] = 10
    cap = rule("hhi_cap", max_hhi=0.9)
    for problem, options, words in (
        (three_sellers(), BY_CUTS, "nothing branches"),
        (year_of_ban(offers=lots), BY_CUTS, "yes/no choices in the second stage"),
        (year_of_ban(rules=[cap]), BY_CUTS, "concentration"),
        (
            year_of_ban(),
            BY_CUTS.model_copy(update={"goals": ("shortfall", "cost")}),
            "several goals",
        ),
    ):
        with pytest.raises(InputError, match=words):
            solve(problem, options)
        assert solve(problem, options.model_copy(update={"method": "auto"})).has_plan


def test_the_way_is_chosen_by_size_and_told() -> None:
    small = solve(load("farmer"))
    assert small.record["method"] == "extensive form"
    assert small.record["method_reason"].startswith("small")
    problem = disrupted_problem(70)
    choice = choose(problem, compile_frame(build(problem)), Options(), by_cost_alone=True)
    assert choice.method == "L-shaped"
    assert choice.reason.startswith("70 sub-problems")


def test_a_loop_that_is_stopped_says_so(year_of_ban: Callable[..., Problem]) -> None:
    stop = threading.Event()
    stop.set()
    result = solve(year_of_ban(), BY_CUTS, cancel=stop)
    assert result.status.stop is Stop.CANCELLED
    assert not result.has_plan
