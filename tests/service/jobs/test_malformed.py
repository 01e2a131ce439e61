"""Orders that are malformed in every way: refused in words, never a fault, never a crash."""

from __future__ import annotations

import copy
import json
import random
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

Problem = dict[str, Any]

JSON = {"Content-Type": "application/json"}
ODD: tuple[Any, ...] = (
    None,
    True,
    -1,
    0,
    1e308,
    -1e308,
    10**400,
    "",
    "x" * 100_000,
    "\x00",
    "\ud800",
    "\U0001d50aa\u202e",
    "'; DROP TABLE jobs; --",
    [],
    [[]],
    {},
    {"a": {"b": 1}},
    [None] * 1000,
)


def places(plain: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the path of every value."""
    items = plain.items() if isinstance(plain, dict) else enumerate(plain)
    for key, value in items:
        yield (*path, key)
        if isinstance(value, dict | list):
            yield from places(value, (*path, key))


def changed(plain: Any, path: tuple[Any, ...], value: Any) -> Any:
    new = copy.deepcopy(plain)
    at = new
    for key in path[:-1]:
        at = at[key]
    at[path[-1]] = value
    return new


def send(api: Any, body: bytes) -> Any:
    return api.http.post("/v1/jobs", content=body, headers=JSON)


def test_every_value_replaced_by_odd_ones_is_no_fault(api: Any, tiny: Problem):
    whole = {
        "kind": "sweep",
        "problem": tiny,
        "axes": ["rules[cn-cap].max_share=0:1:3"],
        "options": {"gap": 0.1},
        "label": "odd",
        "fresh": True,
    }
    draw = random.Random(9)
    statuses = []
    for path in places(whole):
        for value in draw.sample(ODD, 3):
            answer = send(api, json.dumps(changed(whole, path, value)).encode())
            statuses.append(answer.status_code)
            assert answer.status_code in (202, 400, 413, 422), (path, str(value)[:40], answer.text)
            if answer.status_code != 202:
                assert answer.json()["detail"], path
    assert statuses.count(422) > len(statuses) / 2
    assert send(api, json.dumps(whole).encode()).status_code == 202


def test_every_truncated_order_is_broken_json(api: Any, tiny: Problem):
    body = json.dumps({"kind": "solve", "problem": tiny}).encode()
    before = api.count()
    for length in range(0, len(body), 23):
        assert send(api, body[:length]).status_code == 400, length
    assert api.count() == before


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 1_000_000,
        b'{"kind": "solve", "problem": ' + b'{"a":' * 100_000 + b"1" + b"}" * 100_000 + b"}",
        b'{"kind": "solve", "kind": "sweep"}',
        b'{"kind": NaN}',
        b'{"kind": ' + b"9" * 1_000_000 + b"}",
        b"\xff\xfe{",
        b'{"kind": "solve", "label": "\x00"}',
        b"",
        b"null garbage",
    ],
    ids=["deep", "deeper", "twice", "nan", "digits", "not-utf-8", "control", "empty", "more"],
)
def test_hostile_json_is_refused(api: Any, body: bytes):
    answer = send(api, body)
    assert (answer.status_code, answer.json()["type"]) == (400, "/problems/broken-json")


@pytest.mark.parametrize("body", [b"[]", b"null", b'"solve"', b"1"])
def test_json_that_is_no_object_is_refused(api: Any, body: bytes):
    assert send(api, body).status_code == 422


def test_only_json_within_the_limit_is_taken(api: Any):
    answer = api.http.post("/v1/jobs", content=b"kind: solve", headers={"Content-Type": "a/yaml"})
    assert (answer.status_code, answer.json()["type"]) == (415, "/problems/not-json")
    answer = send(api, b" " * (api.settings.body_bytes + 1))
    assert (answer.status_code, answer.json()["type"]) == (413, "/problems/body-too-large")
