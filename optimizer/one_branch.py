"""One branch: the refusal of analyses whose words do not reach into a tree of scenarios."""

from __future__ import annotations

from typing import TYPE_CHECKING

from instances.errors import Finding, InputError

if TYPE_CHECKING:
    from instances.problem import Problem


def want_one_branch(problem: Problem, analysis: str) -> None:
    """Refuse a problem in which something may happen.

    Raises
    ------
    InputError
        It has scenarios, combinations of events, or events that are certain.
    """
    for table in ("scenarios", "combinations", "events"):
        records = getattr(problem, table)
        if table == "events":
            records = [event for event in records if event.certain]
        if records:
            raise InputError(
                [
                    Finding(
                        table,
                        f"make a tree of branches, which {analysis} cannot look into",
                        f"{len(problem.nodes):,} nodes",
                        remedy="Empty the tables scenarios, combinations and events, or take one "
                        "branch: problem.under(problem.branches[0]).",
                    )
                ]
            )
