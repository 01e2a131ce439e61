"""Plain data in, problem out: everything that is wrong is said at once, in the words of a finding.

Each record is validated on its own; what is valid is then checked together, and a reference to a
record that is there but faulty is not held against the one that refers.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any, Self

from pydantic import ValidationError, model_validator

from instances.errors import Finding, InputError, shortened
from instances.locate import Fault, Locator, telling
from instances.network import Commodity
from instances.periods import Periods
from instances.phrases import finding
from instances.problem import TABLES, Problem, groups_listed
from instances.record import Id
from instances.reference_scope import Known, Scope
from instances.references import faulty_findings, reference_findings
from instances.upgrade import upgrade

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

MOST_FINDINGS = 200
"""Findings that are shown; if there are more, one more says how many."""
LONGEST_BITS = 1000
_TOP = re.compile(r"([^.\[]*)(?:\[([^\]]*)\])?")


class _Shape(Problem):
    """A problem whose references are not checked, with stand-ins for fields that are faulty."""

    name: Id = "unnamed"
    periods: Periods = Periods.model_validate(
        {"start": date(2000, 1, 1), "count": 1, "length": "1 yr"}
    )
    commodities: tuple[Commodity, ...] = ()

    @model_validator(mode="after")
    def _references(self) -> Self:
        return self


def parse(data: object, where: str = "") -> Problem:
    """Return the problem that plain data (what a file holds) describes.

    Parameters
    ----------
    data
        Field names and their values, as readers of YAML and JSON return them.
    where
        What to put before every path in findings, such as the field of a request with the data.

    Raises
    ------
    InputError
        With every finding, in the order of the data; beyond 200, one more says how many.
    """
    try:
        return _parse(data)
    except InputError as error:
        raise InputError([_within(where, item) for item in error.findings]) from None


def _within(where: str, item: Finding) -> Finding:
    paths = [path for path in (where, item.where) if path]
    return replace(item, where=": ".join(paths))


def _parse(data: object) -> Problem:
    if not isinstance(data, Mapping):
        raise InputError(
            [
                Finding(
                    "",
                    "the problem is not a record of fields and values",
                    shortened(data),
                    remedy="Begin with fields such as 'name', 'periods' and 'commodities'.",
                )
            ]
        )
    plain = _named(upgrade(data))
    if "groups" in plain:
        plain["groups"] = groups_listed(plain["groups"])
    for table in TABLES:
        if isinstance(records := plain.get(table), list | tuple):
            plain[table] = [
                _named(item) if isinstance(item, Mapping) else item for item in records
            ]
    try:
        return Problem.model_validate(plain)
    except ValidationError as error:
        errors = error.errors(include_url=False, include_input=False)
    locator = Locator(plain)
    found: list[Fault | Finding] = [*_referenced(errors)]
    if not found:
        found += telling([locator.fault(error) for error in errors])
        found += _cross_checked(plain, errors, locator)
    raise InputError(_in_order(found, plain, locator))


def _named(record: Mapping[Any, Any]) -> dict[str, Any]:
    """Return a record whose names are all text: one that is none is then an unknown field."""
    return {_name(name): _printable(value) for name, value in record.items()}


def _name(name: object) -> str:
    if isinstance(name, str) and (name.isascii() or _encodes(name)):
        return name
    return shortened(name)


def _printable(value: object) -> object:
    # Python refuses to print the longest numbers, which pydantic tries to
    long = isinstance(value, int) and value.bit_length() > LONGEST_BITS
    return shortened(value) if long else value


def _encodes(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _referenced(errors: Sequence[ErrorDetails]) -> Sequence[Finding]:
    """Return the findings of a problem in which each record is valid in itself."""
    for error in errors:
        cause = error.get("ctx", {}).get("error")
        if isinstance(cause, InputError):
            return cause.findings
    return ()


def _cross_checked(
    plain: Mapping[str, Any], errors: Sequence[ErrorDetails], locator: Locator
) -> Sequence[Finding]:
    """Return what does not fit together among the records that are valid in themselves."""
    # by table and place, the fields that are told already
    faulty: dict[str, dict[int, set[str]]] = {}
    dropped: set[object] = set()
    for error in errors:
        top, *rest = (*error["loc"], None)
        if top in TABLES and isinstance(rest[0], int):
            fields = faulty.setdefault(str(top), {}).setdefault(rest[0], set())
            fields.update(str(part) for part in rest[1:2])
        else:
            dropped.add(top)
    ids: dict[str, set[str]] = {table: {""} for table in TABLES if table in dropped}
    suppliers = {""} if "offers" in dropped else set()
    names: dict[str, list[str]] = {}
    kept = {key: value for key, value in plain.items() if key not in dropped}
    for table in faulty.keys() - dropped:
        ids[table] = {_text(plain[table][place], "id") for place in faulty[table]}
        valid = [place for place in range(len(plain[table])) if place not in faulty[table]]
        names[table] = [locator.label(table, place) for place in valid]
        kept[table] = [plain[table][place] for place in valid]
    if "offers" in names:
        suppliers = {_text(plain["offers"][place], "supplier") for place in faulty["offers"]}
    try:
        shape = _Shape.model_validate(kept)
    except ValidationError:
        # a top-level name that is no text cannot be set aside; the faults found say so already
        return ()
    known = Known(ids, suppliers, names, "periods" in kept)
    found = reference_findings(shape, known)
    scope = Scope(shape, known)
    for table in faulty.keys() - dropped:
        for place, told in sorted(faulty[table].items()):
            record = plain[table][place]
            if isinstance(record, Mapping):
                where = f"{table}[{locator.label(table, place)}]"
                found += faulty_findings(scope, table, where, record, told)
    return found


def _text(record: object, name: str) -> str:
    value = record.get(name) if isinstance(record, Mapping) else None
    return value if isinstance(value, str) else ""


def _in_order(
    found: Sequence[Fault | Finding], plain: Mapping[str, Any], locator: Locator
) -> Sequence[Finding]:
    fields = {name: place for place, name in enumerate(plain)}

    def place(item: Fault | Finding) -> tuple[int, int]:
        match = _TOP.match(item.where)
        table, label = match.groups() if match else ("", None)
        return fields.get(table, -1), locator.place(table, label) if label else -1

    ordered = sorted(found, key=place)
    shown = [
        finding(item) if isinstance(item, Fault) else item for item in ordered[:MOST_FINDINGS]
    ]
    if len(ordered) > MOST_FINDINGS:
        shown.append(
            Finding(
                "",
                f"there are {len(ordered):,} findings in all; the first {MOST_FINDINGS} are shown",
                remedy="Mend these first: many may have one cause.",
            )
        )
    return shown
