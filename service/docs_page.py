"""The documentation: OpenAPI, and its page from files of this machine under a strict policy."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import fastapi_offline
from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic.json_schema import models_json_schema
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, Response

from service.described import answers
from service.hardening import READING
from service.people.door import is_open
from service.schemas import ProblemDetails, ReadTask

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
ASSETS = {"swagger-ui-bundle.js": "text/javascript", "swagger-ui.css": "text/css"}
PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Diversify API</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="docs/swagger-ui.css">
</head>
<body>
<div id="page"></div>
<noscript>The description of this API is at <a href="openapi.json">openapi.json</a>.</noscript>
<script src="docs/swagger-ui-bundle.js"></script>
<script src="docs/start.js"></script>
</body>
</html>
"""
START = """SwaggerUIBundle({
  url: "openapi.json",
  dom_id: "#page",
  deepLinking: true,
  defaultModelsExpandDepth: 0,
  validatorUrl: null,
  presets: [SwaggerUIBundle.presets.apis],
});
"""


def add_docs(app: FastAPI) -> None:
    """Serve the description of the API, the documentation page and its assets."""

    # not a coroutine: the first call loads the solver's schemas, and others need not wait for it
    @app.get("/openapi.json", include_in_schema=False)
    def description() -> Response:
        return JSONResponse(_description(app))

    @app.get("/docs", include_in_schema=False)
    def page() -> Response:
        return HTMLResponse(PAGE, headers={"Content-Security-Policy": POLICY})

    @app.get("/docs/start.js", include_in_schema=False)
    def start() -> Response:
        return Response(START, media_type="text/javascript")

    for name in ASSETS:
        app.add_api_route(f"/docs/{name}", _asset(name), include_in_schema=False)


def _asset(name: str) -> Any:
    path = _assets() / name

    def asset() -> Response:
        return FileResponse(
            path, media_type=ASSETS[name], headers={"Cache-Control": "max-age=86400"}
        )

    return asset


def _assets() -> Path:
    # of this package only the files of Swagger UI are used
    return Path(fastapi_offline.__file__).parent / "static"


def _description(app: FastAPI) -> dict[str, Any]:
    """Return the description of the API, with the schema of a problem in it."""
    if app.openapi_schema is None:
        from service import decision_schemas, solve_schemas
        from service.jobs import order_schemas

        schema = get_openapi(
            title=app.title,
            version=app.version,
            summary=app.summary,
            routes=app.routes,
        )
        described = (solve_schemas, decision_schemas, order_schemas)
        requests = (*(item for part in described for item in part.REQUESTS), ReadTask)
        answers = (*(item for part in described for item in part.ANSWERS), ProblemDetails)
        _, shared = models_json_schema(
            [
                *((request, "validation") for request in requests),
                *((answer, "serialization") for answer in answers),
            ],
            ref_template="#/components/schemas/{model}",
        )
        parts = schema["components"]["schemas"]
        schema["components"]["schemas"] = {**shared["$defs"], **parts}
        _drop_validation_errors(schema)
        _describe_keys(schema)
        app.openapi_schema = schema
    return app.openapi_schema


def _drop_validation_errors(schema: dict[str, Any]) -> None:
    # the framework documents its own answer to wrong parameters: those of paths are texts and
    # never wrong, all others are read by ourselves and documented by the routes
    for name in ("HTTPValidationError", "ValidationError"):
        schema["components"]["schemas"].pop(name, None)
    for methods in schema["paths"].values():
        for operation in methods.values():
            answer = operation["responses"].get("422", {})
            if "application/json" in answer.get("content", {}):
                del operation["responses"]["422"]


def _describe_keys(schema: dict[str, Any]) -> None:
    """Say of every path that is not open that a key may be asked for, and what is said then."""
    schema["components"]["securitySchemes"] = {
        "key": {
            "type": "http",
            "scheme": "bearer",
            "description": "Made by `diversify keys create`; not asked for on 127.0.0.1.",
        }
    }
    for path, methods in schema["paths"].items():
        if is_open(path):
            continue
        for method, operation in methods.items():
            # of these two either will do
            operation["security"] = [{}, {"key": []}]
            kinds = ["no-key", "wrong-key", "not-permitted"]
            kinds += [] if method.upper() in READING else ["cross-site"]
            for status, answer in answers({}, tuple(kinds)).items():
                if status != 200:
                    _add(operation["responses"], str(status), answer)


def _add(responses: dict[str, Any], status: str, answer: dict[str, Any]) -> None:
    known = responses.setdefault(status, answer)
    if known is not answer:
        known["description"] = f"{known['description']} {answer['description']}"
        for media_type, body in answer["content"].items():
            known["content"][media_type]["examples"] |= body["examples"]
