"""``diversify report``: a result as one HTML file, as pictures for a paper, or as a workbook."""

from __future__ import annotations

import json
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from service.cli.arguments import Edits, Force
from service.cli.edge import reported
from service.cli.streams import tell
from service.exits import Exit, exit_of

if TYPE_CHECKING:
    from optimizer import Result


class Form(StrEnum):
    """What a result can be shown as; the ending of the file."""

    HTML = ".html"
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
    edits: Edits = None,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            metavar="FILE",
            help="Where to; the problem's name, how much was changed and a short "
            "hash with .html if not given. The ending says what: "
            ".html (one file that opens without a network), .png or .svg (pictures of one "
            "material, with the extra `pictures`), .xlsx (a sheet per table).",
        ),
    ] = None,
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
    from optimizer.record import as_asked
    from service.cli.watch import solve_watched
    from service.folder import refuse_file_unless_free
    from service.report.document import short_name
    from service.report.origin import against_shipped
    from service.run import edited_anew, find_result, made_of, problem_of

    if out is not None and out.suffix.lower() not in list(Form):
        remedy = f"Name a file that ends in {', '.join(Form)}."
        raise InputError([Finding("--out", "does not say what to write", str(out), None, remedy)])
    if out is not None:
        refuse_file_unless_free(out.resolve(), force=force)
    found = find_result(source)
    made = made_of(source, edits or ())
    if not isinstance(found, Problem) and "edits" in found.record:
        made = {name: found.record[name] for name in made}
        made["edits"] = [*made["edits"], *(edits or ())]
    found = edited_anew(found, edits or ())
    if out is None:
        asked_for = problem_of(found)
        told = {**made, "shipped": against_shipped(asked_for)}
        out = Path(f"{short_name(asked_for.name, told, asked_for.hash)}{Form.HTML}")
        refuse_file_unless_free(out.resolve(), force=force)
    if isinstance(found, Problem):
        result = as_asked(solve_watched(found, Options()), made)
    else:
        result = found
    content = _content(result, Form(out.suffix.lower()), good, branch)
    out.resolve().parent.mkdir(parents=True, exist_ok=True)
    write_bytes(content, out.resolve(), force)
    tell(f"Wrote {out}.")
    return exit_of(result.status)


def _content(result: Result, form: Form, good: str | None, branch: str | None) -> bytes:
    if form is Form.XLSX:
        from optimizer.workbook import workbook_bytes

        return workbook_bytes(result)
    if form is Form.HTML:
        return _html(result, good, branch)
    from optimizer.plot import picture_bytes

    return picture_bytes(result, "png" if form is Form.PNG else "svg", good, branch)


def _html(result: Result, good: str | None, branch: str | None) -> bytes:
    from optimizer import Options
    from optimizer.plot.sight import Sight
    from service.cli.watch import ProgressLine, watched
    from service.explained import Diagnose, explained, wants_explanation
    from service.report.document import document
    from service.report.origin import against_shipped

    # what the file says of itself when it is opened is checked here
    if result.has_plan and (good, branch) != (None, None):
        Sight.of(result, good, branch)
    words, answer = result.summary(), result.to_plain()
    if wants_explanation(result, Diagnose.WHEN_DETECTED):
        told = watched(lambda cancel: explained(result, Options(), cancel=cancel), ProgressLine())
        words += f"\n\n{told.summary(after_solve=True)}"
        answer["explanation"] = told.to_plain()
    envelope = json.dumps({"result": answer, "words": words}, ensure_ascii=False, allow_nan=False)
    record = result.record
    asked = {name: record.get(name) for name in ("instance", "file", "edits")}
    asked["solved"] = record.get("solved_at")
    asked["shipped"] = against_shipped(result.problem)
    view = {"good": good, "branch": branch}
    return document(envelope, result.problem.name, view, asked).encode()
