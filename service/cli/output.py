"""Where the answer of an analysis goes: the terminal, in words or as JSON, and a folder."""

from __future__ import annotations

import shlex
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from service.cli.streams import say, say_json, tell

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import pandas as pd

    from instances import Problem
    from optimizer import Options


class Answer(Protocol):
    """What an analysis found."""

    def to_plain(self) -> dict[str, Any]:
        """Return it as plain data."""

    def summary(self) -> str:
        """Return it in words."""


@dataclass(frozen=True, slots=True)
class Output:
    """What is asked of the answer.

    Parameters
    ----------
    named
        The folder as it was named, ``None`` for none.
    target
        Where that is.
    as_json
        Whether standard output is JSON.
    """

    named: Path | None
    target: Path | None
    as_json: bool

    @classmethod
    def asked(cls, out: Path | None, *, force: bool, as_json: bool) -> Output:
        """Return the output that is asked for, before any work is done.

        Raises
        ------
        InputError
            Something is in the folder's place that may not be replaced.
        """
        from service.folder import refuse_unless_free

        target = None if out is None else out.resolve()
        if target is not None:
            refuse_unless_free(target, force=force)
        return cls(out, target, as_json)

    def show(self, found: Answer) -> None:
        """Write the answer to standard output."""
        if self.as_json:
            say_json(found.to_plain())
        else:
            say(found.summary())

    def keep(
        self,
        source: str,
        problem: Problem,
        options: Options,
        plain: Mapping[str, Mapping[str, Any]],
        tables: Mapping[str, pd.DataFrame],
    ) -> None:
        """Write the answer to the folder, if one is named, with what repeats it.

        Parameters
        ----------
        source
            Where the problem came from.
        problem, options
            What was asked about, edits applied, and how it was solved.
        plain, tables
            Plain data and tables by the name of their file, without its ending.
        """
        from service.folder import as_csv, write_analysis
        from service.folder import as_json as text_of

        if self.target is None:
            return
        files = {f"{name}.json": text_of(data) for name, data in plain.items()}
        files |= {f"{name}.csv": as_csv(table) for name, table in tables.items()}
        run = {"command": shlex.join(["diversify", *sys.argv[1:]]), "source": source}
        write_analysis(self.target, files, problem, options, run)
        tell(f"Wrote {self.named}.")
