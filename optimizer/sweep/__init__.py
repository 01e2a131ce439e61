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
from optimizer.sweep.screening import influence, screen

__all__ = [
    "Design",
    "Point",
    "PointRecord",
    "Range",
    "Sweep",
    "combined",
    "grid",
    "influence",
    "parse_range",
    "sample",
    "scenarios",
    "screen",
    "sweep",
    "tornado",
    "zipped",
]
