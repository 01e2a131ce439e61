"""Decision analyses over HTTP: the answers of Python, pages, refusals, and an end on request.

The figures worked by hand stand in `service.decision_examples`, which other tests hold to them.
"""

from __future__ import annotations

import json
import re
import time
from dataclasses import fields
from typing import TYPE_CHECKING, Any

import pytest

from instances import parse
from optimizer import Instrument, instruments, partners, purse, sheet
from optimizer.charges import Charge
from optimizer.coalitions import Coalition
from optimizer.instrument import Effect
from optimizer.losses import Loss
from optimizer.purse_search import Bought
from optimizer.sheet.binds import Bind
from optimizer.sheet.calendar import Commitment, KnownDate
from optimizer.sheet.choices import Turn
from optimizer.sheet.due import Due
from optimizer.sheet.plan import Assumed, Holding, Short, Supplier
from optimizer.sheet.replaced import Gain
from optimizer.sheet.scarce import Scarce
from service import sheet_bodies as bodies
from service.asked import read_sheet
from service.decision_bodies import BODIES, BoughtBody, CoalitionBody, EffectBody
from service.work import Limits

if TYPE_CHECKING:
    from collections.abc import Callable

    from pydantic import BaseModel

Problem = dict[str, Any]
HELD = {
    "stockpiles": [{"id": "vault", "commodity": "gallium", "country": "USA"}],
    "rules": [{"id": "hold", "kind": "stock_target", "stockpile": "vault", "tonnes": 0}],
}
BUYS: dict[str, tuple[dict[str, Any], Callable[..., Any]]] = {
    "sheet": ({}, sheet),
    "partners": ({"coalitions": True}, lambda problem: partners(problem, coalitions=True)),
    "purse": (
        {"budgets": ["1800 USD", 2600], "goals": ["reliance", "cover"]},
        lambda problem: purse(problem, [1800, 2600], ["reliance", "cover"]),
    ),
    "instruments": (
        {"outlay": 300, "turn": ["rules[hold].tonnes=0,20"]},
        lambda problem: instruments(problem, [Instrument("rules[hold].tonnes", 0, 20)], 300),
    ),
}
"""Kind to what is asked, and the same asked in Python."""
DEAR = {"sheet": pytest.mark.deep}


def stocked(tiny: Problem) -> Problem:
    return {**tiny, **HELD, "rules": [*tiny["rules"], *HELD["rules"]]}


def wheres(answer: Any) -> list[str]:
    assert answer.status_code == 422, answer.text
    return [finding["where"] for finding in answer.json()["findings"]]


RECORDS: list[tuple[type, type[BaseModel], set[str]]] = [
    (Loss, bodies.LossBody, set()),
    (Short, bodies.ShortBody, set()),
    (Assumed, bodies.AssumedBody, set()),
    (Supplier, bodies.SupplierBody, set()),
    (Due, bodies.DueBody, set()),
    (Charge, bodies.ChargeBody, set()),
    (Gain, bodies.GainBody, set()),
    (Holding, bodies.HoldingBody, set()),
    (Bind, bodies.BindBody, set()),
    (Scarce, bodies.ScarceBody, set()),
    (Turn, bodies.TurnBody, {"turn_usd"}),
    (KnownDate, bodies.KnownDateBody, set()),
    (Commitment, bodies.CommitmentBody, set()),
    (Coalition, CoalitionBody, {"adequate"}),
    (Bought, BoughtBody, set()),
    (Effect, EffectBody, set()),
]
"""Record, its description, and what is told besides its fields."""


@pytest.mark.parametrize(("record", "body", "besides"), RECORDS)
def test_every_field_of_an_answer_is_described(
    record: type, body: type[BaseModel], besides: set[str]
):
    told = {field.name for field in fields(record)} | besides
    assert body.model_fields.keys() == told


@pytest.mark.parametrize("kind", [pytest.param(kind, marks=DEAR.get(kind, ())) for kind in BUYS])
def test_a_route_answers_what_python_does(server: Any, tiny: Problem, kind: str):
    problem = stocked(tiny)
    asked, here = BUYS[kind]
    answer = server.http.post(f"/v1/{kind}", json={"problem": problem, **asked})
    assert answer.status_code == 200, answer.text
    assert answer.json()["status"] == {"state": "complete"}
    there = answer.json()["result"]
    # no field that the description does not know
    BODIES[kind].model_validate(there)
    plain = json.loads(here(parse(problem)).to_json())
    assert {**there, "seconds": 0} == {**plain, "seconds": 0}


def test_no_plan_is_an_answer(server: Any, impossible: Problem):
    found = {
        kind: server.http.post(f"/v1/{kind}", json={"problem": stocked(impossible), **asked})
        for kind, (asked, _) in BUYS.items()
        if kind != "purse"
    }
    found["purse"] = server.http.post("/v1/purse", json={"problem": impossible})
    for kind, answer in found.items():
        assert answer.json()["status"] == {"state": "complete"}, answer.text
        BODIES[kind].model_validate(answer.json()["result"])
    results = {kind: answer.json()["result"] for kind, answer in found.items()}
    assert results["sheet"]["status"]["point"] == "infeasible"
    assert results["sheet"]["cost_usd"] is None
    assert results["sheet"]["explanation"]["about"] == "infeasible"
    assert results["sheet"]["words"]["sections"][0]["title"] == "NO PLAN, AND WHY"
    assert (results["partners"]["held"], results["partners"]["losses"]) == ("infeasible", [])
    assert (results["purse"]["bought"], results["purse"]["reason"]) == (
        [],
        "no plan keeps every rule",
    )
    assert results["instruments"]["base"]["reason"] == "no plan keeps every rule"


@pytest.mark.parametrize(
    ("kind", "body", "found"),
    [
        ("sheet", {"of": ["CHN"]}, ["of"]),
        ("sheet", {"options": {"rule_prices": True}}, ["options.rule_prices"]),
        ("partners", {"of": ["CHN", "CHX", "nobody"]}, ["of", "of"]),
        ("partners", {"of": "CHN", "coalition": True}, ["coalition", "of"]),
        ("purse", {"budgets": ["-1 USD", "2 t"], "goals": []}, ["budgets", "budgets", "goals"]),
        ("instruments", {}, ["outlay", "turn"]),
        ("instruments", {"outlay": 300, "turn": []}, ["turn"]),
        (
            "instruments",
            {"outlay": 0, "turn": ["no", "rules[cn-cap].max_share=0,1", "offers[cn].price=1,2,3"]},
            ["no", "turn", "outlay", "rules[cn-cap].max_share"],
        ),
    ],
)
def test_every_finding_comes_at_once(
    server: Any, tiny: Problem, kind: str, body: dict[str, Any], found: list[str]
):
    assert wheres(server.http.post(f"/v1/{kind}", json={"problem": tiny, **body})) == found
    # an order for a job is refused for the same
    order = {"kind": kind, "problem": tiny, **body}
    assert wheres(server.http.post("/v1/jobs", json=order)) == found


@pytest.mark.parametrize(
    ("options", "allowed", "seconds"),
    [
        (None, 3600, 300),
        ({"gap": 0.01}, 3600, 300),
        (None, 60, 60),
        ({"time_limit": 900}, 3600, 900),
    ],
)
def test_a_sheet_nobody_gave_longer_takes_five_minutes(
    tiny: Problem, options: dict[str, Any] | None, allowed: float, seconds: float
):
    body = {"problem": tiny} | ({} if options is None else {"options": options})
    limits = Limits(solve_seconds=allowed, threads=1, variables=1000, points=10)
    asked = read_sheet(json.dumps(body).encode(), limits)
    assert asked.options.time_limit == seconds
    assert asked.options.gap == (options or {}).get("gap", 1e-6)


def test_more_looks_than_the_server_takes_are_too_large(server: Any, tiny: Problem):
    body = {"problem": tiny, "budgets": list(range(1000)), "goals": ["unmet", "reliance"]}
    answer = server.http.post("/v1/purse", json=body)
    assert answer.status_code == 413, answer.text
    assert "2,000 points" in answer.json()["detail"]


def test_a_sheet_is_a_page_where_the_caller_prefers_one(server: Any, tiny: Problem):
    tiny["offers"][0]["supplier"] = "<script>alert(1)</script>"
    browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
    direct = server.http.post("/v1/sheet", json={"problem": tiny}, headers={"Accept": browser})
    order = {"kind": "sheet", "problem": tiny}
    job = server.http.post("/v1/jobs", json=order, headers={"Prefer": "wait=60"}).json()
    of_job = server.http.get(f"{job['links']['self']}/sheet")
    for answer in (direct, of_job):
        assert answer.headers["content-type"] == "text/html; charset=utf-8"
        policy = answer.headers["content-security-policy"]
        assert policy.startswith("default-src 'none'; style-src 'sha256-")
        assert "unsafe" not in policy
        assert "<script" not in answer.text
        assert "gallium from &lt;script&gt;alert(1)&lt;/script&gt; (China)" in answer.text
        # 40 t at 10 and 60 t at 30 USD
        assert "Least cost 2,200 USD" in answer.text
    assert direct.text == of_job.text
    told = re.findall(r"<li>(.*)</li>", direct.text)
    assert "gallium, 100 t: Australia 60 %, China 40 %" in told
    solve = server.http.post("/v1/jobs", json={"kind": "solve", "problem": tiny}).json()
    refused = server.http.get(f"{solve['links']['self']}/sheet")
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/no-sheet")


@pytest.mark.parametrize(
    ("accept", "page"),
    [
        ("*/*", False),
        ("application/json, text/html", False),
        ("text/html;q=0.5, application/json;q=0.9", False),
        ("text/*", True),
        ("text/html;q=no, */*", False),
    ],
)
def test_html_is_given_only_where_it_is_preferred(accept: str, page: bool):
    from starlette.requests import Request

    from service.sheet_page import wants_html

    headers = [(b"accept", accept.encode())]
    assert wants_html(Request({"type": "http", "headers": headers})) is page


def test_a_long_ranking_of_partners_ends_when_asked_to(server: Any, hard: Problem):
    # without rules a linear program: 24 partners and 36 goods, 888 solves
    order = {"kind": "partners", "problem": {**hard, "rules": []}}
    posted = server.http.post("/v1/jobs", json=order)
    assert posted.status_code == 202, posted.text
    path = posted.json()["links"]["self"]
    server.wait_until(lambda: (server.http.get(path).json()["progress"] or {}).get("done", 0) > 0)
    assert server.http.get(path).json()["progress"]["total"] == 24 + 24 * 36
    begun = time.monotonic()
    server.http.post(f"{path}/cancel")
    server.wait_until(lambda: server.http.get(path).json()["state"] == "cancelled")
    assert time.monotonic() - begun < 60
    result = server.http.get(f"{path}/result").json()["result"]
    assert result["complete"] is False
    assert len(result["losses"]) == 24
    BODIES["partners"].model_validate(result)
