"""From a problem to its Pyomo model: a module per rule family, a function per constraint."""

from models.build import build
from models.frame import Frame

__all__ = ["Frame", "build"]
