"""Books in words: what makers earn, what funds hold and buy, what members of a pool draw."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from instances.words import money, tonnes
from optimizer.scenario_table import calmest_way
from optimizer.text_grid import grid, spread

if TYPE_CHECKING:
    from optimizer.result import Result

DUST = 1e-6
"""Tonnes below which there is nothing to tell."""
LEDGER = {
    "equity_usd": "paid in",
    "loan_usd": "drawn of the loan",
    "purchases_usd": "spent on stock",
    "interest_usd": "interest",
    "repayment_usd": "repaid",
    "released_usd": "paid for what is released",
    "balance_usd": "cash at the end",
    "debt_usd": "owed at the end",
    "stock_at_book_usd": "stock at book value",
}
"""Lines of a fund's ledger that the summary shows."""


def producers_in_words(result: Result) -> str:
    """Return what makers with a guarantee or a duty to pay earn, and when they break even."""
    lines = []
    boundless = {item.id for item in result.problem.facilities if item.capacity is None}
    for row in _rows(result, "producers"):
        goods = result.problem.names.commodity(str(row["commodity"]))
        if not row["built_t_per_yr"] and not row["sold_t"]:
            text = f"  {row['facility']}: not built"
        else:
            text = (
                f"  {row['facility']}: earns {money(row['earned_usd'])}, owes "
                f"{money(row['owed_usd'])}, {money(row['net_usd'])} net; {goods} brings "
                f"{_per_tonne(row['price_usd_per_t'])}, it breaks even at "
                f"{_per_tonne(row['break_even_usd_per_t'])}"
            )
        if row["break_even_if_full_usd_per_t"] is not None:
            text += f"; run full, at {_per_tonne(row['break_even_if_full_usd_per_t'])}"
        elif row["facility"] in boundless:
            text += "; its capacity has no limit, so that it is never full"
        lines.append(text)
    return "\n".join(["What makers earn, at their own rate", *lines]) if lines else ""


def funds_in_words(result: Result) -> str:
    """Return the ledger of every fund in short."""
    nodes = spread(calmest_way(result.problem))
    blocks = []
    for fund in result.problem.funds:
        own = result.funds[result.funds["fund"] == fund.id].set_index("node")
        cells = [
            [label, *(f"{dollars / 1e6:,.1f}" for dollars in own.loc[nodes, column])]
            for column, label in LEDGER.items()
            if own[column].abs().max() > 0.5
        ]
        if cells:
            blocks.append(f"Fund {fund.id}, million USD\n" + grid(["", *nodes], cells))
    return "\n\n".join(blocks)


def reserves_in_words(result: Result) -> str:
    """Return what the money of funds buys by stockpile, most shortfall avoided first."""
    cells = []
    for row in _rows(result, "reserves"):
        days = row["most_cover_d"]
        cells.append(
            [
                str(row["stockpile"]),
                f"{row['spent_usd'] / 1e6:,.1f}",
                "-" if days is None else f"{days:.0f}",
                _figures(row["cover_d_per_musd"]),
                tonnes(row["released_t"]),
                _figures(row["avoided_usd_per_usd"]),
            ]
        )
    head = ["", "million USD", "days", "days per million", "released", "USD avoided per USD"]
    return "What the money of funds buys\n" + grid(head, cells) if cells else ""


def members_in_words(result: Result) -> str:
    """Return who shares each pool, and what each member draws, owes and pays.

    With scenarios, what is drawn, given back and paid is that expected over them.
    """
    blocks = []
    problem = result.problem
    chance = {node.id: node.probability for node in problem.nodes}
    ends = {node.id for node in problem.nodes if node.last}
    table = result.members
    for store in problem.stockpiles:
        if not store.members:
            continue
        cells = []
        for member in store.members:
            own = table[(table["stockpile"] == store.id) & (table["member"] == member.country)]
            weight = own["node"].map(chance)
            unknown = own["purchases_usd"].isna().any()
            paid = (weight * (own["purchases_usd"] + own["holding_usd"])).sum()
            last = own["node"].isin(ends)
            cells.append(
                [
                    problem.names.country(member.country),
                    _amount((weight * own["drawn_t"]).sum()),
                    _amount(own["owed_t"].max()),
                    _amount((weight * own["given_back_t"]).sum()),
                    _amount((weight * own["entitled_t"])[last].sum()),
                    "-" if unknown else money(paid),
                ]
            )
        head = ["", "draws", "owes at most", "gives back", "may draw at the end", "pays"]
        said = store.pool_in_words(problem.names)
        told = "" if len(problem.branches) == 1 else "; draws and payments are those expected"
        blocks.append(f"{said[0].upper()}{said[1:]}{told}\n" + grid(head, cells))
    return "\n\n".join(blocks)


def _rows(result: Result, name: str) -> list[dict[str, Any]]:
    table = getattr(result, name).astype(object)
    rows: list[dict[str, Any]] = table.where(table.notna(), None).to_dict("records")
    return rows


def _amount(number: float) -> str:
    """Return tonnes in words, with no dust of the solver."""
    return tonnes(0.0 if abs(number) < DUST else number)


def _per_tonne(price: float | None) -> str:
    return "an unknown price" if price is None else f"{money(price)} a tonne"


def _figures(number: float | None) -> str:
    return "-" if number is None else f"{number:.3g}"
