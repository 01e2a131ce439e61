"""Which code computes: equal versions give equal answers to equal questions."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from service.versions import DISTRIBUTION, version_of

PACKAGES = ("instances", "models", "optimizer", "service")
SOLVERS = (DISTRIBUTION, "highspy", "pyomo")


@cache
def code_version() -> str:
    """Return a digest of our modules and of the versions of the libraries that compute."""
    found = hashlib.sha256()
    for name in SOLVERS:
        found.update(f"{name} {version_of(name)}\n".encode())
    root = Path(__file__).resolve().parents[2]
    for package in PACKAGES:
        for path in sorted((root / package).rglob("*.py")):
            found.update(f"{path.relative_to(root).as_posix()}\n".encode())
            found.update(path.read_bytes())
    return found.hexdigest()
