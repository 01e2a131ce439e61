"""Cost of funds: what is paid into them counts in the cash view, and not what they pay."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from models.funds import MILLION
from models.index import Index, Values, stacked
from models.network import tagged

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pyomo.environ as pyo

    from models.frame import Frame
    from models.horizon import Horizon
    from models.network import Network


def add_funding_cost(
    frame: Frame, network: Network, time: Horizon, counts: Mapping[str, int]
) -> None:
    """Declare what the money and the tonnes of funds count on the first day."""
    problem = network.problem
    funds = problem.funds
    heads = Index.of(("fund",), [fund.id for fund in funds])
    last = np.array([node.last for node in time.nodes], dtype=float)
    end = counts["settlement"] * time.worth_at_end * last
    called = counts["equity"] * time.worth * MILLION
    frame.add_parameter("equity_cost", heads.cross(time.index), _each(len(funds), called))
    frame.add_parameter("settled", heads.cross(time.index), _each(len(funds), end * MILLION))

    stores = list(problem.funded.values())
    owner = {name: fund for fund in funds for name in fund.stockpiles}
    index = Index.of(("stockpile",), [store.id for store in stores]).cross(time.index)
    frame.add_set("FUNDED_STORE", index)
    pairs = Index.of(("stockpile", "tag"), tagged(network, stores)).cross(time.index)
    frame.add_set("FUNDED_STOCK", pairs)
    released, entered, carried, turned = [], [], [], []
    for store in stores:
        book, fund = store.book_value or 0.0, owner[store.id]
        drawn = counts["released"] * book * time.worth
        entry = counts["fees"] * fund.entry_fee * book * time.worth
        fee = counts["fees"] * fund.carrying_fee * book * time.years * time.worth
        kept = counts["funded"] * store.holding_cost * time.years * time.worth
        wear = counts["funded"] * store.rotation_cost * time.worth
        released.append(drawn)
        entered.append(entry)
        carried.append(fee + kept + end * book)
        turned.append(wear - drawn - entry)
    frame.add_parameter("released_cost", index, stacked(released))
    frame.add_parameter("entry_cost", index, stacked(entered))
    frame.add_parameter("carrying_cost", index, stacked(carried))
    frame.add_parameter("turned_cost", index, stacked(turned))

    offers = list(network.offers())
    index = Index.of(("offer", "tranche"), [(offer.id, tranche) for offer, tranche in offers])
    price = [
        counts["funded"] * time.price(problem.ways_to_buy[offer.id][tranche]) * time.worth
        for offer, tranche in offers
    ]
    frame.add_parameter("funded_cost", index.cross(time.index), stacked(price))


def funding(model: pyo.ConcreteModel) -> Any:
    """Equity, fees and released stock paid to funds, less what funds pay and settle at the end."""
    return (
        sum(
            model.equity_cost[f, n] * model.equity[f, n]
            + model.settled[f, n] * (model.cash[f, n] - model.debt[f, n])
            for f, n in model.FUND
        )
        + sum(
            model.released_cost[s, n] * model.draw[s, tag, n]
            + model.entry_cost[s, n] * model.fill[s, tag, n]
            + model.carrying_cost[s, n] * model.stock[s, tag, n]
            for s, tag, n in model.FUNDED_STOCK
        )
        + sum(
            model.turned_cost[s, n] * model.rotate[s, n]
            - model.released_cost[s, n] * model.lend[s, n]
            - model.entry_cost[s, n] * model.restore[s, n]
            for s, n in model.FUNDED_STORE
        )
        + sum(model.funded_cost[o, k, n] * model.allot[s, o, k, n] for s, o, k, n in model.ALLOT)
    )


def _each(count: int, values: Values) -> Values:
    return stacked([values] * count)
