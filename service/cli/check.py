"""``diversify check``: whether a problem can be solved as it stands."""

from __future__ import annotations

from service.cli.arguments import AsJson, Edits, Source
from service.cli.edge import reported
from service.cli.streams import say, say_json
from service.exits import Exit


@reported
def check(source: Source, edits: Edits = None, as_json: AsJson = False) -> Exit:
    """Check a problem and its edits without solving: every fault at once, or what it holds."""
    from service.run import edited, find, held, outline

    about = outline(edited(find(source), edits or ()))
    if as_json:
        say_json({"valid": True, "findings": [], **about})
        return Exit.GOOD
    say(f"{about['name']} is valid: {held(about['counts'])}.")
    for sentence in about["rules"]:
        say(f"  {sentence}")
    return Exit.GOOD
