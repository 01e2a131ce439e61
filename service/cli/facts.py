"""``diversify instances facts``: what is known of a mineral, from whom, and how sure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from service.cli.arguments import AsJson
from service.cli.edge import reported
from service.cli.streams import say, say_json
from service.exits import Exit

if TYPE_CHECKING:
    from instances.facts.known import Figure


@reported
def facts(
    mineral: Annotated[
        str, typer.Argument(metavar="MINERAL", help="As the facts name it, such as antimony.")
    ],
    as_json: AsJson = False,
) -> Exit:
    """Show what is known of a mineral, who says so, how sure it is, and what is missing."""
    from instances.facts.known import known

    told = known(mineral)
    if as_json:
        say_json(told.to_plain())
        return Exit.GOOD
    parts = [told.mineral]
    for topic, figures in told.topics.items():
        parts.append("\n".join([topic.capitalize(), *(f"  {_line(item)}" for item in figures)]))
    if told.conflicts:
        listed = (f"  - {text}" for text in told.conflicts)
        parts.append(
            "\n".join(
                [
                    f"Conflicts ({len(told.conflicts)}); one source is taken whole, none averaged",
                    *listed,
                ]
            )
        )
    parts.append(f"Missing: {', '.join(told.missing) or 'nothing'}.")
    say("\n\n".join(parts))
    return Exit.GOOD


def _line(item: Figure) -> str:
    value = "no figure" if item.value is None else f"{item.value:,.10g} {item.unit}"
    told = ", ".join(part for part in (item.year, item.source, item.sure, item.where) if part)
    return f"{item.what}: {value} ({told})"
