"""From rows of the tables to records."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, RowMapping, Select, select

from service.jobs.record import Event, Job, State
from service.jobs.tables import ANSWERS, JOBS

# without the request and the answer, which may be large
SHOWN: tuple[ColumnElement[Any], ...] = tuple(
    JOBS.c[name]
    for name in (
        "id",
        "tenant",
        "kind",
        "label",
        "problem",
        "instance",
        "edits",
        "edit_count",
        "asks",
        "state",
        "reason",
        "detail",
        "findings",
        "created",
        "started",
        "finished",
        "expires",
        "attempts",
        "progress",
        "answer",
        "answered_from",
        "last_event",
    )
)


def jobs_shown() -> Select[Any]:
    """Return the question for jobs, each with what its answer comes to."""
    answered = JOBS.outerjoin(ANSWERS, JOBS.c.answer == ANSWERS.c.id)
    return select(*SHOWN, ANSWERS.c.cost_usd, ANSWERS.c.words).select_from(answered)


def job_of(row: RowMapping) -> Job:
    """Return the job in a row of `jobs_shown`."""
    fields = dict(row)
    fields["has_answer"] = fields.pop("answer") is not None
    fields["findings"] = fields["findings"] or []
    fields["state"] = State(fields["state"])
    return Job(**fields)


def event_of(row: RowMapping) -> Event:
    """Return the event in a row."""
    return Event(row["sequence"], row["at"], row["kind"], row["data"])
