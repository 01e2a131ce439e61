"""The shipped vault: its optimum, and the answer that its README reads from the tables."""

from __future__ import annotations

import re

import pytest

from instances import apply, describe, load
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


def test_money_goes_first_to_what_spares_the_most_and_runs_out_on_the_last(vault: Result) -> None:
    table = vault.reserves.set_index("commodity")
    spared = table["avoided_usd_per_usd"].astype(float).sort_values(ascending=False)
    assert list(spared.index[:4]) == ["gallium", "antimony", "tungsten", "tb"]
    assert spared.index[-1] == "germanium"
    assert spared["gallium"] == pytest.approx(52.63, abs=0.01)
    days = table["cover_d_per_musd"].astype(float).sort_values(ascending=False)
    assert list(days.index) == ["gallium", "tb", "dy", "germanium", "ndpr", "tungsten", "antimony"]
    # in million: 199.2 + 126.1 + 49.8 + 20.6 + 13.0 + 10.7 + 3.4
    assert table["spent_usd"].sum() == pytest.approx(422.9e6, rel=1e-3)


def test_money_binds_and_the_covenant_says_how_much_of_it(vault: Result) -> None:
    funds = vault.funds
    # all equity is called; 80 % of the stock it carries is borrowed: not all that is lent
    assert funds["equity_usd"].sum() == pytest.approx(100e6)
    assert funds["debt_usd"].max() == pytest.approx(338.4e6, rel=1e-3)
    # 50 % more equity and loan buy nearly half as much again
    edits = ["funds[vault-fund].equity=150e6", "funds[vault-fund].loan=750e6"]
    richer = solve(apply(load("project-vault"), edits))
    assert richer.reserves["spent_usd"].sum() > 1.4 * vault.reserves["spent_usd"].sum()


def test_the_fund_repays_what_it_borrowed_and_never_owes_beyond_its_covenant(
    vault: Result,
) -> None:
    funds = vault.funds
    assert funds["loan_usd"].sum() == pytest.approx(funds["repayment_usd"].sum(), rel=1e-6)
    worth = funds["stock_at_book_usd"] + funds["balance_usd"]
    assert (funds["debt_usd"] <= 0.8 * worth + 1).all()


def test_the_summary_tells_the_balance_by_year_and_what_the_money_buys(vault: Result) -> None:
    text = vault.summary()
    line = next(line for line in text.splitlines() if line.startswith("  owed at the end"))
    assert line.split()[4:] == ["116.5", "338.4", "115.2", "0.0", "0.0", "0.0", "0.0"]
    assert "What the money of funds buys" in text
    _, days = text.split("What the money of funds buys")
    (line,) = [line for line in days.splitlines() if line.startswith("  gallium-vault")]
    assert line.split() == ["gallium-vault", "3.4", "173", "50.7", "9", "t", "52.6"]
