"""``diversify explain``: why there is no plan, and what would restore one; or what binds."""

from __future__ import annotations

import shlex
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from service.cli.arguments import AllSeconds, AnalysisFolder, AsJson, Edits, Force, Gap, Source
from service.cli.edge import reported
from service.cli.streams import say, say_json, tell
from service.exits import Exit, exit_of

if TYPE_CHECKING:
    from instances import Problem
    from optimizer import Explanation, Options, Why


@reported
def explain(
    source: Source,
    edits: Edits = None,
    why: Annotated[
        str | None,
        typer.Option(
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
            help="Say instead what the plan owes to assumptions: their share of cost and tonnes, "
            "and the ten that move the cost most, each a tenth up and down.",
        ),
    ] = False,
    as_json: AsJson = False,
    out: AnalysisFolder = None,
    force: Force = False,
) -> Exit:
    """Say why there is no plan and what would restore one, or what binds in the cheapest plan.

    With --why it is told of one supplier, plant or lane why it is in that plan or out of it.
    """
    from optimizer import explain as explained
    from optimizer import why as why_of
    from service.cli.watch import ProgressLine, watched
    from service.folder import as_json as text_of
    from service.folder import refuse_unless_free, write_analysis
    from service.options import options_from
    from service.run import edited, find

    target = None if out is None else out.resolve()
    if target is not None:
        refuse_unless_free(target, force=force)
    options = options_from({"time_limit": time_limit, "gap": gap})
    problem = edited(find(source), edits or ())
    if assumed:
        return _assumed(problem, options, as_json)
    told: Explanation | Why = watched(
        lambda cancel: (
            explained(problem, options, cancel=cancel)
            if why is None
            else why_of(problem, why, options, cancel=cancel)
        ),
        ProgressLine(),
    )
    if as_json:
        say_json(told.to_plain())
    else:
        say(told.summary())
    if target is not None:
        name = "explanation.json" if why is None else "why.json"
        files = {name: text_of(told.to_plain())}
        run = {"command": shlex.join(["diversify", *sys.argv[1:]]), "source": source}
        write_analysis(target, files, problem, options, run)
        tell(f"Wrote {out}.")
    if told.complete or not told.status.has_plan:
        return exit_of(told.status)
    return Exit.STOPPED_WITH_PLAN


def _assumed(problem: Problem, options: Options, as_json: bool) -> Exit:
    from optimizer.influence import owed_to_assumptions

    told = owed_to_assumptions(problem, options)
    if told is None:
        tell("There is no plan: run explain without --assumptions to see why.")
        return Exit.INFEASIBLE
    if as_json:
        say_json(told.to_plain())
        return Exit.GOOD
    parts = {"the cost of purchases": told.assumed_purchases, "the tonnes": told.assumed_tonnes}
    for what, part in parts.items():
        say(f"Of {what} {'nothing is bought' if part is None else f'{part:.0%}'} is assumed.")
    say(f"Of {told.tried} assumed numbers, these move the least cost most:")
    for item in told.influences:
        up, down = (
            "no plan" if value is None else f"{value:+,.0f} USD"
            for value in (item.up_usd, item.down_usd)
        )
        say(f"  {item.where}: a tenth more {up}, a tenth less {down}")
    return Exit.GOOD
