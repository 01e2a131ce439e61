"""Rules that tell sellers apart: what they say, refuse, and find in a plan."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from pydantic import ValidationError

from instances.check import Verdict, check
from instances.plan import COLUMNS, Plan
from instances.problem import Problem
from instances.rules import HHICap, MaxNewSellers, MinSuppliers
from instances.words import Names

if TYPE_CHECKING:
    from collections.abc import Callable

Data = dict[str, Any]
NAMES = Names({"ga": "gallium"}, {}, frozenset({"partners"}))


def judged(data: Data, plan: Plan, kind: str, **fields: Any) -> Verdict:
    """Return the verdict on ``plan`` under one more rule, called "more"."""
    rule = {"id": "more", "kind": kind, "commodity": "metal", **fields}
    return check(Problem.model_validate({**data, "rules": [*data["rules"], rule]}), plan)


def chosen(plan: Plan, *rows: tuple[str, str, str, str, float]) -> Plan:
    """Return the plan with choices: node, rule, goods, seller and number."""
    import pandas as pd

    table = pd.DataFrame(rows, columns=COLUMNS["choices"])
    return Plan(**plan.tables() | {"choices": table})


@pytest.mark.parametrize(
    ("fields", "index"),
    [
        # of 120 t bought Red sells 60, Blue 20 and Roo 40; China 80, Australia 40
        ({}, (80**2 + 40**2) / 120**2),
        ({"by": "supplier"}, (60**2 + 20**2 + 40**2) / 120**2),
        ({"as_one": ["all"]}, 1),
        # of 100 t delivered 63 are Chinese, 32 Australian and 5 of nobody known
        ({"counted": "deliveries"}, (63**2 + 32**2 + 5**2) / 100**2),
        # risks of 5 and 1
        ({"governance": True}, (5 * 80**2 + 40**2) / 120**2),
    ],
)
def test_the_index_is_that_of_the_plan(
    trade_data: Data, trade_plan: Plan, fields: Data, index: float
) -> None:
    trade_data["groups"] = {"all": ["CHN", "AUS"], **trade_data.get("groups", {})}
    trade_data["countries"] = [{"id": "CHN", "governance": 0}, {"id": "AUS", "governance": 2}]
    most = min(index * 1.01, 10 if fields.get("governance") else 1)
    verdict = judged(trade_data, trade_plan, "hhi_cap", max_hhi=most, **fields)
    assert verdict.faults == ()
    assert verdict.uses[-1].value == pytest.approx(index)
    # a cap may be missed by 1e-4, and not by more
    for less, faults in ((0.5e-4, 0), (2e-4, 1)):
        found = judged(trade_data, trade_plan, "hhi_cap", max_hhi=index - less, **fields)
        assert len(found.faults) == faults
        assert found.uses[-1].slack < 0
    if found.faults:
        (fault,) = found.faults
        assert fault.startswith("Rule 'more' (-, metal) in 2026 is broken by")
        assert "(hhi)" in fault


def test_without_sales_there_is_no_index(trade_data: Data, trade_plan: Plan) -> None:
    trade_data["commodities"].append({"id": "alloy", "stage": "metal", "basis": "product"})
    verdict = judged(trade_data, trade_plan, "hhi_cap", max_hhi=0.5, commodity="alloy")
    assert verdict.uses[-1].value is None
    assert verdict.faults == ()


def test_who_sells_something_must_sell_its_share(trade_data: Data, trade_plan: Plan) -> None:
    # of 105 t demanded Blue sells 20, which is less than 0.25 of it
    fields = {"count": 0, "min_share": 0.25, "all_or_none": True}
    for offer in trade_data["offers"]:
        offer.setdefault("capacity", 500)
    (fault,) = judged(trade_data, trade_plan, "min_suppliers", **fields).faults
    assert fault == (
        "Rule 'more' (metal) in 2026: 'Blue' sells 20 t, neither nothing nor 26.25 t."
    )
    fields["by"] = "country"
    assert judged(trade_data, trade_plan, "min_suppliers", **fields).faults == ()


def test_who_is_new_must_have_been_taken_on(trade_data: Data, trade_plan: Plan) -> None:
    for offer in trade_data["offers"]:
        offer.setdefault("capacity", 500)
    fields = {"count": 1, "incumbents": ["CHN"]}
    (fault,) = judged(trade_data, trade_plan, "max_new_sellers", **fields).faults
    assert fault == ("Rule 'more' (metal) in 2026: 'AUS' sells 40 t without having been taken on.")
    right = chosen(trade_plan, ("2026", "more", "metal", "AUS", 1.0))
    verdict = judged(trade_data, right, "max_new_sellers", **fields)
    assert verdict.faults == ()
    assert (verdict.uses[-1].value, verdict.uses[-1].slack) == (1, 0)
    (broken,) = judged(trade_data, right, "max_new_sellers", **fields | {"count": 0}).faults
    assert broken.startswith("Rule 'more' (-, metal) in 2026 is broken by 1 count: 1 against a")


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (("2026", "more", "metal", "AUS", 0.5), "is 0.5, neither 0 nor 1"),
        (("2026", "more", "metal", "BRA", 1.0), "that seller does not exist"),
        (("2026", "more", "ore", "AUS", 1.0), "no rule has that row"),
    ],
)
def test_a_choice_of_new_sellers_is_whole_and_of_someone(
    trade_data: Data, trade_plan: Plan, row: Any, words: str
) -> None:
    for offer in trade_data["offers"]:
        offer.setdefault("capacity", 500)
    right = ("2026", "more", "metal", "AUS", 1.0)
    rows = [row] if row[3] == "AUS" and row[2] == "metal" else [right, row]
    plan = chosen(trade_plan, *rows)
    found = judged(trade_data, plan, "max_new_sellers", count=1, incumbents=["CHN"]).faults
    assert any(words in fault for fault in found)


@pytest.mark.parametrize(
    ("family", "fields", "words"),
    [
        (HHICap, {"max_hhi": 0}, "greater than 0"),
        (HHICap, {"max_hhi": 2500}, "less than or equal to 10"),
        (HHICap, {"max_hhi": 2}, "an index of shares is at most 1"),
        (HHICap, {"by": "supplier", "governance": True}, "are about countries"),
        (HHICap, {"by": "supplier", "as_one": ["partners"]}, "are about countries"),
        (HHICap, {"as_one": ["partners"], "governance": True}, "no governance of its own"),
        (MinSuppliers, {"count": 0, "min_share": 0.1}, "asks for no seller"),
        (MaxNewSellers, {"count": -1}, "greater than or equal to 0"),
    ],
)
def test_a_rule_that_cannot_be_meant_is_refused(family: Any, fields: Data, words: str) -> None:
    good: Data = {"id": "r", "commodity": "ga"}
    if family is HHICap:
        good["max_hhi"] = 0.5
    with pytest.raises(ValidationError, match=words):
        family.model_validate(good | fields)


@pytest.mark.parametrize(
    ("family", "fields", "sentence"),
    [
        (
            HHICap,
            {"max_hhi": {2026: 0.5, 2030: 0.3}},
            "The HHI of gallium purchases by country may be at most 0.5 from 2026, "
            "0.3 from 2030 on",
        ),
        (
            HHICap,
            {"max_hhi": 0.4, "as_one": ["partners"], "counted": "deliveries"},
            "The HHI of gallium deliveries by country (as one: the group partners) may be at "
            "most 0.4",
        ),
        (
            HHICap,
            {"max_hhi": 2.5, "governance": True},
            "The governance-weighted HHI of gallium purchases by country may be at most 2.5",
        ),
        (
            MinSuppliers,
            {"count": 0, "min_share": 0.1, "all_or_none": True},
            "Every supplier that sells gallium must sell at least 10 % of gallium demand",
        ),
        (
            MinSuppliers,
            {"count": 2, "min_share": 0.1, "all_or_none": True},
            "At least 2 suppliers must each sell at least 10 % of gallium demand, and nobody may "
            "sell less",
        ),
        (
            MaxNewSellers,
            {"count": 1},
            "At most 1 country may be taken on as new sellers of gallium",
        ),
    ],
)
def test_a_rule_says_what_it_asks(family: Any, fields: Data, sentence: str) -> None:
    rule = family.model_validate({"id": "r", "commodity": "ga"} | fields)
    assert rule.sentence(NAMES) == sentence
    lever = rule.levers()[-1]
    assert rule.relaxed(lever, lever.step) != rule


def test_a_cap_is_never_moved_to_nothing() -> None:
    rule = HHICap.model_validate({"id": "r", "commodity": "ga", "max_hhi": 0.3})
    (lever,) = rule.levers()
    assert 0 < rule.relaxed(lever, -1).max_hhi.values[0] < 1e-5
    assert rule.relaxed(lever, 1).max_hhi.values[0] == pytest.approx(1.3)


@pytest.mark.parametrize(
    ("rule", "where", "words"),
    [
        ({"as_one": ["partner"]}, "as_one[0]", "names a group that does not exist"),
        ({"as_one": ["partners", "some"]}, "as_one[1]", "holds AUS, which is in 'partners' too"),
        ({"governance": True}, "governance", "not stated of CHN"),
        ({"kind": "max_new_sellers", "count": 1}, "incumbents", "which has no capacity"),
        (
            {"kind": "max_new_sellers", "count": 1, "by": "supplier", "incumbents": ["Rot"]},
            "incumbents[0]",
            "names nobody who sells or makes",
        ),
        (
            {"kind": "max_new_sellers", "count": 1, "incumbents": ["CHM"]},
            "incumbents[0]",
            "neither a country code",
        ),
        (
            {"kind": "min_suppliers", "count": 1, "min_share": 0.1, "all_or_none": True},
            "all_or_none",
            "which has no capacity",
        ),
    ],
)
def test_what_a_rule_names_and_needs_is_there(
    problem_of: Callable[..., Problem],
    offer: Callable[..., Data],
    need: Callable[..., Data],
    rule: Data,
    where: str,
    words: str,
) -> None:
    kind = {"id": "rule", "kind": "hhi_cap", "commodity": "metal"}
    fields = kind | ({} if "kind" in rule else {"max_hhi": 0.5}) | rule
    with pytest.raises(ValidationError, match=words) as caught:
        problem_of(
            offers=[offer("CHN", 50), offer("AUS", 80, 9)],
            demand=[need(100)],
            groups={"partners": ["AUS", "KAZ"], "some": ["AUS"]},
            rules=[fields],
        )
    assert f"rules[rule].{where}: " in str(caught.value)


@pytest.mark.parametrize(
    ("country", "words"),
    [
        ({"id": "CHN", "name": "China"}, "is the ISO 3166 code of China already"),
        ({"id": "CHN"}, "is the ISO 3166 code of China already"),
        ({"id": "XAA", "governance": 1}, "only countries of ISO 3166 are known by their code"),
    ],
)
def test_a_country_states_what_is_not_known(
    problem_of: Callable[..., Problem], country: Data, words: str
) -> None:
    with pytest.raises(ValidationError, match=words):
        problem_of(countries=[country])
