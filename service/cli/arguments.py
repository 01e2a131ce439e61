"""Arguments and options that several verbs share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Source = Annotated[
    str,
    typer.Argument(
        metavar="PROBLEM",
        help="A problem: a file (YAML, JSON, XLSX), a folder of CSV tables, or the name of a "
        "shipped instance.",
    ),
]
Edits = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="EDIT",
        help="Change the problem first, as often as given: 'rules[cn-cap].max_share=0.4', "
        "'offers[country=CHN].price*=1.1', 'demand[us-ga].quantity+=5'.",
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Answer as JSON.")]
Force = Annotated[bool, typer.Option("--force", help="Replace what an earlier run wrote.")]
OutFolder = Annotated[
    Path | None,
    typer.Option(
        "--out",
        metavar="PLACE",
        help="Also write result.json, a CSV per table, inputs.json and run.json to this folder; "
        "or to a name that ends in .xlsx a workbook with a sheet per table.",
    ),
]
Gap = Annotated[
    float | None,
    typer.Option(metavar="FRACTION", help="Stop when a plan is proven this close to best."),
]
AnalysisFolder = Annotated[
    Path | None,
    typer.Option(
        "--out",
        metavar="DIR",
        help="Also write the answer as JSON, a CSV per table, inputs.json and run.json to this "
        "folder.",
    ),
]
AllSeconds = Annotated[
    float | None,
    typer.Option(
        "--time-limit",
        metavar="SECONDS",
        help="Stop after this long, all solves together, and tell what is known by then.",
    ),
]
Data = Annotated[
    Path | None,
    typer.Option(
        metavar="DIR",
        help="Directory of the server's jobs and keys; DIVERSIFY_DATA, else your own, by default.",
    ),
]
