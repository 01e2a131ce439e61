"""``diversify explain``: why there is no plan, what binds, why somebody is in, what is assumed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from service.cli.arguments import AllSeconds, AnalysisFolder, AsJson, Edits, Force, Gap, Source
from service.cli.edge import reported
from service.cli.output import Output
from service.exits import Exit, exit_of

if TYPE_CHECKING:
    import threading

    from optimizer import Evidence, Explanation, Why


@reported
def explain(
    source: Source,
    edits: Edits = None,
    who: Annotated[
        str | None,
        typer.Option(
            "--why",
            metavar="ID",
            help="Instead: why an offer, contract, facility, expansion or lane is in the cheapest "
            "plan or out of it, and the price at which that turns: an id, or 'offers[kaz]'.",
        ),
    ] = None,
    time_limit: AllSeconds = None,
    gap: Gap = None,
    assumed: Annotated[
        bool,
        typer.Option(
            "--assumptions",
            help="Instead: what the cheapest plan rests on: which part of cost and tonnes is "
            "assumed, and the assumed numbers that move the least cost most, each a tenth up and "
            "down.",
        ),
    ] = False,
    as_json: AsJson = False,
    out: AnalysisFolder = None,
    force: Force = False,
) -> Exit:
    """Say why there is no plan and what would restore one, or what binds in the cheapest plan.

    With --why it is told of one supplier, plant or lane why it is in that plan or out of it, with
    --assumptions what that plan rests on.
    """
    from instances.errors import Finding, InputError
    from optimizer import Evidence, evidence, why
    from optimizer import explain as explained
    from service.cli.watch import ProgressLine, watched
    from service.options import options_from
    from service.run import edited, find

    if assumed and who is not None:
        what = "are two questions"
        raise InputError([Finding("--why and --assumptions", what, remedy="Ask one of them.")])
    output = Output.asked(out, force=force, as_json=as_json)
    options = options_from({"time_limit": time_limit, "gap": gap})
    problem = edited(find(source), edits or ())

    def ask(cancel: threading.Event) -> Explanation | Why | Evidence:
        if assumed:
            return evidence(problem, options, cancel=cancel)
        if who is not None:
            return why(problem, who, options, cancel=cancel)
        return explained(problem, options, cancel=cancel)

    told = watched(ask, ProgressLine())
    output.show(told)
    tables = {}
    if isinstance(told, Evidence):
        tables["assumptions"] = told.table
        if told.accounts is not None:
            tables["accounts"] = told.accounts
    name = "evidence" if assumed else "explanation" if who is None else "why"
    output.keep(source, problem, options, {name: told.to_plain()}, tables)
    if told.complete or not told.status.has_plan:
        return exit_of(told.status)
    return Exit.STOPPED_WITH_PLAN
