"""The referee follows lots through processes: whose ore, whose steps, whose metal."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from instances.check import check
from instances.plan import Plan
from instances.problem import Problem
from instances.referee.terms import Terms
from tests.instances.smelted import GOODS, TOUCHED, TRACED, Lot, PlanMaker, smelting, tracing

Data = dict[str, Any]


@pytest.fixture
def metal_of(plan_of: PlanMaker) -> PlanMaker:
    return partial(smelting, plan_of)


def test_ore_is_traced_through_a_process_in_another_country(metal_of: PlanMaker) -> None:
    verdict = check(tracing(), metal_of(*TRACED))
    assert verdict.faults == ()
    # 30 * 20 + 70 * 10 = 1,300 for ore, and 50 t of acid at 1 USD
    assert verdict.objective == pytest.approx(1300 + 50)


def test_proportional_mixing_costs_what_australian_ore_alone_costs(metal_of: PlanMaker) -> None:
    clean = [TRACED[0]._replace(user=user, tonnes=t) for user, t in (("navy", 30), ("civil", 70))]
    one = metal_of(*clean)
    merged = {
        name: table.groupby(list(table.columns[:-1]), as_index=False, sort=False).sum()
        if name in {"runs", "uses"}
        else table
        for name, table in one.tables().items()
    }
    verdict = check(tracing(), Plan(**merged))
    assert verdict.faults == ()
    assert verdict.objective == pytest.approx(2000 + 50)


def test_chinese_ore_does_not_turn_australian(metal_of: PlanMaker) -> None:
    swapped = TRACED[0]._replace(ore=("cn", "CHN", "ore:CHN"))
    assert check(tracing(), metal_of(swapped, TRACED[1])).faults == (
        "Facility 'lamp' (process 'smelt', blend 'any&ore:AUS') in 2026 uses 'ore' with tag "
        "'ore:CHN', which is not of that blend.",
    )


def test_a_label_says_what_is_made(metal_of: PlanMaker) -> None:
    # 30 t smelted of Chinese ore leave as Australian metal
    relabelled = TRACED[0]._replace(blend="any&ore:CHN", ore=("cn", "CHN", "ore:CHN"))
    faults = check(tracing(), metal_of(relabelled)).faults
    assert "Balance of 'metal' (tag 'ore:CHN') in MYS in 2026: 30 t come in, 0 t go out." in faults
    assert "Balance of 'metal' (tag 'ore:AUS') in MYS in 2026: 0 t come in, 30 t go out." in faults


def test_traced_ore_breaks_a_rule_that_its_smelter_keeps(metal_of: PlanMaker) -> None:
    dirty = TRACED[1]._replace(user="navy", tonnes=30.0)
    clean = TRACED[0]._replace(user="civil", tonnes=70.0)
    (fault,) = check(tracing(), metal_of(dirty, clean)).faults
    assert fault.startswith("Rule 'clean' (CHN, metal) in 2026 is broken by 30 t: 1 against ")


def test_one_touched_input_touches_the_metal(metal_of: PlanMaker) -> None:
    problem = tracing(origin="touched")
    assert check(problem, metal_of(*TOUCHED)).faults == ()
    dirty = TOUCHED[1]._replace(user="navy", tonnes=30.0)
    clean = TOUCHED[0]._replace(user="civil", tonnes=70.0)
    (fault,) = check(problem, metal_of(dirty, clean)).faults
    assert fault.startswith("Rule 'clean' (CHN, metal) in 2026 is broken by 30 t: 1 against ")


@pytest.mark.parametrize(
    ("fields", "lots", "counted"),
    [
        # made in Malaysia: the party's as far as it made the metal, or its supplier by that name
        ({"of": "MYS", "origin": "direct"}, TRACED, 100),
        ({"of": "lamp", "origin": "direct"}, TRACED, 100),
        ({"of": "CHN", "origin": "direct"}, TRACED, 0),
        ({"of": "CHN", "origin": "traced"}, TRACED, 70),
        ({"of": "AUS", "origin": "traced"}, TRACED, 30),
        ({"of": "CHN", "origin": "touched"}, TOUCHED, 70),
        ({"of": "CHN", "origin": "traced", "commodity": "ore"}, TRACED, 70),
        ({"of": "Pit", "origin": "direct", "commodity": "ore"}, TRACED, 100),
    ],
)
def test_what_is_made_counts_as_bought_of_its_maker(
    metal_of: PlanMaker, fields: Data, lots: tuple[Lot, ...], counted: float
) -> None:
    origin = "touched" if lots is TOUCHED else "traced"
    keeper = {"id": "keeper", "max_share": 1, "origin": origin}
    data = tracing(**keeper).to_plain()
    share = {
        "id": "counted",
        "kind": "share_cap",
        "commodity": "metal",
        "max_share": 1,
        "denominator": "supply",
    }
    problem = Problem.model_validate({**data, "rules": [*data["rules"], share | fields]})
    verdict = check(problem, metal_of(*lots))
    assert verdict.faults == ()
    use = verdict.uses[-1]
    assert use.value == pytest.approx(counted / 100)
    assert use.slack == pytest.approx(100 - counted)


def test_what_a_process_takes_is_received_where_it_stands(metal_of: PlanMaker) -> None:
    share = {
        "id": "received",
        "kind": "share_cap",
        "of": "CHN",
        "commodity": "ore",
        "max_share": 1,
        "denominator": "supply",
        "origin": "traced",
        "buyers": ["MYS"],
    }
    data = tracing().to_plain()
    data["stockpiles"] = [{"id": "yard", "commodity": "ore", "country": "MYS"}]
    problem = Problem.model_validate({**data, "rules": [*data["rules"], share]})
    verdict = check(problem, metal_of(*TRACED))
    # the yard opens empty and stays so
    assert verdict.faults == ()
    # of 100 t of ore that the smelter takes 70 are Chinese
    assert verdict.uses[-1].value == pytest.approx(0.7)


@pytest.mark.parametrize(("counts_unknown", "counted"), [(True, 100), (False, 0)])
def test_metal_of_unknown_ore_counts_as_the_rule_says(
    plan_of: PlanMaker, counts_unknown: bool, counted: float
) -> None:
    data = tracing(max_share=1).to_plain()
    data["offers"] = [offer for offer in data["offers"] if offer["id"] == "eau"]
    data["in_transit"] = [
        {
            "id": "ship",
            "commodity": "ore",
            "country": "MYS",
            "tonnes": 100,
            "arrives": "2026-05-01",
        }
    ]
    share = {
        "id": "counted",
        "kind": "share_cap",
        "of": "CHN",
        "commodity": "metal",
        "max_share": 1,
        "denominator": "supply",
        "origin": "traced",
        "counts_unknown": counts_unknown,
    }
    problem = Problem.model_validate({**data, "rules": [*data["rules"], share]})
    step = ("2026", "lamp", "smelt", "any&unknown")
    plan = plan_of(
        purchases=[("2026", "eau", 0, 50.0)],
        runs=[(*step, 100.0)],
        uses=[(*step, "ore", "unknown", 100.0), (*step, "acid", "any", 50.0)],
        shipments=[("2026", "free.MYS.USA", "metal", "ore:unknown", 100.0)],
        deliveries=[
            ("2026", "navy", "ore:unknown", 30.0),
            ("2026", "civil", "ore:unknown", 70.0),
        ],
    )
    verdict = check(problem, plan)
    assert verdict.faults == ()
    assert verdict.uses[-1].value == pytest.approx(counted / 100)


def test_blends_are_the_mixes_that_outputs_can_tell_apart() -> None:
    def labels(**fields: Any) -> list[str]:
        return [blend.label for blend in Terms(tracing(**fields)).blends]

    assert labels() == ["any&ore:CHN", "any&ore:AUS"]
    assert labels(origin="touched") == [
        "touched:CHN&touched:CHN",
        "touched:CHN&clean",
        "clean&touched:CHN",
        "clean&clean",
    ]
    # who sold the metal is known without a look at its inputs
    assert labels(origin="direct") == ["any"]


def test_tags_run_through_a_loop_of_processes() -> None:
    # scrap is remelted to metal, and metal gives scrap again
    data = tracing(origin="touched").to_plain()
    data["commodities"].append({"id": "scrap", **GOODS})
    for country, recipe in (
        ("CHN", {"id": "wear", "inputs": {"metal": 1}, "outputs": {"scrap": 0.5}}),
        ("MYS", {"id": "remelt", "inputs": {"scrap": 1}, "outputs": {"metal": 0.9}}),
    ):
        site = {"id": f"{country}-site", "country": country, "processes": [recipe]}
        data["facilities"].append(site)
    terms = Terms(Problem.model_validate(data))
    assert set(terms.tags_of["metal"]) == {"clean", "touched:CHN"}
    assert set(terms.tags_of["scrap"]) == {"touched:CHN"}
