from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from instances.check import check
from instances.errors import Finding, InputError
from instances.parse import parse
from instances.plan import Plan
from instances.problem import Problem

PlanMaker = Callable[..., Plan]
Data = dict[str, Any]

# two years; Japan has a quarter of the 40 t in the pool, the United States, where it stands, the
# rest; a year after Japan has borrowed it gives back
DATA: Data = {
    "name": "pool",
    "periods": {"start": "2026-01-01", "count": 2, "length": "1 yr"},
    "commodities": [{"id": "metal", "stage": "metal", "basis": "product"}],
    "offers": [
        {"id": "cn", "supplier": "Red", "country": "CHN", "commodity": "metal", "price": 100}
    ],
    "demand": [
        {
            "id": "jp",
            "commodity": "metal",
            "country": "JPN",
            "quantity": 16,
            "shortfall_cost": 900,
        },
        {
            "id": "us",
            "commodity": "metal",
            "country": "USA",
            "quantity": 12,
            "shortfall_cost": 900,
        },
    ],
    "stockpiles": [
        {
            "id": "pool",
            "commodity": "metal",
            "country": "USA",
            "opening": 40,
            "loan_days": 365,
            "members": [
                {"country": "JPN", "share": 0.25, "borrowing": 6},
                {"country": "USA", "share": 0.75},
            ],
        }
    ],
}


@pytest.fixture
def plan(plan_of: PlanMaker) -> Plan:
    """Return a right plan.

    2026: Japan draws its 10 t and borrows 6, the United States draw 12 of their 30. 2027: 14 t are
    put in, of which Japan gives back 4 and a quarter of the other 10 is its own: 2 of these 2.5 t
    make up for the rest. The United States draw 12 t: 18 + 7.5 - 12 = 13.5 are left to them.
    """
    return plan_of(
        purchases=[("2027", "cn", 0, 30.0)],
        shipments=[
            ("2026", "free.USA.JPN", "metal", "any", 16.0),
            ("2027", "free.CHN.JPN", "metal", "any", 16.0),
            ("2027", "free.CHN.USA", "metal", "any", 14.0),
        ],
        deliveries=[
            ("2026", "jp", "any", 16.0),
            ("2026", "us", "any", 12.0),
            ("2027", "jp", "any", 16.0),
            ("2027", "us", "any", 12.0),
        ],
        stocks=[("2026", "pool", "any", 0, 28.0, 12.0), ("2027", "pool", "any", 14.0, 12.0, 14.0)],
        pooling=[
            ("2026", "pool", "JPN", 10.0, 6.0, 0, 0, 0),
            ("2026", "pool", "USA", 12.0, 0, 0, 0, 18.0),
            ("2027", "pool", "JPN", 0, 0, 4.0, 2.0, 0.5),
            ("2027", "pool", "USA", 12.0, 0, 0, 0, 13.5),
        ],
    )


def _faults(plan: Plan, **pool: Any) -> list[str]:
    data = DATA | {"stockpiles": [DATA["stockpiles"][0] | pool]}
    return list(check(Problem.model_validate(data), plan).faults)


def test_right_accounts_have_no_fault(plan: Plan) -> None:
    assert _faults(plan) == []


@pytest.mark.parametrize(
    ("row", "values", "faults"),
    [
        (
            1,
            {"withdraw": 11.0, "entitled": 19.0},
            [
                "Pool 'pool' books 27 t in 2026, not the 28 t released.",
                "USA of pool 'pool' is entitled to 13.5 t in 2027, not the 14.5 t by what it put",
            ],
        ),
        (
            2,
            {"give_back": 15.0, "set_off": 0.0},
            [
                "Pool 'pool' is given back 15 t in 2027, more than the 14 t put in.",
                "JPN of pool 'pool' is entitled to 0.5 t in 2027, not the -0.25 t by what it put",
                "USA of pool 'pool' is entitled to 13.5 t in 2027, not the 5.25 t by what it put",
                "JPN of pool 'pool' has made up for 15 t in 2027, more than the 6 t borrowed",
            ],
        ),
        (
            2,
            {"set_off": 1.0, "entitled": 1.5},
            ["JPN of pool 'pool' must have made up for 6 t in 2027, but only 5 t made up for."],
        ),
        (
            0,
            {"withdraw": 9.0, "overdraw": 7.0},
            [
                "JPN of pool 'pool' is entitled to 0 t in 2026, not the 1 t by what it put in",
                "JPN of pool 'pool' must have made up for 7 t in 2027, but only 6 t made up for.",
                "JPN of pool 'pool' owes 7 t in 2026, more than the 6 t that it may borrow.",
            ],
        ),
    ],
)
def test_accounts_that_do_not_close_are_faults(
    plan: Plan, tampered: Callable[..., Plan], row: int, values: Data, faults: list[str]
) -> None:
    found = _faults(tampered(plan, "pooling", row, **values))
    assert len(found) == len(faults), found
    assert all(part in fault for part, fault in zip(faults, found, strict=True)), found


def test_nobody_borrows_without_loan_days(plan: Plan) -> None:
    members = [{"country": "JPN", "share": 0.25}, {"country": "USA", "share": 0.75}]
    (fault, *_) = _faults(plan, loan_days=None, members=members)
    assert fault == (
        "Member JPN of pool 'pool' has borrowed 6 t in 2026, more than the 0 t without loan days."
    )


def test_what_is_borrowed_falls_due_in_parts(plan: Plan) -> None:
    # of what is borrowed evenly over 2026 four fifths are due 73 days later in the same year
    (fault,) = _faults(plan, loan_days=73)
    assert "JPN of pool 'pool' must have made up for 4.8 t in 2026, but only 0 t made" in fault


@pytest.mark.parametrize(
    ("table", "row", "change", "fault"),
    [
        (
            "shipments",
            0,
            {"tonnes": 14.0},
            "JPN of pool 'pool' draws, with other pools there, 16 t in 2026, more than the 14 t",
        ),
        (
            "deliveries",
            1,
            {"tonnes": 11.0},
            "USA of pool 'pool' draws, with other pools there, 12 t in 2026, more than the 11 t",
        ),
    ],
)
def test_what_is_booked_to_a_member_goes_there(
    plan: Plan,
    tampered: Callable[..., Plan],
    table: str,
    row: int,
    change: Data,
    fault: str,
) -> None:
    found = [item for item in _faults(tampered(plan, table, row, **change)) if "pool" in item]
    assert len(found) == 1
    assert fault in found[0]


def test_accounts_of_who_is_no_member_are_ill_formed(
    plan: Plan, tampered: Callable[..., Plan]
) -> None:
    found = _faults(tampered(plan, "pooling", 0, member="KOR"))
    assert "member 'KOR' does not exist" in found[0]


def _findings(**pool: Any) -> list[Finding]:
    with pytest.raises(InputError) as told:
        parse(DATA | {"stockpiles": [DATA["stockpiles"][0] | pool]})
    return list(told.value.findings)


@pytest.mark.parametrize(
    ("members", "where", "words"),
    [
        (
            [{"country": "JPN", "share": 0.25}, {"country": "USA", "share": 0.7}],
            "stockpiles[pool]",
            "shares add up to 0.95, not to 1",
        ),
        (
            [{"country": "JPN", "share": 0.5}, {"country": "JPN", "share": 0.5}],
            "stockpiles[pool].members[1]",
            "JPN",
        ),
        (
            [{"country": "JPN", "share": 0.5}, {"country": "QQQ", "share": 0.5}],
            "stockpiles[pool].members[1].country",
            "QQQ",
        ),
        (
            [{"country": "JPN", "share": 0.5}, {"country": "KOR", "share": 0.5}],
            "stockpiles[pool].members[1].country",
            "nothing carries 'metal' from USA",
        ),
        ([{"country": "USA", "share": 0}], "stockpiles[pool].members[0].share", "is not above 0"),
    ],
)
def test_members_that_make_no_pool_are_refused(
    members: list[Data], where: str, words: str
) -> None:
    finding = _findings(members=members)[0]
    assert finding.where == where
    assert words in str(finding)


def test_a_limit_on_what_nobody_may_borrow_is_refused() -> None:
    (finding,) = _findings(loan_days=None)
    assert finding.where == "stockpiles[pool].members[0].borrowing"
    assert "no 'loan_days'" in str(finding)


def test_a_pool_serves_every_class() -> None:
    (finding,) = _findings(serves=["civil"])
    assert "has both 'members' and 'serves'" in str(finding)


def test_a_lane_that_carries_the_goods_must_lead_to_a_member() -> None:
    lanes = [
        {"id": "way", "origin": "CHN", "destination": "USA", "commodities": ["metal"]},
        {"id": "on", "origin": "CHN", "destination": "JPN", "commodities": ["metal"]},
    ]
    with pytest.raises(InputError) as told:
        parse(DATA | {"lanes": lanes})
    (finding,) = told.value.findings
    assert finding.remedy is not None
    assert "Add a lane from USA to JPN" in finding.remedy
    back = {"id": "off", "origin": "USA", "destination": "JPN", "commodities": ["metal"]}
    assert parse(DATA | {"lanes": [*lanes, back]}).stockpiles[0].members[0].borrowing == 6


def test_a_pool_says_who_shares_it() -> None:
    problem = parse(DATA)
    assert problem.stockpiles[0].pool_in_words(problem.names) == (
        "Japan (25 %) and United States (75 %) share pool and borrow of one another for up to "
        "365 days, Japan at most 6 t"
    )
    closed = [{"country": "USA", "share": 1}]
    data = DATA | {"stockpiles": [DATA["stockpiles"][0] | {"members": closed, "loan_days": None}]}
    problem = parse(data)
    assert (
        problem.stockpiles[0]
        .pool_in_words(problem.names)
        .endswith("borrow nothing of one another")
    )
