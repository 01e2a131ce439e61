"""An order for a job, read and checked in full before it is accepted."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from instances.errors import Finding, InputError, nearest_name, shortened
from instances.words import listed
from service.asked import READERS
from service.jobs.code import code_version
from service.jobs.record import JOB_KINDS, MOST_SHOWN, JobKind, Order
from service.jobs.schemas import LONGEST_LABEL
from service.request import read_object, read_task
from service.webhooks.hosts import WrongUrlError, target_of

if TYPE_CHECKING:
    from service.work import Limits

OWN = ("kind", "label", "fresh", "webhook")
"""What an order says besides the request of its kind."""
TASK = ("problem", "instance", "edits", "options", "other", "diagnose")
"""What a request says that its summary leaves out, or that is told apart."""
LONGEST_EDIT = 200
LONGEST_ASKS = 300


def read_order(body: bytes, limits: Limits) -> Order:
    """Return the order that a body holds, but for its key.

    Raises
    ------
    BrokenJson
        It is not JSON.
    InputError
        Everything wrong with it.
    TooLarge
        It asks for more than ``limits`` allow.
    """
    data = read_object(body)
    findings = [*_wrong(data), *_wrong_webhook(data.get("webhook"), limits)]
    request = json.dumps({key: data[key] for key in data if key not in OWN}).encode()
    kind = data.get("kind")
    if kind not in JOB_KINDS:
        raise InputError(findings)
    try:
        asks, problem, variables = _asks(kind, request, limits)
    except InputError as error:
        if not findings:
            raise
        raise InputError([*findings, *error.findings]) from None
    if findings:
        raise InputError(findings)
    return Order(
        kind=kind,
        label=data.get("label"),
        fresh=data.get("fresh", False),
        webhook=data.get("webhook"),
        body=request,
        body_hash=_digest(dict(data)),
        problem=problem,
        **_in_short(data),
        variables=variables,
        address=_digest([kind, asks, code_version()]),
    )


def _asks(kind: JobKind, request: bytes, limits: Limits) -> tuple[object, str | None, int]:
    """Return all that an answer depends on as plain data; name and size of the problem."""
    from optimizer.size import columns

    if kind == "validate":
        plain = read_object(request)
        try:
            task = read_task(request, limits)
        except InputError:
            # that it is wrong is what a validation answers
            return plain, None, 0
        return plain, task.problem.name, columns(task.problem)
    asked = READERS[kind](request, limits)
    other = getattr(asked, "other", None)
    asks = {
        "problem": asked.problem.hash,
        "other": None if other is None else other.hash,
        "ask": asked.ask.model_dump(mode="json"),
        "options": asked.options.model_dump(mode="json"),
        "solve_seconds": limits.solve_seconds,
    }
    return asks, asked.problem.name, columns(asked.problem)


def _in_short(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return what was asked, as a list of jobs tells it."""
    instance, edits = data.get("instance"), data.get("edits")
    # a validation may be asked about what is none
    edits = [one for one in edits if isinstance(one, str)] if isinstance(edits, list) else []
    asks = {name: data[name] for name in data if name not in (*OWN, *TASK)}
    words = "; ".join(f"{name.replace('_', ' ')} {_worded(asks[name])}" for name in asks)
    return {
        "instance": _cut(instance, LONGEST_LABEL) if isinstance(instance, str) else None,
        "edits": tuple(_cut(edit, LONGEST_EDIT) for edit in edits[:MOST_SHOWN]),
        "edit_count": len(edits),
        "asks": _cut(words, LONGEST_ASKS) or None,
    }


def _worded(value: object) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return listed(tuple(_worded(item) for item in value)) or "none"
    return json.dumps(value, ensure_ascii=False)


def _cut(text: str, most: int) -> str:
    """Return a text of one line that a database takes: without control signs, cut if too long."""
    plain = "".join(sign if sign.isprintable() else " " for sign in text)
    return plain if len(plain) <= most else f"{plain[: most - 1]}…"


def _wrong(data: Mapping[str, Any]) -> list[Finding]:
    """Return what is wrong with an order besides its request."""
    findings = []
    kind, label, fresh = data.get("kind"), data.get("label"), data.get("fresh", False)
    if kind not in JOB_KINDS:
        what = f"must be {listed(JOB_KINDS).replace(' and ', ' or ')}"
        near = nearest_name(kind, JOB_KINDS) if isinstance(kind, str) else None
        value = None if kind is None else shortened(kind)
        findings.append(Finding("kind", what, value, near))
    if label is not None and not _fits(label):
        what = f"must be null or printable text of 1 to {LONGEST_LABEL} signs"
        findings.append(Finding("label", what, shortened(label)))
    if not isinstance(fresh, bool):
        findings.append(Finding("fresh", "must be true or false", shortened(fresh)))
    return findings


def _wrong_webhook(url: object, limits: Limits) -> list[Finding]:
    if url is None:
        return []
    try:
        target_of(url, limits.webhook_hosts)
    except WrongUrlError as error:
        remedy = "Ask who runs this server to list the host in DIVERSIFY_WEBHOOK_HOSTS."
        return [Finding("webhook", str(error), shortened(url), remedy=remedy)]
    return []


def _fits(label: object) -> bool:
    return isinstance(label, str) and 0 < len(label) <= LONGEST_LABEL and label.isprintable()


def _digest(plain: object) -> str:
    return hashlib.sha256(json.dumps(plain, sort_keys=True).encode()).hexdigest()
