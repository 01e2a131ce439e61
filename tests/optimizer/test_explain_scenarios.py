"""Explain in a tree: which branch lacks what, what has happened there, and what would help."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from instances import apply
from optimizer import explain, solve, why

if TYPE_CHECKING:
    from collections.abc import Callable

    from instances import Problem

    Make = Callable[..., Any]

FUTURES: dict[str, Any] = {
    "periods": {"start": "2026-01-01", "count": 2, "length": "1 yr"},
    "events": [{"id": "ban", "of": "CHN", "availability": 0, "start": "2027-01-01"}],
    "scenarios": [
        {"id": "calm", "probability": 0.5},
        {"id": "banned", "probability": 0.5, "events": ["ban"]},
    ],
}


@pytest.fixture
def banned(three_sellers: Make, need: Make) -> Problem:
    """Return G1 with hard demand and a ban half the time: 30 + 50 of 100 t are left in 2027."""
    return three_sellers(demand=[need(100)], **FUTURES)


def test_the_branch_that_lacks_something_is_named_with_what_happened_there(banned: Problem):
    told = explain(banned)
    assert [(item.id, item.node, item.amount) for item in told.broken] == [
        ("us", "2027:banned", pytest.approx(20))
    ]
    assert told.because == (
        "United States needs 100 t of metal in 2027:banned (us)",
        "AUS mine (Australia) and KAZ mine (Kazakhstan) together can sell at most 80 t of metal "
        "in 2027:banned, and CHN mine (China) nothing",
        "in 2027:banned this has happened: China: 0 % remains available from 2027-01-01 (ban)",
    )
    assert "calm" not in told.summary()


def test_a_remedy_says_from_when_and_restores_a_plan_in_every_branch(banned: Problem):
    told = explain(banned)
    first = told.remedies[0]
    assert first.sentence == "20 t a year more from AUS mine (Australia) from 2027 on"
    # 5,000 in 2026; 5,000 or 50*80 + 50*95 = 8,750 in 2027: 11,875 on average
    assert first.cost_usd == pytest.approx(11875)
    mended = solve(apply(banned, first.edits))
    assert mended.objective == pytest.approx(11875)


def test_a_rule_that_one_branch_breaks_names_it(three_sellers: Make, rule: Make, need: Make):
    floor = rule("share_floor", id="cn", of="CHN", min_share=0.2, denominator="demand")
    problem = three_sellers(floor, demand=[need(70)], **FUTURES)
    told = explain(problem)
    # a fifth of 70 t must come from China, which sells nothing where it is banned
    assert [(item.id, item.node) for item in told.broken] == [("cn", "2027:banned")]
    assert ", in 2027:banned" in told.broken[0].sentence
    assert any(text.endswith("in 2027:banned (cn)") for text in told.because)
    assert any("this has happened: China: 0 %" in text for text in told.because)


def test_a_shortfall_in_one_branch_is_explained_there(three_sellers: Make):
    told = explain(three_sellers(**FUTURES))
    assert told.about == "shortfall"
    assert any("us lacks 20 t (2027:banned)" in note for note in told.notes)


def test_why_tells_the_branch_in_which_most_is_bought(three_sellers: Make):
    told = why(three_sellers(**FUTURES), "kaz")
    assert told.amounts == {"2027:banned": pytest.approx(50)}
    assert told.landed is not None
    # a tonne short there costs 400 USD, undiscounted and as if it were sure
    assert told.landed.cost_usd == pytest.approx(95)
    assert told.landed.worth_usd == pytest.approx(400)
    assert told.threshold is not None
    assert told.threshold.change_usd == pytest.approx(305)
