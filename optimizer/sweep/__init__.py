"""Sweep: one problem solved at many points, warm, checked, resumable, one status a point."""

from optimizer.sweep.design import (
    Design,
    Point,
    combined,
    grid,
    sample,
    scenarios,
    tornado,
    zipped,
)
from optimizer.sweep.outcome import PointRecord, Sweep
from optimizer.sweep.ranges import Range, parse_range
from optimizer.sweep.run import sweep

__all__ = [
    "Design",
    "Point",
    "PointRecord",
    "Range",
    "Sweep",
    "combined",
    "grid",
    "parse_range",
    "sample",
    "scenarios",
    "sweep",
    "tornado",
    "zipped",
]
