"""Where the shapes of countries lie, found without loading what draws with them: the solver."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path


def geometry() -> Path:
    """Return the folder of ``world.json`` and ``places.json``, as `optimizer.plot.world`."""
    spec = find_spec("optimizer")
    assert spec is not None
    assert spec.submodule_search_locations is not None
    return Path(spec.submodule_search_locations[0]) / "plot" / "geometry"
