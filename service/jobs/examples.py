"""Examples of the documentation of jobs; what the tests post, a real server answers."""

from __future__ import annotations

from typing import Any

from service.analysis_examples import SWEEP
from service.examples import SOLVE_ANSWER, SOLVE_IMPOSSIBLE, SOLVE_PROBLEM

ID = "0b9d2f0e-7c53-4a53-9d0f-6f1c5a3f0c1e"
PATH = f"/v1/jobs/{ID}"

SOLVE: dict[str, Any] = {"kind": "solve", **SOLVE_PROBLEM, "label": "base case", "fresh": True}
IMPOSSIBLE: dict[str, Any] = {"kind": "solve", **SOLVE_IMPOSSIBLE, "fresh": True}
SWEPT: dict[str, Any] = {"kind": "sweep", **SWEEP, "label": "caps", "fresh": True}

QUEUED: dict[str, Any] = {
    "kind": "solve",
    "label": "base case",
    "problem": "two-sellers",
    "instance": None,
    "edits": [],
    "edit_count": 0,
    "asks": None,
    "state": "queued",
    "reason": None,
    "started": None,
    "attempts": 0,
    "cost_usd": None,
    "outcome": "not over",
}
QUEUED_SWEEP: dict[str, Any] = {
    "kind": "sweep",
    "label": "caps",
    "asks": "axes rules[cn-cap].max_share=0.2:0.6:3",
    "state": "queued",
}
QUEUED_IMPOSSIBLE: dict[str, Any] = {"kind": "solve", "label": None, "state": "queued"}

ORDER: dict[str, Any] = {"kind": "solve", "label": "base case", "problem": SOLVE["problem"]}
SUCCEEDED: dict[str, Any] = {
    "kind": "solve",
    "label": "base case",
    "problem": "two-sellers",
    "state": "succeeded",
    "reason": None,
    "attempts": 1,
    "answered_from": None,
    "cost_usd": 2200.0,
    "outcome": "optimal",
}
RESULT: dict[str, Any] = {"run": {"answered_from": None}, **SOLVE_ANSWER}
ANSWERED: dict[str, Any] = {**SUCCEEDED, "answer": RESULT}
LIST: dict[str, Any] = {"jobs": [{"kind": "solve", "label": "base case", "state": "succeeded"}]}
LOG: dict[str, Any] = {"from": 0, "complete": True}
WEBHOOK: dict[str, Any] = {"state": "delivered", "attempts": 1, "due": None, "outcome": "204"}
EVENTS = (
    'id: 1\nevent: state\ndata: {"at": "2026-01-05T09:30:00.000Z", "state": "queued", '
    '"reason": null, "detail": null}\n\n'
    'id: 2\nevent: state\ndata: {"at": "2026-01-05T09:30:00.150Z", "state": "running", '
    '"reason": null, "detail": null}\n\n'
    'id: 3\nevent: progress\ndata: {"at": "2026-01-05T09:30:01.400Z", "seconds": 0.6, '
    '"bound_usd": 2150.0, "incumbent_usd": 2200.0, "gap": 0.0227}\n\n'
    'id: 4\nevent: state\ndata: {"at": "2026-01-05T09:30:02.050Z", "state": "succeeded", '
    '"reason": null, "detail": null}\n\n'
)
