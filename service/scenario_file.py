"""Files of scenarios: names with lists of edits, in YAML (or JSON), or a row per edit in CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from pathlib import Path

from instances.errors import Finding, InputError, shortened
from instances.read import plain_of, text_of

COLUMNS = ["point", "edit"]


def read_scenarios(path: Path) -> dict[str, tuple[str, ...]]:
    """Return the edits by name of scenario.

    A row of a CSV file without an edit names a scenario that changes nothing.

    Raises
    ------
    InputError
        The file cannot be read, or is no list of edits by name.
    """
    text = text_of(path)
    if path.suffix.lower() == ".csv":
        return _of_rows(text, str(path))
    plain = plain_of(text, str(path))
    if not isinstance(plain, Mapping) or not plain:
        what = "is no map from names to lists of edits"
        raise _refused(str(path), what, shortened(plain))
    findings = [
        Finding(f"{path}: {name}", "is no list of edits", shortened(edits))
        for name, edits in plain.items()
        if not isinstance(edits, list) or not all(isinstance(edit, str) for edit in edits)
    ]
    if findings:
        raise InputError(findings)
    return {str(name): tuple(edits) for name, edits in plain.items()}


def _of_rows(text: str, where: str) -> dict[str, tuple[str, ...]]:
    rows = csv.reader(io.StringIO(text, newline=""))
    try:
        head, *body = [[cell.strip() for cell in row] for row in rows if any(row)]
    except (ValueError, csv.Error) as error:
        raise _refused(where, f"is no CSV table ({error})") from None
    if head != COLUMNS:
        raise _refused(where, "needs the columns point and edit", ", ".join(head))
    found: dict[str, tuple[str, ...]] = {}
    for number, row in enumerate(body, start=2):
        if len(row) != len(COLUMNS) or not row[0]:
            raise _refused(f"{where}: row {number}", "is no point and edit", ", ".join(row))
        point, edit = row
        found[point] = (*found.get(point, ()), *((edit,) if edit else ()))
    return found


def _refused(where: str, what: str, value: str | None = None) -> InputError:
    remedy = "In YAML a name, below it a line '- EDIT' for each; in CSV a row for each edit."
    return InputError([Finding(where, what, value, remedy=remedy)])
