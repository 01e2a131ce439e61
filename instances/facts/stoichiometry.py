"""Oxide, element and content: conversion by atomic weight.

A tonne of rare-earth oxide (REO) is not a tonne of metal: Nd2O3 holds 2 x 144.24 of neodymium in
2 x 144.24 + 3 x 15.999 of oxide, 85.7 %.
"""

from __future__ import annotations

import re
from functools import cache

# IUPAC abridged standard atomic weights.
ATOMIC_WEIGHTS = {
    "Li": 6.94,
    "B": 10.81,
    "C": 12.011,
    "O": 15.999,
    "F": 18.998,
    "Ca": 40.078,
    "Ti": 47.867,
    "V": 50.942,
    "Cr": 51.996,
    "Fe": 55.845,
    "As": 74.922,
    "Nb": 92.906,
    "Ta": 180.95,
    "W": 183.84,
    "Sc": 44.956,
    "Y": 88.906,
    "La": 138.91,
    "Ce": 140.12,
    "Pr": 140.91,
    "Nd": 144.24,
    "Sm": 150.36,
    "Eu": 151.96,
    "Gd": 157.25,
    "Tb": 158.93,
    "Dy": 162.50,
    "Ho": 164.93,
    "Er": 167.26,
    "Tm": 168.93,
    "Yb": 173.05,
    "Lu": 174.97,
}
OXIDES = {
    "Sc": "Sc2O3",
    "Y": "Y2O3",
    "La": "La2O3",
    "Ce": "CeO2",
    "Pr": "Pr6O11",
    "Nd": "Nd2O3",
    "Sm": "Sm2O3",
    "Eu": "Eu2O3",
    "Gd": "Gd2O3",
    "Tb": "Tb4O7",
    "Dy": "Dy2O3",
    "Ho": "Ho2O3",
    "Er": "Er2O3",
    "Tm": "Tm2O3",
    "Yb": "Yb2O3",
    "Lu": "Lu2O3",
}
"""Element to the oxide it is traded and reported as."""

_SYMBOL = re.compile(r"[A-Z][a-z]?")
_ATOM = re.compile(r"([A-Z][a-z]?)(\d*)")


@cache
def _masses(formula: str) -> dict[str, float]:
    if not formula or _ATOM.sub("", formula):
        raise ValueError(f"{formula!r} is not a formula such as Nd2O3.")
    masses: dict[str, float] = {}
    for element, count in _ATOM.findall(formula):
        if element not in ATOMIC_WEIGHTS:
            known = ", ".join(ATOMIC_WEIGHTS)
            raise ValueError(
                f"{formula!r} names {element!r}, of which no weight is held ({known})."
            )
        masses[element] = masses.get(element, 0.0) + ATOMIC_WEIGHTS[element] * int(count or 1)
    return masses


def mass_fraction(formula: str, element: str) -> float:
    """Return the tonnes of ``element`` in a tonne of ``formula``: 0.857 for Nd in Nd2O3.

    Raises
    ------
    ValueError
        The formula cannot be read, or does not hold the element.
    """
    masses = _masses(formula)
    if element not in masses:
        raise ValueError(f"{formula!r} holds no {element!r}.")
    return masses[element] / sum(masses.values())


def _oxide(element: str) -> str:
    if element not in OXIDES:
        raise ValueError(f"no oxide is held for {element!r}; there are {', '.join(OXIDES)}.")
    return OXIDES[element]


def to_oxide(element: str, tonnes: float) -> float:
    """Return the tonnes of oxide that hold ``tonnes`` of ``element``."""
    return tonnes / mass_fraction(_oxide(element), element)


def to_element(element: str, tonnes: float) -> float:
    """Return the tonnes of ``element`` in ``tonnes`` of its oxide."""
    return tonnes * mass_fraction(_oxide(element), element)


_BASES = {
    "Li2O": "Li",
    "Li2CO3": "Li",
    "Cr2O3": "Cr",
    "As2O3": "As",
    "Nb2O5": "Nb",
    "Ta2O5": "Ta",
    "V2O5": "V",
    "WO3": "W",
    "TiO2": "Ti",
    "CaF2": "F",
}
"""Compound in which tonnes are counted to the element that is meant."""


def content(basis: str) -> tuple[str, float] | None:
    """Return of what element a tonne on ``basis`` holds how much, ``None`` where none is known.

    "Li2O content" holds 0.4645 t of Li, "Ta content" 1 t of Ta. A gross weight, or oxides of
    several elements such as REO, tell nothing without an assay.
    """
    name = basis.removesuffix(" content").strip()
    if name in _BASES:
        return _BASES[name], mass_fraction(name, _BASES[name])
    if _SYMBOL.fullmatch(name):
        return name, 1.0
    return None


def contained(tonnes: float, basis: str, element: str) -> float:
    """Return the tonnes of ``element`` in ``tonnes`` counted on ``basis``.

    Raises
    ------
    ValueError
        The basis does not tell how much of the element it holds.
    """
    found = content(basis)
    if found is None or found[0] != element:
        raise ValueError(
            f"tonnes of {basis or 'unstated basis'!r} do not tell those of {element}."
        )
    return tonnes * found[1]
