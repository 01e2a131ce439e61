"""The shipped vault: its optimum, and the answer that its README reads from the tables."""

from __future__ import annotations

import re

import pytest

from instances import describe, load
from optimizer import Result, solve


@pytest.fixture(scope="module")
def vault() -> Result:
    return solve(load("project-vault"))


def test_the_optimum_is_the_one_of_its_readme(vault: Result) -> None:
    found = re.search(
        r"Known optimum, buyer's view: ([0-9,]+) USD", describe("project-vault").readme
    )
    assert found is not None
    assert vault.objective == pytest.approx(float(found[1].replace(",", "")), rel=1e-6)


def test_gallium_spares_the_most_shortfall_per_dollar_and_germanium_the_least(
    vault: Result,
) -> None:
    table = vault.reserves.set_index("commodity")
    ranked = table["avoided_usd_per_usd"].astype(float).sort_values(ascending=False)
    assert list(ranked.index[:4]) == ["gallium", "antimony", "tungsten", "tb"]
    assert ranked.index[-1] == "germanium"
    assert ranked["gallium"] == pytest.approx(38.18, abs=0.01)
    assert table.loc["gallium", "most_cover_d"] == pytest.approx(247, abs=1)
    # in million: 199.2 + 126.1 + 102.1 + 29.2 + 12.1 + 7.6 + 4.9
    assert table["spent_usd"].sum() == pytest.approx(481.3e6, rel=1e-3)


def test_the_fund_repays_what_it_borrowed_and_never_owes_beyond_its_covenant(
    vault: Result,
) -> None:
    funds = vault.funds
    assert funds["loan_usd"].sum() == pytest.approx(funds["repayment_usd"].sum(), rel=1e-6)
    worth = funds["stock_at_book_usd"] + funds["balance_usd"]
    assert (funds["debt_usd"] <= 0.8 * worth + 1).all()
    assert funds["debt_usd"].max() == pytest.approx(385e6, rel=1e-2)
    assert funds["equity_usd"].sum() < 2e9
