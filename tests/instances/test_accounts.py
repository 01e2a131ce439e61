from __future__ import annotations

from datetime import date

import pytest
from pydantic import ValidationError

from instances.accounts import ACCOUNTS, PERSPECTIVES, Discount


def test_each_dollar_counts_by_perspective() -> None:
    counts = {
        account.name: tuple(account.counts(perspective) for perspective in PERSPECTIVES)
        for account in ACCOUNTS
    }
    # buyer, system, public
    assert counts == {
        "purchase": (1, 1, 0),
        "processing": (1, 1, 0),
        "fixed": (1, 1, 0),
        "capex": (1, 1, 0),
        "grant": (-1, 0, 1),
        "recycling": (1, 1, 0),
        "substitution": (1, 1, 0),
        "disposal": (1, 1, 0),
        "freight": (1, 1, 0),
        "compliance": (1, 1, 0),
        "tariff": (1, 0, -1),
        "holding": (1, 1, 0),
        "shortfall": (1, 1, 1),
        "backlog": (1, 1, 1),
        "penalty": (1, 1, 1),
        "outlet_revenue": (-1, -1, 0),
        "terminal_value": (-1, -1, 0),
        "salvage": (-1, -1, 0),
        "granted_salvage": (1, 0, -1),
    }


def test_what_is_nothing_to_the_system_is_a_transfer() -> None:
    transfers = [account for account in ACCOUNTS if account.system == 0]
    assert [account.name for account in transfers] == [
        "grant",
        "tariff",
        "granted_salvage",
    ]
    assert all(account.buyer + account.public == 0 for account in transfers)


def test_without_a_rate_later_money_is_worth_the_same() -> None:
    assert Discount().factor(date(2026, 1, 1), date(2035, 1, 1), date(2036, 1, 1)) == 1
    assert Discount().factor_at(date(2026, 1, 1), date(2036, 1, 1)) == 1


@pytest.mark.parametrize(("timing", "years"), [("start", 2.0), ("middle", 2.5), ("end", 3.0)])
def test_money_falls_due_at_its_timing(timing: str, years: float) -> None:
    discount = Discount.model_validate({"rate": "5 %", "timing": timing})
    factor = discount.factor(date(2026, 1, 1), date(2028, 1, 1), date(2029, 1, 1))
    assert factor == pytest.approx(1.05**-years)


def test_the_middle_of_a_short_period_is_counted_in_days_of_its_year() -> None:
    discount = Discount.model_validate({"rate": 0.1})
    factor = discount.factor(date(2028, 1, 1), date(2028, 4, 1), date(2028, 7, 1))
    # January to March 2028 are 91 of 366 days, half of April to June 45.5
    assert factor == pytest.approx(1.1 ** -((91 + 45.5) / 366))


def test_the_end_of_the_horizon_is_a_day() -> None:
    discount = Discount.model_validate({"rate": 0.1, "timing": "start"})
    assert discount.factor_at(date(2026, 7, 2), date(2027, 7, 2)) == pytest.approx(1.1**-1)


@pytest.mark.parametrize("rate", [-0.01, 1.0, float("nan"), "ten"])
def test_a_rate_that_cannot_be_meant_is_refused(rate: object) -> None:
    with pytest.raises(ValidationError):
        Discount.model_validate({"rate": rate})
