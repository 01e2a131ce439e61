"""Grids: aligned columns of text, and which periods of a long horizon they show."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

MOST_NODES = 12


def spread(nodes: list[str]) -> list[str]:
    """Return all nodes, or about a dozen spread over the horizon."""
    if len(nodes) <= MOST_NODES:
        return nodes
    step = (len(nodes) - 1) / (MOST_NODES - 1)
    return [nodes[round(number * step)] for number in range(MOST_NODES)]


def grid(head: Sequence[str], cells: Iterable[Sequence[str]]) -> str:
    """Return rows of cells under a head, the first column to the left, the rest to the right."""
    table = [list(head), *(list(row) for row in cells)]
    widths = [max(len(row[column]) for row in table) for column in range(len(head))]
    return "\n".join("  " + "  ".join(_line(row, widths)) for row in table)


def _line(row: Sequence[str], widths: Sequence[int]) -> Iterator[str]:
    for column, (cell, width) in enumerate(zip(row, widths, strict=True)):
        yield cell.ljust(width) if column == 0 else cell.rjust(width)
