"""The page of benchmarks: tables of medians and ratios, targets kept and missed, versions."""

from __future__ import annotations

import os
import platform
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tests.benchmarks.race import Race

PARTS = ("HiGHS", "all but HiGHS")
"""What is no rival, but a part of ours."""
NAMES = ("highspy", "pyomo", "numpy", "pandas", "linopy", "pyoptinterface", "highsbox", "xarray")


@dataclass(frozen=True)
class Target:
    """A most (a least where ``least``) that the ratio of two contestants should keep to."""

    section: str
    ours: str
    rival: str
    limit: float
    least: bool = False
    only: str = ""


TARGETS = (
    Target("build", "ours", "linopy, summing", 0.6),
    Target("build", "ours", "PyOptInterface", 1.0),
    Target("solve", "all but HiGHS", "HiGHS", 1.0),
    Target("point", "Pyomo, naive", "ours", 100.0, least=True, only="1,9"),
    Target("point", "ours", "highspy patches", 2.0, only="1,9"),
    Target("point", "ours", "highspy patches", 1.3, only="5"),
)
HEAD = """# Benchmarks

Written by `make bench`: do not edit. Seconds are medians of CPU time in one process and one
thread; ratios are medians of ratios between contestants that took turns in the same run. Trust
ratios, not seconds. The large problems are those of `instances/generate/large.py`: ores of many
countries, told apart by origin through two stages of plants. linopy and PyOptInterface are handed
our finished coefficients: they read no problem and look nothing up, which ours does in its time.
"""
SECTIONS = {
    "build": (
        "Read, build and compile, beside others' building of the same model",
        "*linopy, summing* groups and sums terms as a modeller would write them; *linopy, handed "
        "arrays* gets rows as it holds them inside; *highspy* only takes the finished arrays: the "
        "limit.",
    ),
    "solve": (
        "From plain data to the checked result",
        "`parse` and `solve` with the referee, ties not broken; *HiGHS* is what passes inside its "
        "runs, with the same options for all. *linopy, end to end* builds from our coefficients "
        "and solves; it reads, extracts and checks nothing.",
    ),
    "point": (
        "A point of a sweep",
        "Every contestant gave the same cost at every point it was given. *highspy patches* write "
        "the same numbers into one warm instance; *Pyomo, persistent* keeps a model with mutable "
        "parameters on appsi's HiGHS, told to look at nothing else; *ours, no line* compiles and "
        "compares each point.",
    ),
}
PLAIN = {
    "frontier": (
        "Exact frontiers",
        "| curve | how | kinks | solves | at most 2k + 3 | s |\n|---|---|---|---|---|---|",
    ),
    "scenarios": (
        "Trees of scenarios",
        "A chain of `instances/generate/disruptions.py`, two years of which are common to all its "
        "scenarios. *L-shaped* and *extensive form* are `parse` and `solve` with the referee and "
        "shadow prices, ties not broken; *straight to HiGHS* hands the finished arrays of the "
        "extensive form to highspy and solves them, nothing else. CPU seconds, and MB of peak "
        "memory above the input, of a fresh process each.\n\n"
        "| scenarios | columns | least cost, USD | L-shaped, s | MB | extensive form, s | MB "
        "| straight to HiGHS, s | MB |\n|---|---|---|---|---|---|---|---|---|",
    ),
    "workers": (
        "Two workers, wall time",
        "| 120 points, about 53,000 columns | one, s | two, s | speed-up | ours / raw |\n"
        "|---|---|---|---|---|",
    ),
    "jobs": (
        "Jobs over HTTP: delays",
        "Medians and 95th percentiles of wall time, in milliseconds; API, worker and client on "
        "one machine, SQLite. A job waited for is posted with `Prefer: wait`; its solve runs in a "
        "fresh process, of which nearly all of the time is the start. *known*: the same was asked "
        "before.\n\n"
        "| what | median, ms | 95 %, ms | times in-process |\n|---|---|---|---|",
    ),
    "jobs rates": (
        "Jobs over HTTP: rates",
        "Small solves.\n\n| what | jobs per second |\n|---|---|",
    ),
    "jobs memory": (
        "Jobs over HTTP: memory of the API process, MB",
        "Resident, before and after 10,000 jobs.\n\n| before | after |\n|---|---|",
    ),
    "start": ("Start-up, a fresh process", "| command | CPU, s | wall, s |\n|---|---|---|"),
    "shares": ("`import optimizer` by library", "| library | s | share |\n|---|---|---|"),
    "memory": (
        "Peak memory above the input, a fresh process, MB",
        "| model | ours, read to compiled | linopy, summing | linopy, handed arrays "
        "| PyOptInterface |\n|---|---|---|---|---|",
    ),
}


def page(races: Sequence[Race], said: Mapping[str, Sequence[str]]) -> str:
    """Return the page."""
    parts = [HEAD, _versions()]
    parts.append("\n".join([_verdicts(races), *said.get("verdicts", ())]))
    for section, (title, about) in SECTIONS.items():
        some = [race for race in races if race.section == section]
        if some:
            parts.append(f"## {title}\n\n{about}\n\n{_table(some)}")
    for section, (title, head) in PLAIN.items():
        if section in said:
            parts.append(f"## {title}\n\n{head}\n" + "\n".join(said[section]))
    return "\n\n".join(part.strip("\n") for part in parts) + "\n"


def _versions() -> str:
    found = [f"Python {platform.python_version()}"]
    for name in NAMES:
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            found.append(f"{name} not installed, left out")
    day = datetime.now(UTC).date().isoformat()
    return f"{', '.join(found)}; {os.cpu_count()} cores, {platform.machine()}; {day}."


def _verdicts(races: Sequence[Race]) -> str:
    lines = ["## Targets\n", "| what | ratio | target | |", "|---|---|---|---|"]
    for target in TARGETS:
        for race in races:
            if race.section != target.section or not {target.ours, target.rival} <= set(
                race.seconds
            ):
                continue
            if target.only and f", {target.only}" not in race.what:
                continue
            what = f"{race.section}, {race.what}: {target.ours} / {target.rival}"
            ratio = race.ratio(target.rival, target.ours)
            lines.append(_verdict(what, ratio, target.limit, target.least))
    return "\n".join(lines)


def verdict(
    said: dict[str, list[str]], what: str, ratio: float, limit: float, *, least: bool = False
) -> None:
    """Say of a ratio that no race found whether it keeps to its target."""
    said.setdefault("verdicts", []).append(_verdict(what, ratio, limit, least))


def _verdict(what: str, ratio: float, limit: float, least: bool) -> str:
    kept = ratio >= limit if least else ratio <= limit
    return (
        f"| {what} | {ratio:.2f} | {'≥' if least else '≤'} {limit:g} "
        f"| {'kept' if kept else '**missed**'} |"
    )


def _table(races: Sequence[Race]) -> str:
    notes = list(dict.fromkeys(name for race in races for name in race.notes))
    names = list(dict.fromkeys(name for race in races for name in race.seconds))
    names.remove("ours")
    heads = (name if name in PARTS else f"{name} (ours / it)" for name in names)
    titles = ["", *notes, "ours", *heads]
    lines = [f"| {' | '.join(titles)} |", "|" + "---|" * len(titles)]
    for race in races:
        cells = [race.what, *(race.notes.get(name, "") for name in notes)]
        cells.append(_shown(race.median("ours")))
        for name in names:
            there = name in race.seconds
            ratio = f" ({race.ratio(name):.2g})" if there and name not in PARTS else ""
            cells.append(_shown(race.median(name)) + ratio if there else "")
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def _shown(seconds: float) -> str:
    return f"{seconds:.3g} s" if seconds >= 1 else f"{1e3 * seconds:.3g} ms"
