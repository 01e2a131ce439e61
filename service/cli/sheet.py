"""``diversify sheet``: one page of a result for whoever has to decide."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from service.cli.arguments import AllSeconds, AnalysisFolder, AsJson, Edits, Force, Gap
from service.cli.edge import reported
from service.cli.output import Output
from service.exits import Exit, exit_of


@reported
def sheet(
    source: Annotated[
        str,
        typer.Argument(
            metavar="PLAN",
            help="A result, as `solve --out` writes it: result.json or the folder that holds it; "
            "or a problem, which is solved first.",
        ),
    ],
    edits: Edits = None,
    html: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Also write the sheet as one HTML file."),
    ] = None,
    time_limit: AllSeconds = None,
    gap: Gap = None,
    as_json: AsJson = False,
    out: AnalysisFolder = None,
    force: Force = False,
) -> Exit:
    """Say on one page what is short, who supplies, what binds, who matters and what comes first.

    Every loss, cost and turn is a solve; it takes minutes where a solve takes seconds.
    """
    from instances.errors import Finding, InputError
    from optimizer import sheet as sheet_of
    from service.cli.streams import tell
    from service.cli.watch import ProgressLine, watched
    from service.folder import refuse_unless_writable
    from service.options import options_from
    from service.run import edited_anew, find_result, problem_of

    output = Output.asked(out, force=force, as_json=as_json)
    if html is not None:
        if html.exists() and not force:
            remedy = "Name another file, or add --force."
            raise InputError([Finding(str(html), "exists already", remedy=remedy)])
        refuse_unless_writable(html.resolve())
    options = options_from({"time_limit": time_limit, "gap": gap})
    subject = edited_anew(find_result(source), edits or ())
    found = watched(lambda cancel: sheet_of(subject, options, cancel=cancel), ProgressLine())
    output.show(found)
    if html is not None:
        html.write_text(found.to_html(), encoding="utf-8")
        tell(f"Wrote {html}.")
    output.keep(source, problem_of(subject), options, {"sheet": found.to_plain()}, {})
    if found.complete or not found.status.has_plan:
        return exit_of(found.status)
    return Exit.STOPPED_WITH_PLAN
