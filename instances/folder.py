"""A problem as a folder: ``manifest.yaml`` for what is no table, and a CSV file for each table."""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from instances.errors import Finding, InputError, ReadError, nearest_name, shortened
from instances.read import LIMIT, plain_of, text_of
from instances.tables.assemble import assemble
from instances.tables.csv_text import format_csv, parse_csv
from instances.tables.layout import table_names
from instances.tables.places import Places
from instances.tables.sheets import Sheet
from instances.tables.spread import spread
from instances.write import yaml_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from instances.problem import Problem

MANIFEST = "manifest.yaml"
TABLE = ".csv"


def read_folder(path: str | os.PathLike[str], limit: int = LIMIT) -> Problem:
    """Return the problem in a folder.

    Parameters
    ----------
    path
        The folder: ``manifest.yaml`` holds name, periods and whatever else stands in no table;
        ``offers.csv`` and the like hold the tables. Files of other kinds are left alone.
    limit
        Most bytes all of them together may have.

    Raises
    ------
    ReadError
        A file cannot be read, or a header or cell cannot; with every finding.
    InputError
        What they hold is no problem; with every finding.
    """
    folder = Path(path)
    names = sorted(file.name for file in folder.iterdir())
    tables = [folder / name for name in names if _looks_like_table(name)]
    if sum(file.stat().st_size for file in tables if file.is_file()) > limit:
        raise ReadError(
            [
                Finding(
                    str(folder),
                    f"holds tables of more than {limit / 1e6:g} MB",
                    remedy="Leave out what the problem does not need, or raise the limit.",
                )
            ]
        )
    return read_tables(folder, names, lambda file: text_of(file, limit))


def read_tables(folder: Path, names: Sequence[str], text: Callable[[Path], str]) -> Problem:
    """Return the problem in files that are kept anywhere.

    Parameters
    ----------
    folder
        What to call the place where they stand.
    names
        Their names in it, in order.
    text
        The text of a file, by its place and name.

    Raises
    ------
    ReadError, InputError
        As `read_folder`.
    """
    places = Places(
        outside=lambda where: f"{folder / MANIFEST}: {where}",
        title_of=lambda table: str(folder / f"{table}{TABLE}"),
    )
    findings: list[Finding] = []
    plain: Mapping[str, Any] = {}
    try:
        plain = _manifest(folder, names, text)
    except ReadError as error:
        findings += error.findings
        places.silent = True
    sheets: list[Sheet] = []
    for file in _tables(folder, names, findings):
        try:
            sheet, faults = parse_csv(text(file), file.stem, str(file))
        except ReadError as error:
            sheet, faults = Sheet(file.stem, str(file), [], broken=True), list(error.findings)
        sheets.append(sheet)
        findings += faults
    return assemble(sheets, plain, places, findings)


def _manifest(
    folder: Path, names: Sequence[str], text: Callable[[Path], str]
) -> Mapping[str, Any]:
    file = folder / MANIFEST
    if MANIFEST not in names:
        others = [name for name in names if Path(name).suffix != TABLE]
        raise ReadError(
            [
                Finding(
                    str(file),
                    "does not exist",
                    nearest=nearest_name(MANIFEST, others),
                    remedy="Write at least 'name' and 'periods' into it.",
                )
            ]
        )
    plain = plain_of(text(file), str(file), "yaml")
    if not isinstance(plain, Mapping):
        raise ReadError(
            [
                Finding(
                    str(file),
                    "is not a record of fields and values",
                    shortened(plain),
                    remedy="Begin with fields such as 'name' and 'periods'.",
                )
            ]
        )
    return plain


def _looks_like_table(name: str) -> bool:
    return Path(name).suffix.lower() == TABLE and not name.startswith(".")


def _tables(folder: Path, names: Sequence[str], findings: list[Finding]) -> Iterator[Path]:
    known = table_names()
    for file in (folder / name for name in names if _looks_like_table(name)):
        if file.suffix == TABLE and file.stem in known:
            yield file
            continue
        near = nearest_name(file.stem, known)
        findings.append(
            Finding(
                str(file),
                "is not a table of a problem",
                nearest=near and f"{near}{TABLE}",
                remedy=f"Rename or remove it; tables are: {', '.join(known)}.",
            )
        )


def write_folder(
    problem: Problem,
    path: str | os.PathLike[str],
    force: bool = False,
    remarks: Mapping[str, Sequence[str]] | None = None,
) -> None:
    """Write a problem to a folder, which appears whole or not at all.

    Parameters
    ----------
    problem
        What to write.
    path
        The folder.
    force
        Whether a folder that holds a problem, and nothing but its tables, may be replaced.
    remarks
        Lines to put above the header of a table ("" for the manifest).

    Raises
    ------
    InputError
        There is something of that name, or it cannot be written there.
    """
    folder = Path(path)
    _refuse_unless_free(folder, force)
    notes = remarks or {}
    outside, tables = spread(problem, stretches=False)
    lines = "".join(f"# {line}\n" for line in notes.get("", ()))
    texts = {MANIFEST: lines + yaml_of(outside)}
    for table in tables:
        texts[f"{table.name}{TABLE}"] = format_csv(table.rows, notes.get(table.name, ()))
    draft = _beside(folder)
    try:
        draft.mkdir()
        for name, text in texts.items():
            with (draft / name).open("xb") as stream:
                stream.write(text.encode())
                stream.flush()
                os.fsync(stream.fileno())
        _put_in_place(draft, folder)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise _refusal(
            folder,
            f"cannot be written: {reason}",
            "Choose a place that is there and may be written to.",
        ) from None
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _refuse_unless_free(folder: Path, force: bool) -> None:
    if not folder.exists() and not folder.is_symlink():
        return
    if not force:
        raise _refusal(folder, "exists already", "Choose another name, or say force.")
    if not folder.is_dir() or folder.is_symlink():
        raise _refusal(folder, "is not a folder", "Choose another name.")
    ours = {MANIFEST, *(f"{name}{TABLE}" for name in table_names())}
    others = sorted(file.name for file in folder.iterdir() if file.name not in ours)
    if others:
        raise _refusal(
            folder,
            f"holds {others[0]}, which is no part of a problem",
            "Only a folder with nothing but a problem is replaced: choose another name.",
        )


def _refusal(folder: Path, what: str, remedy: str) -> InputError:
    return InputError([Finding(str(folder), what, remedy=remedy)])


def _beside(folder: Path) -> Path:
    place = folder.absolute()
    return place.with_name(f".{place.name[:100]}.{secrets.token_hex(8)}")


def _put_in_place(draft: Path, folder: Path) -> None:
    if not folder.exists():
        draft.rename(folder)
        return
    earlier = _beside(folder)
    folder.rename(earlier)
    try:
        draft.rename(folder)
    except OSError:
        earlier.rename(folder)
        raise
    shutil.rmtree(earlier)
