"""``diversify check``: whether a problem can be solved as it stands."""

from __future__ import annotations

from typing import Annotated

import typer

from service.cli.arguments import AsJson, Edits, Source
from service.cli.edge import reported
from service.cli.streams import say, say_json
from service.exits import Exit


@reported
def check(
    source: Source,
    edits: Edits = None,
    numbers: Annotated[
        bool,
        typer.Option(
            "--numbers", help="Build the model, too, and name its extreme coefficients and rows."
        ),
    ] = False,
    as_json: AsJson = False,
) -> Exit:
    """Check a problem and its edits without solving: every fault at once, or what it holds.

    Suppliers of which the buyers could take more than half are noted.
    """
    from service.run import edited, find, held, outline

    problem = edited(find(source), edits or ())
    about = outline(problem)
    report = None
    if numbers:
        from optimizer.coefficients import coefficients

        report = coefficients(problem)
    if as_json:
        extra = {} if report is None else {"numbers": report.to_plain()}
        say_json({"valid": True, "findings": [], **about, **extra})
        return Exit.GOOD
    say(f"{about['name']} is valid: {held(about['counts'])}.")
    for sentence in about["rules"]:
        say(f"  {sentence}")
    for event in problem.events:
        say(f"  {event.sentence(problem.names)}")
    for sentence in about["warnings"]:
        say(f"Note: {sentence}")
    for sentence in () if report is None else report.sentences():
        say(sentence)
    return Exit.GOOD
