"""``diversify frontier``: the least cost as a rule is loosened and tightened."""

from __future__ import annotations

import shlex
import sys
from enum import StrEnum
from typing import Annotated

import typer

from service.cli.arguments import AllSeconds, AnalysisFolder, AsJson, Edits, Force, Gap, Source
from service.cli.edge import reported
from service.cli.streams import say, say_json, tell
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
    from service.folder import as_csv, refuse_unless_free, write_analysis
    from service.folder import as_json as text_of
    from service.options import ask_from, options_from
    from service.run import edited, find

    target = None if out is None else out.resolve()
    if target is not None:
        refuse_unless_free(target, force=force)
    given = {"rule": rule, "path": path, "low": low, "high": high}
    given["against"] = None if against is None else against.value
    ask = ask_from(FrontierAsk, {**given, "tolerance": tolerance, "most": most})
    options = options_from({"time_limit": time_limit, "gap": gap})
    problem = edited(find(source), edits or ())
    if ask.against is not None:
        front = watched(lambda cancel: weigh(problem, ask, options, cancel), ProgressLine())
        if as_json:
            say_json(front.to_plain())
        else:
            say(front.summary())
        if target is not None:
            files = {"front.json": text_of(front.to_plain()), "points.csv": as_csv(front.table)}
            run = {"command": shlex.join(["diversify", *sys.argv[1:]]), "source": source}
            write_analysis(target, files, problem, options, run)
            tell(f"Wrote {out}.")
        return exit_of_search(held=bool(front.points), complete=front.complete)
    curve = watched(lambda cancel: trace(problem, ask, options, cancel), ProgressLine())
    if as_json:
        say_json(curve.to_plain())
    else:
        say(curve.summary())
    if target is not None:
        files = {
            "curve.json": text_of(curve.to_plain()),
            "vertices.csv": as_csv(curve.table),
            "moves.csv": as_csv(curve.moves),
        }
        run = {"command": shlex.join(["diversify", *sys.argv[1:]]), "source": source}
        write_analysis(target, files, problem, options, run)
        tell(f"Wrote {out}.")
    return exit_of_search(held=bool(curve.vertices), complete=curve.complete)
