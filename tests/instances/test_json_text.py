from __future__ import annotations

import time

import pytest

from instances.errors import Finding, ReadError
from instances.json_text import parse_json
from instances.read import MOST_DEPTH


def refused(text: str) -> Finding:
    with pytest.raises(ReadError) as caught:
        parse_json(text, "x.json")
    (finding,) = caught.value.findings
    assert finding.remedy is not None
    return finding


def test_json_is_read_as_it_is() -> None:
    text = '{"a": [1, 2.5, "x", null, true], "b": {"c": -1e3}}'
    assert parse_json(text, "x.json") == {"a": [1, 2.5, "x", None, True], "b": {"c": -1000.0}}


@pytest.mark.parametrize(
    ("text", "where", "what"),
    [
        ("", "x.json", "is empty"),
        ('{"a":\n  [1 2]}', "x.json: line 2, column 6", "is not JSON"),
        ('{"a": 1} x', "x.json: line 1, column 10", "is not JSON: extra data"),
        ("{'a': 1}", "x.json: line 1, column 2", "is not JSON"),
        ('{"a": NaN}', "x.json", "holds NaN"),
        ('{"a": -Infinity}', "x.json", "holds -Infinity"),
        ('{"a": ' + "9" * 5000 + "}", "x.json", "a number of 5000 digits"),
        ('{"id": "cn", "a": 1, "a": 2}', "x.json", "has the name 'a' twice in the record 'cn'"),
        ("[" * 100_000, "x.json: line 1, column 33", f"more than {MOST_DEPTH} levels deep"),
        ('{"a":\n' * 100_000, "x.json: line 33, column 1", f"more than {MOST_DEPTH} levels deep"),
    ],
)
def test_faulty_text_is_found(text: str, where: str, what: str) -> None:
    finding = refused(text)
    assert finding.where == where
    assert what in finding.what


def test_every_name_that_stands_twice_is_told_at_once() -> None:
    with pytest.raises(ReadError) as caught:
        parse_json('{"a": 1, "a": 2, "b": {"c": 1, "c": 2}}', "x.json")
    assert [finding.value for finding in caught.value.findings] == ["1 and 2", "1 and 2"]


def test_brackets_inside_strings_are_not_nesting() -> None:
    text = '["' + "[" * 1000 + '", "\\"[[[[", "\\\\"]'
    assert parse_json(text, "x.json") == ["[" * 1000, '"[[[[', "\\"]


def test_a_string_that_never_ends_is_read_once() -> None:
    began = time.process_time()
    assert "is not JSON" in refused('"' + '\\"' * 1_000_000).what
    assert time.process_time() - began < 5
