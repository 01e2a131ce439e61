"""``diversify compare``: what differs between two problems, why the cost does, who gains."""

from __future__ import annotations

import shlex
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from service.cli.arguments import AllSeconds, AnalysisFolder, AsJson, Edits, Force, Gap
from service.cli.edge import reported
from service.cli.streams import say, say_json, tell
from service.exits import Exit, exit_of, exit_of_search

if TYPE_CHECKING:
    from instances import Problem
    from optimizer import Result

Compared = typer.Argument(
    metavar="PROBLEM",
    help="A problem as `solve` takes it, or a result: result.json or the folder that holds it.",
)


@reported
def compare(
    first: Annotated[str, Compared],
    second: Annotated[str | None, Compared] = None,
    edits: Edits = None,
    both: Annotated[
        list[str] | None,
        typer.Option(
            metavar="EDIT",
            help="Change either problem so, before --set: what is compared starts from there.",
        ),
    ] = None,
    time_limit: AllSeconds = None,
    gap: Gap = None,
    as_json: AsJson = False,
    out: AnalysisFolder = None,
    force: Force = False,
) -> Exit:
    """Say what differs between two problems, what each cause adds to the cost, and who gains.

    The plan of a result is taken as it is, not solved for again.

    Without a second problem it is the first one with the changes of --set; with one, these are
    made to the second. Changes of --both are made to either before.
    """
    from instances.errors import Finding, InputError
    from optimizer import compare as compared
    from service.cli.watch import ProgressLine, watched
    from service.folder import as_csv, refuse_unless_free, write_analysis
    from service.folder import as_json as text_of
    from service.options import options_from
    from service.run import edited, find_result

    target = None if out is None else out.resolve()
    if target is not None:
        refuse_unless_free(target, force=force)
    if second is None and not edits:
        remedy = "Name a second problem, or changes to the first with --set."
        raise InputError([Finding("compare", "has nothing to compare with", remedy=remedy)])
    options = options_from({"time_limit": time_limit, "gap": gap})
    before = find_result(first)
    after = before if second is None else find_result(second)
    if both:
        before, after = edited(_problem(before), both), edited(_problem(after), both)
    if edits:
        after = edited(_problem(after), edits)
    found = watched(lambda cancel: compared(before, after, options, cancel=cancel), ProgressLine())
    if as_json:
        say_json(found.to_plain())
    else:
        say(found.summary())
    if target is not None:
        files = {
            "comparison.json": text_of(found.to_plain()),
            "causes.csv": as_csv(found.causes),
            "first.json": text_of(_problem(before).to_plain()),
        }
        run = {"command": shlex.join(["diversify", *sys.argv[1:]]), "source": first}
        write_analysis(target, files, _problem(after), options, run)
        tell(f"Wrote {out}.")
    for result in (found.first, found.second):
        if not result.has_plan:
            return exit_of(result.status)
    return exit_of_search(held=True, complete=found.complete)


def _problem(subject: Problem | Result) -> Problem:
    """Return the problem of what is compared."""
    from optimizer import Result

    return subject.problem if isinstance(subject, Result) else subject
