"""``diversify partners``: what each partner is worth by mineral, and the cheapest coalitions."""

from __future__ import annotations

from typing import Annotated

import typer

from service.cli.arguments import AllSeconds, AnalysisFolder, AsJson, Edits, Force, Gap, Source
from service.cli.edge import reported
from service.cli.output import Output
from service.exits import Exit, exit_of_search


@reported
def partners(
    source: Source,
    of: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME",
            help="A country, or a group of the problem, as often as given; every country that "
            "sells or makes something, the buyers' own apart, if not given.",
        ),
    ] = None,
    coalitions: Annotated[
        bool,
        typer.Option(
            "--coalitions",
            help="Also seek the cheapest coalition of every size: with how few partners the rules "
            "can be kept, and what that costs.",
        ),
    ] = False,
    edits: Edits = None,
    time_limit: AllSeconds = None,
    gap: Gap = None,
    as_json: AsJson = False,
    out: AnalysisFolder = None,
    force: Force = False,
) -> Exit:
    """Say what each partner is worth: cost and shortfall without it, in all and by commodity."""
    from optimizer import partners as partners_of
    from service.cli.watch import ProgressLine, watched
    from service.options import options_from
    from service.run import edited, find

    output = Output.asked(out, force=force, as_json=as_json)
    options = options_from({"time_limit": time_limit, "gap": gap})
    problem = edited(find(source), edits or ())
    found = watched(
        lambda cancel: partners_of(
            problem, of or (), coalitions=coalitions, options=options, cancel=cancel
        ),
        ProgressLine(),
    )
    output.show(found)
    output.keep(source, problem, options, {"partners": found.to_plain()}, {"losses": found.table})
    return exit_of_search(held=found.base.cost_usd is not None, complete=found.complete)
