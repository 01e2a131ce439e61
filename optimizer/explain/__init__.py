"""Explain: why there is no plan and what would restore one, or what binds in the one there is."""

from optimizer.explain.explain import explain
from optimizer.explain.explanation import Explanation

__all__ = ["Explanation", "explain"]
