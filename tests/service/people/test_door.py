from __future__ import annotations

import subprocess
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest

from service.people.callers import Scope

Place = Callable[..., Any]
Running = Callable[..., AbstractContextManager[Any]]
Start = Callable[..., subprocess.Popen[str]]

OPEN = {
    "/health/live",
    "/health/ready",
    "/version",
    "/problems/{kind}",
    "/openapi.json",
    "/docs",
    "/docs/start.js",
    "/docs/swagger-ui-bundle.js",
    "/docs/swagger-ui.css",
    "/",
    "/jobs",
    "/compare",
    "/sweeps/{job}",
    "/answers/{job}",
    "/page/{path:path}",
}
"""Routes that nobody needs a key for. One that is added here tells nothing of anybody's."""


def refused(answer: Any, status: int, kind: str) -> None:
    assert answer.status_code == status, answer.text
    assert answer.json()["type"] == f"/problems/{kind}"


def test_every_route_but_the_open_ones_asks_for_a_key(place: Place):
    here = place()
    nobody = here.client()
    closed = {path for _, path in here.routes()} - OPEN
    assert "/v1/solve" in closed
    for (method, path), (_, route) in zip(here.requests(), here.routes(), strict=True):
        answer = nobody.request(method, path)
        if route in closed:
            refused(answer, 401, "no-key")
            assert answer.headers["www-authenticate"] == 'Bearer realm="diversify"'
            assert answer.headers["x-content-type-options"] == "nosniff"
        elif route != "/health/ready":
            assert answer.status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/v1",
        "/v1/",
        "/v1/instances/",
        "//v1/instances",
        "/v1//instances",
        "/docs/../v1/instances",
        "/docs/%2e%2e/v1/instances",
        "/health/live/../../v1/instances",
        "/health/live/x",
        "/problems/../v1/schema",
        "/V1/instances",
        "/%76%31/instances",
        "/v1/instances;/docs/",
        "/v1/instances?/docs/",
        "/metrics",
        "/metrics/",
        "/.env",
        "/etc/passwd",
        "/docs/%2e%2e/%2e%2e/errors.py",
    ],
)
def test_no_way_around_the_door(place: Place, path: str):
    # sent as it stands: a client would tidy the path
    answer = place().client().get(f"http://localhost{path}")
    assert answer.status_code in (401, 404)
    assert "gallium" not in answer.text


@pytest.mark.parametrize(
    "value",
    ["", "Bearer", "Bearer ", "Bearer x", "Basic eDp5", "Token dvf_x", "Bearer dvf_{}_{}", "ü"],
)
def test_wrong_key_is_refused(place: Place, value: str):
    answer = place().client().get("/v1/instances", headers={"Authorization": value.encode()})
    refused(answer, 401, "wrong-key")
    assert 'error="invalid_token"' in answer.headers["www-authenticate"]


def test_key_in_the_address_is_no_key(place: Place):
    here = place()
    _, text = here.keys.create("acme", [Scope.READ])
    for name in ("key", "api_key", "access_token", "token"):
        refused(here.client().get(f"/v1/instances?{name}={text}"), 401, "no-key")
    cookies = {"Cookie": f"session={text}"}
    refused(here.client().get("/v1/instances", headers=cookies), 401, "no-key")


def test_scope_is_asked_for_by_what_is_done(place: Place):
    here = place()
    reader = here.client("acme", [Scope.READ])
    runner = here.client("acme", [Scope.RUN])
    for (method, path), (_, route) in zip(here.requests(), here.routes(), strict=True):
        if route in OPEN or method == "HEAD":
            continue
        other = reader if method != "GET" or path == "/metrics" else runner
        answer = other.request(method, path)
        refused(answer, 403, "not-permitted")
        assert 'error="insufficient_scope"' in answer.headers["www-authenticate"]
    assert reader.get("/v1/instances").status_code == 200
    # past the door it is the body that is wrong
    refused(runner.post("/v1/solve", content=b"{"), 415, "not-json")


def test_this_machine_needs_no_key_and_a_wrong_one_is_wrong_here_too(place: Place):
    here = place(ask_keys=False)
    assert here.client().get("/v1/instances").status_code == 200
    refused(
        here.client().get("/v1/instances", headers={"Authorization": "Bearer x"}),
        401,
        "wrong-key",
    )


def test_other_machines_are_served_only_once_somebody_holds_a_key(
    start: Start, running: Running, diversify: Callable[..., Any], tmp_path: Any
):
    data = ("--data", tmp_path / "data")
    refusal = start("serve", "--host", "0.0.0.0", "--port", "0", *data)
    _, said = refusal.communicate(timeout=30)
    assert refusal.returncode == 2
    assert "diversify keys create" in said
    key = diversify("keys", "create", "--tenant", "acme", *data).stdout.strip()
    with running("--host", "0.0.0.0", *map(str, data)) as server:
        port = server.url.rpartition(":")[2]
        local = f"http://127.0.0.1:{port}"
        assert server.http.get(f"{local}/health/live").json() == {"live": True}
        assert server.http.get(f"{local}/v1/instances").status_code == 401
        headers = {"Authorization": f"Bearer {key}"}
        assert server.http.get(f"{local}/v1/instances", headers=headers).status_code == 200
