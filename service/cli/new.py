"""``diversify new``: a problem to begin from."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

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
    mineral: Annotated[
        str | None,
        typer.Option(
            metavar="MINERAL",
            help="Build the problem of a mineral from the facts, such as antimony; what is known: "
            "diversify instances facts MINERAL.",
        ),
    ] = None,
    buyer: Annotated[
        str | None,
        typer.Option(metavar="COUNTRY", help="Who needs the mineral; USA if not given."),
    ] = None,
    first: Annotated[
        int | None, typer.Option("--from", metavar="YEAR", help="First year; 2026 if not given.")
    ] = None,
    last: Annotated[
        int | None, typer.Option("--to", metavar="YEAR", help="Last year; 2035 if not given.")
    ] = None,
    force: Force = False,
) -> Exit:
    """Write a problem to start from: an example with remarks, or a mineral's from the facts."""
    from instances.errors import Finding, InputError
    from instances.starter import write_starter

    if mineral is not None:
        return _of_mineral(mineral, path, form, force, buyer=buyer, first=first, last=last)
    if (buyer, first, last) != (None, None, None):
        raise InputError([Finding("--mineral", "is missing: --buyer, --from and --to go with it")])
    form = form or (ENDINGS.get(path.suffix.lower()) if path is not None else None) or Form.YAML
    place = path or Path("my-problem" + ("" if form is Form.FOLDER else f".{form.value}"))
    write_starter(place, form.value, force)
    tell(f"Wrote {place}. Solve it: diversify solve {_as_path(place)}")
    return Exit.GOOD


def _of_mineral(
    mineral: str, path: Path | None, form: Form | None, force: bool, **asked: str | int | None
) -> Exit:
    from instances import assumptions, write
    from instances.from_facts import from_facts

    given: dict[str, Any] = {name: value for name, value in asked.items() if value is not None}
    problem = from_facts(mineral, **given)
    form = form or (ENDINGS.get(path.suffix.lower()) if path is not None else None) or Form.YAML
    place = path or Path(problem.name + ("" if form is Form.FOLDER else f".{form.value}"))
    write(problem, place, force, form.value)
    count = sum(1 for _ in assumptions(problem))
    told = f"Wrote {place}, {count} of its numbers assumed."
    tell(f"{told} Solve it: diversify solve {_as_path(place)}")
    return Exit.GOOD


def _as_path(place: Path) -> str:
    # a bare word would be taken for the name of a shipped instance
    return str(place) if place.suffix or len(place.parts) > 1 else f"./{place}"
