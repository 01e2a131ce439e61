"""``diversify new``: a problem to begin from."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from service.cli.arguments import Force
from service.cli.edge import reported
from service.cli.streams import tell
from service.exits import Exit


class Form(StrEnum):
    """In which form a problem is kept."""

    YAML = "yaml"
    JSON = "json"
    FOLDER = "folder"
    XLSX = "xlsx"


ENDINGS = {".yaml": Form.YAML, ".yml": Form.YAML, ".json": Form.JSON, ".xlsx": Form.XLSX}


@reported
def new(
    path: Annotated[
        Path | None,
        typer.Argument(
            metavar="[PATH]", help="Where to write it; 'my-problem' and its ending if not given."
        ),
    ] = None,
    form: Annotated[
        Form | None,
        typer.Option(
            "--form",
            help="One file (yaml, json), a folder of CSV tables, or a workbook; by the ending of "
            "PATH if not given, else yaml.",
        ),
    ] = None,
    force: Force = False,
) -> Exit:
    """Write an example to start from: a small problem that solves, with remarks."""
    from instances.starter import write_starter

    form = form or (ENDINGS.get(path.suffix.lower()) if path is not None else None) or Form.YAML
    place = path or Path("my-problem" + ("" if form is Form.FOLDER else f".{form.value}"))
    write_starter(place, form.value, force)
    tell(f"Wrote {place}. Solve it: diversify solve {_as_path(place)}")
    return Exit.GOOD


def _as_path(place: Path) -> str:
    # a bare word would be taken for the name of a shipped instance
    return str(place) if place.suffix or len(place.parts) > 1 else f"./{place}"
