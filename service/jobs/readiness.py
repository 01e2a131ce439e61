"""Whether jobs are done here: asked of the database, the queue, the workers and the solver."""

from __future__ import annotations

import time

from instances.errors import Finding
from service.errors import Refusal
from service.jobs.desk import JobDesk


async def refuse_unready(desk: JobDesk) -> None:
    """Return if jobs posted now are done.

    Raises
    ------
    Refusal
        Something is missing; the findings say what.
    """
    findings = []
    try:
        workers = await desk.read(desk.reader.workers)
    except Refusal as refusal:
        findings.append(Finding("database", f"cannot be read: {refusal.detail}"))
    else:
        beats = [worker.beat for worker in workers]
        age = time.time() - max(beats) if beats else None
        if age is None:
            findings.append(Finding("worker", "is not there yet"))
        elif age > desk.settings.lease_seconds:
            findings.append(Finding("worker", f"was last heard of {age:,.0f} s ago"))
        try:
            await desk.read(desk.queue.check)
        except Refusal as refusal:
            findings.append(Finding("queue", f"cannot be read: {refusal.detail}"))
    if not desk.clerks.ready:
        findings.append(Finding("solver", "has not solved a tiny problem yet"))
    if findings:
        missing = ", ".join(finding.where for finding in findings)
        headers = {"Retry-After": "1"}
        raise Refusal(
            "not-ready",
            f"Not ready: {missing}.",
            [finding.to_dict() for finding in findings],
            headers,
        )
