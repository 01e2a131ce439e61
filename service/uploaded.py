"""A problem in files that a request carries: a YAML or JSON file, a workbook, a folder, a zip.

Nothing is written to a disk: names only tell files apart, and are refused where they are no plain
path within a folder.
"""

from __future__ import annotations

import base64
import binascii
import io
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from instances.errors import Finding, InputError, ReadError, nearest_name, shortened
from instances.folder import MANIFEST, TABLE, read_tables
from instances.parse import parse
from instances.read import LIMIT, SUFFIXES, WORKBOOKS, decoded, plain_of
from service.enclosed import enclosed

if TYPE_CHECKING:
    from instances import Problem

ZIP = ".zip"
MOST_FILES = 1000
MOST_NAME = 255
LOCKED = 0x1
"""Bit of a zip's entry that says that it is encrypted."""
KEYS = ("files",)
FORMS = "a YAML or JSON file, a workbook (.xlsx), or a folder of CSV tables with a manifest.yaml"


@dataclass(frozen=True, slots=True)
class Uploaded:
    """A problem that files hold.

    Parameters
    ----------
    problem
        The problem.
    note
        What of a file was taken, ``None`` if all of it was.
    """

    problem: Problem
    note: str | None = None


def read_uploaded(data: Mapping[str, Any], limit: int = LIMIT) -> Uploaded:
    """Return the problem in the files of a request.

    Parameters
    ----------
    data
        ``files``: name to text, or to ``{"base64": ...}`` for a workbook or a zip.
    limit
        Most bytes of all files together, once unpacked.

    Raises
    ------
    InputError
        Everything wrong with the names and contents, or with the problem that they hold.
    """
    findings = [
        Finding(str(key), "is not known", nearest=nearest_name(str(key), KEYS))
        for key in data
        if key not in KEYS
    ]
    given = data.get("files")
    if not isinstance(given, Mapping) or not given:
        what = "must be an object of file names with their texts"
        findings.append(Finding("files", what, None if given is None else shortened(given)))
        raise InputError(findings)
    contents = _contents(given, findings)
    if findings:
        raise InputError(findings)
    return _problem(_unpacked(contents, limit))


def _contents(given: Mapping[Any, Any], findings: list[Finding]) -> dict[str, bytes]:
    if len(given) > MOST_FILES:
        findings.append(Finding("files", f"holds more than {MOST_FILES} files", str(len(given))))
        return {}
    contents: dict[str, bytes] = {}
    for name, content in given.items():
        wrong = _wrong_name(name)
        if wrong is not None:
            findings.append(wrong)
        elif isinstance(content, str):
            contents[name] = content.encode("utf-8", "surrogatepass")
        else:
            try:
                contents[name] = _bytes(content)
            except (KeyError, TypeError, ValueError, binascii.Error):
                what = 'must be a text, or {"base64": "..."}'
                findings.append(Finding(f"files[{name}]", what, shortened(content)))
    return contents


def _bytes(content: Any) -> bytes:
    if not isinstance(content, Mapping) or set(content) != {"base64"}:
        raise TypeError
    return base64.b64decode(content["base64"], validate=True)


def _wrong_name(name: str) -> Finding | None:
    """Return what is wrong with the name of a file: it must be a path within a folder."""
    parts = name.split("/")
    plain = name.isprintable() and "\\" not in name and ":" not in parts[0]
    if plain and len(name) <= MOST_NAME and not {"", ".", ".."} & set(parts):
        return None
    return Finding(
        "files",
        "holds a name that is no path within a folder",
        shortened(name),
        remedy="Give names such as problem.yaml or my-problem/offers.csv.",
    )


def _unpacked(contents: dict[str, bytes], limit: int) -> dict[str, bytes]:
    """Return the files, and in the place of a zip that comes alone what it holds."""
    if sum(map(len, contents.values())) > limit:
        raise _too_much("files", limit)
    if len(contents) == 1:
        ((name, content),) = contents.items()
        if PurePosixPath(name).suffix.lower() == ZIP:
            return _unzipped(name, content, limit)
    return contents


def _unzipped(archive: str, content: bytes, limit: int) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as file:
            entries = [entry for entry in file.infolist() if not entry.is_dir()]
            _refuse_entries(archive, entries, limit)
            return {entry.filename: file.read(entry) for entry in entries if _counts(entry)}
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, zlib.error) as error:
        raise ReadError(
            [
                Finding(
                    archive,
                    f"is no zip that can be read: {error}",
                    remedy="Zip the folder anew, without a password.",
                )
            ]
        ) from None


def _counts(entry: zipfile.ZipInfo) -> bool:
    """Return whether an entry is one of the user's: systems add hidden ones of their own."""
    return not any(part.startswith((".", "__MACOSX")) for part in entry.filename.split("/"))


def _refuse_entries(archive: str, entries: list[zipfile.ZipInfo], limit: int) -> None:
    """Refuse what an archive may not hold, before anything of it is unpacked."""
    if len(entries) > MOST_FILES:
        what = f"holds more than {MOST_FILES} files"
        raise ReadError([Finding(archive, what, str(len(entries)))])
    # what an entry says of its size is the most that is unpacked of it
    if sum(entry.file_size for entry in entries) > limit:
        raise _too_much(archive, limit)
    findings: list[Finding] = []
    names: set[str] = set()
    for entry in entries:
        name = entry.filename
        # as it stands in the archive: the module turns the separators of other systems
        wrong = _wrong_name(entry.orig_filename)
        if wrong is not None:
            findings.append(Finding(archive, wrong.what, wrong.value, remedy=wrong.remedy))
        elif name in names:
            findings.append(Finding(f"{archive}: {name}", "is there twice"))
        elif entry.flag_bits & LOCKED:
            what = "is locked by a password"
            findings.append(Finding(f"{archive}: {name}", what, remedy="Zip it without one."))
        names.add(name)
    if findings:
        raise ReadError(findings)


def _too_much(where: str, limit: int) -> ReadError:
    return ReadError(
        [
            Finding(
                where,
                f"holds more than {limit / 1e6:g} MB once unpacked",
                remedy="Leave out what the problem does not need.",
            )
        ]
    )


def _problem(contents: Mapping[str, bytes]) -> Uploaded:
    """Return the problem: the folder that has a manifest, or the only file that can be one."""
    folders = sorted({name.rpartition("/")[0] for name in contents if _base(name) == MANIFEST})
    alone = [name for name in contents if _suffix(name) in (*SUFFIXES, *WORKBOOKS)]
    tables = [name for name in contents if _suffix(name) == TABLE]
    if len(folders) == 1:
        return Uploaded(_from_folder(contents, folders[0]))
    if len(folders) > 1:
        raise _undecided(folders, "hold a problem each")
    if tables:
        # without a manifest: reading says so, and what is wrong with the tables
        return Uploaded(_from_folder(contents, tables[0].rpartition("/")[0]))
    if len(alone) > 1:
        raise _undecided(alone, "could be the problem each")
    if not alone:
        raise ReadError(
            [
                Finding(
                    "files",
                    "hold no problem",
                    shortened(", ".join(contents)),
                    remedy=f"Give {FORMS}, as they are or as a zip.",
                )
            ]
        )
    return _from_file(alone[0], contents[alone[0]])


def _undecided(names: list[str], what: str) -> ReadError:
    return ReadError(
        [Finding("files", what, shortened(", ".join(names)), remedy="Give one of them.")]
    )


def _from_folder(contents: Mapping[str, bytes], folder: str) -> Problem:
    inside = {_base(name): name for name in contents if name.rpartition("/")[0] == folder}
    return read_tables(
        Path(folder), sorted(inside), lambda file: decoded(contents[inside[file.name]], file)
    )


def _from_file(name: str, content: bytes) -> Uploaded:
    if _suffix(name) in WORKBOOKS:
        from instances.workbook import workbook_of

        return Uploaded(workbook_of(content, Path(name)))
    plain = plain_of(decoded(content, Path(name)), name, SUFFIXES[_suffix(name)])
    inner, note = enclosed(plain, name)
    return Uploaded(parse(inner), note)


def _base(name: str) -> str:
    return name.rpartition("/")[2]


def _suffix(name: str) -> str:
    return PurePosixPath(name).suffix.lower()
