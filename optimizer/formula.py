"""Formulas: one expression that stands for all rows of a constraint, free of Pyomo.

A formula is linear in the variables: a sum of numbers, parameters and variables, with products by
what is constant. Symbols stand for the labels of a row, or of a member that a sum runs over.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Hashable


class ModelError(ValueError):
    """A constraint cannot be expanded: it is no template, or looks up what was not declared."""


@dataclass(frozen=True, slots=True)
class Symbol:
    """A label that a row or a sum fills in."""

    number: int


@dataclass(frozen=True, slots=True)
class Label:
    """A label written into the function itself."""

    value: Hashable


@dataclass(frozen=True, slots=True)
class Number:
    """A constant."""

    value: float


@dataclass(frozen=True, slots=True)
class Lookup:
    """A parameter or variable at an index."""

    name: str
    index: tuple[Symbol | Label, ...]
    variable: bool


@dataclass(frozen=True, slots=True)
class Sum:
    """The sum of some terms."""

    terms: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class Product:
    """What is constant times anything."""

    factor: Term
    term: Term


@dataclass(frozen=True, slots=True)
class Inverse:
    """One over what is constant."""

    term: Term


@dataclass(frozen=True, slots=True)
class Range:
    """What a sum runs over: the rows of a set, or (with an index) the members of one of its rows.

    ``symbols`` has one entry per dimension of what it runs over.
    """

    symbols: tuple[Symbol, ...]
    name: str
    index: tuple[Symbol | Label, ...] | None


@dataclass(frozen=True, slots=True)
class Total:
    """A term summed over ranges, of which a later one may depend on the symbols of an earlier."""

    term: Term
    ranges: tuple[Range, ...]


Term = Number | Lookup | Sum | Product | Inverse | Total
Sense = Literal["equal", "at_most"]


@dataclass(frozen=True, slots=True)
class Relation:
    """One row for each row of an index table.

    Parameters
    ----------
    symbols
        The symbols of the row's labels.
    left, right
        The two sides.
    sense
        ``left`` equals ``right``, or is at most as large.
    least
        The lower limit of ``left`` where it lies between two constants.
    """

    symbols: tuple[Symbol, ...]
    left: Term
    right: Term
    sense: Sense
    least: Term | None = None


def constant(term: Term) -> bool:
    """Return whether ``term`` holds no variable."""
    match term:
        case Number():
            return True
        case Lookup():
            return not term.variable
        case Sum():
            return all(constant(part) for part in term.terms)
        case Product():
            return constant(term.factor) and constant(term.term)
        case Inverse() | Total():
            return constant(term.term)


def symbols(term: Term) -> frozenset[int]:
    """Return the symbols that ``term`` leaves open."""
    match term:
        case Number():
            return frozenset()
        case Lookup():
            return _open(term.index)
        case Sum():
            return frozenset().union(*(symbols(part) for part in term.terms))
        case Product():
            return symbols(term.factor) | symbols(term.term)
        case Inverse():
            return symbols(term.term)
        case Total():
            found = symbols(term.term)
            for run in reversed(term.ranges):
                found = found - _open(run.symbols) | _open(run.index or ())
            return found


def _open(index: tuple[Symbol | Label, ...]) -> frozenset[int]:
    return frozenset(place.number for place in index if isinstance(place, Symbol))
