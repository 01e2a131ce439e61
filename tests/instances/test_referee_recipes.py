from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import pytest

from instances.check import check
from instances.plan import Plan
from instances.problem import Problem
from instances.referee.terms import Terms

PlanMaker = Callable[..., Plan]
Data = dict[str, Any]
GOODS = {"stage": "x", "basis": "product"}


def tracing(**fields: Any) -> Problem:
    """Return a problem of two users of metal made in Malaysia of Chinese or Australian ore.

    The class defence takes none of the party's, counted as the fields say.
    """
    rule = {
        "id": "clean",
        "kind": "share_cap",
        "of": "CHN",
        "commodity": "metal",
        "max_share": 0,
        "denominator": "deliveries",
        "demand_class": "defence",
        "origin": "traced",
    }
    need = {"commodity": "metal", "country": "USA"}
    ore = {"commodity": "ore", "supplier": "Pit"}
    return Problem.model_validate(
        {
            "name": "tracing",
            "periods": {"start": "2026-01-01", "count": 1, "length": "1 yr"},
            "commodities": [{"id": name, **GOODS} for name in ("acid", "ore", "metal")],
            "offers": [
                {"id": "cn", "country": "CHN", "price": 10, **ore},
                {"id": "au", "country": "AUS", "price": 20, **ore},
                {"id": "hcl", "country": "CHN", "commodity": "acid", "supplier": "A", "price": 0},
                {"id": "eau", "country": "MYS", "commodity": "acid", "supplier": "B", "price": 1},
            ],
            "facilities": [
                {
                    "id": "lamp",
                    "country": "MYS",
                    "processes": [
                        {
                            "id": "smelt",
                            "inputs": {"acid": 0.5, "ore": 1},
                            "outputs": {"metal": 1},
                            "carrier": "ore",
                        }
                    ],
                }
            ],
            "demand": [
                {"id": "navy", "quantity": 30, "demand_class": "defence", **need},
                {"id": "civil", "quantity": 70, **need},
            ],
            "rules": [rule | fields],
        }
    )


class Lot(NamedTuple):
    """Metal for a user: the blend, and offer, country and tag of its ore and acid."""

    user: str
    tonnes: float
    blend: str
    ore: tuple[str, str, str]
    acid: tuple[str, str, str]
    tag: str


@pytest.fixture
def metal_of(plan_of: PlanMaker) -> PlanMaker:
    """Make the plan that buys, ships, smelts and delivers the lots."""

    def plan(*lots: Lot) -> Plan:
        bought: dict[str, float] = {}
        shipped: dict[tuple[str, str, str], float] = {}
        uses = []
        for lot in lots:
            for goods, amount, (offer, country, tag) in (
                ("ore", lot.tonnes, lot.ore),
                ("acid", lot.tonnes / 2, lot.acid),
            ):
                bought[offer] = bought.get(offer, 0.0) + amount
                uses.append(("2026", "lamp", "smelt", lot.blend, goods, tag, amount))
                if country != "MYS":
                    key = (f"free.{country}.MYS", goods, tag)
                    shipped[key] = shipped.get(key, 0.0) + amount
            key = ("free.MYS.USA", "metal", lot.tag)
            shipped[key] = shipped.get(key, 0.0) + lot.tonnes
        return plan_of(
            purchases=[("2026", offer, 0, amount) for offer, amount in bought.items()],
            shipments=[("2026", *key, amount) for key, amount in shipped.items()],
            runs=[("2026", "lamp", "smelt", lot.blend, lot.tonnes) for lot in lots],
            uses=uses,
            deliveries=[("2026", lot.user, lot.tag, lot.tonnes) for lot in lots],
        )

    return plan


TRACED = (
    Lot("navy", 30, "any&ore:AUS", ("au", "AUS", "ore:AUS"), ("eau", "MYS", "any"), "ore:AUS"),
    Lot("civil", 70, "any&ore:CHN", ("cn", "CHN", "ore:CHN"), ("eau", "MYS", "any"), "ore:CHN"),
)
# the acid for the civil metal is Chinese, its ore is not
TOUCHED = (
    Lot("navy", 30, "clean&clean", ("au", "AUS", "clean"), ("eau", "MYS", "clean"), "clean"),
    Lot(
        "civil",
        70,
        "touched:CHN&clean",
        ("au", "AUS", "clean"),
        ("hcl", "CHN", "touched:CHN"),
        "touched:CHN",
    ),
)


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


@pytest.mark.parametrize(
    ("row", "values", "fault"),
    [
        (
            0,
            {"tonnes": 29.0},
            "uses 29 t of 'ore', but its activity needs 30 t.",
        ),
        # half a tonne of acid for each of activity
        (
            1,
            {"tonnes": 16.0},
            "uses 16 t of 'acid', but its activity needs 15 t.",
        ),
        (
            1,
            {"commodity": "metal", "tag": "ore:AUS"},
            "uses 15 t of 'metal', but its activity needs 0 t.",
        ),
        (
            1,
            {"commodity": "metal", "tag": "ore:AUS"},
            "uses 'metal' with tag 'ore:AUS', which is not of that blend.",
        ),
    ],
)
def test_a_process_takes_in_what_its_recipe_says(
    metal_of: PlanMaker, tampered: PlanMaker, row: int, values: Data, fault: str
) -> None:
    plan = tampered(metal_of(*TRACED), "uses", row, **values)
    where = "Facility 'lamp' (process 'smelt', blend 'any&ore:AUS') in 2026"
    assert f"{where} {fault}" in check(tracing(), plan).faults


def test_a_tag_that_an_input_cannot_have_is_a_fault(
    metal_of: PlanMaker, tampered: PlanMaker
) -> None:
    plan = tampered(metal_of(*TRACED), "uses", 0, tag="ore:BRA")
    assert (
        "Table uses has 'ore' with tag 'ore:BRA' (lamp, 2026); its tags are ore:CHN, ore:AUS."
        in check(tracing(), plan).faults
    )


@pytest.mark.parametrize(
    ("goods", "tag", "country", "wrong"),
    [
        ("metal", "ore:CHN", "MYS", False),
        # nobody makes ore, and nobody makes metal in the USA
        ("ore", "ore:CHN", "MYS", True),
        ("metal", "ore:CHN", "USA", True),
    ],
)
def test_only_what_a_process_makes_is_thrown_away_and_there_alone(
    metal_of: PlanMaker, tampered: PlanMaker, goods: str, tag: str, country: str, wrong: bool
) -> None:
    lot = {"node": "2026", "commodity": goods, "tag": tag, "country": country, "tonnes": 0.0}
    plan = tampered(metal_of(*TRACED), "disposals", 0, **lot)
    fault = (
        f"Table disposals has {goods!r} with tag {tag!r} in {country} in 2026; no process there "
        "makes it."
    )
    assert check(tracing(), plan).faults == ((fault,) if wrong else ())


def test_what_may_not_be_thrown_away_is_not(metal_of: PlanMaker, tampered: PlanMaker) -> None:
    data = tracing().to_plain()
    next(item for item in data["commodities"] if item["id"] == "metal")["disposable"] = False
    lot = {"node": "2026", "commodity": "metal", "tag": "ore:CHN", "country": "MYS"}
    plan = tampered(metal_of(*TRACED), "disposals", 0, **lot, tonnes=0.0)
    fault = (
        "Table disposals has 'metal' with tag 'ore:CHN' in MYS in 2026; it may not be thrown away."
    )
    assert check(Problem.model_validate(data), plan).faults == (fault,)


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
