"""A gallery of problems broken in one known way: the cause is named, every remedy is the least."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest

from instances import Problem, apply
from models.build import build
from optimizer import Explanation, Options, Point, explain, solve
from optimizer.answer import Watch
from optimizer.compile import compile_frame
from optimizer.explain.changes import changes_of
from optimizer.explain.conflict import conflict_of

Data = dict[str, Any]
YEARS = {"start": "2026-01-01", "count": 3, "length": "1 yr"}
GOODS = {"stage": "metal", "basis": "product"}


def cap(id: str, of: str, share: Any) -> Data:
    return {
        "id": id,
        "kind": "share_cap",
        "of": of,
        "commodity": "metal",
        "max_share": share,
        "denominator": "demand",
    }


def sell(country: str, price: float, capacity: Any = None, **more: Any) -> Data:
    head = {"id": country.lower(), "supplier": f"{country} mine", "country": country}
    tail = {} if capacity is None else {"capacity": capacity}
    return head | {"commodity": "metal", "price": price} | tail | more


def need(quantity: Any = 100) -> Data:
    return {"id": "us", "commodity": "metal", "country": "USA", "quantity": quantity}


def vault(**more: Any) -> Data:
    return {"id": "vault", "commodity": "metal", "country": "USA"} | more


def hold(**more: Any) -> Data:
    return {"id": "cover", "kind": "stock_target", "stockpile": "vault"} | more


SELLERS = [sell("CHN", 50, 200), sell("AUS", 80, 30), sell("KAZ", 95, 50)]
RULE = {"commodity": "metal"}
PLANT = {
    "id": "plant",
    "country": "USA",
    "capacity": 0,
    "processes": [{"id": "p", "outputs": {"metal": 1}, "cost": 60}],
}

GALLERY: dict[str, tuple[Data, tuple[str, ...], tuple[str, ...], str | None]] = {
    # 10 % of 100 t and 30 + 50 t: 10 t short. A fifth from China is enough, so are 10 t more
    "cap too tight": (
        {"rules": [cap("cn", "CHN", 0.1)]},
        ("rules/cn", "demand/us"),
        ("rules[cn].max_share=0.2", "offers[aus].capacity=40.0", "offers[kaz].capacity=60.0"),
        None,
    ),
    # 20 t a year go in: 50 t are there at the end of the third year, 20 t of the first
    "target too early": (
        {"periods": YEARS, "rules": [hold(tonnes=50)], "stockpiles": [vault(fill_rate=20)]},
        ("rules/cover", "stockpiles/vault"),
        (
            "rules[cover].tonnes=20.0",
            "rules[cover].start=2028-01-01",
            "stockpiles[vault].fill_rate=50.0",
            "stockpiles[vault].opening=30.0",
        ),
        "target_too_early",
    ),
    "stockpile too small": (
        {"rules": [hold(cover_days=73)], "stockpiles": [vault(capacity=15)]},
        ("rules/cover", "stockpiles/vault"),
        # 73 days of 100 t a year are 20 t, 54.75 days 15 t
        ("rules[cover].cover_days=54.75", "stockpiles[vault].capacity=20.0"),
        "target_too_early",
    ),
    "seller too late": (
        {"periods": YEARS, "offers": [sell("AUS", 80, 100, start="2027-01-01")]},
        ("demand/us", "offers/aus"),
        ("offers[aus].start=2026-01-01",),
        None,
    ),
    # the cheapest way to 100 t is China's: 5,000 USD
    "budget too small": (
        {"rules": [{"id": "purse", "kind": "budget", "amount": 4000, "accounts": ["purchase"]}]},
        ("rules/purse", "demand/us"),
        ("rules[purse].amount=5000.0",),
        None,
    ),
    # the contract alone costs 60 t at 70 USD, taken or not; the rest comes at 50 USD: 6,200 USD
    "budget below what is signed": (
        {
            "rules": [
                {
                    "id": "purse",
                    "kind": "budget",
                    "amount": 4000,
                    "accounts": ["purchase", "take_or_pay"],
                }
            ],
            "contracts": [
                {"id": "deal", "offer": "chn", "maximum": 60, "take_or_pay": 1, "price": 70}
            ],
        },
        ("rules/purse",),
        ("rules[purse].amount=6200.0",),
        "budget_committed",
    ),
    "ban and floor": (
        {
            "rules": [
                cap("ban", "CHN", 0),
                {
                    "id": "old-friends",
                    "kind": "share_floor",
                    "of": "CHN",
                    "commodity": "metal",
                    "min_share": 0.2,
                    "denominator": "demand",
                },
            ],
            "offers": [sell("CHN", 50, 200), sell("AUS", 80)],
        },
        ("rules/ban", "rules/old-friends"),
        ("rules[ban].max_share=0.2", "rules[old-friends].min_share=0.0"),
        None,
    ),
    # 50 % and 30 % make 80 %: the seller or the group may have a fifth more
    "caps that sum below one": (
        {
            "groups": {"partners": ["AUS", "KAZ"]},
            "rules": [cap("cn", "CHN", 0.5), cap("friends", "partners", 0.3)],
        },
        ("rules/cn", "rules/friends"),
        ("rules[cn].max_share=0.7", "rules[friends].max_share=0.5"),
        "caps_below_one",
    ),
    # within the group Australia may have 60 %, the group itself only 40 %, and China has 50 %
    "cap on a group around another": (
        {
            "groups": {"partners": ["AUS", "KAZ"]},
            "offers": [sell("CHN", 50, 50), sell("AUS", 80), sell("KAZ", 95, 50)],
            "rules": [cap("au", "AUS", 0.6), cap("friends", "partners", 0.4)],
        },
        ("rules/friends", "offers/chn"),
        ("rules[friends].max_share=0.5", "offers[chn].capacity=60.0"),
        None,
    ),
    "no lane leads there": (
        {
            "lanes": [
                {"id": "au-jp", "origin": "AUS", "destination": "JPN", "commodities": ["metal"]}
            ]
        },
        ("demand/us",),
        (),
        "unreachable",
    ),
    "lane too narrow": (
        {
            "offers": [sell("AUS", 80)],
            "lanes": [
                {"id": "sea", "origin": "AUS", "destination": "USA", "commodities": ["metal"]}
                | {"capacity": 60}
            ],
        },
        ("lanes/sea", "demand/us"),
        ("lanes[sea].capacity=100.0",),
        None,
    ),
    # a thousand tonnes, taken for one
    "wrong unit by 1000": (
        {"offers": [sell("CHN", 50, 0.2), sell("AUS", 80, 30)]},
        ("offers/chn", "demand/us"),
        ("offers[chn].capacity=70.0", "offers[aus].capacity=99.8"),
        None,
    ),
    # needed from 2027, decided in 2026 at the earliest: two years are one too many
    "lead time too long": (
        {
            "periods": YEARS,
            "offers": [],
            "facilities": [PLANT],
            "expansions": [
                {"id": "hall", "facility": "plant", "size": 100, "capex": 9, "lead_time": 730}
            ],
            "demand": [need({2026: 0, 2027: 100})],
        },
        ("expansions/hall", "facilities/plant", "demand/us"),
        ("expansions[hall].lead_time=365", "facilities[plant].capacity={"),
        None,
    ),
    "plant too small": (
        {
            "offers": [],
            "facilities": [PLANT | {"capacity": 70}],
            "expansions": [{"id": "hall", "facility": "plant", "size": 20, "capex": 9}],
        },
        ("expansions/hall", "facilities/plant", "demand/us"),
        ("expansions[hall].size=30.0", "facilities[plant].capacity=80.0"),
        None,
    ),
    # three times 40 % are more than all
    "too many sellers asked for": (
        {"rules": [{"id": "many", "kind": "min_suppliers", "count": 3, "min_share": 0.4} | RULE]},
        ("rules/many",),
        ("rules[many].count=2",),
        None,
    ),
    "nobody known is left": (
        {
            "rules": [
                {"id": "known", "kind": "max_new_sellers", "count": 0, "incumbents": ["KAZ"]}
                | RULE
            ]
        },
        ("rules/known",),
        ("rules[known].count=1",),
        None,
    ),
    "benchmark without capacity": (
        {
            "groups": {"home": ["USA"]},
            "facilities": [PLANT | {"capacity": 10}],
            "rules": [
                {"id": "bench", "kind": "benchmark", "of": "home", "stage": "metal"}
                | {"min_share": 0.4}
            ],
        },
        ("rules/bench",),
        # 10 of 100 t a year
        ("rules[bench].min_share=0.1",),
        None,
    ),
    # 0.34 asks for three nearly equal parts, but Australia has 10 t; the least is 0.45^2*2 + 0.1^2
    "concentration cap too low": (
        {
            "offers": [sell("CHN", 50), sell("AUS", 80, 10), sell("KAZ", 95)],
            "rules": [{"id": "mix", "kind": "hhi_cap", "max_hhi": 0.34} | RULE],
        },
        ("rules/mix",),
        ("rules[mix].max_hhi=0.415",),
        None,
    ),
}

UNREACHED = "no lane leads there"


def made(tables: Data) -> Problem:
    data: Data = {
        "name": "broken",
        "periods": {"start": "2026-01-01", "count": 1, "length": "1 yr"},
        "commodities": [{"id": "metal", **GOODS}],
        "offers": SELLERS,
        "demand": [need()],
    }
    return Problem.model_validate(data | tables)


def records(told: Explanation) -> set[str]:
    clash = set() if told.clash is None else set(told.clash.records)
    return {f"{table}/{id}" for table, id in clash}


@cache
def explained(name: str) -> Explanation:
    return explain(made(GALLERY[name][0]))


@pytest.mark.parametrize("name", GALLERY)
def test_the_cause_is_named_and_the_known_remedies_are_found(name: str) -> None:
    _, causes, remedies, flaw = GALLERY[name]
    told = explained(name)
    assert told.about == "infeasible"
    assert set(causes) <= records(told)
    assert [item.kind for item in told.flaws] == ([] if flaw is None else [flaw])
    edits = [edit for item in told.remedies if len(item.steps) == 1 for edit in item.edits]
    for wanted in remedies:
        assert any(edit.startswith(wanted) for edit in edits), (wanted, edits)
    assert told.complete


def test_what_no_number_mends_has_no_remedy_but_its_cause() -> None:
    told = explained(UNREACHED)
    assert told.remedies == ()
    assert [item.kind for item in told.flaws] == ["unreachable"]


@pytest.mark.parametrize("name", sorted(GALLERY.keys() - {UNREACHED}))
def test_each_remedy_restores_a_plan_and_its_smaller_twin_does_not(name: str) -> None:
    problem = made(GALLERY[name][0])
    told = explained(name)
    assert told.remedies
    conflict = conflict_of(problem, compile_frame(build(problem)), Options(), Watch())
    assert conflict is not None
    moves = {
        (item.table, item.id, item.field): item
        for item in changes_of(problem, conflict.needed, {"t": 100.0, "USD": 1e4})
    }
    for remedy in told.remedies:
        mended = solve(apply(problem, remedy.edits))
        assert mended.has_plan, remedy
        assert mended.objective == pytest.approx(remedy.cost_usd, rel=1e-6)
        assert remedy.least
        for step in remedy.steps:
            move = moves[step.table, step.id, step.field]
            less = step.amount - 1 if move.whole else 0.995 * step.amount
            if less:
                smaller = apply(problem, move.edits(less))
                assert solve(smaller).status.point is Point.INFEASIBLE, remedy
