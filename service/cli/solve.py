"""``diversify solve``: the cheapest plan that keeps the rules."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from service.cli.arguments import AsJson, Edits, Force, Gap, OutFolder, Source
from service.cli.edge import reported
from service.cli.streams import say, say_json, tell
from service.exits import Exit, exit_of
from service.explained import DIAGNOSE_SECONDS, Diagnose, explained, wants_explanation

if TYPE_CHECKING:
    from optimizer import Explanation, Options, Result

WORKBOOK = ".xlsx"


@reported
def solve(
    source: Source,
    edits: Edits = None,
    as_json: AsJson = False,
    out: OutFolder = None,
    force: Force = False,
    time_limit: Annotated[
        float | None, typer.Option(metavar="SECONDS", help="Stop after this long.")
    ] = None,
    gap: Gap = None,
    threads: Annotated[
        int | None, typer.Option(metavar="N", help="Threads of the solver.")
    ] = None,
    seed: Annotated[
        int | None, typer.Option(metavar="N", help="Random seed of the solver.")
    ] = None,
    log: Annotated[
        str | None,
        typer.Option(
            metavar="FILE", help="Write the solver's log to a file, '-' for the terminal."
        ),
    ] = None,
    hhi_tolerance: Annotated[
        float | None,
        typer.Option(metavar="X", help="How far above its cap a concentration may lie."),
    ] = None,
    no_tie_break: Annotated[
        bool, typer.Option("--no-tie-break", help="Take any of several equally cheap plans.")
    ] = False,
    goals: Annotated[
        str | None,
        typer.Option(
            metavar="GOALS",
            help="What to seek, in order, each held while the next is sought: shortfall, cost, "
            "concentration; and how far each may give way: 'shortfall,cost:1%,concentration'.",
        ),
    ] = None,
    method: Annotated[
        str | None,
        typer.Option(
            metavar="WAY",
            help="How a tree of scenarios is solved: extensive (in one piece), l-shaped (branch "
            "by branch), or auto.",
        ),
    ] = None,
    share_intervals: Annotated[
        bool,
        typer.Option(
            "--share-intervals",
            help="Also tell the least and the most that shares can be where lots mix.",
        ),
    ] = False,
    prices: Annotated[
        bool,
        typer.Option(
            "--prices",
            help="Also price every rule: its dual and where it holds, and solves a step to "
            "either side.",
        ),
    ] = False,
    shares_of: Annotated[
        list[str] | None,
        typer.Option(
            "--shares-of",
            metavar="WHO",
            help="The same for any share, as often as given: "
            "'of=CHN,commodity=gallium,origin=traced,demand_class=defence'.",
        ),
    ] = None,
    diagnose: Annotated[
        Diagnose,
        typer.Option(
            help="Say why and what would help: when there is no plan (or a refused shortfall), "
            f"for {DIAGNOSE_SECONDS:.0f} s at most; never; or always, and then what binds, too."
        ),
    ] = Diagnose.WHEN_DETECTED,
    fail_on_shortfall: Annotated[
        bool, typer.Option("--fail-on-shortfall", help="Exit 3 when any demand stays unmet.")
    ] = False,
) -> Exit:
    """Find the cheapest plan that keeps the rules, and say what binds and what it costs."""
    from optimizer.record import as_asked
    from service.cli.log import TERMINAL, write_log
    from service.cli.watch import solve_watched
    from service.folder import (
        refuse_file_unless_free,
        refuse_unless_free,
        refuse_unless_writable,
        write_result,
    )
    from service.options import options_from
    from service.run import edited, find, made_of, shortfall

    target = None if out is None else out.resolve()
    as_workbook = target is not None and target.suffix.lower() == WORKBOOK
    if target is not None:
        (refuse_file_unless_free if as_workbook else refuse_unless_free)(target, force=force)
    if log is not None and log != TERMINAL:
        refuse_unless_writable(Path(log).resolve())
    options = options_from(
        {
            "time_limit": time_limit,
            "gap": gap,
            "threads": threads,
            "seed": seed,
            "hhi_tolerance": hhi_tolerance,
            "log": log is not None,
            "tie_break": not no_tie_break,
            "goals": None if goals is None else tuple(goals.split(",")),
            "method": method,
            "share_intervals": share_intervals,
            "rule_prices": prices,
            "shares_of": tuple(shares_of or ()),
        }
    )
    problem = edited(find(source), edits or ())
    result = as_asked(solve_watched(problem, options), made_of(source, edits or ()))
    unmet = shortfall(result)
    refused = fail_on_shortfall and unmet > 0
    told = _explained(result, options, diagnose, refused=refused)
    if as_json:
        extra = {} if told is None else {"explanation": told.to_plain()}
        say_json(result.to_plain() | extra)
        for warning in result.warnings:
            tell(f"Warning: {warning}")
        if unmet:
            tell(f"Unmet demand: {unmet:,.4g} t over the horizon.")
    else:
        say(result.summary())
        if told is not None:
            say(f"\n{told.summary(after_solve=True)}")
    if log is not None:
        write_log(log, result)
    if target is not None:
        if as_workbook:
            target.parent.mkdir(parents=True, exist_ok=True)
            result.to_excel(target, force)
        else:
            write_result(target, result, {"source": source})
        tell(f"Wrote {out}.")
    if refused:
        return Exit.INFEASIBLE
    return exit_of(result.status)


def _explained(
    result: Result, options: Options, diagnose: Diagnose, *, refused: bool
) -> Explanation | None:
    """Return the explanation of a result that needs one, ``None`` for any other."""
    from service.cli.watch import ProgressLine, watched

    if not wants_explanation(result, diagnose, refused=refused):
        return None
    return watched(lambda cancel: explained(result, options, cancel=cancel), ProgressLine())
