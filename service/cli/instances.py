"""``diversify instances``: the problems that come with the program."""

from __future__ import annotations

import textwrap
from typing import Annotated

import typer

from service.cli.arguments import AsJson
from service.cli.edge import reported
from service.cli.facts import facts
from service.cli.streams import say, say_json
from service.exits import Exit

app = typer.Typer(help="The problems that come with the program.", no_args_is_help=True)
WIDTH = 98

app.command("facts")(facts)


@app.command("list")
@reported
def list_instances(as_json: AsJson = False) -> Exit:
    """List the shipped instances."""
    import instances

    entries = [instances.describe(name) for name in instances.instance_names()]
    if as_json:
        say_json([{"name": entry.name, "about": entry.about} for entry in entries])
        return Exit.GOOD
    for entry in entries:
        say(f"{entry.name}\n{_wrapped(entry.about)}")
    return Exit.GOOD


@app.command("show")
@reported
def show(
    name: Annotated[str, typer.Argument(metavar="NAME", help="A shipped instance.")],
    number: Annotated[
        str | None,
        typer.Option(
            metavar="PATH",
            help="Show where one number comes from instead, down to the row of the facts: "
            "'offers[chn-antimony].capacity'.",
        ),
    ] = None,
    as_json: AsJson = False,
) -> Exit:
    """Show what an instance holds, where its numbers come from and what is assumed."""
    import instances
    from service.run import held, outline

    if number is not None:
        return _show_number(name, number, as_json)

    about = instances.describe(name)
    rules = outline(instances.load(name))["rules"]
    if as_json:
        say_json({**about.to_plain(), "rules": rules})
        return Exit.GOOD
    assumptions = [f"{item.where}: {item.reason}" for item in about.assumptions]
    time = f"{about.periods} periods from {about.start} to {about.end}"
    parts = [
        f"{about.name}\n{_wrapped(about.about)}",
        _wrapped(f"Holds {time}; {held(about.counts)}.", ""),
        _listed("Rules", rules),
        _listed("Sources", [_source(source) for source in about.sources]),
        _listed(f"Assumptions ({len(assumptions)})", assumptions),
        about.readme.strip(),
    ]
    say("\n\n".join(part for part in parts if part))
    return Exit.GOOD


def _show_number(name: str, path: str, as_json: bool) -> Exit:
    from instances import load
    from instances.provenance import provenance

    told = provenance(load(name), path)
    if as_json:
        say_json(told.to_plain())
        return Exit.GOOD
    say(f"{told.where}: {told.value}")
    if told.source is not None:
        say(_wrapped(f"Source: {told.source}"))
    if told.assumption is not None:
        say(_wrapped(f"Assumption: {told.assumption}"))
    say(_listed("  Rows of the facts", list(told.rows)))
    return Exit.GOOD


def _source(source: dict[str, str]) -> str:
    told = [source["title"], source["publisher"], source["licence"], source["note"]]
    return f"{source['id']}: {'. '.join(part for part in told if part)}"


def _listed(title: str, lines: list[str]) -> str:
    if not lines:
        return f"{title}\n  none"
    return "\n".join([title, *(_wrapped(line, "  - ", "    ") for line in lines)])


def _wrapped(text: str, first: str = "  ", rest: str = "  ") -> str:
    return textwrap.fill(text, WIDTH, initial_indent=first, subsequent_indent=rest)
