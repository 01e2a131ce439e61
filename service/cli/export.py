"""``diversify export``: a problem as a file."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from service.cli.arguments import Edits, Force, Source
from service.cli.edge import reported
from service.cli.streams import say, tell
from service.exits import Exit


class Format(StrEnum):
    """What a problem can be written as."""

    YAML = "yaml"
    JSON = "json"


@reported
def export(
    source: Source,
    edits: Edits = None,
    form: Annotated[
        Format | None,
        typer.Option(
            "--format", help="What to write; by the ending of --out if not given, else yaml."
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="FILE", help="Write to this file, not the terminal."),
    ] = None,
    force: Force = False,
) -> Exit:
    """Write a problem, with its edits applied, as YAML or JSON."""
    from instances import dump
    from instances.write import write_text
    from service.run import edited, find

    if form is None:
        form = Format.JSON if out is not None and out.suffix.lower() == ".json" else Format.YAML
    text = dump(edited(find(source), edits or ()), form.value)
    if out is None:
        say(text)
    else:
        write_text(text, out, force)
        tell(f"Wrote {out}.")
    return Exit.GOOD
