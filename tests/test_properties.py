"""Properties of generated problems: 26 of each in `make test`, 300 more in `make deep`."""

from __future__ import annotations

import json
import random
import re
from collections import Counter
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from instances.check import check
from instances.fields import base_unit, fields_of
from instances.generate import random_problem
from instances.generate.chain import HUB
from instances.problem import TABLES, Problem
from instances.record import Part
from instances.rules import (
    Budget,
    HHICap,
    MaxNewSellers,
    MinSuppliers,
    Participation,
    ShareCap,
    ShareFloor,
)
from models import build
from models.horizon import horizon
from models.rows import all_rows
from optimizer import Options, Result, solve
from optimizer.answer import Watch
from optimizer.compile import compile_frame
from optimizer.cuts import Cuts
from optimizer.highs import Instance

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from instances.rules.rule import RuleRecord
    from optimizer.compile import Matrices

FEW = 30
MANY = 300
HEAVY = {1, 11, 21, 29}
"""Seeds with so many yes/no choices that they take as long as all the others together."""
LIGHT = [seed for seed in range(FEW) if seed not in HEAVY]
PLAIN = Options(tie_break=False)
SEEDS = pytest.mark.parametrize(
    "seed",
    [
        pytest.param(seed, marks=() if seed in LIGHT else [pytest.mark.deep])
        for seed in range(MANY + FEW)
    ],
)


@cache
def _solved(seed: int) -> Result:
    return solve(random_problem(seed))


def _planned(seed: int) -> Result:
    """Return the result of the seed, or of the next one that has a plan."""
    while not _solved(seed).has_plan:
        seed += 1_000
    return _solved(seed)


def _size(result: Result) -> float:
    """Return the dollars that change hands: what a difference in cost is measured by."""
    return float(result.costs["discounted_usd"].abs().sum()) + 1.0


def _cost(problem: Problem, options: Options = PLAIN) -> float:
    """Return the least cost, infinite without a plan."""
    result = solve(problem, options)
    return float("inf") if result.objective is None else result.objective


def _assert_at_most(less: float, more: float, size: float) -> None:
    assert less <= more + 3e-6 * size


def _with_rules(problem: Problem, rules: Iterable[RuleRecord]) -> Problem:
    plain = [
        rule.model_dump(mode="json", by_alias=True, exclude_defaults=True) | {"kind": rule.kind}
        for rule in rules
    ]
    return Problem.model_validate(problem.to_plain() | {"rules": plain})


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
    return _with_rules(problem, rules)


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
    result = _solved(seed)
    if result.has_plan:
        verdict = check(result.problem, result.plan, claimed=result.objective)
        assert verdict.faults == ()
        assert result.objective == pytest.approx(verdict.objective, rel=1e-6, abs=1e-6)
    else:
        assert result.broken != ()


@SEEDS
def test_tightening_the_rules_never_costs_less_and_relaxing_them_never_more(seed: int) -> None:
    result = _planned(seed)
    problem, size = result.problem, _size(result)
    assert result.objective is not None
    _assert_at_most(result.objective, _cost(_moved(problem, -1)), size)
    _assert_at_most(_cost(_moved(problem, 1)), result.objective, size)


@SEEDS
def test_tightening_one_cap_never_costs_less(seed: int) -> None:
    result = _planned(seed)
    problem = result.problem
    caps = [rule for rule in problem.rules if isinstance(rule, ShareCap)]
    if not caps:
        return
    chosen = random.Random(seed).choice(caps)
    lever, *_ = chosen.levers()
    rules = [rule.relaxed(lever, -0.15) if rule is chosen else rule for rule in problem.rules]
    assert result.objective is not None
    _assert_at_most(result.objective, _cost(_with_rules(problem, rules)), _size(result))


@SEEDS
def test_one_more_offer_never_costs_more(seed: int) -> None:
    result = _planned(seed)
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
    _assert_at_most(_cost(more), result.objective, _size(result))


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
    result = _planned(seed)
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
    size = _size(result)
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
        _assert_at_most(result.objective - saved, least, _size(result))


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
    result = _planned(seed)
    plain = result.problem.to_plain()
    for table in plain:
        if table != "periods":
            plain[table] = _scaled(
                plain[table], lambda path: 7 if TONNES & set(path[-1:]) else 1, (str(table),)
            )
    assert _cost(Problem.model_validate(plain)) == pytest.approx(
        7 * result.objective, rel=1e-5, abs=7e-6 * _size(result)
    )


@SEEDS
def test_other_names_of_countries_leave_the_cost(seed: int) -> None:
    result = _planned(seed)
    names = {"CHN": "ZAF", "AUS": "DEU", "KAZ": "BRA", "CAN": "CHL", "USA": "ARG", "JPN": "VNM"}
    text = json.dumps(result.problem.to_plain())
    text = re.sub(r"\b[A-Z]{3}\b", lambda match: names.get(match[0], match[0]), text)
    renamed = Problem.model_validate(json.loads(text))
    assert renamed != result.problem
    assert _cost(renamed) == pytest.approx(result.objective, rel=3e-6, abs=1e-6 * _size(result))


@SEEDS
def test_the_order_of_records_leaves_cost_and_purchases(seed: int) -> None:
    result = _planned(seed)
    plain, draw = result.problem.to_plain(), random.Random(seed)
    for table, records in plain.items():
        if table in TABLES:
            draw.shuffle(records)
    shuffled = solve(Problem.model_validate(plain))
    assert shuffled.objective == pytest.approx(
        result.objective, rel=3e-6, abs=1e-6 * _size(result)
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
    result = _planned(seed)
    plain = result.problem.to_plain()
    found = {
        perspective: solve(Problem.model_validate(plain | {"perspective": perspective}), PLAIN)
        for perspective in ("buyer", "system")
    }
    size = _size(result)
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
    result = _planned(seed)
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


def _binding(result: Result) -> set[str]:
    """Return the families of which a rule costs something: by its price or a solve without it."""
    table = result.rules
    found = set(table[table["shadow_price_usd"].astype(float) > 1e-6]["kind"])
    for family in (MinSuppliers, MaxNewSellers):
        counts = [rule for rule in result.problem.rules if isinstance(rule, family)]
        if not counts:
            continue
        rest = [rule for rule in result.problem.rules if rule not in counts]
        assert result.objective is not None
        free = _cost(_with_rules(result.problem, rest))
        if free < result.objective - 1e-5 * _size(result):
            found.add(counts[0].kind)
    return {str(kind) for kind in found}


def _count(seeds: Iterable[int]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for seed in seeds:
        result = _solved(seed)
        if result.has_plan:
            counts["feasible"] += 1
            counts.update(_binding(result))
            counts.update(set(_active(result)))
    return counts


def _active(result: Result) -> Iterator[str]:
    """Yield the features that a plan makes use of; a name comes as often as it is used."""
    problem, plan = result.problem, result.plan
    facilities = {item.id: item for item in problem.facilities}
    expansions = {item.id: item for item in problem.expansions}
    lanes = {item.id: item for item in problem.lanes}
    offers = {item.id: item for item in problem.offers}
    for name, tranche in zip(plan.purchases["offer"], plan.purchases["tranche"], strict=True):
        offer = offers[name]
        yield from [f"{offer.pricing} price"] * (tranche > 0)
        yield from ["minimum lot"] * (offer.minimum_lot > 0)
        yield from ["fixed cost of an offer"] * any(offer.fixed_cost.values)
        yield from ["qualification"] * offer.qualifies
    agreed = {item.id: item for item in problem.contracts}
    for row in result.contracts.itertuples():
        contract = agreed[row.contract]
        if row.taken_t > 0:
            yield f"{contract.commitment} contract"
            yield from ["priority share"] * (contract.priority_share < 1)
            yield from ["floor"] * (contract.floor is not None)
            yield from [f"sharing to the {contract.sharing_to}"] * (contract.sharing > 0)
        yield from ["take or pay"] * (row.forgone_t > 0)
    for run in plan.runs.itertuples():
        facility = facilities[run.facility]
        process = next(item for item in facility.processes if item.id == run.process)
        yield "process"
        yield from ["joint products"] * (len(process.outputs) > 1)
        yield from ["second stage"] * any(name.startswith("oxide") for name in process.inputs)
        yield from ["mine"] * (not process.inputs)
        yield from ["minimum run"] * (facility.minimum_run > 0)
        yield from ["fixed cost of a facility"] * (any(facility.fixed_cost.values))
        yield from ["growth"] * (facility.growth is not None)
    if plan.runs.groupby(["node", "facility", "process"]).size().max() > 1:
        yield "two blends"
    for name in plan.builds["expansion"]:
        item = expansions[name]
        yield "lumpy expansion" if item.lumpy else "divisible expansion"
        yield f"capex by {item.capex_mode}"
        yield from ["salvage"] * (item.salvage != "none")
        yield from ["grant"] * (item.grant > 0)
        yield from ["ramp"] * bool(item.ramp)
        yield from ["lead time of an expansion"] * (item.lead_time > 0)
    for lane in (lanes[name] for name in plan.shipments["lane"] if name in lanes):
        yield from ["lead time of a lane"] * (lane.lead_time > 0)
        yield from ["fixed cost of a lane"] * (any(lane.fixed_cost.values))
        yield from ["minimum load"] * (lane.minimum_load > 0)
        yield from ["transit country"] * (lane.destination == HUB)
        yield from ["compliance"] * any(lane.compliance_cost.values)
    for table, feature in (
        ("disposals", "disposal"),
        ("backlogs", "backlog"),
        ("recoveries", "recycling"),
        ("substitutes", "substitution"),
    ):
        yield from [feature] * (len(getattr(plan, table)) > 0)
    if any(not item.disposable for item in problem.commodities):
        yield "kept co-product"
    stores = {item.id: item for item in problem.stockpiles}
    for row in plan.handling.itertuples():
        yield from ["rotation"] * (row.rotate > 1e-6)
        yield from ["loan"] * (row.lend > 1e-6)
    for row in plan.stocks.itertuples():
        store = stores[row.stockpile]
        if row.draw > 1e-6:
            yield from ["declared release"] * bool(store.declared)
            yield from ["class served"] * (store.serves is not None)
        yield from ["share of the market"] * (row.fill > 1e-6 and store.market_share is not None)
    for row in plan.pooling.itertuples():
        yield from ["pool"] * (row.withdraw > 1e-6)
        yield from ["borrowing of a member"] * (row.overdraw > 1e-6)
        yield from ["given back by a member"] * (row.give_back > 1e-6)
    paid = result.costs["amount_usd"].abs().groupby(result.costs["account"]).sum().to_dict()
    yield from ["price floor"] * (paid["price_support"] > 0)
    yield from ["minimum import price"] * (paid["top_up"] > 0)
    yield from ["tariff by origin"] * (bool(problem.tariffs) and paid["tariff"] > 0)
    for fund in plan.funding.itertuples():
        yield from ["equity"] * (fund.equity > 1)
        yield from ["debt"] * (fund.debt > 1)
        yield from ["repayment"] * (fund.repay > 1)
    yield from ["funded stock"] * bool(len(plan.allotments))
    yield from ["cargo under way"] * bool(problem.in_transit)
    for rule in problem.rules:
        if isinstance(rule, ShareCap | ShareFloor):
            yield rule.origin
            yield from ["penalty per point"] * (rule.penalty_per_point is not None)
        if isinstance(rule, HHICap):
            form = "groups" if rule.as_one else "risk" if rule.governance else rule.by
            yield f"concentration by {form}"
            yield f"concentration of {rule.counted}"
        if isinstance(rule, MinSuppliers):
            yield from ["all or none"] * rule.all_or_none
        if isinstance(rule, Budget) and rule.carry_over and len(plan.builds) > 0:
            yield "budget carried over"
    lengths = {node.period.days for node in result.problem.nodes}
    yield from ["months inside years"] * (min(lengths) < 32 and max(lengths) > 360)


FEATURES = (
    "rising price",
    "incremental price",
    "all_units price",
    "minimum lot",
    "fixed cost of an offer",
    "qualification",
    "signed contract",
    "whole contract",
    "divisible contract",
    "take or pay",
    "priority share",
    "floor",
    "sharing to the buyer",
    "sharing to the seller",
    "process",
    "joint products",
    "second stage",
    "mine",
    "minimum run",
    "fixed cost of a facility",
    "growth",
    "two blends",
    "lumpy expansion",
    "divisible expansion",
    "capex by lump",
    "capex by annual",
    "salvage",
    "grant",
    "ramp",
    "lead time of an expansion",
    "lead time of a lane",
    "fixed cost of a lane",
    "minimum load",
    "transit country",
    "compliance",
    "disposal",
    "kept co-product",
    "backlog",
    "recycling",
    "substitution",
    "cargo under way",
    "rotation",
    "loan",
    "declared release",
    "class served",
    "share of the market",
    "pool",
    "borrowing of a member",
    "given back by a member",
    "price floor",
    "minimum import price",
    "tariff by origin",
    "equity",
    "debt",
    "repayment",
    "funded stock",
    "traced",
    "touched",
    "penalty per point",
    "concentration by country",
    "concentration by supplier",
    "concentration by groups",
    "concentration by risk",
    "concentration of purchases",
    "concentration of deliveries",
    "all or none",
    "budget carried over",
    "months inside years",
)
FAMILIES = (
    "share_cap",
    "share_floor",
    "stock_target",
    "min_suppliers",
    "max_new_sellers",
    "hhi_cap",
    "benchmark",
    "budget",
    "participation",
)


def test_most_problems_have_a_plan_and_every_family_binds_in_some() -> None:
    # of all that are so small only 11 pays for what it does not take
    seeds = [*LIGHT, 11]
    counts = _count(seeds)
    assert counts["feasible"] >= 0.7 * len(seeds)
    assert [name for name in FAMILIES if counts[name] < 0.1 * len(seeds)] == [], counts
    # 20 of 300 would be 2 of 30; the rarest may be missing among so few
    assert [name for name in FEATURES if counts[name] == 0] == [], counts


@pytest.mark.deep
def test_of_300_problems_210_have_a_plan_and_every_family_and_feature_is_active_in_20() -> None:
    counts = _count(range(MANY))
    assert counts["feasible"] >= 0.7 * MANY
    assert all(counts[name] >= 20 for name in (*FAMILIES, *FEATURES)), counts
