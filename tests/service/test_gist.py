from __future__ import annotations

import json
from typing import Any

import pytest

from service.analysis_examples import COMPARE, WORTH
from service.decision_examples import INSTRUMENTS, PURSE
from service.examples import TINY
from service.gist import LONGEST, WORDS, Gist, gist_of
from service.jobs.record import JOB_KINDS
from service.work import Limits, Verb, do

LIMITS = Limits(solve_seconds=60, threads=1, variables=10_000, points=100)


def gist(kind: Verb, asked: dict[str, Any]) -> Gist:
    body = asked if "instance" in asked else {"problem": TINY, **asked}
    found = gist_of(kind, do(kind, json.dumps(body).encode(), LIMITS))
    assert found is not None
    return found


def words_of(kind: str, result: dict[str, Any]) -> str:
    found = gist_of(kind, {"result": result})
    assert found is not None
    return found.words


def test_every_kind_of_job_has_words() -> None:
    assert set(WORDS) == set(JOB_KINDS)
    # what is no job has none
    assert gist_of("read", {}) is None


# at least 40 t from China at 10 USD/t and 60 t from Australia at 30 USD/t; a point of the cap is
# 1 t, at 20 USD
@pytest.mark.parametrize(
    ("kind", "asked", "cost", "words"),
    [
        ("solve", {}, 2200, "optimal"),
        ("solve", {"edits": ["offers[au-ga].capacity=0"]}, None, "infeasible"),
        ("sweep", {"axes": ["rules[cn-cap].max_share=0.2,0.4"]}, None, "2 optimal"),
        # all from Australia without China, all from China without a cap
        ("frontier", {"rule": "cn-cap"}, None, "1,000 USD to 3,000 USD"),
        ("alternatives", {"count": 2, "margin": 0.1}, 2200, "2 plans within 10 %"),
        ("explain", {}, None, "1 limit binding"),
        ("explain", {"why": "au-ga"}, None, "au-ga: in the plan"),
        ("validate", {}, None, "valid"),
        ("validate", {"edits": ["x=1"]}, None, "1 finding"),
        # 40 t at 10 USD/t are left of 100 t
        ("stress", {"who": ["AUS"]}, None, "1 case, at worst 40 % met"),
        # 2,200 USD before, 50 t at 10 USD/t and 50 t at 40 USD/t after
        ("compare", {"changes": COMPARE["changes"]}, None, "300 USD more"),
        ("compare", {"changes": ["rules[cn-cap].max_share=0.4"]}, None, "the same cost"),
        # Birge and Louveaux, "Introduction to Stochastic Programming", 1.1
        ("worth", WORTH, -108390, "to know is worth 7,016 USD"),
        ("sheet", {}, 2200, "optimal"),
        # without China 100 t at 30 USD/t
        ("partners", {"of": ["CHN"]}, 2200, "800 USD more without China"),
        # 60 of 100 t cannot be had without Australia
        ("partners", {}, 2200, "no plan without Australia"),
        ("purse", PURSE, None, "1 plan for sums of money"),
        ("instruments", INSTRUMENTS, 2200, "1 instrument at 300 USD"),
    ],
)
def test_an_answer_is_told_in_a_few_words(
    kind: Verb, asked: dict[str, Any], cost: float | None, words: str
) -> None:
    found = gist(kind, asked)
    assert found.words == words
    assert found.cost_usd == (None if cost is None else pytest.approx(cost))


def test_what_is_assumed_and_what_has_no_plan_are_told() -> None:
    for asked, words in (
        ({"assumed_cost": 0.97, "cost_usd": 5.0}, "97 % of the cost is assumed"),
        ({"about": "conflict", "remedies": [1, 2]}, "infeasible, 2 remedies"),
        ({"used": False, "id": "kaz"}, "kaz: out of the plan"),
    ):
        ended = {"stop": "finished", "point": "infeasible"}
        assert words_of("explain", {"status": ended, **asked}) == words
    held = {"stop": "time_limit", "point": "feasible"}
    told = gist_of("solve", {"result": {"objective_usd": 7.0, "status": held}})
    assert told == Gist(7.0, "feasible (time_limit)")
    ends = {"first": {"objective_usd": None}, "second": {"objective_usd": 1.0}}
    assert words_of("compare", ends) == "one of them has no plan"
    counts = {f"status {i}": i for i in range(100)}
    assert len(words_of("sweep", {"counts": counts})) == LONGEST
    sheet = {"cost_usd": 1.0, "status": {"stop": "finished", "point": "optimal"}}
    assert words_of("sheet", {**sheet, "shortfalls": [1]}) == "optimal, 1 demand short"
    partners: dict[str, Any] = {"cost_usd": None, "held": "infeasible", "losses": []}
    assert words_of("partners", partners) == "0 partners, infeasible"
