from __future__ import annotations

import math
import time
from datetime import date
from typing import Any

import pytest
import yaml

from instances.errors import Finding, ReadError
from instances.read import MOST_DEPTH
from instances.yaml_text import parse_yaml


def refused(text: str) -> Finding:
    with pytest.raises(ReadError) as caught:
        parse_yaml(text, "x.yaml")
    (finding,) = caught.value.findings
    assert finding.remedy is not None
    return finding


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("5", 5),
        ("-5", -5),
        ("0100", 100),
        ("5.", 5.0),
        (".5", 0.5),
        ("1e5", 100_000.0),
        ("1.5E-3", 0.0015),
        ("-.inf", -math.inf),
        ("2026-01-01", date(2026, 1, 1)),
        ("true", True),
        ("False", False),
        ("~", None),
        ("null", None),
        ("", None),
        # the traps of YAML 1.1
        ("no", "no"),
        ("NO", "NO"),
        ("on", "on"),
        ("yes", "yes"),
        ("12:30", "12:30"),
        ("1_000", "1_000"),
        ("0x1F", "0x1F"),
        ("=", "="),
        ("2026-01-01 10:00:00", "2026-01-01 10:00:00"),
        # text
        ("370 USD/kg", "370 USD/kg"),
        ("5 %", "5 %"),
        ("'5'", "5"),
        ('"2026-01-01"', "2026-01-01"),
        ("'no'", "no"),
        ("nothing", "nothing"),
        ("Töpfer 日本 😀", "Töpfer 日本 😀"),
        ("[1, [a, {b: 2}], {}]", [1, ["a", {"b": 2}], {}]),
        ("{2026: 0.9, 2027-07-01: 0.5}", {2026: 0.9, date(2027, 7, 1): 0.5}),
        ("|\n    a\n    b\n", "a\nb\n"),
        ("&anchor 5", 5),
    ],
)
def test_a_value_is_what_it_looks_like(text: str, value: Any) -> None:
    read = parse_yaml(f"a: {text}", "x.yaml")
    assert read == {"a": value}
    assert type(read["a"]) is type(value)


def test_not_a_number_is_one_to_be_refused_later() -> None:
    assert math.isnan(parse_yaml("a: .nan", "x.yaml")["a"])


@pytest.mark.parametrize(
    ("text", "where", "what"),
    [
        ("a: [1,\n", "line 2, column 1", "is not YAML"),
        ("a: {b: c: d}", "line 1, column 9", "is not YAML"),
        ("a: b: c", "line 1, column 5", "mapping values are not allowed"),
        ("a:\n\tb: 5", "line 2, column 1", "cannot start any token"),
        ("a: 'x", "line 1, column 6", "is not YAML"),
        ("%YAML 9.0\n---\na: 1", "line 1, column 1", "is not YAML"),
        ("a: 1\na: 2", "line 2, column 1", "a second time; the first is on line 1"),
        ("b:\n  - {c: 1, d: 2, c: 3}", "line 2, column 18", "the first is on line 2"),
        ("2026: 1\n2026: 2", "line 2, column 1", "a second time"),
        ("a: *b", "line 1, column 4", "is an alias"),
        ("a: &b [1]\nc: *b", "line 2, column 4", "is an alias"),
        ("a: !!python/object/apply:os.system [ls]", "line 1, column 4", "has a tag"),
        ("a: !!str 5", "line 1, column 4", "has a tag"),
        ("!problem\na: 5", "line 1, column 1", "has a tag"),
        ("? [a]\n: b", "line 1, column 3", "in the place of a name"),
        ("? {a: 1}\n: b", "line 1, column 3", "in the place of a name"),
        ("a: 1\n---\nb: 2", "line 2, column 1", "second document"),
        ("a: 2026-02-30", "line 1, column 4", "not a date of the calendar"),
        (f"a: {'9' * 5000}", "line 1, column 4", "a number of 5000 digits"),
        ("a: 1\nb: \x1b[31m", "line 2", "a control character"),
    ],
)
def test_faulty_text_is_found_at_line_and_column(text: str, where: str, what: str) -> None:
    finding = refused(text)
    assert finding.where == f"x.yaml: {where}"
    assert what in finding.what


@pytest.mark.parametrize("text", ["", "# nothing here\n", "\n\n"])
def test_text_without_content_is_empty(text: str) -> None:
    assert refused(text).what == "is empty"


def test_every_name_that_stands_twice_is_told_at_once() -> None:
    with pytest.raises(ReadError) as caught:
        parse_yaml("a: 1\na: 2\nb: {c: 1, c: 2}", "x.yaml")
    assert [finding.value for finding in caught.value.findings] == ["'a'", "'c'"]


@pytest.mark.parametrize(
    "text",
    [
        "[" * 100_000,
        '{"a":' * 100_000,
        "- " * 100_000,
        "".join(f"{' ' * depth}a:\n" for depth in range(500)),
    ],
    ids=["lists", "json", "dashes", "indented"],
)
def test_deep_nesting_is_refused_without_recursion(text: str) -> None:
    began = time.process_time()
    assert f"more than {MOST_DEPTH} levels deep" in refused(text).what
    assert time.process_time() - began < 5


def test_nesting_within_the_limit_is_read() -> None:
    read = parse_yaml("[" * MOST_DEPTH + "]" * MOST_DEPTH, "x.yaml")
    for _ in range(MOST_DEPTH - 1):
        (read,) = read
    assert read == []


def test_aliases_that_explode_never_get_to() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 30)]
    began = time.process_time()
    assert "is an alias" in refused("\n".join(lines)).what
    assert time.process_time() - began < 1


def test_reading_without_the_c_library_is_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "a: [1, no, {b: 2026-01-01}]\nc: '5'\nd: 1e5\n"
    fast = parse_yaml(text, "x.yaml")
    monkeypatch.setattr("instances.yaml_text._LOADER", yaml.SafeLoader)
    assert parse_yaml(text, "x.yaml") == fast
    assert "is an alias" in refused("a: *b").what
    assert "levels deep" in refused("[" * 1000).what
    assert "control character" in refused("a: \x1b").what
    assert "is not YAML" in refused("a: [").what
