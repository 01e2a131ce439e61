"""Known answers on the money of stockpiles; the sum stands in a comment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from optimizer import solve

if TYPE_CHECKING:
    from collections.abc import Callable

    from instances.problem import Problem

    Make = Callable[..., Problem]
    Words = Callable[..., Any]

YEARS = {"start": "2026-01-01", "count": 3, "length": "1 yr"}
VAULT = {
    "id": "vault",
    "commodity": "metal",
    "country": "USA",
    "holding_cost": "1 USD/kg/yr",
    "book_value": "100 USD/kg",
}
PURSE = {
    "id": "purse",
    "stockpiles": ["vault"],
    "equity": {2026: "13.1 MUSD", 2027: "16.2 MUSD", 2028: "19.3 MUSD"},
    "loan": "50 MUSD",
    "rate": 0.05,
}


@pytest.fixture
def vault(problem_of: Make, offer: Words, rule: Words) -> Make:
    """Make G12: 600 t are to be held for three years, at 100 USD/kg."""

    def make(purse: dict[str, Any] | None = None, **tables: Any) -> Problem:
        return problem_of(
            **{
                "periods": YEARS,
                "offers": [offer("CHN", "100 USD/kg")],
                "stockpiles": [VAULT],
                "funds": [PURSE | (purse or {})],
                "rules": [rule("stock_target", stockpile="vault", tonnes=600)],
                "money": "cash",
            }
            | tables
        )

    return make


def test_a_vault_of_60_million_costs_nine_and_a_third_to_carry(vault: Make) -> None:
    result = solve(vault())
    # G12: 600 t at 100 USD/kg are 60 million, 10 of equity and 50 of loan. Three years of
    # interest, 3 * 0.05 * 50 = 7.5, and of holding, 3 * 0.6 = 1.8, are paid in when due: 9.3.
    # At the end the stock, 60, less the loan, 50, is worth the 10 first paid in.
    assert result.objective == pytest.approx(9.3e6)
    funds = result.funds
    assert funds["debt_usd"].tolist() == pytest.approx([50e6] * 3)
    assert funds["interest_usd"].sum() + funds["holding_usd"].sum() == pytest.approx(9.3e6)
    assert funds["purchases_usd"].tolist() == pytest.approx([60e6, 0, 0])
    assert funds["balance_usd"].tolist() == pytest.approx([0] * 3, abs=1)


def test_the_resource_view_counts_purchases_and_no_finance(vault: Make) -> None:
    result = solve(vault(money="resource"))
    # 60 million and three years of holding; the fund is kept all the same
    assert result.objective == pytest.approx(60e6 + 1.8e6)
    assert result.funds["interest_usd"].sum() == pytest.approx(7.5e6)


def test_inflation_takes_its_part_of_the_interest(vault: Make) -> None:
    # 1.071 / 1.02 = 1.05
    result = solve(vault({"rate": 0.071, "inflation": 0.02}))
    assert result.objective == pytest.approx(9.3e6)


def test_a_carrying_fee_of_members_takes_the_place_of_equity(vault: Make) -> None:
    # 1 % of 60 million a year pays the holding; interest is borrowed: 12.5 + L1 = 60 + 0.05 L1,
    # then L2 = L1 / 0.95 and L3 = L2 / 0.95
    result = solve(vault({"equity": "12.5 MUSD", "carrying_fee": 0.01, "loan": "60 MUSD"}))
    debt = [50, 50 / 0.95, 50 / 0.95**2]
    assert result.funds["debt_usd"].tolist() == pytest.approx([1e6 * item for item in debt])
    # 12.5 and 1.8 of fees are paid in, 60 less the debt comes back
    assert result.objective == pytest.approx((12.5 + 1.8 - (60 - debt[2])) * 1e6)


def test_a_loan_is_at_most_a_part_of_stock_and_cash(vault: Make) -> None:
    # with 40 of equity L1 = 20.6 / 0.95, L2 = (L1 + 0.6) / 0.95 and L3 = (L2 + 0.6) / 0.95 = 25.3;
    # with 32 it would be 34.2, more than half of 60
    last = ((20.6 / 0.95 + 0.6) / 0.95 + 0.6) / 0.95
    result = solve(vault({"equity": "40 MUSD", "leverage": 0.5}))
    assert result.funds["debt_usd"].tolist()[-1] == pytest.approx(last * 1e6)
    assert not solve(vault({"equity": "32 MUSD", "leverage": 0.5})).has_plan
    assert solve(vault({"equity": "32 MUSD"})).has_plan


def test_a_fund_that_cannot_pay_says_what_it_lacks(vault: Make) -> None:
    result = solve(vault({"equity": 0, "loan": 0}, rules=[], stockpiles=[VAULT | {"opening": 9}]))
    # 9 t cost 9,000 USD to hold in each of three years, and nobody takes them
    assert [item.kind for item in result.broken] == ["fund"] * 3
    assert [item.amount for item in result.broken] == pytest.approx([9e3, 18e3, 27e3])
    assert "Fund purse cannot pay what it must by 2028: 27,000 USD" in result.broken[-1].sentence


@pytest.mark.parametrize(
    ("repayment", "debt"), [("bullet", [50, 50, 0]), ("straight", [50, 25, 0])]
)
def test_a_loan_is_repaid_by_its_term(vault: Make, repayment: str, debt: list[float]) -> None:
    # owners promise no more than each year needs: 13.1 and 50 of loan in 2026; then interest on
    # what is left, 0.6 of holding, and what falls due
    interest = [0.05 * amount for amount in debt]
    due = [0, debt[0] - debt[1], debt[1] - debt[2]]
    calls = [13.1, due[1] + interest[1] + 0.6, due[2] + interest[2] + 0.6]
    promised = {2026: calls[0], 2027: sum(calls[:2]), 2028: sum(calls)}
    equity = {year: f"{amount} MUSD" for year, amount in promised.items()}
    result = solve(vault({"equity": equity, "term": 2, "repayment": repayment}))
    assert result.funds["debt_usd"].tolist() == pytest.approx([1e6 * item for item in debt], abs=2)
    assert result.funds["repayment_usd"].tolist() == pytest.approx(
        [1e6 * item for item in due], abs=2
    )
    # everything is paid in, 60 million of stock comes back
    assert result.objective == pytest.approx((sum(calls) - 60) * 1e6)


def test_a_fund_buys_what_its_money_reaches(vault: Make, offer: Words, need: Words) -> None:
    problem = vault(
        {"equity": "30.3 MUSD", "loan": 0},
        rules=[],
        money="resource",
        offers=[offer("CHN", "100 USD/kg", end="2027-01-01")],
        demand=[need({2026: 100, 2027: 400, 2028: 0}, "900 USD/kg")],
        stockpiles=[VAULT | {"holding_cost": "1 USD/kg/yr"}],
    )
    result = solve(problem)
    # a tonne costs 0.1 million and 0.001 of holding until it is used: 30.3 / 0.101 = 300 t are
    # kept, the 100 t of 2026 are bought by their users; 100 t of 2027 are short at 0.9
    assert result.objective == pytest.approx(400 * 0.1e6 + 300 * 1000 + 100 * 0.9e6)
    (row,) = result.reserves.to_dict("records")
    assert row["spent_usd"] == pytest.approx(30e6)
    assert row["released_t"] == pytest.approx(300)
    # 300 t less would be short
    assert row["avoided_usd"] == pytest.approx(300 * 0.9e6)
    assert row["avoided_usd_per_usd"] == pytest.approx(9)
    # of the 400 t of 2027 three quarters of the year
    assert row["most_cover_d"] == pytest.approx(0.75 * 365)
    assert row["cover_d_per_musd"] == pytest.approx(0.75 * 365 / 30)


def test_what_is_released_is_paid_for_at_book_value(
    vault: Make, offer: Words, need: Words
) -> None:
    problem = vault(
        {"equity": "60.3 MUSD", "loan": 0},
        rules=[],
        periods={"start": "2026-01-01", "count": 2, "length": "1 yr"},
        offers=[offer("CHN", "100 USD/kg", end="2027-01-01")],
        demand=[need({2026: 0, 2027: 300}, "900 USD/kg")],
    )
    result = solve(problem)
    # 30.3 million are paid in for 300 t; users pay 30 for them, which come back at the end
    assert result.objective == pytest.approx(30.3e6 + 30e6 - 30e6)
    assert result.funds["balance_usd"].tolist() == pytest.approx([0, 30e6], abs=1)
