"""Provenance: the way back from a number of a problem to the row of the facts it comes from."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from math import isclose
from typing import TYPE_CHECKING, Any

from instances.errors import Finding, InputError, nearest_name, shortened
from instances.facts import TABLES as FACT_TABLES
from instances.facts import assumed, facts
from instances.problem import TABLES
from instances.units import UnitError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from instances.facts import Fact
    from instances.problem import Problem

_PATH = re.compile(r"(?P<table>\w+)\[(?P<id>[^\]]+)\]\.(?P<field>\w+)")
_BASES = ("t", "t/yr", "USD/t", "USD", "fraction")
_SAME = 1e-6
_TEXTS = {"id", "kind", "name", "supplier", "source", "assumption", "commodity", "country"}


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a number comes from.

    Parameters
    ----------
    where
        Path of the number.
    value
        As the problem holds it, in base units.
    source
        Key of its source; ``None`` where it is an assumption.
    assumption
        Why it is what it is; ``None`` where a source says so.
    rows
        File, row and content of the facts that state it: those an assumption names, or those of
        the source with this figure. Empty where no row of the facts does.
    """

    where: str
    value: Any
    source: str | None
    assumption: str | None
    rows: tuple[str, ...]

    def to_plain(self) -> dict[str, Any]:
        """Return it as plain data."""
        return asdict(self)


def provenance(problem: Problem, path: str) -> Provenance:
    """Return where a number of a problem comes from.

    Parameters
    ----------
    problem
        Any problem.
    path
        Table, record and field: ``offers[chn-antimony].capacity``.

    Raises
    ------
    InputError
        The problem has no such number: with the nearest name.
    """
    record, field = _found(problem, path)
    source, assumption = (_said(record, how, field) for how in ("source", "assumption"))
    value = record[field]
    if assumption is not None:
        rows = [row for row in _every() if f"({row.cited})" in assumption]
    elif source is not None:
        rows = [row for row in _every() if row.source == source and _states(row, value)]
        for column, wanted in (("mineral", "commodity"), ("country", "country")):
            # of rows with the same figure, those about the same thing
            about = [row for row in rows if row.row.get(column) == record.get(wanted)]
            rows = about or rows
    else:
        rows = []
    return Provenance(path, value, source, assumption, tuple(_told(row) for row in rows))


def _every() -> Iterator[Fact]:
    for table in FACT_TABLES:
        yield from facts(table)
        yield from assumed(table)


def _states(row: Fact, value: Any) -> bool:
    if not isinstance(value, int | float) or isinstance(value, bool) or row.value is None:
        return False
    for base in _BASES:
        try:
            if isclose(row.to(base), value, rel_tol=_SAME):
                return True
        except UnitError:
            continue
    return False


def _told(row: Fact) -> str:
    content = ", ".join(text for text in row.row.values() if text)
    return f"{row.where}: {content}"


def _said(record: Mapping[str, Any], how: str, field: str) -> str | None:
    said = record.get(how)
    if isinstance(said, dict):
        return said.get(field)
    # a text for the whole record stands for every field the other map does not name
    other = record.get("assumption" if how == "source" else "source")
    return None if isinstance(other, dict) and field in other else said


def _found(problem: Problem, path: str) -> tuple[dict[str, Any], str]:
    plain = problem.to_plain()
    parts = _PATH.fullmatch(path.strip())
    if parts is None:
        raise _unknown(path, None, "is no path of a number. Write it like offers[cn].price")
    records = {item["id"]: item for item in plain.get(parts["table"], ()) if "id" in item}
    if parts["table"] not in TABLES or not records:
        raise _unknown(path, nearest_name(parts["table"], TABLES), "names no table that is filled")
    if parts["id"] not in records:
        near = nearest_name(parts["id"], records)
        raise _unknown(path, near, f"names no record of {parts['table']}")
    record = records[parts["id"]]
    fields = [field for field in record if field not in _TEXTS]
    if parts["field"] not in fields:
        near = nearest_name(parts["field"], fields)
        raise _unknown(path, near, f"names no number of it; there are {', '.join(fields)}")
    return record, parts["field"]


def _unknown(path: str, near: str | None, what: str) -> InputError:
    return InputError([Finding("number", what, shortened(path), near)])
