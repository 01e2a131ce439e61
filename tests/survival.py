"""G7 with rules of survival: what may be cut off, and what is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from instances import load
from instances.parse import parse

if TYPE_CHECKING:
    from instances.problem import Problem


YEARS: dict[str, Any] = {"start": "2026-01-01", "count": 2, "length": "1 yr"}
EACH = {"each": ["CHN", "AUS", "KAZ"]}
THREE: dict[str, Any] = YEARS | {"count": 3}
ALWAYS = [{"id": "need", "commodity": "metal", "country": "XAA", "quantity": 100}]
VAULT = [{"id": "vault", "commodity": "metal", "country": "XAA", "holding_cost": 6}]
CHINA = {"id": "china", "supplier": "China", "country": "CHN", "commodity": "metal"}
ALONE = [CHINA | {"price": 50, "capacity": 200}]


def hold(**fields: Any) -> dict[str, Any]:
    return {
        "id": "hold",
        "kind": "survival",
        "of": EACH,
        "start": "2027-01-01",
        "length": "1 yr",
        "min_met": 1,
    } | fields


def g7(**fields: Any) -> Problem:
    """Return the shipped G7 with the rule in place of its scenarios of probability 0."""
    plain = load("survival").to_plain()
    return parse(plain | {"events": [], "scenarios": [], "rules": [hold(**fields)]})


def ready(*rules: dict[str, Any], **tables: Any) -> Problem:
    """Return G7 with other rules and tables."""
    plain = load("survival").to_plain() | {"events": [], "scenarios": [], "rules": list(rules)}
    return parse(plain | tables)
