"""Writes docs/instances.md: the optimum, the size and the time of every shipped instance.

``python docs/make_table.py 2026-11-28 [NAME ...]`` solves each (all, if none is named) twice with the
options of `solve`, has the referee recount it and writes one row for it; rows of others are kept. A
test holds the rows to what a solve finds.
"""

from __future__ import annotations

import re
import sys
import time
from pathlib import Path

from instances import instance_names, load
from optimizer import solve

PAGE = Path(__file__).parent / "instances.md"
HEAD = """# Shipped instances

Written by `docs/make_table.py`: every instance solved with the options of `diversify solve` and recounted by the referee, the optimum
in the view that the problem states. Seconds are those of one core of a shared machine, reading and checking included: take their order from them.
`repeats to` is how far a second run in the same process differed, as a part of the optimum.

| instance | optimum, USD | columns | rows | yes/no choices | nodes | seconds | repeats to | date |
|---|---|---|---|---|---|---|---|---|
"""
ROW = re.compile(r"^\| ([a-z0-9-]+) \| (-?[0-9.,]+) \|.*$", re.M)


def row(name: str, date: str) -> str:
    """Solve an instance twice and return its row."""
    problem = load(name)
    began = time.perf_counter()
    first = solve(problem)
    seconds = time.perf_counter() - began
    again = solve(problem)
    if first.objective is None or again.objective is None:
        raise SystemExit(f"{name}: no plan")
    if first.verdict.faults or again.verdict.faults:
        raise SystemExit(f"{name}: the referee found {first.verdict.faults}")
    apart = abs(again.objective - first.objective) / max(1.0, abs(first.objective))
    size = first.record["model"]
    # cents, or what makes eight digits of a small sum
    digits = 2 if abs(first.objective) >= 1e6 else 6
    return (
        f"| {name} | {first.objective:,.{digits}f} | {size['columns']:,} | {size['rows']:,} | "
        f"{size['integers']:,} | {len(problem.nodes)} | {seconds:.1f} | {apart:.0e} | {date} |"
    )


def held() -> dict[str, str]:
    """Return the rows of the page by name of the instance."""
    text = PAGE.read_text(encoding="utf-8") if PAGE.is_file() else ""
    return {match[1]: match[0] for match in ROW.finditer(text)}


def main() -> None:
    """Write the rows of the instances named; the date of the optimum is the first argument."""
    date = sys.argv[1]
    rows = held()
    for name in sys.argv[2:] or instance_names():
        rows[name] = row(name, date)
        print(rows[name], file=sys.stderr, flush=True)
        lines = "\n".join(rows[known] for known in instance_names() if known in rows)
        PAGE.write_text(HEAD + lines + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
