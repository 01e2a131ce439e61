"""The solver's log, where the user wants it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from service.cli.streams import tell

if TYPE_CHECKING:
    from optimizer import Result

TERMINAL = "-"


def write_log(place: str, result: Result) -> None:
    """Write the log that ``result`` kept to a file, or to standard error for ``-``.

    Raises
    ------
    InputError
        The file cannot be written.
    """
    from instances.write import write_text

    text = "\n".join(result.record["log"] or ()) + "\n"
    if place == TERMINAL:
        tell(text, end="")
    else:
        write_text(text, place, force=True)
