"""Faults: what is wrong with a plan, in sentences, a few of each kind."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

TOLERANCE = 1e-6
SHOWN = 5


def tolerance(size: NDArray[np.float64] | float) -> NDArray[np.float64]:
    """Return how far a row may be off: `TOLERANCE` of its ``size``, or of 1 if that is more."""
    return TOLERANCE * np.maximum(1.0, np.abs(size))


def figure(amount: float) -> str:
    """Return a number with the digits it takes to see a disagreement."""
    return f"{amount:,.10g}"


class Faults:
    """The faults found so far, in the order of the checks."""

    def __init__(self) -> None:
        self.sentences: list[str] = []

    def add(self, sentence: str) -> None:
        """Note one fault."""
        self.sentences.append(sentence)

    def several(self, sentences: list[str]) -> None:
        """Note faults of one kind: the first few, then how many more."""
        self.where(np.ones(len(sentences), dtype=bool), lambda position: sentences[position])

    def where(self, wrong: NDArray[np.bool_], say: Callable[[int], str]) -> None:
        """Note a fault for each position where ``wrong`` holds: the first few, then how many more.

        Parameters
        ----------
        wrong
            One-dimensional.
        say
            Position to sentence.
        """
        found = np.flatnonzero(wrong)
        self.sentences += [say(int(position)) for position in found[:SHOWN]]
        if len(found) > SHOWN:
            rest = len(found) - SHOWN
            self.sentences.append(f"... and {rest} more of this kind ({len(found)} in total).")
