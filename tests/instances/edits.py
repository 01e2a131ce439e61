"""Two sellers over five years: the problem that tests of edits change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from instances.edit import Edit, apply
from instances.errors import Finding, InputError
from instances.parse import parse

if TYPE_CHECKING:
    from instances.problem import Problem


def two_sellers() -> Problem:
    """Two sellers, one in tranches, over 2026-2030; a cap of 50 % and a count of sellers."""
    return parse(
        {
            "name": "edits",
            "periods": {"start": "2026-01-01", "count": 5, "length": "1 yr"},
            "groups": {"partners": ["AUS", "CAN"]},
            "commodities": [{"id": "metal", "stage": "metal", "basis": "product"}],
            "offers": [
                {
                    "id": "cn",
                    "supplier": "Red, Ltd",
                    "country": "CHN",
                    "commodity": "metal",
                    "price": 100,
                    "capacity": {2026: 50, 2028: 80},
                },
                {
                    "id": "au",
                    "supplier": "Roo",
                    "country": "AUS",
                    "commodity": "metal",
                    "tranches": [{"price": 150, "capacity": 30}, {"price": 200}],
                },
            ],
            "lanes": [
                {
                    "id": "sea",
                    "origin": "CHN",
                    "destination": "USA",
                    "commodities": ["metal"],
                },
                {
                    "id": "air",
                    "origin": "AUS",
                    "destination": "USA",
                    "commodities": ["metal"],
                    "freight": {2026: 10, 2030: 50, "interpolate": True},
                },
            ],
            "demand": [
                {
                    "id": "us",
                    "commodity": "metal",
                    "country": "USA",
                    "quantity": 40,
                    "shortfall_cost": [{"share": 0.5, "cost": 900}, {"share": 0.5, "cost": 1000}],
                }
            ],
            "rules": [
                {
                    "id": "cap",
                    "kind": "share_cap",
                    "of": "CHN",
                    "commodity": "metal",
                    "max_share": 0.5,
                    "denominator": "demand",
                },
                {
                    "id": "sellers",
                    "kind": "min_suppliers",
                    "commodity": "metal",
                    "count": 1,
                    "min_share": 0.1,
                },
            ],
        }
    )


def edited(problem: Problem, *edits: Edit | str) -> dict[str, Any]:
    return apply(problem, edits).to_plain()


def refused(problem: Problem, *edits: Edit | str) -> tuple[Finding, ...]:
    with pytest.raises(InputError) as caught:
        apply(problem, edits)
    assert all(finding.remedy for finding in caught.value.findings)
    return caught.value.findings
