"""The JSON schema of a problem: field by field what it means, with the unit of every quantity."""

from __future__ import annotations

from typing import Any

from instances.problem import Problem

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def json_schema() -> dict[str, Any]:
    """Return the JSON schema of a problem as it stands in a file or a request.

    Quantities carry their base unit under ``unit``: a bare number is in it, a text states its own.
    """
    schema = Problem.model_json_schema(by_alias=True)
    for record in (schema, *schema["$defs"].values()):
        for field in record.get("properties", {}).values():
            _show_unit(field)
    groups = schema["properties"]["groups"]
    members = schema["$defs"]["Group"]["properties"]["members"]
    by_name = {"type": "object", "additionalProperties": members}
    schema["properties"]["groups"] = {
        "anyOf": [{"type": groups.pop("type"), "items": groups.pop("items")}, by_name]
    } | groups
    return {"$schema": DIALECT} | schema | {"title": "Sourcing problem"}


def _show_unit(field: dict[str, Any]) -> None:
    # an optional quantity has its unit inside the choice between it and nothing
    for choice in field.get("anyOf", ()):
        if "unit" in choice:
            field.setdefault("unit", choice["unit"])
