"""HiGHS: the only package that speaks to the solver."""

from __future__ import annotations

import highspy

from optimizer.highs.conflict import irreducible_set
from optimizer.highs.instance import Instance
from optimizer.highs.model import model_text

__all__ = ["Instance", "irreducible_set", "model_text", "version"]


def version() -> str:
    """Return the version of HiGHS."""
    return str(highspy.Highs().version())
