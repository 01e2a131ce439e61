"""Explain: why there is no plan, what would restore one, what binds, and why somebody is in."""

from optimizer.explain.explain import explain
from optimizer.explain.explanation import Explanation
from optimizer.explain.why import Why, why

__all__ = ["Explanation", "Why", "explain", "why"]
