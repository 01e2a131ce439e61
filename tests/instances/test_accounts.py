from __future__ import annotations

from datetime import date

import pytest
from pydantic import ValidationError

from instances.accounts import ACCOUNTS, PERSPECTIVES, PURSES, Discount, Perspective, Purse


def test_each_dollar_counts_by_purse_and_to_the_system() -> None:
    whose: tuple[Purse | Perspective, ...] = ("buyer", "producer", "public", "system")
    counts = {item.name: tuple(item.counts(name, "cash") for name in whose) for item in ACCOUNTS}
    assert counts == {
        "purchase": (1, 0, 0, 1),
        "take_or_pay": (1, 0, 0, 1),
        "sharing": (1, 0, 0, 1),
        "signing": (1, 0, 0, 1),
        "processing": (1, 0, 0, 1),
        "qualification": (1, 0, 0, 1),
        "fixed": (1, 0, 0, 1),
        "capex": (1, 0, 0, 1),
        "grant": (-1, 0, 1, 0),
        "recycling": (1, 0, 0, 1),
        "substitution": (1, 0, 0, 1),
        "disposal": (1, 0, 0, 1),
        "freight": (1, 0, 0, 1),
        "compliance": (1, 0, 0, 1),
        "tariff": (1, 0, -1, 0),
        "top_up": (1, 0, 0, 1),
        "price_support": (0, -1, 1, 0),
        "holding": (1, 0, 0, 1),
        "shortfall": (1, 0, 1, 1),
        "backlog": (1, 0, 1, 1),
        "penalty": (1, 0, 1, 1),
        "outlet_revenue": (-1, 0, 0, -1),
        "terminal_value": (-1, 0, 0, -1),
        "salvage": (-1, 0, 0, -1),
        "granted_salvage": (1, 0, -1, 0),
        "equity": (1, 0, 0, 1),
        "fees": (1, 0, 0, 1),
        "released": (1, 0, 0, 1),
        "funded": (-1, 0, 0, -1),
        "settlement": (-1, 0, 0, -1),
        "drawdown": (0, 0, 0, 0),
        "interest": (0, 0, 0, 0),
        "repayment": (0, 0, 0, 0),
    }


def test_the_purses_add_up_to_the_system_on_every_line_of_money() -> None:
    money = [account for account in ACCOUNTS if not account.harm]
    assert all(sum(item.counts(name, "cash") for name in PURSES) == item.system for item in money)
    real = [account for account in money if not account.finance]
    transfers = [account.name for account in real if account.system == 0]
    assert transfers == ["grant", "tariff", "price_support", "granted_salvage"]


def test_finance_counts_in_the_cash_view_alone() -> None:
    finance = [account for account in ACCOUNTS if account.finance]
    assert all(item.counts(name) == 0 for item in finance for name in PERSPECTIVES)
    assert all(
        item.counts(name) == item.counts(name, "cash")
        for item in ACCOUNTS
        if not item.finance
        for name in PERSPECTIVES
    )


def test_every_perspective_minimises_harm() -> None:
    harm = [account for account in ACCOUNTS if account.harm]
    assert [account.name for account in harm] == ["shortfall", "backlog", "penalty"]
    assert all(item.counts(name) == 1 for item in harm for name in PERSPECTIVES)


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
