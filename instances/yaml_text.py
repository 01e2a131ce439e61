"""YAML text to plain data, strictly and without recursion.

Of YAML, what a table of numbers needs: mappings, lists and plain values, in one document. A value
without quotes is a number, a date, true, false or nothing only if it looks like one in YAML 1.2 (a
date: in ISO form); ``no``, ``on`` and ``12:30`` are text. Aliases, tags and names that stand twice
are refused.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

import yaml

from instances.errors import Finding, ReadError, shortened
from instances.read import MOST_DEPTH, MOST_DIGITS

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_WORDS = {
    "": None, "~": None, "null": None, "Null": None, "NULL": None,
    "true": True, "True": True, "TRUE": True,
    "false": False, "False": False, "FALSE": False,
    ".nan": float("nan"), ".NaN": float("nan"), ".NAN": float("nan"),
}  # fmt: skip
_WHOLE = re.compile(r"[-+]?[0-9]+")
FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_INFINITE = re.compile(r"([-+]?)\.(?:inf|Inf|INF)")
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_STARTS = frozenset("0123456789+-.~nNtTfF")
_ALLOWED_TAGS = frozenset({None, "!"})


@dataclass
class _Open:
    """A list or mapping that is being read."""

    content: Any
    key: Any = None
    has_key: bool = False
    lines: dict[Hashable, int] = field(default_factory=dict)


def parse_yaml(text: str, where: str) -> Any:
    """Return the one document in ``text`` as plain data.

    Parameters
    ----------
    text
        The YAML text.
    where
        What to call it in findings.

    Raises
    ------
    ReadError
        With the line and column of what is wrong; every repeated name at once.
    """
    reader = _Reader(where)
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            reader.take(event)
    except yaml.MarkedYAMLError as error:
        raise ReadError([_syntax(where, error)]) from None
    except yaml.reader.ReaderError as error:
        raise ReadError([_unprintable(where, text, error)]) from None
    if reader.findings:
        raise ReadError(reader.findings)
    if not reader.documents:
        raise ReadError([Finding(where, "is empty", remedy="Write a problem into it.")])
    return reader.result


def _syntax(where: str, error: yaml.MarkedYAMLError) -> Finding:
    mark = error.problem_mark or error.context_mark
    place = f": line {mark.line + 1}, column {mark.column + 1}" if mark else ""
    reason = error.problem or error.context or "it cannot be read"
    return Finding(
        f"{where}{place}",
        f"is not YAML: {reason}",
        remedy="Look at indentation (spaces, no tabs), colons, brackets and quotes here and on "
        "the line before; text with a colon or a hash needs quotes.",
    )


def _unprintable(where: str, text: str, error: yaml.reader.ReaderError) -> Finding:
    sign = error.character
    shown = chr(sign) if isinstance(sign, int) else str(sign)
    line = text.count("\n", 0, max(text.find(shown), 0)) + 1
    return Finding(
        f"{where}: line {line}",
        "has a control character",
        shortened(shown),
        remedy="Keep to printable text.",
    )


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 0


def _column(event: yaml.Event) -> int:
    return event.start_mark.column + 1 if event.start_mark else 0


class _Reader:
    """Builds plain data from the parser's events; what is open stands on a stack of its own."""

    def __init__(self, where: str) -> None:
        self.where = where
        self.result: Any = None
        self.documents = 0
        self.findings: list[Finding] = []
        self._open: list[_Open] = []
        self._takes: dict[type, Callable[[Any], None]] = {
            yaml.ScalarEvent: self._scalar,
            yaml.MappingStartEvent: self._begin,
            yaml.SequenceStartEvent: self._begin,
            yaml.MappingEndEvent: self._end,
            yaml.SequenceEndEvent: self._end,
            yaml.AliasEvent: self._alias,
            yaml.DocumentStartEvent: self._document,
        }

    def take(self, event: yaml.Event) -> None:
        """Take the next event."""
        handle = self._takes.get(type(event))
        if handle is not None:
            handle(event)

    def _stop(self, event: yaml.Event, what: str, value: str | None, remedy: str) -> ReadError:
        return ReadError([*self.findings, self._at(event, what, value, remedy)])

    def _at(self, event: yaml.Event, what: str, value: str | None, remedy: str) -> Finding:
        return Finding(
            f"{self.where}: line {_line(event)}, column {_column(event)}",
            what,
            value,
            None,
            remedy,
        )

    def _document(self, event: yaml.Event) -> None:
        self.documents += 1
        if self.documents > 1:
            raise self._stop(
                event,
                "begins a second document",
                None,
                "Keep one problem to a file: remove '---'.",
            )

    def _alias(self, event: yaml.AliasEvent) -> None:
        raise self._stop(
            event,
            "is an alias, which is not allowed",
            shortened(f"*{event.anchor}"),
            "Write the value out where it is meant.",
        )

    def _begin(self, event: yaml.CollectionStartEvent) -> None:
        self._check_tag(event)
        if len(self._open) >= MOST_DEPTH:
            raise self._stop(
                event,
                f"is nested more than {MOST_DEPTH} levels deep",
                None,
                "Look for brackets that are not closed: a problem needs no more than 8 levels.",
            )
        if self._wants_key():
            raise self._stop(
                event, "is a list or mapping in the place of a name", None, "Write a name as text."
            )
        self._open.append(_Open({} if isinstance(event, yaml.MappingStartEvent) else []))

    def _wants_key(self) -> bool:
        return (
            bool(self._open)
            and not self._open[-1].has_key
            and isinstance(self._open[-1].content, dict)
        )

    def _end(self, event: yaml.Event) -> None:
        self._put(self._open.pop().content)

    def _scalar(self, event: yaml.ScalarEvent) -> None:
        self._check_tag(event)
        value = event.value if event.style or event.tag else self._plain(event)
        if not self._wants_key():
            self._put(value)
            return
        parent = self._open[-1]
        line = _line(event)
        if value in parent.lines:
            self.findings.append(
                self._at(
                    event,
                    f"stands here a second time; the first is on line {parent.lines[value]}",
                    shortened(value),
                    "Keep one of the two.",
                )
            )
        parent.lines.setdefault(value, line)
        parent.key, parent.has_key = value, True

    def _put(self, value: Any) -> None:
        if not self._open:
            self.result = value
            return
        parent = self._open[-1]
        if parent.has_key:
            parent.content[parent.key] = value
            parent.has_key = False
        else:
            parent.content.append(value)

    def _check_tag(self, event: Any) -> None:
        if event.tag not in _ALLOWED_TAGS:
            raise self._stop(
                event, "has a tag, which is not allowed", shortened(event.tag), "Remove the tag."
            )

    def _plain(self, event: yaml.ScalarEvent) -> Any:
        text: str = event.value
        if text and text[0] not in _STARTS:
            return text
        if text in _WORDS:
            return _WORDS[text]
        if _WHOLE.fullmatch(text):
            if len(text) > MOST_DIGITS:
                raise self._stop(
                    event,
                    f"is a number of {len(text)} digits",
                    None,
                    f"Write at most {MOST_DIGITS} digits, or put it in quotes if it is text.",
                )
            return int(text)
        if FLOAT.fullmatch(text):
            return float(text)
        if infinite := _INFINITE.fullmatch(text):
            return float(f"{infinite[1]}inf")
        if _DATE.fullmatch(text):
            try:
                return date.fromisoformat(text)
            except ValueError:
                raise self._stop(
                    event, "is not a date of the calendar", text, "Correct the date."
                ) from None
        return text
