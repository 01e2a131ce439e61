"""Orders as tests post them, and what is read from the answers."""

from __future__ import annotations

from typing import Any

Problem = dict[str, Any]

ENVELOPE = (
    b'{"status": {"stop": "finished", "point": "optimal"}, "result": {"objective_usd": 2200.0}}'
)


def kind(answer: Any) -> tuple[int, str]:
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    assert "Traceback" not in answer.text
    return answer.status_code, answer.json()["type"].removeprefix("/problems/")


def wheres(answer: Any) -> list[str]:
    return [finding["where"] for finding in answer.json()["findings"]]


def order(problem: Problem, **more: Any) -> dict[str, Any]:
    """A solve that is computed in any case."""
    return {"kind": "solve", "problem": problem, "fresh": True, **more}


def posted(api: Any, problem: Problem, **more: Any) -> str:
    answer = api.post(order(problem, **more))
    assert answer.status_code == 202, answer.text
    return str(answer.json()["id"])
