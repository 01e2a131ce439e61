"""``diversify instruments``: what price floors, grants, duties, contracts and stock buy alike."""

from __future__ import annotations

from typing import Annotated

import typer

from service.cli.arguments import AllSeconds, AnalysisFolder, AsJson, Edits, Force, Gap, Source
from service.cli.edge import reported
from service.cli.output import Output
from service.exits import Exit, exit_of_search


@reported
def instruments(
    source: Source,
    outlay: Annotated[
        str,
        typer.Option(metavar="SUM", help="What each may cost, discounted: '400 million USD'."),
    ],
    turn: Annotated[
        list[str],
        typer.Option(
            metavar="PATH=OFF,MOST",
            help="An instrument: a number of a price floor, expansion (its grant), tariff, "
            "contract, stock target or fund, with the value at which it is off and the most it "
            "may be, as often as given: 'expansions[plant].grant=0,1'.",
        ),
    ],
    edits: Edits = None,
    time_limit: AllSeconds = None,
    gap: Gap = None,
    as_json: AsJson = False,
    out: AnalysisFolder = None,
    force: Force = False,
) -> Exit:
    """Say what instruments buy at the same outlay, in tonnes, cover and share."""
    import pandas as pd

    from optimizer import instruments as instruments_of
    from service.analyses import named_in
    from service.asks import InstrumentsAsk
    from service.cli.watch import ProgressLine, watched
    from service.options import ask_from, options_from
    from service.run import edited, find

    output = Output.asked(out, force=force, as_json=as_json)
    ask = ask_from(InstrumentsAsk, {"outlay": outlay, "turn": tuple(turn)})
    options = options_from({"time_limit": time_limit, "gap": gap})
    problem = edited(find(source), edits or ())
    named = named_in(problem, ask)
    told = watched(
        lambda cancel: instruments_of(problem, named, ask.outlay, options=options, cancel=cancel),
        ProgressLine(),
    )
    output.show(told)
    plain = told.to_plain()
    table = pd.json_normalize(plain["effects"])
    output.keep(source, problem, options, {"instruments": plain}, {"effects": table})
    return exit_of_search(held=told.base.cost_usd is not None, complete=told.complete)
