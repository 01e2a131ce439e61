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

# two years; 10 t are bought at 1 million USD in 2026 and cost 0.1 million a year to hold
DATA: Data = {
    "name": "purse",
    "periods": {"start": "2026-01-01", "count": 2, "length": "1 yr"},
    "commodities": [
        {"id": "metal", "stage": "metal", "basis": "product"},
        {"id": "slag", "stage": "waste", "basis": "product"},
    ],
    "offers": [
        {"id": "cn", "supplier": "Red", "country": "USA", "commodity": "metal", "price": 100_000},
        {"id": "pit", "supplier": "Pit", "country": "USA", "commodity": "slag", "price": 1},
    ],
    "stockpiles": [
        {
            "id": "vault",
            "commodity": "metal",
            "country": "USA",
            "holding_cost": 10_000,
            "book_value": 90_000,
        },
        {"id": "heap", "commodity": "metal", "country": "USA"},
    ],
    "funds": [
        {
            "id": "purse",
            "stockpiles": ["vault"],
            "equity": {2026: 700_000, 2027: 900_000},
            "loan": 500_000,
            "rate": 0.1,
            "term": 1,
            "leverage": 0.6,
            "entry_fee": 0.1,
            "carrying_fee": 0.05,
        }
    ],
}


@pytest.fixture
def plan(plan_of: PlanMaker) -> Plan:
    """Return a right plan, in thousand USD.

    2026: 700 paid in, 400 drawn, fees of 0.1 * 900 + 0.05 * 900 = 135 less 1,000 for 10 t, 100 to
    hold them and 40 of interest leave 95. 2027: 150 paid in and 45 of fees less 100 of holding and
    the 400 owed are too little: 5 t are released at 90: 22.5 of fees and 50 of holding.
    95 + 150 + 22.5 + 450 - 50 - 400 = 267.5 remain.
    """
    return plan_of(
        purchases=[("2026", "cn", 0, 10.0)],
        stocks=[("2026", "vault", "any", 10.0, 0.0, 10.0), ("2027", "vault", "any", 0, 5.0, 5.0)],
        allotments=[("2026", "vault", "cn", 0, 10.0)],
        funding=[
            ("2026", "purse", 700e3, 400e3, 0.0, 400e3, 95e3),
            ("2027", "purse", 150e3, 0.0, 400e3, 0.0, 267.5e3),
        ],
    )


def _faults(plan: Plan, **fund: Any) -> tuple[str, ...]:
    data = DATA | {"funds": [DATA["funds"][0] | fund]}
    told = check(Problem.model_validate(data), plan).faults
    return tuple(fault for fault in told if not fault.startswith("Balance"))


def test_a_right_ledger_has_no_fault_and_its_lines(plan: Plan) -> None:
    verdict = check(Problem.model_validate(DATA | {"money": "cash"}), plan)
    assert _faults(plan) == ()
    lines = verdict.totals.set_index("account")
    dues = {
        "equity": 850e3,
        "fees": 157.5e3,
        "released": 450e3,
        "funded": 1150e3,
        "settlement": 717.5e3,
        "drawdown": 400e3,
        "interest": 40e3,
        "repayment": 400e3,
    }
    assert lines["amount_usd"].loc[list(dues)].to_dict() == pytest.approx(dues)
    # purchases and holding stand against what funds pay
    assert verdict.objective == pytest.approx(1000e3 + 150e3 + 850e3 + 157.5e3 + 450e3 - 1867.5e3)
    assert verdict.funds["stock_at_book_usd"].tolist() == pytest.approx([900e3, 450e3])


@pytest.mark.parametrize(
    ("row", "values", "fault"),
    [
        (0, {"cash": 96e3}, "holds 96,000 USD in 2026, not the 95,000 USD by its receipts and"),
        (1, {"debt": 5.0}, "owes 5 USD in 2027, not the 0 USD by its drawdowns and repayments"),
        (
            1,
            {"equity": 250e3},
            "has called 950,000 USD in 2027, more than the 900,000 USD that",
        ),
    ],
)
def test_books_that_do_not_close_are_a_fault(
    plan: Plan, tampered: PlanMaker, row: int, values: Data, fault: str
) -> None:
    found = _faults(tampered(plan, "funding", row, **values))
    assert any(item.startswith(f"Fund 'purse' {fault}") for item in found), found


@pytest.mark.parametrize(
    ("fund", "fault"),
    [
        ({"loan": 300e3}, "has drawn 400,000 USD in 2027, more than the 300,000 USD that is lent"),
        (
            {"leverage": 0.4},
            "owes 400,000 USD in 2026, more than the 398,000 USD that stock and cash cover",
        ),
    ],
)
def test_debt_beyond_a_limit_is_a_fault(plan: Plan, fund: Data, fault: str) -> None:
    assert f"Fund 'purse' {fault}." in _faults(plan, **fund)


@pytest.mark.parametrize("repayment", ["bullet", "straight"])
def test_debt_beyond_its_term_is_a_fault(plan: Plan, tampered: PlanMaker, repayment: str) -> None:
    late = tampered(plan, "funding", 1, repay=300e3, debt=100e3, cash=357.5e3)
    assert _faults(late, term=2, repayment=repayment) == ()
    assert _faults(late, repayment=repayment) == (
        "Fund 'purse' owes 100,000 USD in 2027, more than the 0 USD that terms leave.",
    )


def test_goods_that_are_not_bought_or_not_paid_are_a_fault(
    plan: Plan, tampered: PlanMaker
) -> None:
    less = tampered(plan, "purchases", 0, tonnes=9.0)
    assert (
        "Offer 'cn' (tranche 0) is allotted with 10 t in 2026, more than the 9 t bought."
    ) in _faults(less)
    over = tampered(plan, "allotments", 0, tonnes=12.0)
    assert "Stockpile 'vault' is paid 12 t by 2027, but only 10 t were added to it." in _faults(
        over
    )
    unpaid = tampered(plan, "allotments", 0, tonnes=8.0)
    assert "Stockpile 'vault' has added 10 t by 2026, but only 8 t are paid for." in _faults(
        unpaid
    )


def test_purchases_of_other_goods_or_for_others_are_a_fault(
    plan: Plan, tampered: PlanMaker
) -> None:
    other = tampered(plan, "allotments", 0, offer="pit")
    assert any("which keeps another commodity" in fault for fault in _faults(other))
    foreign = tampered(plan, "allotments", 0, stockpile="heap")
    assert "Stockpile 'heap' is allotted purchases without a fund." in _faults(foreign)


@pytest.mark.parametrize(
    ("table", "change", "words"),
    [
        ("funds", {"stockpiles": ["valut"]}, "names a stockpile that does not exist"),
        ("funds", {"stockpiles": ["heap"]}, "names a stockpile without a book value"),
        ("funds", {"stockpiles": ["vault", "vault"]}, "stands twice"),
        ("funds", {"equity": {2030: 5}}, "has no value in 2026"),
        ("stockpiles", {"commodity": "dross"}, "names a commodity that does not exist"),
    ],
)
def test_what_a_fund_cannot_pay_is_refused(table: str, change: Data, words: str) -> None:
    first, *rest = DATA[table]
    with pytest.raises(InputError) as caught:
        parse(DATA | {table: [first | change, *rest]})
    assert any(words in str(finding) for finding in caught.value.findings)


def test_two_funds_cannot_pay_for_one_stockpile() -> None:
    second = DATA["funds"][0] | {"id": "pocket"}
    with pytest.raises(InputError) as caught:
        parse(DATA | {"funds": [DATA["funds"][0], second]})
    assert "names a stockpile that funds[purse] pays for" in str(caught.value.findings[0])


def test_goods_that_nobody_offers_cannot_be_funded() -> None:
    with pytest.raises(InputError) as caught:
        parse(DATA | {"offers": DATA["offers"][1:]})
    assert "which nobody offers" in str(caught.value.findings[0])
