from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from instances.check import check
from instances.plan import Plan
from instances.problem import Problem

PlanMaker = Callable[..., Plan]
Data = dict[str, Any]
NODES = ("2026", "2027")


@pytest.fixture
def bazaar() -> Problem:
    """Return a problem of three offers whose goods an outlet takes for nothing.

    `steps` sells 10 t at 9, then 20 at 6, then 30 at 3; `bulk` the same at one price; `far` 50 t
    at 5 in lots of 8 t, for 100 USD a year, after 73 days and 400 USD of qualification.
    """
    goods = {"commodity": "metal", "country": "AUS"}
    steps = [{"price": p, "capacity": c} for p, c in ((9, 10), (6, 20), (3, 30))]
    return Problem.model_validate(
        {
            "name": "bazaar",
            "periods": {"start": "2026-01-01", "count": 2, "length": "1 yr"},
            "commodities": [{"id": "metal", "stage": "metal", "basis": "product"}],
            "offers": [
                {"id": "steps", "supplier": "S", "pricing": "incremental", "tranches": steps}
                | goods,
                {"id": "bulk", "supplier": "B", "pricing": "all_units", "tranches": steps} | goods,
                {
                    "id": "far",
                    "supplier": "F",
                    "price": 5,
                    "capacity": 50,
                    "minimum_lot": 8,
                    "fixed_cost": 100,
                    "qualification_cost": 400,
                    "qualification_time": 73,
                }
                | goods,
            ],
            "outlets": [{"id": "out", "price": 0} | goods],
        }
    )


def _sold(plan_of: PlanMaker, *bought: tuple[str, str, int, float], **rows: Any) -> Plan:
    sums = {node: sum(row[3] for row in bought if row[0] == node) for node in NODES}
    sales = [(node, "out", "any", tonnes) for node, tonnes in sums.items()]
    return plan_of(purchases=list(bought), sales=sales, **rows)


FAR: Data = {
    "ordering": [("2026", "far", 1.0), ("2027", "far", 1.0)],
    "qualifications": [("2026", "far", 1.0)],
}


def test_what_is_bought_is_paid_as_it_was_earned(bazaar: Problem, plan_of: PlanMaker) -> None:
    plan = _sold(
        plan_of,
        ("2026", "steps", 0, 10.0),
        ("2026", "steps", 1, 20.0),
        ("2026", "steps", 2, 1.0),
        ("2027", "bulk", 2, 31.0),
        ("2026", "far", 0, 40.0),
        ("2027", "far", 0, 8.0),
        **FAR,
    )
    verdict = check(bazaar, plan)
    assert verdict.faults == ()
    totals = verdict.totals.set_index("account")["buyer_usd"]
    # 90 + 120 + 3 for the steps, 31 t at 3 in bulk, 48 t at 5
    assert totals["purchase"] == pytest.approx(213 + 93 + 240)
    assert totals["fixed"] == pytest.approx(200)
    assert totals["qualification"] == pytest.approx(400)


@pytest.mark.parametrize(
    ("bought", "fault"),
    [
        (
            [("2026", "steps", 0, 10.0), ("2026", "steps", 1, 19.0), ("2026", "steps", 2, 2.0)],
            "Offer 'steps' sells 2 t of tranche 2 in 2026, but only 19 of the 20 t of tranche 1.",
        ),
        (
            [("2027", "steps", 1, 5.0)],
            "Offer 'steps' sells 5 t of tranche 1 in 2027, but only 0 of the 10 t of tranche 0.",
        ),
        (
            [("2026", "bulk", 1, 9.0)],
            "Offer 'bulk' sells 9 t at the price of tranche 1 in 2026, which holds from 10 t on.",
        ),
        (
            [("2026", "bulk", 0, 9.0), ("2026", "bulk", 1, 11.0)],
            "Offer 'bulk' sells at 2 prices in 2026; one of them holds for all tonnes.",
        ),
        (
            [("2026", "bulk", 1, 31.0)],
            "Offer 'bulk' (tranche 1) sells 31 t in 2026, more than 30 t.",
        ),
        (
            [("2026", "far", 0, 7.0)],
            "Offer 'far' sells 7 t in 2026, but its choice of 1 allows 8 to 50 t.",
        ),
        # 292 of 365 days are left
        (
            [("2026", "far", 0, 41.0)],
            "Offer 'far' sells 41 t in 2026, but its qualification allows 40 t.",
        ),
    ],
)
def test_what_is_bought_out_of_turn_is_a_fault(
    bazaar: Problem, plan_of: PlanMaker, bought: list[Any], fault: str
) -> None:
    rows = FAR if bought[0][1] == "far" else {}
    others = [("2027", "far", 0, 8.0)] if rows else []
    assert check(bazaar, _sold(plan_of, *bought, *others, **rows)).faults == (fault,)


@pytest.mark.parametrize(
    ("rows", "fault"),
    [
        (
            {"ordering": [("2026", "far", 1.0)]},
            "Offer 'far' sells 8 t in 2027, but its choice of 0 allows 0 to 0 t.",
        ),
        (
            {"ordering": [*FAR["ordering"], ("2027", "bulk", 1.0)]},
            "Table ordering has 'bulk' at 1 in 2027; using that offer is no choice.",
        ),
        (
            {"qualifications": [("2026", "far", 0.95)]},
            "Table qualifications has 'far' at 0.95 in 2026, neither 0 nor 1.",
        ),
        (
            {"qualifications": [*FAR["qualifications"], ("2027", "bulk", 1.0)]},
            "Table qualifications has 'bulk' at 1 in 2027; that offer needs no qualification.",
        ),
        (
            {"qualifications": [*FAR["qualifications"], ("2027", "far", 1.0)]},
            "Offer 'far' is qualified 2 times on the way to 2027; once is enough.",
        ),
        # decided in 2027 it is too late for 2026
        (
            {"qualifications": [("2027", "far", 1.0)]},
            "Offer 'far' sells 30 t in 2026, but its qualification allows 0 t.",
        ),
    ],
)
def test_orders_and_qualifications_that_do_not_fit_are_faults(
    bazaar: Problem, plan_of: PlanMaker, rows: Data, fault: str
) -> None:
    plan = _sold(plan_of, ("2026", "far", 0, 30.0), ("2027", "far", 0, 8.0), **(FAR | rows))
    assert check(bazaar, plan).faults == (fault,)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"pricing": "incremental"}, "has a 'pricing' but no tranches"),
        ({"minimum_lot": 5}, "is bought by yes/no choices but has no 'capacity'"),
        ({"qualification_time": 5}, "is bought by yes/no choices but has no 'capacity'"),
        (
            {"price": None, "tranches": [{"price": 5, "capacity": 1}, {"price": 3}]},
            "say how they fall: 'pricing: incremental'",
        ),
        (
            {"price": None, "pricing": "all_units", "tranches": [{"price": 5}]},
            "or a tranche without one",
        ),
        ({"pricing": "falling"}, "all_units"),
    ],
)
def test_offers_that_say_too_little_are_refused(bazaar: Problem, fields: Data, words: str) -> None:
    from instances.errors import InputError
    from instances.parse import parse

    offer = {"id": "x", "supplier": "X", "country": "AUS", "commodity": "metal", "price": 5}
    plain = bazaar.to_plain()
    with pytest.raises(InputError) as caught:
        parse(plain | {"offers": [*plain["offers"], {**offer, **fields}]})
    assert words in str(caught.value)
