"""The starter: a small problem to begin from, with remarks, in every form that is read."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from instances.fields import fields_of
from instances.tables.headers import form_in
from instances.tables.layout import (
    NESTED,
    RATIO,
    RECIPES,
    classes_of,
    headings,
    table_names,
)
from instances.tables.overview import OVERVIEW

if TYPE_CHECKING:
    import os

    from instances.problem import Problem

_ABOUT = {
    "": (
        "What stands in no table. The tables beside this file hold the rest; none but",
        "commodities.csv must be there. Its figures are made up.",
    ),
    OVERVIEW: (
        "What stands in no table. The other sheets hold the rest. Its figures are made up.",
    ),
    RECIPES: (
        "What a tonne of activity takes in and gives: a row for each process, side (input or",
        "output) and commodity.",
    ),
}
_KNOWN = frozenset({"id", "source", "assumption"})
_GENERAL = (
    "A line that begins with a hash is not read. An empty cell is a value not given.",
    "Units stand in brackets in the header; over time: 'price [USD/kg] 2027' holds from 2027 on.",
    "Where a number comes from stands under 'source' or, by field, under 'source.price'.",
    "Lists in a cell stand apart by semicolons; so do the values of a schedule: 2027: 5; 2030: 8.",
)


@lru_cache(maxsize=1)
def starter_text() -> str:
    """Return the starter as YAML with remarks."""
    return (files("instances") / "starter.yaml").read_text(encoding="utf-8")


def starter() -> Problem:
    """Return the starter as a problem."""
    from instances.read import read_text

    return read_text(starter_text(), "starter.yaml", "yaml")


def write_starter(path: str | os.PathLike[str], form: str, force: bool = False) -> None:
    """Write the starter to a file or folder.

    Parameters
    ----------
    path
        Where to.
    form
        "yaml", "json", "folder" or "xlsx".
    force
        Whether what is there may be replaced.

    Raises
    ------
    InputError
        There is something of that name, or nothing can be written there.
    """
    from instances.folder import write_folder
    from instances.workbook import workbook_bytes
    from instances.write import write, write_bytes, write_text

    if form == "yaml":
        write_text(starter_text(), path, force)
    elif form == "folder":
        write_folder(starter(), Path(path), force, remarks())
    elif form == "xlsx":
        write_bytes(workbook_bytes(starter(), remarks()), path, force)
    else:
        write(starter(), path, force, form)


def remarks() -> dict[str, tuple[str, ...]]:
    """Return, for each table, lines that say what it holds and what its columns mean.

    The manifest of a folder is "".
    """
    told = dict(_ABOUT)
    told[OVERVIEW] = (*told[OVERVIEW], *_GENERAL)
    told[""] = (*told[""], *_GENERAL)
    for table in table_names():
        first = _ABOUT[table] if table in _ABOUT else (_first(table),)
        told[table] = (*first, *_columns(table))
    return told


def _first(table: str) -> str:
    if table == "rules":
        return "Rules of all kinds; 'kind' says which, and each kind has columns of its own."
    text = " ".join((classes_of(table)[0].__doc__ or "").split("\n\n")[0].split())
    for entry in NESTED:
        if entry.table == table:
            return f"{text} '{entry.key}' says what it belongs to; the order of rows counts."
    return text


def _columns(table: str) -> tuple[str, ...]:
    if table == RECIPES:
        return (f"{RATIO}: tonnes of it per tonne of activity.",)
    lines = []
    for field in headings(table):
        if field in _KNOWN:
            continue
        for part in classes_of(table):
            info = fields_of(part).get(field)
            if info is not None and info.description:
                unit = form_in(table, field).unit
                text = " ".join(info.description.replace("``", "'").split())
                lines.append(f"{field}{f' [{unit}]' if unit else ''}: {text}")
                break
    return tuple(lines)
