"""A result as plain data, and back: what is saved is what was asked and found, not its tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from instances.parse import parse
from instances.plan import Plan
from optimizer.elastic import Break
from optimizer.goals import COLUMNS as GOAL
from optimizer.plain import rows
from optimizer.prices import COLUMNS
from optimizer.rule_prices import COLUMNS as PRICE
from optimizer.share_intervals import COLUMNS as INTERVAL
from optimizer.status import Point, Status, Stop

if TYPE_CHECKING:
    from collections.abc import Mapping

    from optimizer.result import Result

SCHEMA = 1


def result_to_plain(result: Result) -> dict[str, Any]:
    """Return a result as plain data for JSON: absent is null, tables are lists of rows."""
    return {
        "schema": SCHEMA,
        "name": result.problem.name,
        "status": {"stop": str(result.status.stop), "point": str(result.status.point)},
        "objective_usd": result.objective,
        "bound_usd": result.bound,
        "gap": result.gap,
        "perspective": result.problem.perspective,
        "custody": result.custody,
        "broken": [item.to_plain() for item in result.broken],
        "warnings": list(result.warnings),
        "record": dict(result.record),
        "tables": {name: rows(table) for name, table in result.tables().items()},
        "prices": None if result.prices is None else rows(result.prices),
        "plan": None if result.decisions is None else result.decisions.to_plain(),
        "problem": result.problem.to_plain(),
    }


def result_fields(plain: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of the result that `result_to_plain` was made from."""
    import pandas as pd

    status = plain["status"]
    prices, intervals = plain["prices"], plain["tables"].get("share_intervals")
    goals, priced = (plain["tables"].get(name) for name in ("goals", "rule_prices"))
    return {
        "problem": parse(plain["problem"]),
        "status": Status(Stop(status["stop"]), Point(status["point"])),
        "objective": plain["objective_usd"],
        "bound": plain["bound_usd"],
        "gap": plain["gap"],
        "decisions": None if plain["plan"] is None else Plan.from_plain(plain["plan"]),
        "prices": None if prices is None else pd.DataFrame(prices, columns=COLUMNS),
        "intervals": None if intervals is None else pd.DataFrame(intervals, columns=INTERVAL),
        "rule_prices": None if priced is None else pd.DataFrame(priced, columns=PRICE),
        "goals": None if goals is None else pd.DataFrame(goals, columns=GOAL),
        "broken": tuple(Break(**item) for item in plain["broken"]),
        "warnings": tuple(plain["warnings"]),
        "record": plain["record"],
    }
