"""Reading a problem: YAML, JSON, a folder of tables or a workbook; faults as findings."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from instances.errors import Finding, ReadError, nearest_name

if TYPE_CHECKING:
    import os

    from instances.problem import Problem

Form = Literal["yaml", "json"]
SUFFIXES: dict[str, Form] = {".yaml": "yaml", ".yml": "yaml", ".json": "json"}
WORKBOOKS = frozenset({".xlsx", ".xlsm", ".xltx", ".xltm", ".xlsb", ".xls", ".ods"})
"""Endings of spreadsheet files; all but the first are refused by name."""
_NAMED = frozenset({*SUFFIXES, ".xlsx"})
LIMIT = 32_000_000
"""Bytes in a file, if not stated otherwise."""
MOST_DEPTH = 32
"""Levels of lists and mappings inside one another; a problem needs 8."""
MOST_DIGITS = 300
"""Digits of a whole number; a float has room for no more."""


def read(path: str | os.PathLike[str], limit: int = LIMIT) -> Problem:
    """Return the problem in a file or folder.

    Parameters
    ----------
    path
        A YAML file (``.yaml``, ``.yml``), a JSON file (``.json``), a workbook (``.xlsx``) or a
        folder of CSV tables with a ``manifest.yaml``; other files are told by content.
    limit
        Most bytes the file, or all files of the folder together, may have.

    Raises
    ------
    ReadError
        It cannot be read: missing, too large, no text, no YAML or JSON, a fault in a table.
    InputError
        What it holds is no problem; with every finding.
    """
    if _is_folder(path):
        from instances.folder import read_folder

        return read_folder(path, limit)
    if Path(path).suffix.lower() in WORKBOOKS:
        from instances.workbook import read_workbook

        return read_workbook(path, limit)
    return read_text(text_of(path, limit), str(path), SUFFIXES.get(Path(path).suffix.lower()))


def _is_folder(path: str | os.PathLike[str]) -> bool:
    try:
        return Path(path).is_dir()
    except (OSError, ValueError):
        # a name that no file can have: opening it says so
        return False


def read_text(text: str, where: str = "text", form: Form | None = None) -> Problem:
    """Return the problem in a text.

    Parameters
    ----------
    text
        YAML or JSON.
    where
        What to call the text in findings about lines.
    form
        "yaml" or "json"; told from the first sign if not given.

    Raises
    ------
    ReadError
        The text is neither.
    InputError
        What it holds is no problem; with every finding.
    """
    from instances.parse import parse

    return parse(plain_of(text, where, form))


def plain_of(text: str, where: str = "text", form: Form | None = None) -> Any:
    """Return what a YAML or JSON text holds; parameters and errors as `read_text`."""
    text = text.removeprefix("\ufeff")
    if form is None:
        form = "json" if text.lstrip()[:1] in ("{", "[") else "yaml"
    _check_text(text, where)
    if form == "json":
        from instances.json_text import parse_json

        return parse_json(text, where)
    from instances.yaml_text import parse_yaml

    return parse_yaml(text, where)


def text_of(path: str | os.PathLike[str], limit: int = LIMIT) -> str:
    """Return the text of a file; parameters and errors as `read`."""
    return decoded(bytes_of(path, limit), Path(path))


def decoded(content: bytes, file: Path) -> str:
    """Return the text that ``content`` of the file called ``file`` is.

    Raises
    ------
    ReadError
        It is no UTF-8.
    """
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _refused(
            file,
            f"is not UTF-8 text: byte {error.start + 1} is {content[error.start]:#04x}",
            "Save it as UTF-8 text.",
        ) from None


def bytes_of(path: str | os.PathLike[str], limit: int = LIMIT) -> bytes:
    """Return the content of a file; parameters and errors as `read`."""
    file = Path(path)
    try:
        with file.open("rb") as stream:
            # a device or pipe has no size to ask for: one byte more than allowed tells
            content = stream.read(limit + 1)
    except FileNotFoundError:
        raise ReadError([_missing(file)]) from None
    except IsADirectoryError:
        raise _refused(file, "is a folder", "Give the file itself.") from None
    except PermissionError:
        raise _refused(file, "may not be read", "Change its permissions, or copy it.") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise _refused(file, f"cannot be opened: {reason}", "Check its name and place.") from None
    if len(content) > limit:
        raise _refused(
            file,
            f"is larger than {limit / 1e6:g} MB",
            "Leave out what the problem does not need, or raise the limit.",
        )
    return content


def _refused(file: Path, what: str, remedy: str) -> ReadError:
    return ReadError([Finding(str(file), what, remedy=remedy)])


def _missing(file: Path) -> Finding:
    try:
        names = [other.name for other in file.parent.iterdir() if other.suffix in _NAMED]
    except OSError:
        # the folder is missing, too, or may not be listed
        names = []
    return Finding(
        str(file),
        "does not exist",
        nearest=nearest_name(file.name, names),
        remedy="Check the name and the folder.",
    )


def _check_text(text: str, where: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise ReadError(
            [
                Finding(
                    where,
                    f"is not Unicode text: sign {error.start + 1} is half a pair",
                    remedy="Save it as UTF-8 text.",
                )
            ]
        ) from None
    if "\0" in text:
        raise ReadError(
            [Finding(where, "is not text: it has null signs", remedy="Give a YAML or JSON file.")]
        )
