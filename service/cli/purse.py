"""``diversify purse``: the most cover, least unmet or least reliance that a sum of money buys."""

from __future__ import annotations

from typing import Annotated

import typer

from service.cli.arguments import AllSeconds, AnalysisFolder, AsJson, Edits, Force, Gap, Source
from service.cli.edge import reported
from service.cli.output import Output
from service.exits import Exit, exit_of_search


@reported
def purse(
    source: Source,
    budget: Annotated[
        list[str] | None,
        typer.Option(
            metavar="SUM",
            help="Most USD that may be spent, discounted: '2 billion USD', as often as given; 80 "
            "to 125 % of what the cheapest plan spends if not given.",
        ),
    ] = None,
    goal: Annotated[
        list[str] | None,
        typer.Option(
            metavar="GOAL",
            help="What is sought: unmet, reliance or cover, as often as given; all if not given.",
        ),
    ] = None,
    edits: Edits = None,
    time_limit: AllSeconds = None,
    gap: Gap = None,
    as_json: AsJson = False,
    out: AnalysisFolder = None,
    force: Force = False,
) -> Exit:
    """Say what a fixed purse buys: the least unmet, the least reliance, the most cover."""
    from optimizer import purse as purse_of
    from service.asks import PurseAsk
    from service.cli.watch import ProgressLine, watched
    from service.options import ask_from, options_from
    from service.run import edited, find

    output = Output.asked(out, force=force, as_json=as_json)
    said = {"budgets": tuple(budget or ())} | ({"goals": tuple(goal)} if goal else {})
    ask = ask_from(PurseAsk, said)
    options = options_from({"time_limit": time_limit, "gap": gap})
    problem = edited(find(source), edits or ())
    found = watched(
        lambda cancel: purse_of(problem, ask.budgets, ask.goals, options=options, cancel=cancel),
        ProgressLine(),
    )
    output.show(found)
    output.keep(source, problem, options, {"purse": found.to_plain()}, {"purse": found.table})
    held = any(item.spent_usd is not None for item in found.bought)
    return exit_of_search(held=held, complete=found.complete)
