"""Public facts the shipped instances rest on: figures with their source, and oxide conversion."""

from instances.facts.loader import (
    PRECEDENCE,
    Conflict,
    Fact,
    Origin,
    conflicts,
    fact,
    facts,
    origins,
)
from instances.facts.stoichiometry import OXIDES, mass_fraction, to_element, to_oxide

__all__ = [
    "OXIDES",
    "PRECEDENCE",
    "Conflict",
    "Fact",
    "Origin",
    "conflicts",
    "fact",
    "facts",
    "mass_fraction",
    "origins",
    "to_element",
    "to_oxide",
]
