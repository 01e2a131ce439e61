from __future__ import annotations

import ast
import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import instances.ledger
import instances.plan
from instances.check import check
from instances.plan import COLUMNS, Plan

if TYPE_CHECKING:
    from instances.problem import Problem


def test_a_plan_survives_json(depot: Problem, depot_plan: Plan) -> None:
    copy = Plan.from_plain(json.loads(json.dumps(depot_plan.to_plain())))
    assert copy.to_plain() == depot_plan.to_plain()
    verdict = check(depot, copy, claimed=37546.4)
    assert verdict.faults == ()


def test_empty_tables_survive_json(depot_plan: Plan) -> None:
    empty = Plan(**{name: table.iloc[:0] for name, table in depot_plan.tables().items()})
    copy = Plan.from_plain(json.loads(json.dumps(empty.to_plain())))
    for name, table in copy.tables().items():
        assert tuple(table.columns) == COLUMNS[name]
        assert len(table) == 0


def test_plain_columns_come_in_the_order_of_the_tables(depot_plan: Plan) -> None:
    plain = depot_plan.to_plain()
    assert {name: tuple(columns) for name, columns in plain.items()} == COLUMNS
    assert plain["purchases"]["tonnes"] == [60.0, 30.0, 10.0]


def test_a_table_that_is_not_there_is_missed(depot_plan: Plan) -> None:
    plain = depot_plan.to_plain()
    del plain["stocks"]
    with pytest.raises(KeyError, match="stocks"):
        Plan.from_plain(plain)


@pytest.mark.parametrize("module", [instances.plan, instances.ledger])
def test_neither_plan_nor_ledger_knows_the_problem(module: object) -> None:
    path = Path(str(getattr(module, "__file__", "")))
    imported = {
        node.module
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ImportFrom)
    }
    assert imported
    assert "instances.problem" not in imported
