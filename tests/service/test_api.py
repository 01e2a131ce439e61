from __future__ import annotations

import json
import socket
from collections.abc import Callable
from typing import Any

import pytest

Problem = dict[str, Any]
Run = Callable[..., Any]

JSON = {"Content-Type": "application/json"}


def covers(answer: Any, documented: Any) -> bool:
    """Return whether ``answer`` holds everything that is documented, numbers to 1e-6."""
    if isinstance(documented, dict):
        return all(key in answer and covers(answer[key], documented[key]) for key in documented)
    if isinstance(documented, list):
        return len(answer) >= len(documented) and all(map(covers, answer, documented))
    if isinstance(documented, float):
        return answer == pytest.approx(documented)
    return answer == documented


def refused(answer: Any, status: int, kind: str) -> dict[str, Any]:
    """Check that an answer is problem details of a kind, and return them."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    details = answer.json()
    assert (details["status"], details["type"]) == (status, f"/problems/{kind}")
    assert details["title"]
    assert "Traceback" not in answer.text
    return details


def test_solve_gives_the_same_answer_as_the_command_line(server: Any, diversify: Run):
    edit = "demand[*].quantity*=1.1"
    run = diversify("solve", "gallium-usa", "--set", edit, "--json")
    body = {"instance": "gallium-usa", "edits": [edit]}
    answer = server.http.post("/v1/solve", json=body).json()
    assert answer["status"] == {"stop": "finished", "point": "optimal"}
    here, there = json.loads(run.stdout), answer["result"]
    assert there["objective_usd"] == pytest.approx(here["objective_usd"], rel=1e-9)
    assert there["record"]["inputs_hash"] == here["record"]["inputs_hash"]
    assert there["tables"]["purchases"] == here["tables"]["purchases"]


def test_share_intervals_are_an_option(server: Any, tiny: Problem):
    options = {"shares_of": ["of=CHN,commodity=gallium"]}
    answer = server.http.post("/v1/solve", json={"problem": tiny, "options": options})
    (row,) = answer.json()["result"]["tables"]["share_intervals"]
    assert row["least_share"] == pytest.approx(row["most_share"], abs=1e-5)
    wrong = server.http.post(
        "/v1/solve", json={"problem": tiny, "options": {"shares_of": ["of=CHN"]}}
    )
    assert wrong.status_code == 422


def test_infeasible_is_a_good_answer(server: Any, impossible: Problem):
    answer = server.http.post("/v1/solve", json={"problem": impossible})
    assert answer.status_code == 200
    assert answer.json()["status"]["point"] == "infeasible"
    # 100 t needed, 40 t from China and 50 t from Australia may come: 10 t
    assert answer.json()["result"]["broken"][0]["amount"] == pytest.approx(10)


def test_findings_are_those_of_a_file(
    server: Any, diversify: Run, saved: Callable[..., Any], tiny: Problem
):
    tiny["offers"][0]["prise"] = 3
    tiny["rules"][0]["of"] = "CHM"
    run = diversify("check", saved(tiny), "--json")
    answer = server.http.post("/v1/solve", json={"problem": tiny})
    details = refused(answer, 422, "invalid-input")
    assert details["findings"] == json.loads(run.stdout)["findings"]


def test_validate_says_what_is_wrong_with_200(server: Any, tiny: Problem):
    good = server.http.post("/v1/validate", json={"problem": tiny}).json()
    assert good["valid"] is True
    assert good["counts"]["offers"] == 2
    tiny["offers"][0]["price"] = -1
    bad = server.http.post("/v1/validate", json={"problem": tiny})
    assert bad.status_code == 200
    assert bad.json()["valid"] is False
    assert bad.json()["findings"][0]["where"] == "offers[cn].price"


def test_every_part_of_a_request_is_checked_at_once(server: Any):
    body = {"instance": "galium-usa", "edits": [1], "options": {"gapp": 1}, "extra": 1}
    details = refused(server.http.post("/v1/solve", json=body), 422, "invalid-input")
    assert len(details["findings"]) == 4
    assert "gallium-usa" in [finding["nearest"] for finding in details["findings"]]


@pytest.mark.parametrize("body", [b"", b'{"a": NaN}', b"[" * 1_000_000, b"\xff\xfe{"])
def test_hostile_json_is_refused(server: Any, body: bytes):
    answer = server.http.post("/v1/solve", content=body, headers=JSON)
    refused(answer, 400, "broken-json")


def test_body_over_the_limit_is_refused_before_it_is_read(server: Any):
    # 50 MB where 10 MB are taken
    answer = server.http.post("/v1/solve", content=b" " * 50_000_000, headers=JSON)
    refused(answer, 413, "body-too-large")


def test_chunked_body_over_the_limit_is_refused(server: Any):
    chunks = (b" " * 1_000_000 for _ in range(15))
    answer = server.http.post("/v1/solve", content=chunks, headers=JSON)
    refused(answer, 413, "body-too-large")


@pytest.mark.parametrize(
    "headers",
    [
        {"Content-Type": "text/yaml"},
        {"Content-Type": "application/json; charset=latin-1"},
        {"Content-Type": "application/json", "Content-Encoding": "gzip"},
        {},
    ],
)
def test_only_json_is_taken(server: Any, headers: dict[str, str]):
    refused(server.http.post("/v1/solve", content=b"{}", headers=headers), 415, "not-json")


def test_unknown_path_and_method_are_problem_details(server: Any):
    refused(server.http.get("/v1/nothing"), 404, "not-found")
    answer = server.http.get("/v1/solve")
    refused(answer, 405, "method-not-allowed")
    assert answer.headers["allow"] == "POST"


def test_unknown_instance_names_the_nearest(server: Any):
    answer = server.http.get("/v1/instances/galium-usa")
    details = refused(answer, 404, "unknown-instance")
    assert details["findings"][0]["nearest"] == "gallium-usa"


@pytest.mark.parametrize("name", ["..%2F..%2Fpyproject", "%2Fetc%2Fpasswd", "%00", "a" * 5000])
def test_instance_name_reaches_no_file(server: Any, name: str):
    assert server.http.get(f"/v1/instances/{name}").status_code == 404


def test_host_of_another_name_is_turned_away(server: Any):
    answer = server.http.get("/version", headers={"Host": "rebound.example"})
    refused(answer, 421, "wrong-host")


def test_every_answer_carries_the_security_headers(server: Any):
    for path in ("/version", "/v1/nothing", "/docs", "/openapi.json"):
        headers = server.http.get(path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert "default-src 'none'" in headers["content-security-policy"]
        assert headers["x-frame-options"] == "DENY"
        assert "server" not in headers
        assert "access-control-allow-origin" not in headers


def test_documentation_page_loads_only_from_this_server(server: Any):
    page = server.http.get("/docs").text
    assert "http://" not in page
    assert "https://" not in page
    for path in ("/docs/swagger-ui-bundle.js", "/docs/swagger-ui.css", "/docs/start.js"):
        assert path.lstrip("/") in page
        asset = server.http.get(path)
        assert asset.status_code == 200
        assert asset.text


def examples(server: Any) -> list[tuple[str, str, Any, Any]]:
    """Return method, path, body and documented answer of every example of the description."""
    described = server.http.get("/openapi.json").json()
    found = []
    for path, methods in described["paths"].items():
        if path.startswith("/v1/jobs") or path == "/metrics":
            # of what was posted before (tests/service/jobs/test_examples.py), or no JSON
            continue
        for method, operation in methods.items():
            content = operation["responses"]["200"]["content"]["application/json"]
            bodies = operation.get("requestBody", {"content": {"application/json": {}}})["content"]
            named = path
            for parameter in operation.get("parameters", ()):
                value = parameter["schema"]["examples"][0]
                named = named.replace(f"{{{parameter['name']}}}", value)
            for case, answer in content["examples"].items():
                body = bodies["application/json"].get("examples", {}).get(case, {"value": None})
                found.append((method, named, body["value"], answer["value"]))
    return found


def test_every_route_documents_an_example_that_a_real_server_gives(server: Any):
    found = examples(server)
    assert {path for _, path, _, _ in found} >= {
        "/v1/solve",
        "/v1/sweep",
        "/v1/frontier",
        "/v1/alternatives",
        "/v1/explain",
        "/v1/compare",
        "/v1/stress",
        "/v1/worth",
        "/v1/sheet",
        "/v1/partners",
        "/v1/purse",
        "/v1/instruments",
        "/v1/validate",
        "/v1/read",
        "/v1/instances",
        "/v1/instances/gallium-usa",
        "/v1/schema",
        "/health/live",
        "/health/ready",
        "/version",
    }
    for method, path, body, documented in found:
        answer = server.http.request(method, path, json=body)
        assert answer.status_code == 200, (path, answer.text)
        assert covers(answer.json(), documented), (path, answer.text[:2000])


def test_description_holds_together(server: Any):
    described = server.http.get("/openapi.json").text
    schemas = json.loads(described)["components"]["schemas"]
    for reference in described.split('"#/components/schemas/')[1:]:
        assert reference.partition('"')[0] in schemas
    assert "Problem" in schemas
    assert "#/$defs" not in described


def test_versions_name_the_solver(server: Any):
    assert server.http.get("/version").json()["highspy"][0].isdigit()


def test_kinds_of_error_are_explained(server: Any):
    kind = server.http.get("/v1/nothing").json()["type"]
    assert server.http.get(kind).json()["status"] == 404


def test_broken_request_line_does_not_stop_the_server(server: Any):
    address = server.url.removeprefix("http://").split(":")
    with socket.create_connection((address[0], int(address[1])), 5) as line:
        line.sendall(b"\x00\x01\x02 nonsense\r\n\r\n")
        line.recv(1000)
    assert server.http.get("/health/live").json() == {"live": True}
