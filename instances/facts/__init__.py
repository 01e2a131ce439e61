"""Public facts the shipped instances rest on: figures with their source, and oxide conversion."""

from instances.facts.loader import (
    PRECEDENCE,
    TABLES,
    Conflict,
    Fact,
    Origin,
    assumed,
    assumed_origins,
    conflicts,
    fact,
    facts,
    origins,
)
from instances.facts.soundness import faults, require_sound
from instances.facts.stoichiometry import (
    OXIDES,
    contained,
    content,
    mass_fraction,
    to_element,
    to_oxide,
)

__all__ = [
    "OXIDES",
    "PRECEDENCE",
    "TABLES",
    "Conflict",
    "Fact",
    "Origin",
    "assumed",
    "assumed_origins",
    "conflicts",
    "contained",
    "content",
    "fact",
    "facts",
    "faults",
    "mass_fraction",
    "origins",
    "require_sound",
    "to_element",
    "to_oxide",
]
