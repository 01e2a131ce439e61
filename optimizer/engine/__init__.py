"""The engine below all analyses: one HiGHS instance a structure, moved from point to point."""

from optimizer.engine.family import Axis, Family
from optimizer.engine.line import Line, learn
from optimizer.engine.places import Places, difference, same_structure
from optimizer.engine.program import Program

__all__ = ["Axis", "Family", "Line", "Places", "Program", "difference", "learn", "same_structure"]
