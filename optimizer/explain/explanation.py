"""The explanation: why there is no plan, or what binds in the one there is; words and numbers."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from instances.words import money
from optimizer.explain.words import because

if TYPE_CHECKING:
    from instances.problem import Problem
    from optimizer.elastic import Break
    from optimizer.explain.binding import Binding
    from optimizer.explain.conflict import Touched
    from optimizer.explain.data import Flaw
    from optimizer.explain.repair import Remedy
    from optimizer.status import Status

SCHEMA = 1
MOST_BREAKS = 6
MOST_REMEDIES = 8
"""Remedies that are printed; the plain form has all of them."""

About = Literal["infeasible", "shortfall", "plan", "unbounded", "nothing"]


@dataclass(frozen=True, eq=False)
class Explanation:
    """Why a problem has no plan, or falls short, or costs what it costs.

    Parameters
    ----------
    problem
        What is explained.
    status
        How its solve ended.
    about
        What is explained: that there is no plan (``infeasible``), that demand stays unmet
        (``shortfall``: then as if it might not), what binds (``plan``), that cost falls without
        end, or nothing.
    flaws
        What the data alone show to be impossible.
    broken
        The least that has to give, in the elastic re-solve.
    clash, irreducible
        Records that cannot all be kept, and whether each is needed for that.
    remedies
        Changes that restore a plan, the cheapest plan first; other ways to move the same record
        after those of other records, to need less after all else but third at the latest.
    binding
        What binds in a plan.
    dearer_usd
        Of a shortfall: what meeting all demand would add to the money spent, if it can be met.
    complete, seconds
        Whether nothing was left out for want of time, and how long it took.
    notes
        What a reader should know besides.
    """

    problem: Problem
    status: Status
    about: About
    flaws: tuple[Flaw, ...] = ()
    broken: tuple[Break, ...] = ()
    clash: Touched | None = None
    irreducible: bool = False
    remedies: tuple[Remedy, ...] = ()
    binding: tuple[Binding, ...] = ()
    dearer_usd: float | None = None
    complete: bool = True
    seconds: float = 0.0
    notes: tuple[str, ...] = field(default=())

    @property
    def because(self) -> tuple[str, ...]:
        """What clashes, a sentence each."""
        return () if self.clash is None else because(self.problem, self.clash)

    def summary(self, *, after_solve: bool = False) -> str:
        """Return the explanation as text for people.

        Parameters
        ----------
        after_solve
            Whether it follows the summary of the result, which says already what has to give.
        """
        lines = [] if after_solve else [f"{self.problem.name}: {_HEADS[self.about]}"]
        if self.flaws:
            lines.append("The data alone show it:")
            lines += [f"  {flaw.sentence}" for flaw in self.flaws]
        if self.broken and not (after_solve and self.about == "infeasible"):
            lines.append("The least that has to give:")
            lines += [f"  {item.sentence}" for item in self.broken[:MOST_BREAKS]]
            if len(self.broken) > MOST_BREAKS:
                lines.append(f"  ... and {len(self.broken) - MOST_BREAKS} more")
        if self.because:
            lines.append("Because" + ("" if self.irreducible else " (not all may be needed)"))
            lines += [
                f"  {'' if number == 0 else 'and '}{text}"
                for number, text in enumerate(self.because)
            ]
        if self.remedies:
            alone = all(len(item.steps) == 1 for item in self.remedies)
            lines.append(
                "Any one of these restores a plan (each checked by a solve):"
                if alone
                else "No single change is enough. Any one of these pairs restores a plan:"
            )
            for remedy in self.remedies[:MOST_REMEDIES]:
                least = "" if remedy.proven else "at most "
                lines.append(
                    f"  {remedy.sentence}. The plan then costs {least}{money(remedy.cost_usd)}."
                )
                lines.append("      " + " ".join(f"--set '{edit}'" for edit in remedy.edits))
            if len(self.remedies) > MOST_REMEDIES:
                lines.append(f"  ... and {len(self.remedies) - MOST_REMEDIES} more")
        lines += [item.sentence for item in self.binding]
        lines += self.notes
        if not self.complete:
            lines.append(f"Stopped after {self.seconds:.0f} s: there may be more to find.")
        return "\n".join(lines)

    def __repr__(self) -> str:
        return self.summary()

    def to_plain(self) -> dict[str, Any]:
        """Return the explanation as plain data for JSON."""
        clash = self.clash.records if self.clash is not None else {}
        return {
            "schema": SCHEMA,
            "name": self.problem.name,
            "status": {"stop": str(self.status.stop), "point": str(self.status.point)},
            "about": self.about,
            "flaws": [item.to_plain() for item in self.flaws],
            "broken": [item.to_plain() for item in self.broken],
            "clash": [
                {"table": table, "id": id, "nodes": list(nodes)}
                for (table, id), nodes in clash.items()
            ],
            "irreducible": self.irreducible,
            "because": list(self.because),
            "remedies": [item.to_plain() for item in self.remedies],
            "binding": [item.to_plain() for item in self.binding],
            "dearer_usd": self.dearer_usd,
            "complete": self.complete,
            "seconds": self.seconds,
            "notes": list(self.notes),
        }

    def to_json(self) -> str:
        """Return the explanation as JSON text."""
        return json.dumps(self.to_plain(), ensure_ascii=False, allow_nan=False)


_HEADS: dict[About, str] = {
    "infeasible": "no plan keeps every rule.",
    "shortfall": "demand stays unmet.",
    "plan": "what binds in the cheapest plan.",
    "unbounded": "the cost can fall without end.",
    "nothing": "nothing is known yet.",
}
