"""One path from an asked problem to a solved one, the same from the command line and over HTTP."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import instances
from instances.contestable import open_sentences
from instances.errors import Finding, InputError
from instances.read import plain_of, text_of

if TYPE_CHECKING:
    from instances import Problem
    from optimizer import Options, Result

RESULT = "result.json"
"""Where a folder of `solve --out` holds the result."""
LEAST_SHORTFALL = 1e-6
"""Tonnes over the whole horizon below which a demand counts as met."""


@dataclass(frozen=True, slots=True)
class Task:
    """What is asked for.

    Parameters
    ----------
    problem
        The problem, edits applied.
    options
        How to solve it; ``None`` when nothing is said about that.
    made_of
        What the problem was made of, as in the record of a run.
    """

    problem: Problem
    options: Options | None
    made_of: Mapping[str, Any]


def find(source: str) -> Problem:
    """Return the problem that ``source`` names: a shipped instance, or else a file or folder.

    A bare word (no slash, no ending) is an instance if there is one; ``./word`` never is.

    Raises
    ------
    InputError
        There is no such instance, file or folder, or what it holds is wrong.
    """
    if is_instance(source):
        return instances.load(source)
    return instances.read(Path(source))


def find_result(source: str) -> Problem | Result:
    """Return the result that ``source`` holds, with its plan, or else the problem it names.

    Raises
    ------
    InputError
        As `find`; or the result cannot be read.
    """
    from optimizer import Result

    path = Path(source)
    file = path / RESULT if path.is_dir() else path
    if file.suffix == ".json" and file.is_file():
        plain = plain_of(text_of(file), str(file), "json")
        if isinstance(plain, Mapping) and {"status", "problem"} <= plain.keys():
            try:
                return Result.from_plain(plain)
            except (KeyError, TypeError, ValueError) as error:
                if isinstance(error, InputError):
                    raise
                remedy = "Solve its problem again."
                what = f"holds a result that cannot be read ({error!r})"
                raise InputError([Finding(str(file), what, remedy=remedy)]) from None
    return find(source)


def is_instance(source: str) -> bool:
    """Return whether ``source`` names a shipped instance, or nothing that is there."""
    return is_name(source) and (source in instances.instance_names() or not Path(source).exists())


def made_of(source: str, edits: Sequence[str]) -> dict[str, Any]:
    """Return what a problem that `find` reads is made of, for the record of its run.

    Of a file or folder its name alone: where it lies is nobody else's business.
    """
    if is_instance(source):
        return {"instance": source, "file": None, "edits": list(edits)}
    return {"instance": None, "file": Path(source).resolve().name, "edits": list(edits)}


def is_name(source: str) -> bool:
    """Return whether ``source`` looks like the name of an instance and not like a path."""
    return Path(source).name == source and not Path(source).suffix


def edited(problem: Problem, edits: Sequence[str]) -> Problem:
    """Return the problem with the edits applied in order.

    Parameters
    ----------
    edits
        Such as ``rules[cn-cap].max_share=0.4`` or ``offers[*].price*=1.1``.

    Raises
    ------
    InputError
        Every edit that cannot be read or matches nothing, or all that they break in the problem.
    """
    return instances.apply(problem, edits) if edits else problem


def problem_of(found: Problem | Result) -> Problem:
    """Return the problem of a result, or the problem itself."""
    return found if isinstance(found, instances.Problem) else found.problem


def edited_anew(found: Problem | Result, edits: Sequence[str]) -> Problem | Result:
    """Return what was found; with edits its problem alone, since that has another plan.

    Raises
    ------
    InputError
        As `edited`.
    """
    return edited(problem_of(found), edits) if edits else found


def shortfall(result: Result) -> float:
    """Return the tonnes of demand that the plan leaves unmet; 0 without a plan."""
    if not result.has_plan:
        return 0.0
    tonnes = float(result.plan.shortfalls["tonnes"].sum())
    return tonnes if tonnes > LEAST_SHORTFALL else 0.0


def outline(problem: Problem) -> dict[str, Any]:
    """Return what a problem holds: name, records by table, rules in words, and warnings."""
    return {
        "name": problem.name,
        "counts": instances.described(problem).counts,
        "rules": [rule.sentence(problem.names) for rule in problem.rules],
        "warnings": list(open_sentences(problem)),
    }


def held(counts: Mapping[str, int]) -> str:
    """Return records by table in words: "offers: 2, demand: 1"."""
    return ", ".join(f"{table}: {count}" for table, count in counts.items())
