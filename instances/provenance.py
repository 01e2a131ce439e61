"""Provenance: the way back from a number of a problem to the row of the facts it comes from."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from functools import cache
from math import isclose
from typing import TYPE_CHECKING, Any

from instances.errors import Finding, InputError, nearest_name, shortened
from instances.facts import TABLES as FACT_TABLES
from instances.facts import assumed, facts
from instances.leaves import stated
from instances.problem import TABLES
from instances.units import UnitError, factor

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from instances.facts import Fact
    from instances.leaves import Stated
    from instances.problem import Problem

_PATH = re.compile(r"(?P<table>\w+)\[(?P<id>[^\]]+)\]\..+")
_BASES = ("t", "t/yr", "USD/t", "USD", "fraction")
_SAME = 1e-6
_KT = 1e3
"""Tonnes of the unit in which columns of deposits are."""
_NUMBER = re.compile(r"(?<![\w.])\d[\d,]*(?:\.\d+)?(?![\w])")


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
        the source that state this figure, as value, in a column or in the note. Empty where none
        does.
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
        Table, record and field, ``offers[chn-antimony].capacity``, and further in if need be:
        ``facilities[mill].processes[melt].cost``; or a field of the periods or the discount.

    Raises
    ------
    InputError
        The problem has no such number: with the nearest name.
    """
    found = _found(problem, path)
    source, assumption = found.source, found.assumption
    if assumption is not None:
        rows = [row for row in _every() if f"({row.cited})" in assumption]
    elif source is not None:
        rows = [row for row in _of_source().get(source, ()) if states(row, found.value)]
        for column, wanted in (("mineral", "commodity"), ("country", "country")):
            # of rows with the same figure, those about the same thing
            about = [row for row in rows if row.row.get(column) == found.record.get(wanted)]
            rows = about or rows
    else:
        rows = []
    return Provenance(path, found.value, source, assumption, tuple(_told(row) for row in rows))


def _every() -> Iterator[Fact]:
    for table in FACT_TABLES:
        yield from facts(table)
        yield from assumed(table)


@cache
def _of_source() -> Mapping[str, list[Fact]]:
    rows: dict[str, list[Fact]] = {}
    for row in _every():
        rows.setdefault(row.source, []).append(row)
    return rows


def states(row: Fact, value: Any) -> bool:
    """Return whether a row of the facts states a figure: as value, in a column, in its note."""
    if not isinstance(value, int | float) or isinstance(value, bool):
        return False
    return any(isclose(figure, value, rel_tol=_SAME) for figure in _figures(row))


@cache
def _figures(row: Fact) -> tuple[float, ...]:
    """Return every figure of a row, in every base unit that measures the same."""
    factors = []
    for base in _BASES:
        try:
            factors.append(factor(row.unit, base))
        except UnitError:
            continue
    own = [row.value] if row.value is not None else []
    own += [float(text.replace(",", "")) for text in _NUMBER.findall(row.note)]
    figures = [figure * each for figure in own for each in factors]
    for column, text in row.row.items():
        if "_kt_" in column and _NUMBER.fullmatch(text):
            figures.append(float(text) * _KT)
    return tuple(figures)


def _told(row: Fact) -> str:
    content = ", ".join(text for text in row.row.values() if text)
    return f"{row.where}: {content}"


def _found(problem: Problem, path: str) -> Stated:
    places = {item.where: item for item in stated(problem)}
    if (held := places.get(path.strip())) is not None:
        return held
    parts = _PATH.match(path.strip())
    if parts is None:
        raise _unknown(path, None, "is no path of a number. Write it like offers[cn].price")
    records = {item["id"]: item for item in problem.to_plain().get(parts["table"], ())}
    if parts["table"] not in TABLES or not records:
        raise _unknown(path, nearest_name(parts["table"], TABLES), "names no table that is filled")
    if parts["id"] not in records:
        near = nearest_name(parts["id"], records)
        raise _unknown(path, near, f"names no record of {parts['table']}")
    start = f"{parts['table']}[{parts['id']}]."
    names = [place.removeprefix(start) for place in places if place.startswith(start)]
    fields = [name for name in names if name in records[parts["id"]]]
    near = nearest_name(path.strip().removeprefix(start), names)
    raise _unknown(path, near, f"names no number of it; there are {', '.join(fields)}")


def _unknown(path: str, near: str | None, what: str) -> InputError:
    return InputError([Finding("number", what, shortened(path), near)])
