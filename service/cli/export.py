"""``diversify export``: a problem in another form, or its model for other solvers."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from service.cli.arguments import Edits, Force, Source
from service.cli.edge import reported
from service.cli.streams import say, tell
from service.exits import Exit

if TYPE_CHECKING:
    from instances import Problem


class Format(StrEnum):
    """What a problem can be written as."""

    YAML = "yaml"
    JSON = "json"
    FOLDER = "folder"
    XLSX = "xlsx"
    LP = "lp"
    MPS = "mps"


@reported
def export(
    source: Source,
    edits: Edits = None,
    form: Annotated[
        Format | None,
        typer.Option(
            "--format",
            help="What to write: the problem as yaml, json, a folder of CSV tables or a workbook "
            "(xlsx); or its model as lp or mps. By the ending of --out if not given, else yaml.",
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            metavar="PATH",
            help="Write to this file (or folder), not the terminal.",
        ),
    ] = None,
    force: Force = False,
) -> Exit:
    """Write a problem, with its edits applied, in another form, or its model for other solvers."""
    from instances import write
    from instances.write import write_text
    from service.run import edited, find

    form = form or _by_ending(out)
    if out is None:
        _refuse_terminal(form)
    problem = edited(find(source), edits or ())
    if out is not None and form not in (Format.LP, Format.MPS):
        write(problem, out, force, form.value)
    elif out is not None:
        write_text(_text(problem, form), out, force)
    else:
        say(_text(problem, form))
        return Exit.GOOD
    tell(f"Wrote {out}.")
    return Exit.GOOD


def _by_ending(out: Path | None) -> Format:
    if out is None:
        return Format.YAML
    if out.is_dir():
        return Format.FOLDER
    ending = out.suffix.lower().removeprefix(".")
    return Format(ending) if ending in list(Format) else Format.YAML


def _refuse_terminal(form: Format) -> None:
    from instances import Finding, InputError

    if form in (Format.FOLDER, Format.XLSX):
        raise InputError(
            [
                Finding(
                    "--format",
                    "cannot be written to the terminal",
                    form.value,
                    remedy="Say where to with --out.",
                )
            ]
        )


def _text(problem: Problem, form: Format) -> str:
    if form is Format.LP or form is Format.MPS:
        from optimizer.export import export as model_of

        return model_of(problem, "lp" if form is Format.LP else "mps")
    from instances import dump

    return dump(problem, "json" if form is Format.JSON else "yaml")
