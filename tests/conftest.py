"""Tiny problems that several floors test, a sentence each, and the words to write more of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import settings

from tests import tiny
from tests.everything import everything
from tests.farm import farm

if TYPE_CHECKING:
    from collections.abc import Callable

    from instances.problem import Problem
    from tests.tiny import Data


__all__ = ["farm"]

# a loaded machine is no fault of the code, and what fails once must fail again
settings.register_profile("steady", deadline=None, derandomize=True)
settings.load_profile("steady")


SELLERS = (("CHN", 50, 200), ("AUS", 80, 30), ("KAZ", 95, 50))


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let the golden rows be written anew on purpose (tests/models/test_rows.py says when)."""
    parser.addoption("--write-rows", action="store_true", help="write the golden rows anew")


@pytest.fixture(scope="session")
def problem_of() -> Callable[..., Problem]:
    """Make a problem about one metal in 2026 from the tables given."""
    return tiny.problem


@pytest.fixture(scope="session")
def offer() -> Callable[..., Data]:
    """Make an offer of metal: country, price (USD/t), capacity (t/yr)."""
    return tiny.offer


@pytest.fixture(scope="session")
def need() -> Callable[..., Data]:
    """Make an American demand for metal: quantity (t/yr), cost of a shortfall (hard without)."""
    return tiny.need


@pytest.fixture(scope="session")
def rule() -> Callable[..., Data]:
    """Make a rule called "rule" of a kind, about the metal unless it is a stock target."""
    return tiny.rule


@pytest.fixture(scope="session")
def three_sellers() -> Callable[..., Problem]:
    """Make G1: 100 t needed or short at 400; CHN sells 200 t at 50, AUS 30 at 80, KAZ 50 at 95."""

    def make(*rules: Data, **tables: Any) -> Problem:
        return tiny.problem(
            **{
                "offers": [tiny.offer(*given) for given in SELLERS],
                "demand": [tiny.need(100, 400)],
                "groups": {"partners": ["AUS", "KAZ"]},
                "rules": list(rules),
            }
            | tables
        )

    return make


@pytest.fixture(scope="session")
def every_branch(three_sellers: Callable[..., Problem]) -> Problem:
    """Return G1 in two years with a ban in the second, half the time, and all of risk."""
    return three_sellers(
        periods={"start": "2026-01-01", "count": 2, "length": "1 yr"},
        events=[{"id": "ban", "of": "CHN", "availability": 0, "start": "2027-01-01"}],
        scenarios=[
            {"id": "calm", "probability": 0.5},
            {"id": "banned", "probability": 0.5, "events": ["ban"]},
        ],
        risk={"level": 0.75, "tail_weight": 0.25, "worst_weight": 0.25, "probability_range": 0.2},
    )


@pytest.fixture(scope="session")
def every_cut_off(three_sellers: Callable[..., Problem]) -> Problem:
    """Return G1 in two years, in the second of which either of two pairs or all may be cut off."""
    return three_sellers(
        periods={"start": "2026-01-01", "count": 2, "length": "1 yr"},
        stockpiles=[{"id": "vault", "commodity": "metal", "country": "USA", "holding_cost": 6}],
        rules=[
            tiny.rule(
                "survival", id="hold", of={"each": ["CHN", "KAZ"]}, length="1 yr", min_met=0.7
            )
        ],
    )


@pytest.fixture(scope="session")
def every_rule() -> Problem:
    """Return a chain, two periods and something of everything: every constraint has a row."""
    return everything()
