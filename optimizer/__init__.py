"""Solve and understand: from a problem to its result and what follows from it."""

from optimizer.curve import Curve
from optimizer.elastic import Break
from optimizer.frontier import frontier
from optimizer.options import Options, Progress
from optimizer.result import Result
from optimizer.solve import solve
from optimizer.status import Point, Status, Stop

__all__ = [
    "Break",
    "Curve",
    "Options",
    "Point",
    "Progress",
    "Result",
    "Status",
    "Stop",
    "frontier",
    "solve",
]
