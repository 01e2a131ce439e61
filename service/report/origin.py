"""Whether what was solved is the shipped problem of its name, and in which numbers it is not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import instances
from instances.leaves import leaves

if TYPE_CHECKING:
    from instances import Problem

MOST = 12
"""Numbers that are listed; the rest are counted."""


def against_shipped(problem: Problem) -> dict[str, Any] | None:
    """Return how a problem stands to the shipped one of its name; ``None`` if none has it.

    Returns
    -------
    dict
        ``name``; ``same``, whether the hashes are equal; ``count`` of the numbers, dates and
        lengths of time that differ; ``first``, some of them: path, shipped value and value here,
        null where there is none.
    """
    if problem.name not in instances.instance_names():
        return None
    shipped = instances.load(problem.name)
    if shipped.hash == problem.hash:
        return {"name": problem.name, "same": True, "count": 0, "first": []}
    old, new = ({item.where: item.value for item in leaves(one)} for one in (shipped, problem))
    differ = [
        [where, old.get(where), new.get(where)]
        for where in dict.fromkeys((*old, *new))
        if old.get(where) != new.get(where)
    ]
    return {"name": problem.name, "same": False, "count": len(differ), "first": differ[:MOST]}
