"""Output folders: they appear whole or not at all, and nothing is overwritten unasked.

A folder is written beside its place under a hidden name and then renamed. `--force` replaces only
what an earlier run of ours wrote.
"""

from __future__ import annotations

import json
import os
import secrets
import shlex
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from instances.errors import Finding, InputError

if TYPE_CHECKING:
    import pandas as pd

    from instances.problem import Problem
    from optimizer.options import Options
    from optimizer.result import Result

RECORD = "run.json"


def refuse_unless_free(path: Path, *, force: bool) -> None:
    """Check, before any work is done, that a folder may be written at ``path``.

    Raises
    ------
    InputError
        Something is there already and may not be replaced, or nothing can be written there.
    """
    if path.is_dir():
        if not force:
            raise _refusal(path, "exists already", "Name another folder, or add --force.")
        if any(path.iterdir()) and not (path / RECORD).is_file():
            raise _refusal(
                path,
                f"holds no {RECORD}, so no run wrote it",
                "--force replaces results only; name another folder.",
            )
    elif path.exists():
        raise _refusal(path, "is a file", "Name a folder.")
    refuse_unless_writable(path)


def refuse_file_unless_free(path: Path, *, force: bool) -> None:
    """Check, before any work is done, that a file may be written at ``path``.

    Raises
    ------
    InputError
        Something is there already and may not be replaced, or nothing can be written there.
    """
    if path.is_dir():
        raise _refusal(path, "is a folder", "Name a file.")
    if path.exists() and not force:
        raise _refusal(path, "exists already", "Name another file, or add --force.")
    refuse_unless_writable(path)


def refuse_unless_empty(path: Path | None, *, resume: bool) -> None:
    """Check, before any work is done, that a sweep may be kept at ``path``.

    Parameters
    ----------
    path
        The folder, ``None`` where nothing is to be kept.
    resume
        Whether what is there is to be gone on with.

    Raises
    ------
    InputError
        Something is there already that is not to be gone on with, there is no folder to go on
        with, or nothing can be written there.
    """
    if path is None:
        if resume:
            what = "needs the folder of the sweep to go on with"
            raise InputError([Finding("--resume", what, remedy="Name it with --out.")])
        return
    if path.exists() and not path.is_dir():
        raise _refusal(path, "is a file", "Name a folder.")
    if not resume and path.is_dir() and any(path.iterdir()):
        raise _refusal(path, "is not empty", "Add --resume to go on, or name another folder.")
    refuse_unless_writable(path)


def refuse_unless_writable(path: Path) -> None:
    """Check, before any work is done, that the nearest folder above ``path`` may be written to.

    Raises
    ------
    InputError
        It may not.
    """
    above = path.parent
    while not above.exists():
        above = above.parent
    if not above.is_dir():
        raise _refusal(path, f"lies below {above}, which is a file", "Name another place.")
    if not os.access(above, os.W_OK | os.X_OK):
        raise _refusal(path, f"cannot be written: {above} is closed to you", "Name another place.")


def write_result(path: Path, result: Result, run: Mapping[str, Any]) -> None:
    """Write a result to the folder ``path``, in the place of an earlier one.

    ``result.json`` holds everything, ``inputs.json`` the problem as solved (edits applied),
    ``run.json`` the record of the run and the command that repeats it, ``log.txt`` the solver's
    log if it was kept; each table is a CSV file with units in its headers.

    Parameters
    ----------
    path
        The folder; `refuse_unless_free` has passed it.
    result
        What was found.
    run
        What is known of the run besides `Result.record`: where the problem came from, its edits.

    Raises
    ------
    InputError
        It could not be written; nothing is left behind.
    """
    record = dict(result.record)
    log = record.pop("log")
    texts = {
        "result.json": as_json(result.to_plain()),
        "inputs.json": as_json(result.problem.to_plain()),
        RECORD: as_json({**run, "repeat": _repeat(record["options"]), **record}),
    }
    if log is not None:
        texts["log.txt"] = "\n".join(log) + "\n"
    for name, table in result.tables().items():
        texts[f"{name}.csv"] = as_csv(table)
    write_folder(path, texts)


def write_analysis(
    path: Path,
    files: Mapping[str, str],
    problem: Problem,
    options: Options,
    run: Mapping[str, Any],
) -> None:
    """Write what an analysis found to the folder ``path``, in the place of an earlier one.

    Parameters
    ----------
    path
        The folder; `refuse_unless_free` has passed it.
    files
        Texts by name; ``inputs.json`` and ``run.json`` are added.
    problem, options
        What was asked about, edits applied, and how it was solved.
    run
        What is known of the run besides: the command, where the problem came from.

    Raises
    ------
    InputError
        It could not be written; nothing is left behind.
    """
    from optimizer.record import asked_record

    texts = {
        **files,
        "inputs.json": as_json(problem.to_plain()),
        RECORD: as_json({**run, **asked_record(problem, options)}),
    }
    write_folder(path, texts)


def write_folder(path: Path, texts: Mapping[str, str]) -> None:
    """Write files to the folder ``path``, which appears whole or not at all.

    Raises
    ------
    InputError
        It could not be written; nothing is left behind.
    """
    draft = _beside(path)
    with _said_of(path):
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            draft.mkdir()
            for name, text in texts.items():
                _write(draft / name, text)
            _put_in_place(draft, path)
        finally:
            shutil.rmtree(draft, ignore_errors=True)


def as_csv(table: pd.DataFrame) -> str:
    """Return a table as the text of a CSV file."""
    return table.to_csv(index=False, lineterminator="\n")


def as_json(value: Any) -> str:
    """Return plain data as the text of a JSON file."""
    return json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def _repeat(options: Mapping[str, Any]) -> str:
    words = ["diversify solve inputs.json"]
    for name in ("time_limit", "gap", "threads", "seed", "hhi_tolerance"):
        if options[name] is not None:
            words.append(f"--{name.replace('_', '-')} {options[name]}")
    if not options["tie_break"]:
        words.append("--no-tie-break")
    if options["method"] != "auto":
        words.append(f"--method {options['method']}")
    if options["goals"] is not None:
        words.append(f"--goals {shlex.quote(','.join(options['goals']))}")
    if options["rule_prices"]:
        words.append("--prices")
    if options["share_intervals"]:
        words.append("--share-intervals")
    words += [f"--shares-of {shlex.quote(text)}" for text in options["shares_of"]]
    return " ".join(words)


def _put_in_place(draft: Path, path: Path) -> None:
    if not path.exists():
        draft.rename(path)
        return
    earlier = _beside(path)
    path.rename(earlier)
    try:
        draft.rename(path)
    except OSError:
        earlier.rename(path)
        raise
    shutil.rmtree(earlier)


def _beside(path: Path) -> Path:
    return path.with_name(f".{path.name}.{secrets.token_hex(4)}.partial")


def _write(path: Path, text: str) -> None:
    with path.open("x", encoding="utf-8", newline="") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def _refusal(path: Path, what: str, remedy: str | None = None) -> InputError:
    return InputError([Finding(str(path), what, remedy=remedy)])


@contextmanager
def _said_of(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise _refusal(path, f"could not be written: {error.strerror or error}") from error
