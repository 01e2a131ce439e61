"""``diversify jobs``: submit jobs to a server, watch them, stop them, fetch their answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from service.cli.arguments import AsJson, Edits, Source
from service.cli.edge import reported
from service.cli.streams import say, say_json, tell
from service.exits import Exit, exit_of, exit_of_search
from service.jobs.record import JOB_KINDS, JobKind, State

if TYPE_CHECKING:
    from service.client import RemoteJob

app = typer.Typer(
    help="Jobs on a server: submit them, watch them, stop them, fetch their answers.",
    no_args_is_help=True,
)

Server = Annotated[
    str | None,
    typer.Option(
        "--server",
        metavar="URL",
        help="Address of the server; DIVERSIFY_SERVER, or http://127.0.0.1:8000, if not given. "
        "A key is taken from DIVERSIFY_KEY.",
    ),
]
JobId = Annotated[str, typer.Argument(metavar="JOB", help="Id of a job.")]


@app.command("submit")
@reported
def submit(
    source: Source,
    kind: Annotated[
        JobKind, typer.Option(help=f"What is to be done: {', '.join(JOB_KINDS)}.")
    ] = "solve",
    edits: Edits = None,
    asks: Annotated[
        list[str] | None,
        typer.Option(
            "--ask",
            metavar="NAME=VALUE",
            help="What the kind of job can be asked, as often as given: 'rule=cn-cap' of a "
            "frontier, 'axes=rules[cn-cap].max_share=0.3:0.9:4' of a sweep, 'time_limit=60' of "
            "any.",
        ),
    ] = None,
    label: Annotated[str | None, typer.Option(help="A word to find it by.")] = None,
    fresh: Annotated[
        bool, typer.Option("--fresh", help="Compute it although its answer is known.")
    ] = False,
    webhook: Annotated[
        str | None, typer.Option(metavar="URL", help="URL that is told of its end.")
    ] = None,
    wait: Annotated[
        bool, typer.Option("--wait", help="Wait for its answer and print that.")
    ] = False,
    as_json: AsJson = False,
    server: Server = None,
) -> Exit:
    """Submit a job and print its id."""
    from service.client import Client, source_of
    from service.job_asks import asked_of

    asked, options = asked_of(kind, asks or ())
    with Client(server) as client:
        job = client.submit(
            source_of(source),
            kind,
            edits=edits or (),
            options=options,
            label=label,
            fresh=fresh,
            webhook=webhook,
            **asked,
        )
        if wait:
            return _waited(job, as_json=as_json)
        if as_json:
            say_json(job.shown)
        else:
            say(job.id)
    return Exit.GOOD


@app.command("list")
@reported
def list_jobs(
    state: Annotated[State | None, typer.Option(help="Only jobs in this state.")] = None,
    kind: Annotated[JobKind | None, typer.Option(help="Only jobs of this kind.")] = None,
    label: Annotated[str | None, typer.Option(help="Only jobs with this label.")] = None,
    most: Annotated[int, typer.Option(min=1, metavar="N", help="At most so many.")] = 20,
    as_json: AsJson = False,
    server: Server = None,
) -> Exit:
    """List jobs, newest first."""
    from service.client import Client

    with Client(server) as client:
        found = [job.shown for job in client.jobs(state=state, kind=kind, label=label, most=most)]
    if as_json:
        say_json({"jobs": found})
    elif not found:
        tell("There are no such jobs.")
    else:
        for line in _lines(found):
            say(line)
    return Exit.GOOD


@app.command("get")
@reported
def get(
    job: JobId,
    result: Annotated[
        bool, typer.Option("--result", help="Its answer instead of the job.")
    ] = False,
    as_json: AsJson = False,
    server: Server = None,
) -> Exit:
    """Print a job, or its answer."""
    from service.client import Client

    with Client(server) as client:
        found = client.job(job)
        if result:
            return _answered(found, as_json=as_json)
    if as_json:
        say_json(found.shown)
    else:
        for name, value in found.shown.items():
            if value not in (None, []) and name != "links":
                say(f"{name}: {value}")
    return Exit.GOOD


@app.command("wait")
@reported
def wait(job: JobId, as_json: AsJson = False, server: Server = None) -> Exit:
    """Wait until a job is over and print its answer; the exit code is that of its kind."""
    from service.client import Client

    with Client(server) as client:
        return _waited(client.job(job), as_json=as_json)


@app.command("log")
@reported
def log(job: JobId, server: Server = None) -> Exit:
    """Print a job's log."""
    from service.client import Client

    with Client(server) as client:
        say(client.job(job).log())
    return Exit.GOOD


@app.command("cancel")
@reported
def cancel(job: JobId, server: Server = None) -> Exit:
    """Stop a job; the best plan that it holds is kept."""
    from service.client import Client

    with Client(server) as client:
        found = client.job(job).cancel()
    tell(f"{found.id} is {found.state}.")
    return Exit.GOOD


@app.command("delete")
@reported
def delete(job: JobId, server: Server = None) -> Exit:
    """Delete a job that is over, with its answer and log."""
    from service.client import Client

    with Client(server) as client:
        client.job(job).delete()
    tell(f"{job} is deleted.")
    return Exit.GOOD


def _waited(job: RemoteJob, *, as_json: bool) -> Exit:
    tell(f"Job {job.id}.")
    return _answered(job.wait(show=True), as_json=as_json)


def _answered(job: RemoteJob, *, as_json: bool) -> Exit:
    """Print the answer of a job; what a job without one fails of is a refusal, which is told."""
    answer = job.answer()
    if job.shown["kind"] == "solve":
        from optimizer import Result

        result = Result.from_plain(answer["result"])
        say_json(answer["result"]) if as_json else say(result.summary())
        return exit_of(result.status)
    if job.shown["kind"] == "sheet":
        return _sheet(answer["result"], as_json=as_json)
    say_json(answer.get("result", answer))
    return {
        State.SUCCEEDED: Exit.GOOD,
        State.PARTIAL: Exit.STOPPED_WITH_PLAN,
        State.CANCELLED: Exit.STOPPED_WITH_PLAN,
    }.get(job.state, Exit.STOPPED_WITHOUT)


def _sheet(found: dict[str, Any], *, as_json: bool) -> Exit:
    """Print a decision sheet; the exit code is that of the command of its name."""
    from optimizer.sheet.page import text_of

    say_json(found) if as_json else say(text_of(found["words"]))
    held = found["cost_usd"] is not None
    return exit_of_search(held=held, complete=found["complete"])


def _lines(found: list[dict[str, Any]]) -> list[str]:
    """Return a line for each job, in columns; what it came to stands before its problem."""
    table = [
        [shown["id"], shown["state"], shown["kind"], shown["created"][:19], _came_to(shown)]
        for shown in found
    ]
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    return [
        "  ".join([*map(str.ljust, cells, widths), _asked(shown)]).rstrip()
        for cells, shown in zip(table, found, strict=True)
    ]


def _came_to(shown: dict[str, Any]) -> str:
    from instances.words import money

    cost, outcome = shown["cost_usd"], shown["outcome"]
    if cost is None:
        return str(outcome)
    return money(cost) if outcome == "optimal" else f"{money(cost)}, {outcome}"


def _asked(shown: dict[str, Any]) -> str:
    """Return what tells jobs of one problem apart: what was changed and asked, and the label."""
    edits = shown["edits"] or []
    more = (shown["edit_count"] or 0) - len(edits)
    words = [shown["problem"] or "no problem named", *edits, f"{more} more edits" if more else ""]
    words += [shown["asks"] or "", f"({shown['label']})" if shown["label"] else ""]
    return "  ".join(word for word in words if word)
