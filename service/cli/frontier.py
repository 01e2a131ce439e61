"""``diversify frontier``: the least cost as a rule is loosened and tightened."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from service.cli.arguments import AllSeconds, AnalysisFolder, AsJson, Edits, Force, Gap, Source
from service.cli.edge import reported
from service.cli.output import Output
from service.exits import Exit, exit_of_search


class Against(StrEnum):
    """What the cost can be weighed against."""

    SHORTFALL = "shortfall"
    CONCENTRATION = "concentration"


@reported
def frontier(
    source: Source,
    rule: Annotated[
        str | None,
        typer.Argument(metavar="[RULE]", help="Id of the rule whose limit moves."),
    ] = None,
    path: Annotated[
        str | None,
        typer.Option(metavar="PATH", help="Instead of a rule, a field: 'demand[us-dy].quantity'."),
    ] = None,
    against: Annotated[
        Against | None,
        typer.Option(
            help="Instead: a second objective (the part of demand left unmet, or the largest "
            "shares of one country), whose least value is traced against the cost."
        ),
    ] = None,
    low: Annotated[
        str | None,
        typer.Option(metavar="VALUE", help="Low end: '10 %', '5 kt/yr'. For a rule 0."),
    ] = None,
    high: Annotated[
        str | None,
        typer.Option(metavar="VALUE", help="High end. For a rule 100 %, or twice what it is."),
    ] = None,
    tolerance: Annotated[
        float | None,
        typer.Option(
            metavar="FRACTION",
            help="Where there are no exact kinks: how straight, relative to the range of costs, a "
            "stretch must be. 0.001 by default.",
        ),
    ] = None,
    most: Annotated[
        int | None,
        typer.Option(metavar="N", help="Where there are no exact kinks: most points. 65."),
    ] = None,
    edits: Edits = None,
    time_limit: AllSeconds = None,
    gap: Gap = None,
    as_json: AsJson = False,
    out: AnalysisFolder = None,
    force: Force = False,
) -> Exit:
    """Trace the least cost against a rule: kinks, price of each stretch, who gives way."""
    from service.analyses import trace, weigh
    from service.asks import FrontierAsk
    from service.cli.watch import ProgressLine, watched
    from service.options import ask_from, options_from
    from service.run import edited, find

    output = Output.asked(out, force=force, as_json=as_json)
    given = {"rule": rule, "path": path, "low": low, "high": high}
    given["against"] = None if against is None else against.value
    ask = ask_from(FrontierAsk, {**given, "tolerance": tolerance, "most": most})
    options = options_from({"time_limit": time_limit, "gap": gap})
    problem = edited(find(source), edits or ())
    if ask.against is not None:
        front = watched(lambda cancel: weigh(problem, ask, options, cancel), ProgressLine())
        output.show(front)
        output.keep(source, problem, options, {"front": front.to_plain()}, {"points": front.table})
        return exit_of_search(held=bool(front.points), complete=front.complete)
    curve = watched(lambda cancel: trace(problem, ask, options, cancel), ProgressLine())
    output.show(curve)
    tables = {"vertices": curve.table, "moves": curve.moves}
    output.keep(source, problem, options, {"curve": curve.to_plain()}, tables)
    return exit_of_search(held=bool(curve.vertices), complete=curve.complete)
