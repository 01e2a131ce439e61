"""Writing a problem: as YAML for people, JSON for programs, or tables; whole or not at all."""

from __future__ import annotations

import json
import os
import re
import secrets
from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from instances.errors import Finding, InputError
from instances.read import SUFFIXES, Form

if TYPE_CHECKING:
    from instances.problem import Problem

_YEAR = re.compile(r"[1-9]\d{3}")
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_DATES = frozenset({"start", "end"})


def dump(problem: Problem, form: Form = "yaml") -> str:
    """Return the text of a file that reads back as an equal problem.

    Parameters
    ----------
    problem
        What to write. Numbers are in base units; fields at their defaults are left out.
    form
        "yaml" or "json".
    """
    plain = problem.to_plain()
    if form == "json":
        return json.dumps(plain, indent=2, ensure_ascii=False, allow_nan=False) + "\n"
    return yaml_of(plain)


def yaml_of(plain: Any) -> str:
    """Return plain data as YAML text that our reader reads back as the same data."""
    import yaml

    from instances.yaml_text import FLOAT

    base: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
    dumper: Any = type("Dumper", (base,), {})
    # text such as 1e5 or 09 is a number to our reader, not to PyYAML's: it needs quotes
    number = re.compile(rf"(?:{FLOAT.pattern})\Z")
    dumper.add_implicit_resolver("tag:yaml.org,2002:float", number, list("-+.0123456789"))
    return str(
        yaml.dump(
            _bare(plain),
            Dumper=dumper,
            sort_keys=False,
            allow_unicode=True,
            default_flow_style=None,
            width=100,
        )
    )


def _bare(value: Any, name: str = "") -> Any:
    """Return plain data with years and dates as YAML has them, so that they need no quotes."""
    if isinstance(value, Mapping):
        return {
            int(key) if _YEAR.fullmatch(key) else key: _bare(item, key)
            for key, item in value.items()
        }
    if isinstance(value, list):
        return [_bare(item) for item in value]
    if name in _DATES and isinstance(value, str) and _DATE.fullmatch(value):
        return date.fromisoformat(value)
    return value


def write(
    problem: Problem,
    path: str | os.PathLike[str],
    force: bool = False,
    form: str | None = None,
) -> None:
    """Write a problem to a file or a folder, which appears whole or not at all.

    Parameters
    ----------
    problem
        What to write.
    path
        Where to.
    force
        Whether what is there may be replaced: a file, or a folder that holds a problem.
    form
        "yaml", "json", "folder" (CSV tables) or "xlsx"; if not given, by the ending of the name
        (``.yaml``, ``.json``, ``.xlsx``), a folder if the name ends in a slash or, without such an
        ending, one is there; else YAML.

    Raises
    ------
    InputError
        There is something of that name, or nothing can be written there.
    """
    file = Path(path)
    form = form or _form_of(os.fspath(path))
    if form == "folder":
        from instances.folder import write_folder

        write_folder(problem, file, force)
    elif form == "xlsx":
        from instances.workbook import workbook_bytes

        write_bytes(workbook_bytes(problem), file, force)
    else:
        write_text(dump(problem, "json" if form == "json" else "yaml"), file, force)


def _form_of(path: str) -> str:
    file = Path(path)
    suffix = file.suffix.lower()
    named = suffix in SUFFIXES or suffix == ".xlsx"
    if path.endswith(("/", os.sep)) or (not named and file.is_dir()):
        return "folder"
    if file.suffix.lower() == ".xlsx":
        return "xlsx"
    return SUFFIXES.get(file.suffix.lower(), "yaml")


def write_text(text: str, path: str | os.PathLike[str], force: bool = False) -> None:
    """Write a text to a file, whole or not at all; parameters and errors as `write`."""
    try:
        content = text.encode()
    except UnicodeEncodeError as error:
        raise _unwritable(Path(path), error) from None
    write_bytes(content, path, force)


def write_bytes(content: bytes, path: str | os.PathLike[str], force: bool = False) -> None:
    """Write a file, whole or not at all; parameters and errors as `write`."""
    file = Path(path)
    draft = file.with_name(f".{file.name[:100]}.{secrets.token_hex(8)}")
    try:
        try:
            with draft.open("xb") as stream:
                stream.write(content)
                stream.flush()
                os.fsync(stream.fileno())
            _place(draft, file, force)
        finally:
            with suppress(FileNotFoundError):
                draft.unlink()
    except FileExistsError:
        raise InputError(
            [Finding(str(file), "exists already", remedy="Choose another name, or say force.")]
        ) from None
    except (OSError, ValueError) as error:
        raise _unwritable(file, error) from None


def _unwritable(file: Path, error: OSError | ValueError) -> InputError:
    reason = getattr(error, "strerror", None) or str(error)
    return InputError(
        [
            Finding(
                str(file),
                f"cannot be written: {reason}",
                remedy="Choose a folder that is there and may be written to.",
            )
        ]
    )


def _place(draft: Path, file: Path, force: bool) -> None:
    if force:
        draft.replace(file)
        return
    # a link, unlike a rename, fails when the name is taken, even by another program just now
    try:
        file.hardlink_to(draft)
    except FileExistsError:
        raise
    except OSError:
        # a file system without links: look, then rename
        if file.exists():
            raise FileExistsError(str(file)) from None
        draft.replace(file)
