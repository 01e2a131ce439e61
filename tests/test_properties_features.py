"""Most generated problems have a plan; each family of rules and feature is at work in some."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest

from instances.generate.chain import HUB
from instances.rules import (
    Budget,
    HHICap,
    MaxNewSellers,
    MinSuppliers,
    ShareCap,
    ShareFloor,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from optimizer import Result


from tests.generated import LIGHT, MANY, dollars, least_cost, result_of, with_rules


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
        free = least_cost(with_rules(result.problem, rest))
        if free < result.objective - 1e-5 * dollars(result):
            found.add(counts[0].kind)
    return {str(kind) for kind in found}


def _count(seeds: Iterable[int]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for seed in seeds:
        result = result_of(seed)
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
