"""JSON text to plain data, strictly: names that stand twice, NaN and deep nesting are refused."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, NoReturn

from instances.errors import Finding, ReadError, shortened
from instances.read import MOST_DEPTH, MOST_DIGITS

if TYPE_CHECKING:
    from collections.abc import Callable

# a string that is not closed reaches to the end of the text: read once, never again
_STRING_OR_BRACKET = re.compile(r'"(?:[^"\\]|\\.)*+(?:"|\\?\Z)|[\[{\]}]', re.DOTALL)


def parse_json(text: str, where: str) -> Any:
    """Return ``text`` as plain data.

    Parameters
    ----------
    text
        The JSON text.
    where
        What to call it in findings.

    Raises
    ------
    ReadError
        With the line and column of a fault of syntax; every repeated name at once.
    """
    findings: list[Finding] = []

    def record(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        made = dict(pairs)
        if len(made) < len(pairs):
            findings.extend(_repeated(where, pairs))
        return made

    if not text.strip():
        raise ReadError([Finding(where, "is empty", remedy="Write a problem into it.")])
    _check_depth(text, where)
    try:
        data = json.loads(
            text,
            object_pairs_hook=record,
            parse_constant=_no_number(where),
            parse_int=_whole(where),
        )
    except json.JSONDecodeError as error:
        place = f"{where}: line {error.lineno}, column {error.colno}"
        raise ReadError(
            [
                Finding(
                    place,
                    f"is not JSON: {error.msg[:1].lower()}{error.msg[1:]}",
                    remedy="Look at commas, colons, quotes and brackets here and just before.",
                )
            ]
        ) from None
    if findings:
        raise ReadError(findings)
    return data


def _check_depth(text: str, where: str) -> None:
    # json recurses in C: what is too deep must not reach it
    depth = 0
    for match in _STRING_OR_BRACKET.finditer(text):
        sign = match[0]
        if sign in ("[", "{"):
            depth += 1
        elif sign in ("]", "}"):
            depth -= 1
        if depth > MOST_DEPTH:
            line = text.count("\n", 0, match.start()) + 1
            column = match.start() - text.rfind("\n", 0, match.start())
            raise ReadError(
                [
                    Finding(
                        f"{where}: line {line}, column {column}",
                        f"is nested more than {MOST_DEPTH} levels deep",
                        remedy="Look for brackets that are not closed: a problem needs no more "
                        "than 8 levels.",
                    )
                ]
            )


def _repeated(where: str, pairs: list[tuple[str, Any]]) -> list[Finding]:
    """Return a finding for each name that stands twice in one object; json tells no lines."""
    seen: dict[str, Any] = {}
    findings = []
    first = next((value for name, value in pairs if name == "id"), None)
    of = f" in the record {shortened(first)}" if isinstance(first, str) else ""
    for name, value in pairs:
        if name in seen:
            findings.append(
                Finding(
                    where,
                    f"has the name {shortened(name)} twice{of}",
                    f"{shortened(seen[name])} and {shortened(value)}",
                    remedy="Keep one of the two.",
                )
            )
        seen[name] = value
    return findings


def _no_number(where: str) -> Callable[[str], NoReturn]:
    def refuse(text: str) -> NoReturn:
        raise ReadError(
            [
                Finding(
                    where,
                    f"holds {text}, which is no number in JSON",
                    remedy="Write a number, or leave the field out if there is no limit.",
                )
            ]
        )

    return refuse


def _whole(where: str) -> Callable[[str], int]:
    def convert(text: str) -> int:
        if len(text) > MOST_DIGITS:
            raise ReadError(
                [
                    Finding(
                        where,
                        f"holds a number of {len(text)} digits",
                        remedy=f"Write at most {MOST_DIGITS} digits.",
                    )
                ]
            )
        return int(text)

    return convert
