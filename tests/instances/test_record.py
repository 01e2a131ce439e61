from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from instances.record import CountryCode, Day, Id, LongText, Text, Whole


@pytest.mark.parametrize(
    ("annotation", "good", "bad"),
    [
        (
            Id,
            ["cn-ga", "0", "A.b_c-1", "x" * 64],
            ["", "-a", ".a", "a b", "a/b", "ä", "x" * 65, "a\n", 5, None],
        ),
        (CountryCode, ["CHN", "XAP"], ["CN", "chn", "CHNA", "ÄÖÜ", "CHN\n", 5]),
        (Text, ["China primary", "日本", "a, b"], ["", "a\n", "\x1b[31m", "x" * 201, "\ud800", 5]),
        (LongText, ["", "a\nb\tc", "5\u00a0t"], ["\x1b[31m", "\0", "a\rb", "\ud800", "\u202e"]),
        (Day, ["2026-01-01", date(2026, 1, 1)], [2026, "2026", "1.1.2026", datetime.max, None]),
        (Whole, [5, 0, "5", 5.0], [True, 2.5, "five", None]),
    ],
    ids=["id", "country", "text", "long text", "day", "whole"],
)
def test_fields_take_what_they_are_for(annotation: Any, good: list[Any], bad: list[Any]) -> None:
    adapter: TypeAdapter[Any] = TypeAdapter(annotation)
    for value in good:
        adapter.validate_python(value)
    for value in bad:
        with pytest.raises(ValidationError):
            adapter.validate_python(value)
