"""Flat records of numbers and words (settings, options), read with findings in our own words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core.core_schema import ErrorType

from instances.errors import Finding, InputError, nearest_name, shortened
from instances.units import how_to_write
from instances.words import listed

Model = TypeVar("Model", bound=BaseModel)
_WORDS = {
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "string": "text",
}
_PYDANTICS = frozenset(get_args(ErrorType))
"""Kinds of error that pydantic words in its own way; any other is worded for people."""


def read_fields(
    model: type[Model], given: Mapping[str, object], called: Callable[[str], str]
) -> Model:
    """Return the ``model`` that holds what is ``given`` and its defaults.

    Parameters
    ----------
    called
        Says what a field is called where the caller wrote it: ``--time-limit`` for ``time_limit``.

    Raises
    ------
    InputError
        A finding for each unknown field and each value that does not fit.
    """
    findings = []
    known = {}
    for name, value in given.items():
        if name in model.model_fields:
            known[name] = value
            continue
        near = nearest_name(name, list(model.model_fields))
        nearest = None if near is None else called(near)
        findings.append(Finding(called(name), "is not known", nearest=nearest))
    try:
        read = model.model_validate(known)
    except ValidationError as error:
        properties = model.model_json_schema()["properties"]
        for fault in error.errors():
            name = str(fault["loc"][0])
            own = fault["type"] not in _PYDANTICS
            what = fault["msg"] if own else f"must be {_what_fits(properties[name])}"
            secret = properties[name].get("writeOnly", False)
            value = None if secret else shortened(fault["input"])
            findings.append(Finding(called(name), what, value=value))
    if findings:
        raise InputError(findings)
    return read


def _what_fits(schema: Mapping[str, Any]) -> str:
    if "unit" in schema:
        return how_to_write(str(schema["unit"]))
    examples = schema.get("examples")
    # an optional field lists its type first and null second
    schema = schema.get("anyOf", [schema])[0]
    if "enum" in schema:
        return listed(tuple(map(str, schema["enum"]))).replace(" and ", " or ")
    kind = str(schema.get("type", "text"))
    words = [_WORDS.get(kind, kind)]
    if "exclusiveMinimum" in schema:
        words.append(f"more than {schema['exclusiveMinimum']:g}")
    if "minimum" in schema:
        words.append(f"at least {schema['minimum']:g}")
    if "maximum" in schema:
        words.append(f"at most {schema['maximum']:g}")
    if "pattern" in schema and examples:
        words.append(f"such as {examples[0]}")
    return ", ".join(words)
