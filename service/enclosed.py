"""Problems within other documents: of a file that holds more, such as a result, the problem."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from instances.errors import Finding, InputError, shortened
from instances.problem import Problem

KNOWN = frozenset(
    {"schema"} | {field.alias or name for name, field in Problem.model_fields.items()}
)
"""Keys that a problem may have."""
OTHERS: tuple[tuple[frozenset[str], str], ...] = (
    (frozenset({"status", "tables"}), "a result without its problem"),
    (frozenset({"id", "kind", "state"}), "a job"),
    (frozenset({"type", "features"}), "a map (GeoJSON)"),
    (frozenset({"openapi"}), "the description of an API"),
    (frozenset({"$defs", "properties"}), "a JSON schema"),
    (frozenset({"title", "findings"}), "a refusal of the service"),
)
"""Documents by keys that tell them."""
FEW = 5
"""Keys of a document that are named."""


def enclosed(plain: Any, file: str) -> tuple[Any, str | None]:
    """Return what is to be read as a problem, and in words what was taken if it is not all.

    Parameters
    ----------
    plain
        What the file holds.
    file
        What to call it.

    Raises
    ------
    InputError
        Most of its keys are none of a problem: said once, with what it seems to be.
    """
    if not isinstance(plain, Mapping) or "commodities" in plain:
        return plain, None
    result = plain.get("result")
    for holder in (plain, result):
        if isinstance(holder, Mapping) and isinstance(holder.get("problem"), Mapping):
            whole = {"status", "tables"} <= holder.keys()
            note = f"{file} is {'a result' if whole else 'more than a problem'}"
            note += ": the problem in it was taken"
            # a result's problem holds its edits already
            if plain.get("edits"):
                note += ", without the edits beside it"
            return holder["problem"], f"{note}."
    unknown = [str(key) for key in plain if key not in KNOWN]
    if 2 * len(unknown) <= len(plain):
        return plain, None
    seems = next((words for keys, words in OTHERS if keys <= plain.keys()), None)
    what = "is no problem" if seems is None else f"seems to be {seems}, not a problem"
    more = ", ..." if len(unknown) > FEW else ""
    raise InputError(
        [
            Finding(
                file,
                f"{what}: {len(unknown)} of its {len(plain)} keys are none of a problem's",
                shortened(", ".join(unknown[:FEW]) + more),
                remedy="Give a file as a shipped problem's, with name, periods, commodities and "
                "demand; the page downloads each as JSON.",
            )
        ]
    )
