"""Parameters of a query and headers with a meaning: read with findings, and described."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from pydantic import BaseModel
from starlette.requests import Request

from instances.errors import Finding, InputError
from service.fields import read_fields

Model = TypeVar("Model", bound=BaseModel)

LONGEST_KEY = 255
LONGEST_WAIT = 60
_KEY = re.compile(rf"[\x21-\x7e]{{1,{LONGEST_KEY}}}")
_WAIT = re.compile(r"\s*wait\s*=\s*\"?([0-9]+)\"?\s*(;.*)?", re.IGNORECASE)

IDEMPOTENCY_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "description": "A key of the caller's choice, best a random one: what is posted again with it "
    "is the first job again, and no second one.",
    "schema": {
        "type": "string",
        "minLength": 1,
        "maxLength": LONGEST_KEY,
        "pattern": r"^[\x21-\x7e]+$",
        "examples": ["5f3c1a9e-0d4b"],
    },
}
PREFER = {
    "name": "Prefer",
    "in": "header",
    "description": f"`wait=N`: be answered with 200 and the answer if the job is over within N "
    f"seconds (at most {LONGEST_WAIT}), else with 202.",
    "schema": {"type": "string", "examples": ["wait=10"]},
}


def read_query(
    model: type[Model], request: Request, called: Mapping[str, str] | None = None
) -> Model:
    """Return what the query of a request says.

    Parameters
    ----------
    called
        Field to the name of its parameter, where that is another one.

    Raises
    ------
    InputError
        Everything wrong with it: what is not known, does not fit or is said twice.
    """
    names = dict(called or {})
    fields = {name: field for field, name in names.items()}
    given: dict[str, str] = {}
    findings = []
    for name, value in request.query_params.multi_items():
        field = fields.get(name, name if name not in names else f"{name} ")
        if field in given:
            findings.append(Finding(name, "is given twice", value))
        given[field] = value
    try:
        read = read_fields(model, given, lambda field: names.get(field, field.strip()))
    except InputError as error:
        raise InputError([*findings, *error.findings]) from None
    if findings:
        raise InputError(findings)
    return read


def described(
    model: type[BaseModel], called: Mapping[str, str] | None = None
) -> list[dict[str, Any]]:
    """Return the documentation of a query."""
    found = []
    for name, schema in model.model_json_schema()["properties"].items():
        # an optional field lists its type first and null second
        kind = schema.get("anyOf", [schema])[0]
        kept = {**kind, **{key: schema[key] for key in ("examples",) if key in schema}}
        kept.pop("title", None)
        text = kept.pop("description", schema.get("description"))
        found.append(
            {
                "name": (called or {}).get(name, name),
                "in": "query",
                "description": text,
                "schema": kept,
            }
        )
    return found


def idempotency_key(request: Request) -> str | None:
    """Return the caller's key, ``None`` if there is none.

    Raises
    ------
    InputError
        It is none.
    """
    given = request.headers.getlist("idempotency-key")
    if not given:
        return None
    if len(given) > 1 or not _KEY.fullmatch(given[0]):
        what = f"must be one key of 1 to {LONGEST_KEY} visible ASCII signs"
        raise InputError([Finding("Idempotency-Key", what)])
    return given[0]


def wait_of(preferences: Sequence[str]) -> int | None:
    """Return how many seconds the headers ``Prefer`` ask to wait; preferences unknown are none."""
    for preference in ",".join(preferences).split(","):
        found = _WAIT.fullmatch(preference)
        if found is not None:
            return min(int(found[1][:9]), LONGEST_WAIT)
    return None
