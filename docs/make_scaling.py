"""Computes the tables of docs/scaling.md from docs/scaling.json: ``python docs/make_scaling.py``.

Workers are a queue M/M/c: jobs arrive at random, c processes solve, one job each. Of c processes
and an offered load of a = arrival rate x seconds of a job, Erlang's formula gives the probability
that a job waits,

    C(c, a) = a^c / c! x c / (c - a) / (sum_{k<c} a^k / k! + a^c / c! x c / (c - a)),

and a job waits longer than t with probability C exp(-(c - a) t / s), s the seconds of a job
(Gross et al., Fundamentals of Queueing Theory, chapter on M/M/c).
"""

from __future__ import annotations

import json
import math
import sys
from pathlib import Path
from typing import Any

PAGE = Path(__file__).with_name("scaling.md")
FIGURES = Path(__file__).with_name("scaling.json")
BEGIN, END = "<!-- made by make_scaling.py -->", "<!-- end -->"

JOBS_A_DAY = 1_000_000
PEAK = 3.0
"""Arrivals of the busiest hour over the day's mean."""
WAIT_SECONDS = 1.0
LATE = 0.01
"""Of the busiest hour's jobs, how many may wait longer than `WAIT_SECONDS`."""
BUSY = 0.6
"""Most of its time that an API or a worker's record keeping may be busy."""
CORE_HOUR_USD = 0.05
KEEP_DAYS = 30
ASSUMED_SECONDS = (10.0, 60.0)
"""Solves larger than those measured."""


def waits(processes: int, load: float) -> float:
    """Return the probability that a job waits, by Erlang's recursion; 1 if there are too few."""
    if load >= processes:
        return 1.0
    blocked = 1.0
    for each in range(1, processes + 1):
        blocked = load * blocked / (each + load * blocked)
    return blocked / (1 - load / processes * (1 - blocked))


def late(processes: int, load: float, seconds: float) -> float:
    """Return the probability that a job of so many seconds waits longer than `WAIT_SECONDS`."""
    if load >= processes:
        return 1.0
    return waits(processes, load) * math.exp(-(processes - load) * WAIT_SECONDS / seconds)


def needed(rate: float, seconds: float) -> int:
    """Return the fewest processes that start all but `LATE` of the jobs in `WAIT_SECONDS`."""
    processes = math.floor(rate * seconds) + 1
    while late(processes, rate * seconds, seconds) > LATE:
        processes += 1
    return processes


def row(name: str, parts: dict[str, float], bytes_per_job: int) -> str:
    """Return the row of a day's jobs, all of one size."""
    rate = JOBS_A_DAY / 86_400 * PEAK
    solves = needed(rate, parts["solves"])
    apis = math.ceil(rate * (parts["api"] + parts["clerks"]) / BUSY)
    keepers = math.ceil(rate * parts["worker"] / BUSY)
    kept = bytes_per_job * JOBS_A_DAY * KEEP_DAYS / 1e9
    cores = solves + apis + keepers
    used = 1000 * sum(parts.values()) / 3600 * CORE_HOUR_USD
    rented = cores * 24 * CORE_HOUR_USD / (JOBS_A_DAY / 1000)
    return (
        f"| {name} | {parts['solves']:.2f} | {solves} | {apis} | {keepers} | {kept:,.0f} | "
        f"{used:.3f} | {rented:.3f} |"
    )


def tables(figures: dict[str, Any]) -> str:
    """Return the part of the page that is computed."""
    problems = figures["problems"]
    first = next(iter(problems.values()))
    lines = [
        f"Measured on {figures['date']}: {figures['cores']} cores, {figures['machine']}, {first['jobs']} jobs of each problem from "
        f"{first['clients']} clients, while other work ran (load average {figures['load_average']}): "
        "seconds on the clock, and jobs a second seen, are those of a crowded machine. Processor seconds are upper bounds, too, "
        "though less crude: work that shares a core's caches makes each slower. *By processor* is what the cores could do with "
        "nothing else to do.",
        "",
        "| problem | jobs/s seen | jobs/s by processor | api s | clerk s | worker s | solve s | bytes kept | alone, posted s | alone, in-process s |",
        "|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for name, found in problems.items():
        parts = found["processor_seconds"]
        lines.append(
            f"| {name} | {found['jobs_per_second']:.1f} | "
            f"{figures['cores'] / sum(parts.values()):.1f} | {parts['api']:.3f} | {parts['clerks']:.3f} | "
            f"{parts['worker']:.3f} | {parts['solves']:.2f} | {found['bytes_per_job']:,} | "
            f"{found['alone_seconds_median']:.2f} | {found['in_process_seconds_median']:.3f} |"
        )
    jobs = sum(found["jobs"] for found in problems.values())
    memory = figures["api_megabytes"]
    lines += [
        "",
        f"The API held {memory['at_start']} MB at the start and {memory['at_end']} MB after these {jobs} jobs and a few more; "
        f"the worker {figures['worker_megabytes']} MB beside its solves.",
        "",
        f"{JOBS_A_DAY:,} jobs a day are {JOBS_A_DAY / 86_400:.1f} a second, {JOBS_A_DAY / 86_400 * PEAK:.1f} in "
        f"the busiest hour, in which all but {LATE:.0%} shall start within {WAIT_SECONDS:.0f} s. If all are alike:",
        "",
        f"| all jobs as | solve s | solve cores | API cores | worker cores | GB in {KEEP_DAYS} days | USD per 1,000, used | USD per 1,000, rented |",
        "|---|---:|---:|---:|---:|---:|---:|---:|",
    ]
    lines += [
        row(name, found["processor_seconds"], found["bytes_per_job"])
        for name, found in problems.items()
    ]
    largest = max(problems.values(), key=lambda found: found["bytes_per_job"])
    for seconds in ASSUMED_SECONDS:
        parts = {**largest["processor_seconds"], "solves": seconds}
        lines.append(row(f"{seconds:.0f} s (assumed)", parts, largest["bytes_per_job"]))
    lines += [
        "",
        f"Assumed: a busiest hour of {PEAK:.0f} times the mean, API and worker at most {BUSY:.0%} busy, "
        f"USD {CORE_HOUR_USD:.2f} for an hour of one core; *used* counts processor time only, *rented* the "
        "cores of the busiest hour for the whole day. Storage, network and people are not counted.",
    ]
    return "\n".join(lines)


def page(old: str, figures: dict[str, Any]) -> str:
    """Return the page with what is computed put in its place."""
    before, _, rest = old.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n{tables(figures)}\n{END}{after}"


if __name__ == "__main__":
    PAGE.write_text(
        page(PAGE.read_text(encoding="utf-8"), json.loads(FIGURES.read_text())), encoding="utf-8"
    )
    sys.stdout.write(f"Wrote {PAGE.name}.\n")
