"""Pages of jobs, newest first: filters, and cursors that hold while jobs arrive."""

from __future__ import annotations

import base64
import binascii
import json
import math

from pydantic import Field

from instances.errors import Finding, InputError, shortened
from service.asks import Ask
from service.jobs.desk import JobDesk, is_id
from service.jobs.reader import Wanted
from service.jobs.record import Job, JobKind, State
from service.jobs.schemas import LONGEST_LABEL, JobList, StateName, shown

MOST = 500


class ListQuery(Ask):
    """Which jobs to list."""

    state: StateName | None = Field(
        default=None, description="Only jobs in this state.", examples=["succeeded"]
    )
    kind: JobKind | None = Field(
        default=None, description="Only jobs of this kind.", examples=["solve"]
    )
    label: str | None = Field(
        default=None,
        min_length=1,
        max_length=LONGEST_LABEL,
        # a database takes no text with a NUL in it
        pattern=r"^[^\x00-\x1f]*$",
        description="Only jobs with this label.",
        examples=["base case"],
    )
    limit: int = Field(
        default=50, ge=1, le=MOST, description="Most jobs on a page.", examples=[20]
    )
    cursor: str | None = Field(
        default=None, description="What the page before says is `next`.", max_length=200
    )


async def listed(desk: JobDesk, tenant: str, query: ListQuery) -> JobList:
    """Return a page of jobs.

    Raises
    ------
    InputError
        The cursor is none.
    """
    wanted = Wanted(
        None if query.state is None else State(query.state),
        query.kind,
        query.label,
        None if query.cursor is None else _place(query.cursor),
    )
    # one more than asked for tells whether there is another page
    found = await desk.read(desk.reader.listed, tenant, wanted, query.limit + 1)
    page = found[: query.limit]
    more = len(found) > query.limit
    return JobList(jobs=[shown(job) for job in page], next=_cursor(page[-1]) if more else None)


def _cursor(last: Job) -> str:
    plain = json.dumps([last.created, last.id]).encode()
    return base64.urlsafe_b64encode(plain).decode().rstrip("=")


def _place(cursor: str) -> tuple[float, str]:
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        created, job = json.loads(base64.b64decode(padded, b"-_", validate=True))
        if not (isinstance(created, float) and math.isfinite(created) and is_id(job)):
            raise ValueError(cursor)
        return created, job
    except (ValueError, TypeError, RecursionError, binascii.Error):
        remedy = "Give what the page before says is 'next', as it is."
        finding = Finding("cursor", "is none of this list", shortened(cursor), remedy=remedy)
        raise InputError([finding]) from None
