"""The verbs of ``diversify`` and how the program starts and ends."""

from __future__ import annotations

from typing import Annotated

import typer

from service.cli import (
    alternatives,
    check,
    compare,
    doctor,
    explain,
    export,
    frontier,
    instances,
    instruments,
    jobs,
    keys,
    migrate,
    new,
    partners,
    purse,
    report,
    serve,
    sheet,
    solve,
    stress,
    sweep,
    worker,
    worth,
)
from service.cli.streams import forgive_encoding, say

app = typer.Typer(
    help="Plan where to buy, make and store critical materials at least cost under "
    "diversification rules.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _show_version(asked: bool) -> None:
    if asked:
        from service.versions import DISTRIBUTION, version_of

        say(f"diversify {version_of(DISTRIBUTION) or '(not installed)'}")
        raise typer.Exit


@app.callback()
def _start(
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_show_version, is_eager=True, help="Print the version."
        ),
    ] = False,
) -> None:
    """Hold the options that belong to no verb."""


app.command("new")(new.new)
app.command("check")(check.check)
app.command("solve")(solve.solve)
app.command("explain")(explain.explain)
app.command("sheet")(sheet.sheet)
app.command("compare")(compare.compare)
app.command("stress")(stress.stress)
app.command("partners")(partners.partners)
app.command("purse")(purse.purse)
app.command("instruments")(instruments.instruments)
app.command("worth")(worth.worth)
app.command("frontier")(frontier.frontier)
app.command("sweep")(sweep.sweep)
app.command("alternatives")(alternatives.alternatives)
app.command("report")(report.report)
app.add_typer(instances.app, name="instances")
app.command("export")(export.export)
app.command("doctor")(doctor.doctor)
app.command("serve")(serve.serve)
app.command("worker")(worker.worker)
app.add_typer(jobs.app, name="jobs")
app.add_typer(keys.app, name="keys")
app.command("migrate")(migrate.migrate)


def main() -> None:
    """Run the command line and end the process with the code of `service.exits.Exit`."""
    forgive_encoding()
    app(prog_name="diversify")
