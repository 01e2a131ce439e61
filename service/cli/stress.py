"""``diversify stress``: the plan stands, somebody is cut off, and what is lost."""

from __future__ import annotations

from typing import Annotated

import typer

from service.cli.arguments import AllSeconds, AnalysisFolder, AsJson, Edits, Force, Gap
from service.cli.edge import reported
from service.cli.output import Output
from service.exits import Exit, exit_of, exit_of_search


@reported
def stress(
    source: Annotated[
        str,
        typer.Argument(
            metavar="PLAN",
            help="A result, whose plan is taken as it is: result.json or the folder that holds "
            "it; or a problem as `solve` takes it, which is solved first.",
        ),
    ],
    who: Annotated[
        list[str] | None,
        typer.Option(
            metavar="WHO",
            help="Who is cut off, as often as given: a country, group, supplier or facility; "
            "several at once as CHN+MYS. Every country and facility if not given.",
        ),
    ] = None,
    onset: Annotated[
        list[str] | None,
        typer.Option(
            metavar="PERIOD",
            help="From when, as often as given: the label or the first day of a period. All of "
            "them if not given.",
        ),
    ] = None,
    length: Annotated[
        list[str] | None,
        typer.Option(
            metavar="TIME",
            help="How long it may last, as often as given: which of them shows only when it is "
            "over. '1 yr'.",
        ),
    ] = None,
    available: Annotated[
        str | None,
        typer.Option(metavar="SHARE", help="What is left of what can be bought there. '0 %'."),
    ] = None,
    pairs: Annotated[
        bool, typer.Option("--pairs", help="Cut off each pair of countries, too.")
    ] = False,
    reoptimise: Annotated[
        bool,
        typer.Option("--reoptimise", help="Also seek plans that know of the cut from the start."),
    ] = False,
    waive: Annotated[
        list[str] | None,
        typer.Option(
            metavar="RULE", help="A rule that is waived like stock targets, as often as given."
        ),
    ] = None,
    rebuild: Annotated[
        str | None,
        typer.Option(
            metavar="TIME",
            help="How long after it they are waived, too. '1 yr'; 'none' if they hold at once.",
        ),
    ] = None,
    penalty: Annotated[
        str | None,
        typer.Option(
            metavar="PRICE",
            help="What a tonne unmet of a hard demand counts: '20000 USD/kg'. Ten times the "
            "dearest price if not given.",
        ),
    ] = None,
    edits: Edits = None,
    time_limit: AllSeconds = None,
    gap: Gap = None,
    workers: Annotated[
        int | None,
        typer.Option(metavar="N", min=1, help="Processes; as many as cores and memory allow."),
    ] = None,
    as_json: AsJson = False,
    out: AnalysisFolder = None,
    force: Force = False,
) -> Exit:
    """Cut somebody off while the plan stands, and say who goes without, how much and how long."""
    from service.analyses import put_under_stress
    from service.asks import StressAsk
    from service.cli.bar import points_told
    from service.cli.watch import watched
    from service.options import ask_from, options_from
    from service.run import edited_anew, find_result

    output = Output.asked(out, force=force, as_json=as_json)
    ask = ask_from(
        StressAsk,
        {
            "who": tuple(who or ()),
            "onsets": tuple(onset or ()),
            "lengths": tuple(length) if length else None,
            "available": available,
            "pairs": pairs,
            "reoptimise": reoptimise,
            "waive": tuple(waive or ()),
            "rebuild": rebuild,
            "penalty": penalty,
        },
    )
    options = options_from({"time_limit": time_limit, "gap": gap})
    subject = edited_anew(find_result(source), edits or ())
    with points_told() as progress:
        found = watched(
            lambda cancel: put_under_stress(
                subject, ask, options, workers=workers, progress=progress, cancel=cancel
            )
        )
    output.show(found)
    output.keep(
        source,
        found.result.problem,
        options,
        {"stress": found.to_plain()},
        {"cases": found.table, "matrix": found.matrix.reset_index()},
    )
    if not found.result.has_plan:
        return exit_of(found.result.status)
    # that no case has a plan is an answer, too
    return exit_of_search(held=found.held or found.complete, complete=found.complete)
