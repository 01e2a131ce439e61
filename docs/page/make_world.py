"""Make world.json of optimizer/plot/geometry, the countries of the page's map, from Natural Earth 1:110m.

    npm pack world-atlas@2.0.2 && tar xzf world-atlas-2.0.2.tgz
    python docs/page/make_world.py package/countries-110m.json > optimizer/plot/geometry/world.json

The source is TopoJSON: borders are shared arcs of whole numbers, each the step from the one before.
Here they are joined to rings of degrees, cut along 180 degrees (Russia and Fiji lie on both sides),
rounded to a tenth, and named by ISO 3166-1 alpha-3. Antarctica is left out: it holds a pole, and
nobody there sells.
"""

from __future__ import annotations

import hashlib
import json
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

import pycountry

SOURCE = "2516c915867c7baf18ddec727aec46c315541a07cfb3d79a6559b05d5e94eee8"
"""SHA-256 of countries-110m.json of world-atlas 2.0.2."""
ANTARCTICA = "010"
DIGITS = 1
EDGE = 180.0

Ring = list[tuple[float, float]]


def main(path: Path) -> None:
    """Print the countries as GeoJSON."""
    source = path.read_bytes()
    found = hashlib.sha256(source).hexdigest()
    if found != SOURCE:
        raise SystemExit(f"{path} is another version: SHA-256 {found}, not {SOURCE}")
    atlas = json.loads(source)
    arcs = [degrees(arc, atlas["transform"]) for arc in atlas["arcs"]]
    features = [
        {
            "type": "Feature",
            "properties": {"name": code_of(shape)},
            "geometry": {"type": "MultiPolygon", "coordinates": parts_of(shape, arcs)},
        }
        for shape in atlas["objects"]["countries"]["geometries"]
        if shape.get("id") != ANTARCTICA
    ]
    world = {"type": "FeatureCollection", "features": features}
    sys.stdout.write(json.dumps(world, separators=(",", ":"), ensure_ascii=False) + "\n")


def degrees(arc: list[list[int]], transform: dict[str, list[float]]) -> Ring:
    """Return the points of an arc, each stated as the step from the one before it."""
    x = y = 0
    points = []
    for step in arc:
        x, y = x + step[0], y + step[1]
        points.append(
            (
                x * transform["scale"][0] + transform["translate"][0],
                y * transform["scale"][1] + transform["translate"][1],
            )
        )
    return points


def code_of(shape: dict[str, Any]) -> str:
    """Return the alpha-3 code; the name where Natural Earth gives no code."""
    if "id" not in shape:
        return str(shape["properties"]["name"])
    return str(pycountry.countries.get(numeric=shape["id"]).alpha_3)


def parts_of(shape: dict[str, Any], arcs: list[Ring]) -> list[list[Ring]]:
    """Return the polygons of a country, none of them across 180 degrees."""
    polygons = shape["arcs"] if shape["type"] == "MultiPolygon" else [shape["arcs"]]
    parts: list[list[Ring]] = []
    for polygon in polygons:
        # holes lie within the first ring and never at the edge
        outer, *holes = [unrolled(joined(numbers, arcs)) for numbers in polygon]
        pieces = [piece for side in (-1, 0, 1) if (piece := rounded(window(outer, side)))]
        parts += [[piece, *map(rounded, holes)] for piece in pieces]
    return parts


def joined(numbers: list[int], arcs: list[Ring]) -> Ring:
    """Return the ring of the arcs; one that is run backwards is written as its complement."""
    ring: Ring = []
    for number in numbers:
        arc = arcs[number] if number >= 0 else arcs[~number][::-1]
        ring += arc[1:] if ring else arc
    return ring


def unrolled(ring: Ring) -> Ring:
    """Return the ring without jumps from one side of the map to the other."""
    points = [ring[0]]
    for (before, _), (x, y) in pairwise(ring):
        shift = points[-1][0] - before
        if x - before > EDGE:
            shift -= 2 * EDGE
        elif before - x > EDGE:
            shift += 2 * EDGE
        points.append((x + shift, y))
    return points


def window(ring: Ring, side: int) -> Ring:
    """Return the part of a ring within one turn of the globe, moved to -180 to 180 degrees."""
    turn = 2 * EDGE * side
    for edge, sign in ((turn - EDGE, 1), (turn + EDGE, -1)):
        ring = half(ring, edge, sign)
    return [(x - turn, y) for x, y in ring]


def half(ring: Ring, edge: float, sign: int) -> Ring:
    """Return the part of a ring on one side of a meridian (Sutherland and Hodgman, 1974)."""
    kept: Ring = []
    for (x0, y0), (x1, y1) in pairwise([*ring, ring[0]] if ring else []):
        inside, following = sign * (x0 - edge) >= 0, sign * (x1 - edge) >= 0
        if inside:
            kept.append((x0, y0))
        if inside != following:
            kept.append((edge, y0 + (y1 - y0) * (edge - x0) / (x1 - x0)))
    return kept


def rounded(ring: Ring) -> Ring:
    """Return the ring, closed and with no point twice in a row; nothing if too small to see."""
    points: Ring = []
    for x, y in ring:
        point = (round(x, DIGITS) + 0.0, round(y, DIGITS) + 0.0)
        if not points or point != points[-1]:
            points.append(point)
    if points and points[0] != points[-1]:
        points.append(points[0])
    return points if len(points) > 3 else []


if __name__ == "__main__":
    main(Path(sys.argv[1]))
