"""How routes are described: the bodies they take, what they answer, and the errors they give."""

from __future__ import annotations

from typing import Any

from service.errors import KINDS, MEDIA_TYPE
from service.outcome import Outcome

Responses = dict[int | str, dict[str, Any]]

_BODY_ERRORS = (Outcome.BROKEN_JSON, "body-too-slow", "body-too-large", "not-json", "wrong-host")
_CHILD_ERRORS = (
    Outcome.FAULT,
    Outcome.CRASHED,
    "busy",
    "day-used-up",
    Outcome.CPU_TIME,
    Outcome.WALL_TIME,
    Outcome.OUT_OF_MEMORY,
)
VALIDATE_ERRORS = (*_BODY_ERRORS, *_CHILD_ERRORS)
READ_ERRORS = (*VALIDATE_ERRORS, Outcome.INVALID_INPUT)
SOLVE_ERRORS = (
    *_BODY_ERRORS,
    Outcome.TOO_LARGE,
    Outcome.INVALID_INPUT,
    Outcome.SOLVER_FAILED,
    Outcome.CHECK_FAILED,
    *_CHILD_ERRORS,
)


def answers(
    cases: dict[str, Any],
    kinds: tuple[str, ...] = (),
    schema: str | None = None,
    *,
    status: int = 200,
    description: str = "The answer",
    headers: dict[str, str] | None = None,
) -> Responses:
    """Return the documented answers: a good one per case, and the kinds of error by status.

    Parameters
    ----------
    cases
        Name to an answer.
    kinds
        Kinds of error.
    schema
        Of a good answer; that of the function's type if not given.
    status, description, headers
        Of a good answer; headers by name, with what they say.
    """
    good: dict[str, Any] = {"examples": {name: {"value": value} for name, value in cases.items()}}
    if schema is not None:
        good["schema"] = {"$ref": f"#/components/schemas/{schema}"}
    found: Responses = {
        status: {"description": description, "content": {"application/json": good}}
    }
    if headers:
        found[status]["headers"] = {
            name: {"description": text, "schema": {"type": "string"}}
            for name, text in headers.items()
        }
    for kind in (KINDS[name] for name in kinds):
        answer = found.setdefault(
            kind.status, {"description": "", "content": {MEDIA_TYPE: {"examples": {}}}}
        )
        answer["description"] = " ".join(filter(None, (answer["description"], kind.title)))
        body = answer["content"][MEDIA_TYPE]
        body["schema"] = {"$ref": "#/components/schemas/ProblemDetails"}
        body["examples"][str(kind.name)] = {"value": kind.body(kind.remedy, ())}
    return found


def asks(schema: str = "Task", **cases: tuple[str, dict[str, Any]]) -> dict[str, Any]:
    """Return the documentation of a request's body, with an example per case."""
    return {
        "requestBody": {
            "required": True,
            "content": {
                "application/json": {
                    "schema": {"$ref": f"#/components/schemas/{schema}"},
                    "examples": {
                        name: {"summary": summary, "value": value}
                        for name, (summary, value) in cases.items()
                    },
                }
            },
        }
    }
