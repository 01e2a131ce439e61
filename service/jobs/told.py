"""How far a job has come, in words."""

from __future__ import annotations

from collections.abc import Mapping

from instances.words import money, percent

WORDS = (
    ("incumbent_usd", "best plan", money),
    ("bound_usd", "no plan below", money),
    ("gap", "gap", percent),
)


def in_words(progress: Mapping[str, float | None]) -> str:
    """Return what a search holds, or how much of it is done."""
    done, total = progress.get("done"), progress.get("total")
    if done is not None and total is not None:
        return f"{done:,.0f} of {total:,.0f} done"
    parts = []
    for name, words, shown in WORDS:
        value = progress.get(name)
        if value is not None:
            parts.append(f"{words} {shown(value)}")
    return ", ".join(parts) or "no plan yet"
