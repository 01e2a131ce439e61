from __future__ import annotations

import json
from typing import Any

import pytest

from instances import InputError
from service.request import BrokenJson, TooLarge, read_task
from service.work import Limits

LIMITS = Limits(solve_seconds=60, threads=2, variables=1000, points=100)


def read(body: Any) -> Any:
    return read_task(json.dumps(body).encode(), LIMITS)


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ([], ""),
        ({}, ""),
        ({"problem": {}, "instance": "gallium-usa"}, ""),
        ({"problem": "gallium-usa"}, "problem"),
        ({"instance": 3}, "instance"),
        ({"instance": "galium-usa"}, "instance"),
        ({"instance": "gallium-usa", "edit": []}, "edit"),
        ({"instance": "gallium-usa", "edits": "x"}, "edits"),
        ({"instance": "gallium-usa", "edits": [3]}, "edits"),
        ({"instance": "gallium-usa", "edits": ["periods.count=1"] * 1001}, "edits"),
        ({"instance": "gallium-usa", "options": []}, "options"),
        ({"instance": "gallium-usa", "options": {"gap": -1}}, "options.gap"),
        ({"instance": "gallium-usa", "options": {"gapp": 1}}, "options.gapp"),
        ({"instance": "gallium-usa", "options": {"time_limit": 61}}, "options.time_limit"),
        ({"instance": "gallium-usa", "options": {"threads": 3}}, "options.threads"),
    ],
)
def test_wrong_request_names_the_field(body: Any, where: str):
    with pytest.raises(InputError) as error:
        read(body)
    assert [finding.where for finding in error.value.findings] == [where]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b'{"instance": NaN}',
        b'{"instance": -Infinity}',
        b'{"instance": "a", "instance": "b"}',
        b"[" * 100_000 + b"]" * 100_000,
        b'{"a":' * 1000 + b"1" + b"}" * 1000,
        b"\xff\xfe{",
        b'{"a": ' + b"9" * 100_000 + b"}",
        b'{"a": "\x00"}',
    ],
    ids=[
        "empty",
        "open",
        "nan",
        "infinity",
        "twice",
        "deep",
        "deeper",
        "not-utf-8",
        "digits",
        "control",
    ],
)
def test_hostile_json_is_broken_json(body: bytes):
    with pytest.raises(BrokenJson):
        read_task(body, LIMITS)


def test_options_are_bounded_by_the_server(tiny: dict[str, Any]):
    task = read({"problem": tiny, "options": {"time_limit": 5, "threads": 2}})
    assert (task.options.time_limit, task.options.threads) == (5, 2)
    assert read({"problem": tiny, "options": {"gap": 0.1}}).options.time_limit == 60


def test_edits_apply_in_order(tiny: dict[str, Any]):
    edits = ["offers[au].price=40", "offers[*].price*=2"]
    problem = read({"problem": tiny, "edits": edits}).problem
    # 40 USD/t, doubled
    assert problem.offers[1].price.values == (80,)


def test_problem_over_the_limit_is_too_large(tiny: dict[str, Any]):
    tiny["periods"]["count"] = 500
    with pytest.raises(TooLarge, match="at most 1,000"):
        read({"problem": tiny})
