"""Sheets to plain data: parts go to the records they belong to, values keep their spots."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from instances.errors import Finding
from instances.tables.layout import NESTED, RATIO, RECIPES, SIDES, STRETCHES
from instances.tables.records import Row, read_records, unknown_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from instances.tables.layout import Nested
    from instances.tables.places import Places
    from instances.tables.records import Records
    from instances.tables.sheets import Sheet


@dataclass(eq=False)
class Gathered:
    """What sheets hold.

    Parameters
    ----------
    plain
        The problem as plain data, as far as it could be read.
    places
        Where each value stands.
    findings
        What is wrong with the sheets themselves.
    whole
        Whether every sheet could be read, so that what is missing is missing.
    """

    plain: dict[str, Any]
    places: Places
    findings: list[Finding] = field(default_factory=list)
    whole: bool = True


def gather(sheets: Iterable[Sheet], plain: Mapping[str, Any], places: Places) -> Gathered:
    """Return the problem that sheets hold, over what is known of it already.

    Parameters
    ----------
    sheets
        At most one for each table.
    plain
        What stands outside the tables: name, periods and the like.
    places
        Where that stands.
    """
    found = Gathered(dict(plain), places)
    listed = list(sheets)
    read = {sheet.table: read_records(sheet) for sheet in listed if not sheet.broken}
    rows: dict[str, list[Row]] = {}
    for table, records in read.items():
        found.findings += records.findings
        places.add_sheet(records)
        if table in found.plain and table != STRETCHES:
            found.findings.append(
                Finding(
                    records.sheet.title,
                    f"holds '{table}', which stands outside the tables, too",
                    remedy="Keep one of the two.",
                )
            )
            continue
        rows[table] = records.rows
    if len(read) < len(listed):
        found.whole = False
        return found
    _add_stretches(found, rows.pop(STRETCHES, []))
    nested = {entry.table: rows.pop(entry.table, []) for entry in NESTED}
    recipes = rows.pop(RECIPES, [])
    for table, owners in rows.items():
        found.plain[table] = [row.record for row in owners]
    attached = {
        entry.table: _attach(found, entry, rows.get(entry.owner, []), nested[entry.table])
        for entry in NESTED
    }
    _add_recipes(found, read.get(RECIPES), recipes, attached["processes"])
    for table, owners in rows.items():
        places.add_records(table, found.plain[table], owners)
    return found


def _add_stretches(found: Gathered, rows: Sequence[Row]) -> None:
    if not rows:
        return
    periods = found.plain.get("periods")
    periods = dict(periods) if isinstance(periods, Mapping) else {}
    found.plain["periods"] = periods | {"parts": [row.record for row in rows]}
    for place, row in enumerate(rows):
        found.places.add_row(f"periods.parts[{place}]", row)


def _attach(
    found: Gathered, entry: Nested, owners: Sequence[Row], rows: Sequence[Row]
) -> dict[tuple[str, str], Row]:
    """Give parts to the records they belong to; return each part by the ids of both."""
    records = found.plain.get(entry.owner)
    known: dict[str, tuple[dict[str, Any], Row | None]] = {}
    if isinstance(records, list | tuple):
        for place, record in enumerate(records):
            if isinstance(record, dict) and "id" in record:
                owner = owners[place] if owners else None
                known.setdefault(str(record["id"]), (record, owner))
    parts: dict[tuple[str, str], Row] = {}
    for row in rows:
        name = row.keys.get(entry.key)
        if name not in known:
            found.findings.append(
                unknown_key(row, entry.key, list(known), _one(entry.kind.__name__))
            )
            # it may be what another record seems to lack
            found.places.doubt(row for row in owners if not row.record.get(entry.field))
            continue
        record, owner = known[name]
        listed = record.setdefault(entry.field, [])
        if not isinstance(listed, list):
            found.findings.append(
                Finding(
                    str(row.spot),
                    f"is a part of '{entry.field}' of {name}, which has one value already",
                    remedy=f"Empty '{entry.field}' of {name}, or remove this row.",
                )
            )
            continue
        if owner is not None:
            steps = (entry.field, len(listed))
            owner.spots[steps] = row.spot
            owner.spots |= {(*steps, *inner): spot for inner, spot in row.spots.items()}
        listed.append(row.record)
        row.owner = (owner, (entry.field, len(listed) - 1))
        parts.setdefault((name, str(row.record.get("id", ""))), row)
    return parts


def _one(name: str) -> str:
    return f"{'an' if name[0] in 'AEIOU' else 'a'} {name.lower()}"


def _add_recipes(
    found: Gathered,
    read: Records | None,
    rows: Sequence[Row],
    processes: Mapping[tuple[str, str], Row],
) -> None:
    for row in rows:
        facility, process = row.keys.get("facility", ""), row.keys.get("process", "")
        owner = processes.get((facility, process))
        fault = None
        if owner is None:
            facilities = sorted({name for name, _ in processes})
            key = "process" if facility in facilities else "facility"
            known = [name for place, name in processes if place == facility]
            fault = (
                unknown_key(row, "process", known, f"a process of {facility}")
                if key == "process"
                else unknown_key(row, "facility", facilities, "a facility with processes")
            )
        elif row.keys.get("side") not in SIDES:
            fault = unknown_key(row, "side", list(SIDES), f"side: {' or '.join(SIDES)}")
        elif "commodity" not in row.keys:
            fault = unknown_key(row, "commodity", (), "a commodity")
        if fault is not None or owner is None:
            # a recipe without the columns that say whose it is has been said once
            if fault is not None and read is not None and not read.misread:
                found.findings.append(fault)
            found.places.doubt(part for part in processes.values())
            continue
        _add_ingredient(found, row, owner)


def _add_ingredient(found: Gathered, row: Row, process: Row) -> None:
    field_name, commodity = SIDES[row.keys["side"]], row.keys["commodity"]
    recipe = process.record.setdefault(field_name, {})
    spot = row.spots.get((RATIO,), row.spot)
    if commodity in recipe:
        found.findings.append(
            Finding(
                str(row.spots[("commodity",)]),
                f"stands twice among the {field_name} of {row.keys['process']}",
                commodity,
                remedy="Keep one of the two rows.",
            )
        )
        return
    recipe[commodity] = row.record.get(RATIO)
    record, steps = process.owner
    if record is not None:
        record.spots[(*steps, field_name, commodity)] = spot
        record.names[(*steps, field_name, commodity)] = row.spots[("commodity",)]
