"""Decompose: two-stage problems by an L-shaped loop over warm instances."""

from optimizer.decompose.choice import Choice, choose
from optimizer.decompose.lshaped import by_parts, l_shaped
from optimizer.decompose.recourse import Trouble

__all__ = ["Choice", "Trouble", "by_parts", "choose", "l_shaped"]
