"""``diversify sweep``: the same problem at many points."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from service.cli.arguments import AsJson, Edits, Gap, Source
from service.cli.edge import reported
from service.cli.streams import say, say_json, tell
from service.exits import Exit, exit_of_sweep


class Method(StrEnum):
    """How points are drawn."""

    RANDOM = "random"
    LATIN = "latin"
    MORRIS = "morris"
    SOBOL = "sobol"


@reported
def sweep(
    source: Source,
    axis: Annotated[
        list[str] | None,
        typer.Option(
            metavar="AXIS",
            help="What moves, as often as given; every combination is solved: "
            "'rules[cn-cap].max_share=0.3:0.9:13', 'offers[*].price*=0.9,1,1.1'. With --sample "
            "a distribution: 'offers[*].price*=normal(1, 0.1)'.",
        ),
    ] = None,
    zipped: Annotated[
        bool, typer.Option("--zip", help="Take the first values of all axes together, and so on.")
    ] = False,
    sample: Annotated[
        int | None,
        typer.Option(
            metavar="N",
            help="Draw this many points from distributions (trajectories of Morris, or a base "
            "sample of Sobol).",
        ),
    ] = None,
    method: Annotated[
        Method | None,
        typer.Option(
            help="Independent draws, a Latin hypercube, or the points of a screening: which axis "
            "matters, and whether it acts alone."
        ),
    ] = None,
    seed: Annotated[
        int | None, typer.Option(metavar="N", help="Equal seeds draw equal points. 0.")
    ] = None,
    scenarios: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Named lists of edits: YAML (a name, below it a line '- EDIT' for each), or CSV "
            "with the columns point and edit.",
        ),
    ] = None,
    tornado: Annotated[
        str | None,
        typer.Option(
            metavar="SHARE",
            help="Move one axis at a time: this much ('10 %') down and up for an axis that is a "
            "mere path, else to its least and greatest value.",
        ),
    ] = None,
    edits: Edits = None,
    time_limit: Annotated[
        float | None,
        typer.Option("--time-limit", metavar="SECONDS", help="Longest solve of one point."),
    ] = None,
    total_time_limit: Annotated[
        float | None,
        typer.Option(
            "--total-time-limit",
            metavar="SECONDS",
            min=0,
            help="Longest sweep: points that are not answered by then are left out; with --out "
            "--resume goes on with them.",
        ),
    ] = None,
    gap: Gap = None,
    workers: Annotated[
        int | None,
        typer.Option(metavar="N", min=1, help="Processes; as many as cores and memory allow."),
    ] = None,
    cluster: Annotated[
        str | None,
        typer.Option(metavar="ADDRESS", help="Use a Dask cluster: 'tcp://10.0.0.5:8786'."),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            metavar="DIR",
            help="Keep every point in this folder as it comes, and tables at the end.",
        ),
    ] = None,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on with the sweep that --out holds.")
    ] = False,
    as_json: AsJson = False,
) -> Exit:
    """Solve a problem at many points: a grid, draws, scenarios, or a tornado of assumptions."""
    from optimizer import sweep as sweep_of
    from service.asks import SweepAsk
    from service.cli.bar import points_told
    from service.cli.watch import watched
    from service.folder import refuse_unless_empty
    from service.options import ask_from, options_from
    from service.points import design_of, ranges_of
    from service.run import edited, find
    from service.scenario_file import read_scenarios

    target = None if out is None else out.resolve()
    refuse_unless_empty(target, resume=resume)
    ask = ask_from(
        SweepAsk,
        {
            "axes": tuple(axis or ()),
            "zip": zipped,
            "sample": sample,
            "method": None if method is None else method.value,
            "seed": seed,
            "scenarios": None if scenarios is None else read_scenarios(scenarios),
            "tornado": tornado,
        },
    )
    options = options_from({"time_limit": time_limit, "gap": gap})
    problem = edited(find(source), edits or ())
    design = design_of(problem, ranges_of(problem, ask), ask)
    with points_told() as progress:
        outcome = watched(
            lambda cancel: sweep_of(
                problem,
                design,
                options,
                workers=workers,
                cluster=cluster,
                folder=target,
                resume=resume,
                progress=progress,
                cancel=cancel,
                total_time=total_time_limit,
            )
        )
    if as_json:
        say_json(outcome.to_plain())
    else:
        say(outcome.summary())
    if target is not None:
        again = "; --resume goes on with it" if outcome.counts["missing"] else ""
        tell(f"Wrote {out}{again}.")
    return exit_of_sweep(outcome)
