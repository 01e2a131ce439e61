from __future__ import annotations

from typing import Any

import pytest

from instances.problem import Problem
from optimizer.coefficients import coefficients

DATA: dict[str, Any] = {
    "name": "mill",
    "periods": {"start": "2026-01-01", "count": 1, "length": "1 yr"},
    "commodities": [
        {"id": "ore", "stage": "mine", "basis": "REO"},
        {"id": "dy", "stage": "oxide", "basis": "REO"},
    ],
    "offers": [{"id": "mine", "supplier": "M", "country": "AUS", "commodity": "ore", "price": 20}],
    "facilities": [
        {
            "id": "sep",
            "country": "AUS",
            "capacity": 20_000_000,
            "minimum_run": 30_000,
            "processes": [{"id": "p", "inputs": {"ore": 1}, "outputs": {"dy": 0.00002}}],
        }
    ],
    "demand": [
        {
            "id": "us",
            "commodity": "dy",
            "country": "USA",
            "quantity": 3,
            "shortfall_cost": 1_000_000,
        }
    ],
}


def test_extremes_are_named_by_row_and_column() -> None:
    report = coefficients(Problem.model_validate(DATA))
    # 20 g of oxide a tonne of ore in the balance; the capacity is the big-M of running at all
    assert report.smallest[0].size == pytest.approx(0.00002)
    assert report.smallest[0].row == "balance(dy,any,AUS,2026)"
    assert report.smallest[0].column == "run(sep,p,any,2026)"
    assert report.largest[0].size == pytest.approx(20_000_000)
    assert report.largest[0].row == "run_if_on(sep,2026)"
    assert report.largest[1].size == pytest.approx(30_000)


def test_what_lies_outside_is_counted_and_told() -> None:
    report = coefficients(Problem.model_validate(DATA))
    # the yield, the big-M and the minimum run
    assert report.outside == 3
    assert "check the units" in report.sentences()[-1]
    tame = dict(DATA, facilities=[], offers=[])
    assert coefficients(Problem.model_validate(tame)).outside == 0
    assert len(coefficients(Problem.model_validate(tame)).sentences()) == 1


def test_the_report_is_plain_data() -> None:
    plain = coefficients(Problem.model_validate(DATA)).to_plain()
    assert plain["model"]["integers"] == 1
    assert plain["largest"][0]["row"] == "run_if_on(sep,2026)"
