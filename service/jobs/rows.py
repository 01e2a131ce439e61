"""From rows of the tables to records."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, RowMapping

from service.jobs.record import Event, Job, State
from service.jobs.tables import JOBS

# without the request, which may be large
SHOWN: tuple[ColumnElement[Any], ...] = tuple(
    JOBS.c[name]
    for name in (
        "id",
        "tenant",
        "kind",
        "label",
        "problem",
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


def job_of(row: RowMapping) -> Job:
    """Return the job in a row of `SHOWN`."""
    fields = dict(row)
    fields["has_answer"] = fields.pop("answer") is not None
    fields["findings"] = fields["findings"] or []
    fields["state"] = State(fields["state"])
    return Job(**fields)


def event_of(row: RowMapping) -> Event:
    """Return the event in a row."""
    return Event(row["sequence"], row["at"], row["kind"], row["data"])
