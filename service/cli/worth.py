"""``diversify worth``: what foresight is worth, and where a first decision turns."""

from __future__ import annotations

import time
from typing import Annotated

import typer

from service.cli.arguments import AllSeconds, AnalysisFolder, AsJson, Edits, Force, Gap
from service.cli.edge import reported
from service.cli.output import Output
from service.cli.streams import say, say_json
from service.exits import Exit, exit_of_search


@reported
def worth(
    source: Annotated[
        str,
        typer.Argument(
            metavar="PLAN",
            help="A problem with scenarios as `solve` takes it; or a result, whose plan's regret "
            "is told: result.json or the folder that holds it.",
        ),
    ],
    reference: Annotated[
        str | None,
        typer.Option(
            metavar="SCENARIO",
            help="Make the plan for the mean for this scenario; for data averaged over all "
            "scenarios if not given.",
        ),
    ] = None,
    flip: Annotated[
        list[str] | None,
        typer.Option(
            metavar="SCENARIO",
            help="Also find the probabilities of this scenario at which the first decision turns "
            "between stockpiles, contracts and plants; as often as given.",
        ),
    ] = None,
    pooling: Annotated[
        bool,
        typer.Option(
            "--pooling",
            help="Also say what sharing each pool saves against a stockpile for each member.",
        ),
    ] = False,
    edits: Edits = None,
    time_limit: AllSeconds = None,
    gap: Gap = None,
    as_json: AsJson = False,
    out: AnalysisFolder = None,
    force: Force = False,
) -> Exit:
    """Say what it is worth to know the scenario and to plan for all, and what is regretted."""
    from optimizer import worth as worth_of
    from service.analyses import pooled, pooled_in_words, turned
    from service.asks import WorthAsk
    from service.cli.watch import ProgressLine, watched
    from service.options import ask_from, options_from
    from service.run import edited_anew, find_result, problem_of

    output = Output.asked(out, force=force, as_json=as_json)
    said = {"reference": reference, "flip": tuple(flip or ()), "pooling": pooling}
    ask = ask_from(WorthAsk, said)
    options = options_from({"time_limit": time_limit, "gap": gap})
    subject = edited_anew(find_result(source), edits or ())
    problem = problem_of(subject)
    begun = time.monotonic()
    found = watched(
        lambda cancel: worth_of(subject, ask.reference, options, cancel=cancel), ProgressLine()
    )
    spent = time.monotonic() - begun
    turns, whole = watched(
        lambda cancel: turned(problem, ask, options, spent, cancel), ProgressLine()
    )
    shared = pooled(problem, ask, options)
    plain = found.to_plain() | {"flips": [turn.to_plain() for turn in turns], "pooling": shared}
    if output.as_json:
        say_json(plain)
    else:
        say(found.summary())
        for turn in turns:
            say(turn.sentence())
        if not whole:
            say("Time ran out: where the first decision turns was not looked at to the end.")
        elif flip and not turns:
            say("The first decision does not turn, whatever the probability.")
        if shared is not None:
            say(pooled_in_words(shared))
    output.keep(source, problem, options, {"worth": plain}, {"scenarios": found.table})
    return exit_of_search(held=found.recourse is not None, complete=found.complete and whole)
