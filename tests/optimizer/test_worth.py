"""What foresight is worth, by the book and by hand, and where first decisions turn."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from instances import load
from instances.check import check
from instances.errors import InputError
from instances.generate import random_problem
from instances.parse import parse
from instances.periods import timeline
from optimizer.averaged import averaged
from optimizer.flip import Flip, flips
from optimizer.options import Options
from optimizer.solve import solve
from optimizer.worth import worth

if TYPE_CHECKING:
    from collections.abc import Callable

    from instances.problem import Problem

TWO_YEARS = {"start": "2026-01-01", "count": 2, "length": "1 yr"}
BAN = {"id": "ban", "of": "CHN", "availability": 0, "start": "2027-01-01"}


@pytest.fixture
def threatened(problem_of: Callable[..., Problem], offer: Any, need: Any):
    """Make 100 t a year at 50 from CHN, which may be cut off in 2027; going without costs 1000.

    An option on AUS costs 5 a tonne when it is signed and 200 when it is used; stock costs 20 to
    hold; a plant costs 90 a tonne and runs on nothing.
    """

    def make(chance: float, **tables: Any) -> Problem:
        stated: dict[str, Any] = {
            "periods": TWO_YEARS,
            "offers": [offer("CHN", 50, 200), offer("AUS", 5000, 100)],
            "contracts": [
                {"id": "option", "offer": "aus", "maximum": 100, "price": 200}
                | {"commitment": "divisible", "signing_cost": 500, "start": "2027-01-01"}
                | {"sign_by": "2026-06-01"}
            ],
            "demand": [need(100, 1000)],
            "stockpiles": [
                {"id": "vault", "commodity": "metal", "country": "USA", "holding_cost": 20}
            ],
            "events": [BAN],
            "scenarios": [
                {"id": "calm", "probability": 1 - chance},
                {"id": "banned", "probability": chance, "events": ["ban"]},
            ],
        }
        return problem_of(**stated | tables)

    return make


def test_the_farmer_is_worth_what_the_book_prints() -> None:
    # Birge and Louveaux, section 1.1: the mean weather is the fair one
    found = worth(load("farmer"), "fair")
    assert found.recourse == pytest.approx(-108_390, abs=0.01)
    assert found.foresight == pytest.approx(-115_405.56, abs=0.01)
    assert found.of_information == pytest.approx(7_015.56, abs=0.01)
    assert found.mean_plan == pytest.approx(-107_240, abs=0.01)
    assert found.of_the_stochastic_solution == pytest.approx(1_150, abs=0.01)
    regret = sum(row["probability"] * row["regret_usd"] for row in found.to_plain()["scenarios"])
    assert regret == pytest.approx(7_015.56, abs=0.01)


def test_the_mean_of_the_data_of_the_farmer_is_mean_weather() -> None:
    assert worth(load("farmer")).mean_plan == pytest.approx(-107_240, abs=0.01)


def test_worth_of_a_ban_by_hand(threatened: Any) -> None:
    found = worth(threatened(0.5))
    # stock costs 50 + 20 whatever happens: 100 * 70 + 5000 = 12000.
    # who knows: calm 10000; banned 5000 + 7000 = 12000; together 11000
    assert found.recourse == pytest.approx(12_000)
    assert found.foresight == pytest.approx(11_000)
    assert found.of_information == pytest.approx(1_000)
    # the mean of the data: half of 200 t is left, which is all that is needed, so that nothing is
    # held: calm 10000, banned 5000 + 100 * 1000 = 105000; mean 57500
    assert found.mean_plan == pytest.approx(57_500)
    assert found.of_the_stochastic_solution == pytest.approx(45_500)
    rows = {row["scenario"]: row for row in found.to_plain()["scenarios"]}
    assert rows["calm"]["regret_usd"] == pytest.approx(2_000)
    assert rows["banned"]["regret_usd"] == pytest.approx(0, abs=1e-6)
    assert rows["banned"]["mean_regret_usd"] == pytest.approx(93_000)
    assert "knowing it is worth (EVPI)" in found.summary()
    assert averaged(threatened(0.5)).offers[0].available.at(
        threatened(0.5).nodes[-1].period.start
    ) == pytest.approx(0.5)


def test_the_regret_of_a_plan_that_was_made_for_something_else(threatened: Any) -> None:
    # made for a ban that is unlikely: nothing is held
    lightly = solve(threatened(0.001))
    found = worth(lightly)
    rows = {row["scenario"]: row for row in found.to_plain()["scenarios"]}
    assert rows["banned"]["plan_usd"] == pytest.approx(105_000)
    assert rows["banned"]["regret_usd"] == pytest.approx(93_000)


def test_what_stays_is_not_told_again() -> None:
    stock, plant = ("stockpile", "vault"), ("plant", "site")
    both, one = {stock: 10.0, plant: 5.0}, {stock: 10.001}
    gained = Flip("calm", 0.4, 0.41, one, both, 1.0, 1.0).sentence()
    assert gained.endswith("40 % and 41 % the first decision gains 5 t/yr of plant site.")
    lost = Flip("calm", 0.4, 0.41, both, one, 1.0, 1.0).sentence()
    assert lost.endswith("the first decision gives up 5 t/yr of plant site.")
    turned = Flip("calm", 0.4, 0.41, both, {stock: 10.0, ("contract", "c"): 1.0}, 1.0, 1.0)
    assert turned.sentence().endswith(
        "turns from 5 t/yr of plant site to 100 % of contract c; all else stays."
    )


def test_the_first_decision_turns_from_waiting_to_an_option_to_stock(threatened: Any) -> None:
    # a tonne of 2027: waiting costs 50 (1 - p) + 1000 p; the option 5 + 50 (1 - p) + 200 p, less
    # from p = 5/800 = 0.00625 on; stock 70, less from 55 + 150 p = 70, p = 0.1 on
    first, second = flips(threatened(0.5), "banned", tolerance=1e-4)
    assert first.below <= 0.00625 <= first.above
    assert second.below <= 0.1 <= second.above
    for flip in (first, second):
        assert flip.above - flip.below <= 1e-4
    assert first.before == {}
    assert first.after == pytest.approx({("contract", "option"): 1})
    assert second.after == pytest.approx({("stockpile", "vault"): 100})
    # at p = 0.1 both cost 5000 + 100 * 70
    assert second.cost_below == pytest.approx(12_000, rel=1e-3)
    assert "turns from waiting to 100 % of contract option" in first.sentence()


def test_a_plant_is_built_where_it_is_cheaper_than_stock(threatened: Any) -> None:
    # built in 2026 for 2027 at 60 a tonne: less than stock at 70, and than the option at
    # 55 + 150 p from p = 5/150 = 0.0333 on; it would serve 2027 only, since nothing opens before
    plant = {
        "id": "smelter",
        "country": "USA",
        "capacity": 0,
        "processes": [{"id": "smelt", "inputs": {"scrap": 1}, "outputs": {"metal": 1}}],
    }
    larger = {"id": "larger", "facility": "smelter", "size": 100, "capex": 60}
    problem = threatened(
        0.5,
        commodities=[
            {"id": name, "stage": name, "basis": "product"} for name in ("metal", "scrap")
        ],
        facilities=[plant],
        expansions=[larger | {"capex_mode": "lump", "lead_time": 365, "end": "2027-01-01"}],
        offers=[
            *threatened(0.5).to_plain()["offers"],
            {"id": "scrap", "supplier": "yards", "country": "USA", "commodity": "scrap"}
            | {"price": 0, "capacity": 200},
        ],
    )
    first, second = flips(problem, "banned", high=0.5)
    assert first.below <= 0.00625 <= first.above
    assert second.below <= 1 / 30 <= second.above
    assert second.after == pytest.approx({("plant", "larger"): 100})


@pytest.mark.parametrize("chance", [0.003, 0.02, 0.3, 0.9])
def test_foresight_costs_no_more_than_a_plan_and_that_no_more_than_the_mean(
    threatened: Any, chance: float
) -> None:
    found = worth(threatened(chance))
    assert found.foresight is not None
    assert found.recourse is not None
    assert found.mean_plan is not None
    assert found.foresight <= found.recourse + 1e-6 * abs(found.recourse)
    assert found.recourse <= found.mean_plan + 1e-6 * abs(found.mean_plan)


def test_weights_of_risk_are_left_aside_and_said_so(threatened: Any) -> None:
    plain, weighed = (worth(threatened(0.004, risk=risk)) for risk in (None, {"worst_weight": 1}))
    assert weighed.recourse == pytest.approx(plain.recourse)
    assert plain.notes == ()
    assert "The problem minimises 100 % of the cost of the dearest scenario" in weighed.notes[0]


def test_time_that_runs_out_leaves_nulls_and_no_flips(threatened: Any) -> None:
    hasty = Options(time_limit=1e-6)
    found = worth(threatened(0.5), options=hasty)
    assert (found.complete, found.recourse, found.of_information) == (False, None, None)
    assert "Time ran out" in found.summary()
    assert flips(threatened(0.5), "banned", options=hasty) == ()


def test_without_scenarios_there_is_nothing_to_know(three_sellers: Any, threatened: Any) -> None:
    with pytest.raises(InputError, match="are not there to be known"):
        worth(three_sellers())
    with pytest.raises(InputError, match="banned"):
        worth(threatened(0.5), "bannd")
    with pytest.raises(InputError, match="banned"):
        flips(threatened(0.5), "bannd")
    with pytest.raises(InputError, match="has no range"):
        flips(threatened(0.5), "banned", low=0.5, high=0.5)
    result = solve(threatened(0.5))
    assert not check(result.problem, result.plan, result.objective).faults


@pytest.mark.slow
def test_foresight_costs_least_and_the_mean_most_on_random_problems() -> None:
    compared = 0
    for seed in range(2, 20):
        plain = random_problem(seed).to_plain()
        line = timeline(parse(plain).periods)
        if len(line) < 2 or "scenarios" in plain:
            continue
        surge = {"id": "surge", "demand": 1.15, "start": line[1].start.isoformat()}
        calm = {"id": "calm", "probability": 0.6}
        scenarios = [calm, {"id": "surging", "probability": 0.4, "events": ["surge"]}]
        found = worth(parse(plain | {"events": [surge], "scenarios": scenarios}))
        if found.recourse is None or found.foresight is None:
            continue
        size = 1e-5 * max(1.0, abs(found.recourse))
        assert found.foresight <= found.recourse + size, seed
        if found.mean_plan is not None:
            assert found.recourse <= found.mean_plan + size, seed
            compared += 1
        if compared == 3:
            return
    assert compared >= 2
