"""The bar of a job that somebody waits for: points done, or what a solve holds."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from service.jobs.told import in_words

Draw = Callable[[str, Mapping[str, Any]], None]


@contextmanager
def bar(*, shown: bool) -> Iterator[Draw]:
    """Yield what draws an event (its kind and data) on standard error, if that is a terminal."""
    console = Console(stderr=True)
    if not (shown and console.is_terminal):
        yield lambda _kind, _data: None
        return
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, MofNCompleteColumn(), console=console, transient=True) as progress:
        task = progress.add_task("queued", total=None)

        def draw(kind: str, data: Mapping[str, Any]) -> None:
            if kind == "state":
                progress.update(task, description=str(data["state"]))
            elif "total" in data:
                progress.update(task, completed=data["done"], total=data["total"])
            else:
                progress.update(task, description=in_words(data))

        yield draw
