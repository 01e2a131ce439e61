"""``diversify worth``: what foresight is worth, and where a first decision turns."""

from __future__ import annotations

import shlex
import sys
import threading
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from service.cli.arguments import AnalysisFolder, AsJson, Edits, Force, Gap
from service.cli.edge import reported
from service.cli.streams import say, say_json, tell
from service.exits import Exit

if TYPE_CHECKING:
    from optimizer import Flip


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
    edits: Edits = None,
    gap: Gap = None,
    as_json: AsJson = False,
    out: AnalysisFolder = None,
    force: Force = False,
) -> Exit:
    """Say what it is worth to know the scenario and to plan for all, and what is regretted."""
    from optimizer import Result, flips
    from optimizer import worth as worth_of
    from service.cli.watch import ProgressLine, watched
    from service.folder import as_csv, refuse_unless_free, write_analysis
    from service.folder import as_json as text_of
    from service.options import options_from
    from service.run import edited, find_result

    target = None if out is None else out.resolve()
    if target is not None:
        refuse_unless_free(target, force=force)
    options = options_from({"gap": gap})
    subject = find_result(source)
    if edits:
        # an edited problem has another plan
        subject = edited(subject.problem if isinstance(subject, Result) else subject, edits)
    problem = subject.problem if isinstance(subject, Result) else subject
    found = watched(
        lambda cancel: worth_of(subject, reference, options, cancel=cancel), ProgressLine()
    )
    turns = [
        turn
        for turning in (partial(flips, problem, name, options=options) for name in flip or ())
        for turn in watched(partial(_cancelled, turning), ProgressLine())
    ]
    plain = found.to_plain() | {"flips": [turn.to_plain() for turn in turns]}
    if as_json:
        say_json(plain)
    else:
        say(found.summary())
        for turn in turns:
            say(turn.sentence())
        if flip and not turns:
            say("The first decision does not turn, whatever the probability.")
    if target is not None:
        files = {"worth.json": text_of(plain), "scenarios.csv": as_csv(found.table)}
        run = {"command": shlex.join(["diversify", *sys.argv[1:]]), "source": source}
        write_analysis(target, files, problem, options, run)
        tell(f"Wrote {out}.")
    return Exit.INFEASIBLE if found.recourse is None else Exit.GOOD


def _cancelled(work: Callable[..., tuple[Flip, ...]], cancel: threading.Event) -> tuple[Flip, ...]:
    return work(cancel=cancel)
