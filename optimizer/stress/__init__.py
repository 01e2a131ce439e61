"""Stress: a plan that stands, a shock that nobody foresaw, and what can still be done about it."""

from optimizer.stress.outcome import Stress
from optimizer.stress.run import cases_of, stress

__all__ = ["Stress", "cases_of", "stress"]
