"""``diversify compare``: what differs between two problems, why the cost does, who gains."""

from __future__ import annotations

from typing import Annotated

import typer

from service.cli.arguments import AllSeconds, AnalysisFolder, AsJson, Edits, Force, Gap
from service.cli.edge import reported
from service.cli.output import Output
from service.exits import Exit, exit_of, exit_of_search

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
    from service.options import options_from
    from service.run import edited_anew, find_result, problem_of

    output = Output.asked(out, force=force, as_json=as_json)
    if second is None and not edits:
        remedy = "Name a second problem, or changes to the first with --set."
        raise InputError([Finding("compare", "has nothing to compare with", remedy=remedy)])
    options = options_from({"time_limit": time_limit, "gap": gap})
    before = find_result(first)
    after = before if second is None else find_result(second)
    before, after = edited_anew(before, both or ()), edited_anew(after, both or ())
    after = edited_anew(after, edits or ())
    found = watched(lambda cancel: compared(before, after, options, cancel=cancel), ProgressLine())
    output.show(found)
    plain = {"comparison": found.to_plain(), "first": problem_of(before).to_plain()}
    output.keep(first, problem_of(after), options, plain, {"causes": found.causes})
    for result in (found.first, found.second):
        if not result.has_plan:
            return exit_of(result.status)
    return exit_of_search(held=True, complete=found.complete)
