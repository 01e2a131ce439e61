"""Records the long checks in docs/checks.json and writes docs/checks.md from it.

``python docs/make_checks.py mutants`` spoils every constraint in every way that fits it (tests/mutants.py), looks
for a problem on which the damage shows, and asks the referee. ``python docs/make_checks.py hidden [FIRST LAST]``
breaks feasible problems by one hidden edit each and asks explain for remedies, over a range of seeds.
Only what is not recorded yet is tried: remove an entry to try it anew. ``python docs/make_checks.py`` writes the
page. Each may be stopped and started again.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from tests.mutant_problems import CHOICES, FEW, problems_with  # noqa: E402
from tests.mutants import PAIRS, WAYS, is_caught  # noqa: E402
from tests.optimizer.hidden_edits import LOOKED_AT, broken_problem, how_found  # noqa: E402

FIGURES, PAGE = ROOT / "docs" / "checks.json", ROOT / "docs" / "checks.md"
ALIVE, ESCAPED = "alive", "escaped"


def outcome(constraint: str, way: str) -> str:
    """Return the problem on which a mutant is killed, or what became of it.

    It is alive where no problem tried shows damage, and has escaped where the referee does not see any.
    """
    for most in (FEW, CHOICES):
        for solved in problems_with(constraint, most):
            for mutant in WAYS[way](solved.matrices, constraint):
                try:
                    caught = is_caught(solved, mutant)
                except AssertionError:
                    return f"{ESCAPED} on {solved.problem.name}"
                if caught:
                    return solved.problem.name
    return ALIVE


def recorded() -> dict[str, Any]:
    """Return what docs/checks.json holds."""
    figures: dict[str, Any] = json.loads(FIGURES.read_text())
    return figures


def is_killed(told: str) -> bool:
    """Return whether an outcome names the problem on which a mutant was killed."""
    return told != ALIVE and not told.startswith(ESCAPED)


def spoil(figures: dict[str, Any]) -> None:
    """Try the mutants that are not recorded, and forget those that are no more."""
    known = figures.get("mutants", {})
    names = [f"{constraint}-{way}" for constraint, way in PAIRS]
    figures["mutants"] = {name: known[name] for name in names if name in known}
    for name, pair in zip(names, PAIRS, strict=True):
        if name not in known:
            figures["mutants"][name] = outcome(*pair)
            write(figures)
            print(name, figures["mutants"][name], flush=True)


def break_and_ask(figures: dict[str, Any], seeds: range) -> None:
    """Try the seeds that are not recorded; a seed of which no edit breaks the problem is recorded as null."""
    known = figures.setdefault("hidden", {})
    for seed in seeds:
        if str(seed) in known:
            continue
        broken = broken_problem(seed)
        told: dict[str, Any] | None = None
        if broken is not None:
            rank, how = how_found(broken) or (None, None)
            told = {"edit": broken.edit, "rank": rank, "how": how}
        known[str(seed)] = told
        write(figures)
        print(seed, told, flush=True)


def write(figures: dict[str, Any]) -> None:
    """Write both files."""
    FIGURES.write_text(json.dumps(figures, indent=1, sort_keys=True) + "\n")
    PAGE.write_text(page(figures))


def page(figures: dict[str, Any]) -> str:
    """Return docs/checks.md."""
    outcomes = figures["mutants"]
    killed = sum(is_killed(told) for told in outcomes.values())
    rest = [f"- `{name}`: {told}\n" for name, told in outcomes.items() if not is_killed(told)]
    mutants = MUTANTS.format(
        all=len(outcomes),
        killed=killed,
        part=killed / len(outcomes),
        constraints=len({name.rpartition("-")[0] for name in outcomes}),
        rest="".join(["\nNot killed:\n\n", *rest]) if rest else "",
    )
    return HEAD + mutants + SECOND + _hidden(figures["hidden"])


def _hidden(seeds: dict[str, dict[str, Any] | None]) -> str:
    broken = {int(seed): told for seed, told in seeds.items() if told is not None}
    found = [told for told in broken.values() if told["rank"] is not None]
    rows = [
        f"| {rank} | {sum(told['rank'] == rank for told in found)} |\n"
        for rank in range(1, LOOKED_AT + 1)
    ]
    missed = [
        f"- seed {seed}: `{told['edit']}`\n"
        for seed, told in sorted(broken.items())
        if told["rank"] is None
    ]
    return HIDDEN.format(
        tried=len(seeds),
        broken=len(broken),
        found=len(found),
        part=len(found) / len(broken),
        named=sum(told["how"] == "names the record" for told in found),
        cheaper=sum(told["how"] == "is cheaper" for told in found),
        rows="".join(rows),
        missed="".join(["\nMissed:\n\n", *missed]) if missed else "",
    )


HEAD = """# Checks that take long

Written by `docs/make_checks.py`; do not edit. The figures are kept in `docs/checks.json`.
"""
MUTANTS = """
## Mutants of the constraints

A constraint of the finished matrices is left out, or gives a tenth more room, or has one coefficient wrong by a
tenth. A plan that then costs less than the least cost must break something, and the referee, which shares no code
with the model, must say so. Random problems on which the constraint is at work are tried until one shows damage.
Mutants that no plan can tell from the constraint are not counted: no right-hand side to loosen, a big-M that another
row states too, a sum of choices (`tests/mutants.py` names them).

**{killed} of {all} mutants of {constraints} constraints are killed ({part:.1%}).** `tests/test_mutants.py` tries them in `make test`
and, where few random problems show the damage, in `make deep`, which also spoils each constraint on *every* problem.
{rest}"""
SECOND = """
## A second program

`tests/second/` draws problem files as text (schedules in steps and straight lines, units, periods of unequal length,
lanes with loss and duty, tranches, dates, hard and soft share caps, stock with targets and decay, scenarios) and writes their linear program
anew from that text with scipy, sharing nothing with the product, so that the reader, units, dates and the tree are
inside the check. 60 such files give the same least cost to 1e-6; so do 20 with yes/no choices of which every pattern is
tried, and 80 on which owners with stakes and caps on them, reserves, announced pits with expansions (ramps, annuities, salvage,
grants) and events that make equipment dear or late are drawn; 69 of these are trees. `make test` has the first 10, 4 and 3 of them.
"""
HIDDEN = """
## Hidden edits

A random problem that has a plan is broken by one edit of one record (`tests/optimizer/hidden_edits.py`), and `explain` is
asked. It has found it where one of its first three remedies is about that record, or costs no more than to undo
the edit. Each remedy is verified by a solve.

**{found} of {broken} are found ({part:.0%})**, of {tried} seeds tried (the others have no plan before, or no edit tried takes it away):
{named} by naming the record, {cheaper} by a cheaper repair.

| place of the remedy | problems |
|---|---|
{rows}{missed}"""

if __name__ == "__main__":
    figures = recorded() if FIGURES.exists() else {}
    if "mutants" in sys.argv:
        spoil(figures)
    if "hidden" in sys.argv:
        first, last = map(int, sys.argv[2:4]) if len(sys.argv) > 3 else (0, 150)
        break_and_ask(figures, range(first, last))
    write(figures)
