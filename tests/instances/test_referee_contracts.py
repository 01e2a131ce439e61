from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from instances.check import check
from instances.errors import InputError
from instances.parse import parse
from instances.plan import Plan
from instances.problem import Problem

PlanMaker = Callable[..., Plan]
Data = dict[str, Any]
NODES = ("2026", "2027")


@pytest.fixture
def offtake_data() -> Data:
    """A mine of 100 t a year with a signed contract and two options; an outlet takes all.

    `old` 40 t at 30, three quarters paid in any case; `new` 50 t from mid-2026 at a market price
    of 60, half of what lies above 40 to the seller, at most 300 USD a year, signed for 500;
    `slice` any part of 20 t at the floor of 25, signed before 2027.
    """
    goods = {"commodity": "metal", "country": "AUS"}
    return {
        "name": "offtake",
        "periods": {"start": "2026-01-01", "count": 2, "length": "1 yr"},
        "commodities": [{"id": "metal", "stage": "metal", "basis": "product"}],
        "offers": [{"id": "mine", "supplier": "M", "price": 50, "capacity": 100} | goods],
        "contracts": [
            {"id": "old", "offer": "mine", "maximum": 40, "take_or_pay": 0.75, "price": 30}
            | {"assumption": {"price": "a guess"}},
            {
                "id": "new",
                "offer": "mine",
                "maximum": 50,
                "reference_price": 60,
                "sharing": 0.5,
                "sharing_above": 40,
                "sharing_cap": 300,
                "sharing_to": "seller",
                "commitment": "whole",
                "signing_cost": 500,
                "start": "2026-07-02",
            },
            {
                "id": "slice",
                "offer": "mine",
                "maximum": 20,
                "take_or_pay": 1,
                "reference_price": 20,
                "floor": 25,
                "commitment": "divisible",
                "signing_cost": 80,
                "sign_by": "2027-01-01",
            },
        ],
        "outlets": [{"id": "out", "price": 0} | goods],
    }


@pytest.fixture
def offtake(offtake_data: Data) -> Problem:
    """Return the problem of `offtake_data`."""
    return Problem.model_validate(offtake_data)


def _plan(plan_of: PlanMaker, bought: list[Any], **rows: Any) -> Plan:
    sums = {node: sum(row[3] for row in bought if row[0] == node) for node in NODES}
    sales = [(node, "out", "any", tonnes) for node, tonnes in sums.items()]
    return plan_of(purchases=bought, sales=sales, **rows)


BOUGHT = [
    ("2026", "mine", 0, 5.0),
    ("2026", "mine", 1, 40.0),
    ("2026", "mine", 2, 20.0),
    ("2026", "mine", 3, 10.0),
    ("2027", "mine", 1, 20.0),
    ("2027", "mine", 2, 50.0),
    ("2027", "mine", 3, 4.0),
]
ROWS: Data = {
    "signings": [("2026", "new", 1.0), ("2026", "slice", 0.5)],
    "forgone": [("2027", "old", 10.0), ("2027", "slice", 6.0)],
}


def test_every_account_of_contracts_is_recomputed(offtake: Problem, plan_of: PlanMaker) -> None:
    verdict = check(offtake, _plan(plan_of, BOUGHT, **ROWS))
    assert verdict.faults == ()
    totals = verdict.totals.set_index("account")["buyer_usd"]
    # 5 t at 50, 60 at 30, 70 at 60, 14 at 25
    assert totals["purchase"] == pytest.approx(250 + 1800 + 4200 + 350)
    # 10 t at 30, 6 at 25
    assert totals["take_or_pay"] == pytest.approx(450)
    # 10 USD a tonne on 20 t; on 50 they would be 500 and are cut at 300
    assert totals["sharing"] == pytest.approx(200 + 300)
    assert totals["signing"] == pytest.approx(500 + 40)


@pytest.mark.parametrize(
    ("purchase", "rows", "faults"),
    [
        # from the 2nd of July 183 of 365 days are left: 50 * 183 / 365 t
        (
            (2, 26.0),
            {},
            [
                "Contract 'new' sells 26 t in 2026, more than 25.06849315 t.",
                "Contract 'new' delivers 26 t in 2026, more than 25.06849315 t.",
            ],
        ),
        ((3, 11.0), {}, ["Contract 'slice' delivers 11 t in 2026, more than 10 t."]),
        (
            (3, 9.0),
            {},
            [
                "Contract 'slice' in 2026: 9 t taken and 0 t paid for without being taken are "
                "less than the 10 t that it obliges to."
            ],
        ),
        (
            (0, 31.0),
            {},
            ["Offer 'mine' with its contracts sells 101 t in 2026, more than 100 t."],
        ),
        (
            None,
            {"forgone": [("2027", "slice", 6.0)]},
            [
                "Contract 'old' in 2027: 20 t taken and 0 t paid for without being taken are less "
                "than the 30 t that it obliges to."
            ],
        ),
        (
            None,
            {"signings": [("2026", "slice", 0.5)]},
            [
                "Contract 'new' delivers 20 t in 2026, more than 0 t.",
                "Contract 'new' delivers 50 t in 2027, more than 0 t.",
            ],
        ),
        (
            None,
            {"signings": [*ROWS["signings"], ("2026", "old", 1.0)]},
            ["Contract 'old' is signed to 1 in 2026, but it is signed already."],
        ),
        (
            None,
            {"signings": [*ROWS["signings"], ("2027", "new", 1.0)]},
            ["Contract 'new' is signed to 2 on the way to 2027, more than 1."],
        ),
        (
            None,
            {"signings": [*ROWS["signings"], ("2027", "new", 0.5)]},
            [
                "Contract 'new' is signed to 0.5 in 2027; it is 0 or 1.",
                "Contract 'new' is signed to 1.5 on the way to 2027, more than 1.",
            ],
        ),
        (
            None,
            {
                "signings": [*ROWS["signings"], ("2027", "slice", 0.1)],
                "forgone": [("2027", "old", 10.0), ("2027", "slice", 8.0)],
            },
            ["Contract 'slice' is signed to 0.1 in 2027: too late."],
        ),
    ],
)
def test_what_a_contract_does_not_allow_is_a_fault(
    offtake: Problem,
    plan_of: PlanMaker,
    purchase: tuple[int, float] | None,
    rows: Data,
    faults: list[str],
) -> None:
    bought = [
        (node, offer, tranche, purchase[1])
        if purchase and (node, tranche) == ("2026", purchase[0])
        else (node, offer, tranche, tonnes)
        for node, offer, tranche, tonnes in BOUGHT
    ]
    assert list(check(offtake, _plan(plan_of, bought, **(ROWS | rows))).faults) == faults


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"price": 5, "reference_price": 5}, "needs either a 'price' or a 'reference_price'"),
        ({}, "needs either a 'price' or a 'reference_price'"),
        ({"price": 5, "floor": 4}, "has a fixed price with a floor or sharing"),
        ({"reference_price": 5, "sharing": 0.5}, "without the other"),
        ({"reference_price": 5, "sharing_above": 4}, "without the other"),
        ({"reference_price": 5, "sharing_cap": 4}, "caps what is shared, but nothing is"),
        ({"price": 5, "signing_cost": 4}, "is signed already"),
        ({"price": 5, "offer": "min"}, "mine"),
        ({"price": {2030: 5}}, "has no value in 2026"),
        ({"price": 5, "start": "2027-01-01", "end": "2026-01-01"}, "the end must come later"),
    ],
)
def test_contracts_that_say_too_little_or_too_much_are_refused(
    offtake_data: Data, fields: Data, words: str
) -> None:
    contract = {"id": "x", "offer": "mine", "maximum": 5} | fields
    with pytest.raises(InputError) as caught:
        parse(offtake_data | {"contracts": [*offtake_data["contracts"], contract]})
    assert words in str(caught.value)


def test_a_contract_says_what_it_binds_to(offtake: Problem) -> None:
    old, new, part = offtake.contracts
    day = offtake.nodes[0].period.start
    assert old.sentence(day) == (
        "up to 40 t a year from mine at 30 USD a tonne, 75 % paid whether taken or not"
    )
    assert new.sentence(day) == (
        "up to 50 t a year from mine at 60 USD a tonne, 50 % of what lies above a threshold to "
        "the seller, at most 300 USD a year"
    )
    assert "at 25 USD a tonne" in part.sentence(day)
