"""``diversify alternatives``: other plans that cost nearly the same."""

from __future__ import annotations

from typing import Annotated

import typer

from service.cli.arguments import AllSeconds, AnalysisFolder, AsJson, Edits, Force, Gap, Source
from service.cli.edge import reported
from service.cli.output import Output
from service.exits import Exit, exit_of, exit_of_search


@reported
def alternatives(
    source: Source,
    margin: Annotated[
        str | None,
        typer.Option(
            metavar="SHARE", help="How much dearer than the least cost a plan may be. '3 %'."
        ),
    ] = None,
    count: Annotated[
        int | None, typer.Option(metavar="N", help="How many plans to keep. 5.")
    ] = None,
    edits: Edits = None,
    time_limit: AllSeconds = None,
    gap: Gap = None,
    as_json: AsJson = False,
    out: AnalysisFolder = None,
    force: Force = False,
) -> Exit:
    """Find plans that cost nearly the same, and how far each partner's part can go."""
    from optimizer import alternatives as alternatives_of
    from service.asks import AlternativesAsk
    from service.cli.watch import ProgressLine, watched
    from service.options import ask_from, options_from
    from service.run import edited, find

    output = Output.asked(out, force=force, as_json=as_json)
    ask = ask_from(AlternativesAsk, {"margin": margin, "count": count})
    options = options_from({"time_limit": time_limit, "gap": gap})
    problem = edited(find(source), edits or ())
    found = watched(
        lambda cancel: alternatives_of(problem, ask.margin, ask.count, options, cancel=cancel),
        ProgressLine(),
    )
    output.show(found)
    tables = {"ranges": found.ranges, "supply": found.supply}
    output.keep(source, problem, options, {"alternatives": found.to_plain()}, tables)
    if not found.plans:
        return exit_of(found.status)
    return exit_of_search(held=True, complete=found.complete)
