"""Sheets in, problem out: what is wrong with the sheets and with the problem is said at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from instances.errors import Finding, InputError, ReadError
from instances.tables.gather import gather

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from instances.problem import Problem
    from instances.tables.places import Places
    from instances.tables.sheets import Sheet


def assemble(
    sheets: Iterable[Sheet],
    plain: Mapping[str, Any],
    places: Places,
    findings: Sequence[Finding] = (),
) -> Problem:
    """Return the problem that sheets hold.

    Parameters
    ----------
    sheets
        At most one for each table.
    plain
        What stands outside the tables.
    places
        Where that stands.
    findings
        What is known to be wrong already.

    Raises
    ------
    ReadError
        With what is wrong with the sheets, and what else is wrong with the problem they hold.
    InputError
        The sheets are sound and the problem is not; with every finding.
    """
    from instances.parse import parse

    found = gather(sheets, plain, places)
    faults = [*findings, *found.findings]
    if not found.whole:
        raise ReadError(faults)
    try:
        problem = parse(found.plain)
    except InputError as error:
        also = places.placed(error.findings)
        if not faults:
            raise InputError(also) from None
        raise ReadError([*faults, *also]) from None
    if faults:
        raise ReadError(faults)
    return problem
