"""Requests made from the description of the API: each answer is one that the description tells of.

schemathesis makes requests that fit the description, and others that do not; whatever is sent, no
answer is a fault, and status, type, headers and body are documented.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi import checks

if TYPE_CHECKING:
    from collections.abc import Iterator

CHECKS = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
]
FEWEST = 25
"""Operations that there are at least."""


def operations(server: Any) -> Iterator[Any]:
    """Yield every operation of the description that the server gives of itself."""
    described = schemathesis.openapi.from_dict(server.http.get("/openapi.json").json())
    described.config.update(base_url=server.url)
    for found in described.get_all_operations():
        yield found.ok()


def takes_input(operation: Any) -> bool:
    """Return whether a request can fail to fit the description by more than its path."""
    parts = operation.body, operation.query, operation.headers
    return any(bool(list(part)) for part in parts)


def ask(operation: Any, mode: GenerationMode, most: int, job: str) -> list[int]:
    """Send requests of one kind, half of those about a job about a real one; return statuses."""
    statuses = []

    @seed(9)
    @settings(
        max_examples=most,
        deadline=None,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode), real=st.booleans())
    def send(case: Any, real: bool) -> None:
        if real and "job" in case.path_parameters:
            case.path_parameters["job"] = job
        answer = case.call(timeout=120)
        statuses.append(answer.status_code)
        case.validate_response(answer, checks=CHECKS)

    send()
    return statuses


def ask_everything(server: Any, tiny: dict[str, Any], fitting: int, unfitting: int) -> None:
    """Send so many requests to each operation."""
    server.wait_until_ready()
    order = {"kind": "solve", "problem": tiny}
    job = server.http.post("/v1/jobs", json=order, headers={"Prefer": "wait=60"}).json()["id"]
    statuses = {}
    for operation in operations(server):
        found = ask(operation, GenerationMode.POSITIVE, fitting, job)
        if unfitting and takes_input(operation):
            found += ask(operation, GenerationMode.NEGATIVE, unfitting, job)
        statuses[operation.label] = found
    assert len(statuses) >= FEWEST
    # answers and refusals, both
    assert {200, 404, 422} <= {status for found in statuses.values() for status in found}


def test_every_answer_is_documented(server: Any, tiny: dict[str, Any]):
    ask_everything(server, tiny, fitting=3, unfitting=0)


@pytest.mark.deep
@pytest.mark.timeout(3600)
def test_every_answer_to_many_requests_is_documented(server: Any, tiny: dict[str, Any]):
    ask_everything(server, tiny, fitting=40, unfitting=15)
