"""``diversify report``: a result as pictures for a paper or as a workbook."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from service.cli.arguments import Force
from service.cli.edge import reported
from service.cli.streams import tell
from service.exits import Exit, exit_of

if TYPE_CHECKING:
    from optimizer import Result


class Form(StrEnum):
    """What a result can be shown as; the ending of the file."""

    PNG = ".png"
    SVG = ".svg"
    XLSX = ".xlsx"


@reported
def report(
    source: Annotated[
        str,
        typer.Argument(
            metavar="RESULT",
            help="A result: result.json or the folder that holds it; or a problem as `solve` "
            "takes it, which is solved first.",
        ),
    ],
    out: Annotated[
        Path,
        typer.Option(
            "--out",
            metavar="FILE",
            help="Where to. The ending says what: .png or .svg (pictures of one material, with "
            "the extra `pictures`), .xlsx (a sheet per table).",
        ),
    ],
    good: Annotated[
        str | None,
        typer.Option(
            metavar="ID", help="The material shown; that of the first demand if not given."
        ),
    ] = None,
    branch: Annotated[
        str | None,
        typer.Option(metavar="ID", help="The scenario shown; the first if not given."),
    ] = None,
    force: Force = False,
) -> Exit:
    """Show a result: who supplies, cover, cost, who is next in line, through whose hands."""
    from instances import Problem
    from instances.errors import Finding, InputError
    from instances.write import write_bytes
    from optimizer import Options
    from service.cli.watch import solve_watched
    from service.folder import refuse_file_unless_free
    from service.run import find_result

    ending = out.suffix.lower()
    if ending not in list(Form):
        remedy = f"Name a file that ends in {', '.join(Form)}."
        raise InputError([Finding("--out", "does not say what to write", str(out), None, remedy)])
    target = out.resolve()
    refuse_file_unless_free(target, force=force)
    found = find_result(source)
    result = solve_watched(found, Options()) if isinstance(found, Problem) else found
    content = _content(result, Form(ending), good, branch)
    target.parent.mkdir(parents=True, exist_ok=True)
    write_bytes(content, target, force)
    tell(f"Wrote {out}.")
    return exit_of(result.status)


def _content(result: Result, form: Form, good: str | None, branch: str | None) -> bytes:
    if form is Form.XLSX:
        from optimizer.workbook import workbook_bytes

        return workbook_bytes(result)
    from optimizer.plot import picture_bytes

    return picture_bytes(result, "png" if form is Form.PNG else "svg", good, branch)
