"""Properties of generated problems: 26 of each in `make test`, 300 more in `make deep`."""

from __future__ import annotations

import json
import random
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from instances.check import check
from instances.fields import base_unit, fields_of
from instances.problem import TABLES, Problem
from instances.record import Part
from instances.rules import (
    Budget,
    MaxNewSellers,
    MinSuppliers,
    Participation,
    ShareCap,
)
from models import build
from models.horizon import horizon
from models.rows import all_rows
from optimizer import Result, solve
from optimizer.answer import Watch
from optimizer.compile import compile_frame
from optimizer.cuts import Cuts
from optimizer.highs import Instance

if TYPE_CHECKING:
    from collections.abc import Callable

    from optimizer.compile import Matrices

from tests.generated import (
    FEW,
    LIGHT,
    MANY,
    PLAIN,
    dollars,
    least_cost,
    planned,
    result_of,
    with_rules,
)

SEEDS = pytest.mark.parametrize(
    "seed",
    [
        pytest.param(seed, marks=() if seed in LIGHT else [pytest.mark.deep])
        for seed in range(MANY + FEW)
    ],
)


def _assert_at_most(less: float, more: float, size: float) -> None:
    assert less <= more + 3e-6 * size


def _moved(problem: Problem, steps: float) -> Problem:
    """Relax every rule by some steps of its first lever; tighten it if there are fewer than 0."""
    rules = []
    for rule in problem.rules:
        lever, *_ = rule.levers()
        steep = steps * (10 if lever.unit == "fraction" else 1)
        fewest = isinstance(rule, MinSuppliers | MaxNewSellers) and (
            rule.count - steep * lever.direction * -1 < isinstance(rule, MinSuppliers)
        )
        rules.append(rule if fewest else rule.relaxed(lever, steep * lever.step))
    return with_rules(problem, rules)


def _scaled(
    data: Any, factors: Callable[[tuple[str, ...]], float], path: tuple[str, ...] = ()
) -> Any:
    """Return plain data with every number times the factor of its path of names."""
    if isinstance(data, dict):
        return {
            key: _scaled(item, factors, path if re.match(r"\d{4}", str(key)) else (*path, key))
            for key, item in data.items()
        }
    if isinstance(data, list):
        return [_scaled(item, factors, path) for item in data]
    if isinstance(data, bool) or not isinstance(data, int | float):
        return data
    factor = factors(path)
    return data if factor == 1 else data * factor


def _measured_in(*units: str) -> set[str]:
    """Return the names of all fields, of all records, whose numbers have one of some units."""
    found, waiting = set(), [Part]
    while waiting:
        part = waiting.pop()
        waiting += part.__subclasses__()
        found |= {name for name in fields_of(part) if base_unit(part, name) in units}
    return found


LUMPS = _measured_in("USD", "USD/yr")
MONEY = _measured_in("USD/t", "USD/t/yr") | LUMPS
TONNES = _measured_in("t", "t/yr") | LUMPS
"""Lumps of money stay in proportion when all tonnes are scaled."""


@SEEDS
def test_the_referee_agrees_with_the_solver(seed: int) -> None:
    result = result_of(seed)
    if result.has_plan:
        verdict = check(result.problem, result.plan, claimed=result.objective)
        assert verdict.faults == ()
        assert result.objective == pytest.approx(verdict.objective, rel=1e-6, abs=1e-6)
    else:
        assert result.broken != ()


@SEEDS
def test_tightening_the_rules_never_costs_less_and_relaxing_them_never_more(seed: int) -> None:
    result = planned(seed)
    problem, size = result.problem, dollars(result)
    assert result.objective is not None
    _assert_at_most(result.objective, least_cost(_moved(problem, -1)), size)
    _assert_at_most(least_cost(_moved(problem, 1)), result.objective, size)


@SEEDS
def test_tightening_one_cap_never_costs_less(seed: int) -> None:
    result = planned(seed)
    problem = result.problem
    caps = [rule for rule in problem.rules if isinstance(rule, ShareCap)]
    if not caps:
        return
    chosen = random.Random(seed).choice(caps)
    lever, *_ = chosen.levers()
    rules = [rule.relaxed(lever, -0.15) if rule is chosen else rule for rule in problem.rules]
    assert result.objective is not None
    _assert_at_most(result.objective, least_cost(with_rules(problem, rules)), dollars(result))


@SEEDS
def test_one_more_offer_never_costs_more(seed: int) -> None:
    result = planned(seed)
    problem, draw = result.problem, random.Random(seed)
    priced = {offer.commodity for offer in problem.offers}
    goods = draw.choice([item for item in problem.commodities if item.id in priced])
    offer = {
        "id": "one-more",
        "supplier": "Newcomer",
        "country": draw.choice(["BRA", *(offer.country for offer in problem.offers)]),
        "commodity": goods.id,
        "price": draw.uniform(0.6, 1.2) * draw.choice(_prices(problem, goods.id)),
        "capacity": 10.0,
    }
    plain = problem.to_plain()
    countries = plain.get("countries", [])
    if offer["country"] not in {item["id"] for item in countries}:
        # a rule may weigh sellers by their governance
        countries = [*countries, {"id": offer["country"], "governance": 0.0}]
    more = Problem.model_validate(
        plain | {"offers": [*plain["offers"], offer], "countries": countries}
    )
    assert result.objective is not None
    _assert_at_most(least_cost(more), result.objective, dollars(result))


def _prices(problem: Problem, commodity: str) -> list[float]:
    return [
        price
        for offer in problem.offers
        if offer.commodity == commodity
        for part in offer.slices
        for price in part.price.values
    ]


@SEEDS
def test_all_money_times_1000_is_the_cost_and_every_price_times_1000(seed: int) -> None:
    result = planned(seed)
    budgets = {
        rule.id for rule in result.problem.rules if isinstance(rule, Budget | Participation)
    }
    by_value = budgets | {
        rule.id for rule in result.problem.rules if getattr(rule, "denominator", "") == "value"
    }
    plain = result.problem.to_plain()
    for table in plain:
        plain[table] = _scaled(
            plain[table], lambda path: 1000 if MONEY & set(path[-1:]) else 1, (str(table),)
        )
    for rule in plain.get("rules", []):
        if rule["id"] in by_value and "penalty" in rule:
            # dollars per dollar
            rule["penalty"] /= 1000
    scaled = solve(Problem.model_validate(plain))
    assert scaled.objective == pytest.approx(1000 * result.objective, rel=1e-6)
    if not len(result.rules):
        return
    # a dollar of a budget saves as many dollars as before
    grown = result.rules["rule"].map(lambda name: 1 if name in budgets else 1000)
    prices = grown * result.rules["shadow_price_usd"].astype(float)
    found = scaled.rules["shadow_price_usd"].astype(float)
    size = dollars(result)
    for name, price, other in zip(result.rules["rule"], prices, found, strict=True):
        if other != pytest.approx(price, rel=1e-5, abs=1e-9 * size, nan_ok=True):
            # at a kink a limit has two prices, and all between them are right
            _assert_the_price_is_a_slope(result, name)
            _assert_the_price_is_a_slope(scaled, name)


def _assert_the_price_is_a_slope(result: Result, name: str) -> None:
    """Check the prices of a rule: a step looser saves no more, one tighter costs no less.

    The least cost is convex in a limit as long as the yes/no choices stand as they are.
    """
    problem = result.problem
    (rule,) = (item for item in problem.rules if item.id == name)
    assert getattr(rule, "denominator", "demand") == "demand", "its room is not a matter of data"
    lever, *_ = rule.levers()
    cuts = Cuts(problem, compile_frame(build(problem)), PLAIN.hhi_tolerance)
    values = cuts.solve(Instance(cuts.matrices, PLAIN), Watch()).values
    chosen = cuts.matrices.integer
    time = horizon(problem)
    worth = dict(zip([node.id for node in time.nodes], time.worth.tolist(), strict=True))
    largest = max(getattr(getattr(rule, lever.field), "values", [getattr(rule, lever.field)]))
    limits = _limits(problem, cuts.matrices)
    table = result.rules[result.rules["rule"] == name]
    for part in (0.2, -0.2):
        moved = rule.relaxed(lever, part * largest or part * lever.step)
        rules = tuple(moved if item is rule else item for item in problem.rules)
        other = problem.model_copy(update={"rules": rules})
        matrices = compile_frame(build(other))
        lower, upper = matrices.lower.copy(), matrices.upper.copy()
        lower[chosen] = upper[chosen] = np.round(values[chosen])
        fixed = replace(
            matrices, lower=lower, upper=upper, integer=np.zeros_like(matrices.integer)
        )
        program = Cuts(other, fixed, PLAIN.hhi_tolerance)
        cost = program.solve(Instance(program.matrices, PLAIN), Watch()).objective
        saved = 0.0
        moves = _limits(other, matrices)
        for row in table.itertuples():
            # what an owner may lose is money of the first day
            factor = 1.0 if isinstance(rule, Participation) else worth[row.node]
            key = (row.rule, row.who, row.goods, row.node)
            step = abs(moves[key] - limits[key]) * factor
            saved += row.shadow_price_usd * (step if part > 0 else -step)
        least = float("inf") if cost is None else cost
        _assert_at_most(result.objective - saved, least, dollars(result))


def _limits(problem: Problem, matrices: Matrices) -> dict[Any, float]:
    """Return the limit of every row in the unit of its price: cover in tonnes."""
    covers = zip(
        matrices.constraints["stock_target"].rows(),
        matrices.row_lower[matrices.row_positions["stock_target"]].tolist(),
        strict=True,
    )
    return {row.key: row.limit for row in all_rows(problem)} | dict(covers)


@SEEDS
def test_all_tonnes_times_7_are_the_cost_times_7(seed: int) -> None:
    result = planned(seed)
    plain = result.problem.to_plain()
    for table in plain:
        if table != "periods":
            plain[table] = _scaled(
                plain[table], lambda path: 7 if TONNES & set(path[-1:]) else 1, (str(table),)
            )
    assert least_cost(Problem.model_validate(plain)) == pytest.approx(
        7 * result.objective, rel=1e-5, abs=7e-6 * dollars(result)
    )


@SEEDS
def test_other_names_of_countries_leave_the_cost(seed: int) -> None:
    result = planned(seed)
    names = {"CHN": "ZAF", "AUS": "DEU", "KAZ": "BRA", "CAN": "CHL", "USA": "ARG", "JPN": "VNM"}
    text = json.dumps(result.problem.to_plain())
    text = re.sub(r"\b[A-Z]{3}\b", lambda match: names.get(match[0], match[0]), text)
    renamed = Problem.model_validate(json.loads(text))
    assert renamed != result.problem
    assert least_cost(renamed) == pytest.approx(
        result.objective, rel=3e-6, abs=1e-6 * dollars(result)
    )


@SEEDS
def test_the_order_of_records_leaves_cost_and_purchases(seed: int) -> None:
    result = planned(seed)
    plain, draw = result.problem.to_plain(), random.Random(seed)
    for table, records in plain.items():
        if table in TABLES:
            draw.shuffle(records)
    shuffled = solve(Problem.model_validate(plain))
    assert shuffled.objective == pytest.approx(
        result.objective, rel=3e-6, abs=1e-6 * dollars(result)
    )
    if result.record["model"]["integers"] == 0:
        keys = ["node", "offer", "tranche"]
        first, second = (
            item.purchases.set_index(keys)["bought_t"].to_dict() for item in (result, shuffled)
        )
        size = sum(first.values())
        for key in first | second:
            assert first.get(key, 0) == pytest.approx(second.get(key, 0), abs=1e-5 * size), key


@SEEDS
def test_each_perspective_is_cheapest_under_its_own(seed: int) -> None:
    result = planned(seed)
    plain = result.problem.to_plain()
    found = {
        perspective: solve(Problem.model_validate(plain | {"perspective": perspective}), PLAIN)
        for perspective in ("buyer", "system")
    }
    size = dollars(result)
    for mine, other in (("buyer", "system"), ("system", "buyer")):
        column = f"{mine}_usd"
        own = found[mine].costs[column].sum()
        assert own == pytest.approx(found[mine].objective, rel=1e-6, abs=1e-6 * size)
        _assert_at_most(own, found[other].costs[column].sum(), size)
    money = result.costs[~result.costs["account"].isin(["shortfall", "backlog", "penalty"])]
    purses = money["buyer_usd"] + money["producer_usd"] + money["public_usd"]
    assert (purses - money["system_usd"]).abs().max() == 0


@SEEDS
def test_the_tie_break_leaves_cost_and_prices(seed: int) -> None:
    result = planned(seed)
    plain = solve(result.problem, PLAIN)
    assert plain.objective == pytest.approx(result.objective, rel=2e-6, abs=1e-6)
    if len(result.rules):
        columns = ["shadow_price_usd", "per_tonne_usd"]
        for first, second in zip(
            result.rules[columns].astype(float).to_numpy().ravel(),
            plain.rules[columns].astype(float).to_numpy().ravel(),
            strict=True,
        ):
            assert first == pytest.approx(second, nan_ok=True)
