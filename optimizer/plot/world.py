"""The countries' shapes and middles, as the page's map has them: the files in ``geometry``."""

from __future__ import annotations

import json
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

Ring = list[tuple[float, float]]
"""Longitude and latitude, in degrees, of the points around some land; closed."""


def geometry() -> Traversable:
    """Return the folder of ``world.json`` and ``places.json``; its README says where from."""
    return files("optimizer").joinpath("plot", "geometry")


@lru_cache(maxsize=1)
def shapes() -> dict[str, list[Ring]]:
    """Return the outlines of each country of the map, by alpha-3 code."""
    world = json.loads(geometry().joinpath("world.json").read_text(encoding="utf-8"))
    return {
        feature["properties"]["name"]: [
            [(x, y) for x, y in polygon[0]] for polygon in feature["geometry"]["coordinates"]
        ]
        for feature in world["features"]
    }


@lru_cache(maxsize=1)
def middles() -> dict[str, tuple[float, float]]:
    """Return longitude and latitude of each country's middle, by alpha-3 code.

    Countries too small for the map have none.
    """
    places = json.loads(geometry().joinpath("places.json").read_text(encoding="utf-8"))
    return {code: (x, y) for code, (_, x, y) in places.items() if x is not None}
