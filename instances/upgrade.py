"""Versions of the problem file: older ones are brought up to this one, later ones are refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from instances.errors import Finding, InputError, shortened

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

VERSION = 1
STEPS: dict[int, Callable[[dict[str, Any]], dict[str, Any]]] = {}
"""For each older version, what brings its data to the version after it."""


def upgrade(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return plain data as version 1 has it; data without ``schema`` is taken for version 1.

    Raises
    ------
    InputError
        ``schema`` is no version, or a later one.
    """
    plain = dict(data)
    version = plain.get("schema", VERSION)
    if isinstance(version, bool) or not isinstance(version, int) or version < 1:
        raise InputError(
            [
                Finding(
                    "schema",
                    "is not a version of the problem file",
                    shortened(version),
                    remedy=f"Write 'schema: {VERSION}'.",
                )
            ]
        )
    if version > VERSION:
        raise InputError(
            [
                Finding(
                    "schema",
                    f"is a later version of the problem file than this program reads, {VERSION}",
                    shortened(version),
                    remedy="Use a later release of the program, or export the problem from it as "
                    f"version {VERSION}.",
                )
            ]
        )
    for older in range(version, VERSION):
        plain = STEPS[older](plain)
    return plain | {"schema": VERSION}
