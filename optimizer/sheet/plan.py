"""What a sheet says of a plan: what is short and when, who supplies, what is built and held."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from instances import assumptions
from optimizer.assumed import assumed_bought, assumed_costs, assumed_needed, assumed_numbers

if TYPE_CHECKING:
    from collections.abc import Mapping

    from instances.problem import Problem
    from optimizer.result import Result

NOTHING = 1e-6
"""Tonnes that are nothing."""
SAME = 1e-6
"""Relative difference below which two shortfalls are as large."""


@dataclass(frozen=True, slots=True)
class Short:
    """A demand that is left short.

    Parameters
    ----------
    demand, commodity, demand_class, country
        Whose.
    unmet_t, needed_t
        Over the horizon, expected over scenarios.
    first
        The first node in which something is missing.
    worst, worst_t, worst_fraction
        The first node in which the largest part of the need is missing, and how much is.
    worst_nodes
        All nodes in which as large a part is missing.
    most, most_t
        The node in which the most tonnes are missing, and how many; `worst` where none has more.
    by_node
        Node to tonnes missing there.
    """

    demand: str
    commodity: str
    demand_class: str
    country: str
    unmet_t: float
    needed_t: float
    first: str
    worst: str
    worst_t: float
    worst_fraction: float
    worst_nodes: tuple[str, ...]
    most: str
    most_t: float
    by_node: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Assumed:
    """Which part of a plan rests on assumptions (`optimizer.assumed`), and on how many.

    Parameters
    ----------
    money, bought, needed
        Fraction of the money, of the tonnes bought (by the size of what is on offer) and of the
        tonnes needed; ``None`` where it cannot be told.
    numbers
        How many numbers the problem says are assumed.
    """

    money: float | None
    bought: float | None
    needed: float | None
    numbers: int


@dataclass(frozen=True, slots=True)
class Supplier:
    """What a country supplies of a commodity over the horizon, expected over scenarios.

    Parameters
    ----------
    commodity, country
        Of what, and who.
    tonnes
        Bought or made there.
    share
        Fraction of all that is bought or made.
    first_share, last_share
        The same in the first and the last period; ``None`` where nothing is bought or made.
    """

    commodity: str
    country: str
    tonnes: float
    share: float
    first_share: float | None
    last_share: float | None


@dataclass(frozen=True, slots=True)
class Holding:
    """The most that a stockpile holds.

    Parameters
    ----------
    stockpile, commodity
        Which.
    node
        The node at whose end it is fullest.
    stock_t, cover_d
        What it holds then, and the days of demand that covers, ``None`` without a demand.
    """

    stockpile: str
    commodity: str
    node: str
    stock_t: float
    cover_d: float | None


def goods_from(problem: Problem, offer: str) -> str:
    """Return what an offer sells and who it is: "gallium from Alcoa (Australia)"."""
    record = next(item for item in problem.offers if item.id == offer)
    goods = problem.names.commodity(record.commodity)
    country = problem.names.country(record.country)
    known = record.supplier == country
    return f"{goods} from {country if known else f'{record.supplier} ({country})'}"


def shortfalls_of(result: Result) -> tuple[Short, ...]:
    """Return the demands that are left short, the largest part of a need first."""
    chance = {node.id: node.probability for node in result.problem.nodes}
    table = result.unmet
    found = []
    for demand, rows in table.groupby("demand", sort=False):
        missing = rows[rows["unmet_t"] > NOTHING]
        if missing.empty:
            continue
        weight = rows["node"].map(chance)
        parts = missing["unmet_fraction"].astype(float)
        ties = missing[parts >= parts.max() * (1 - SAME)]
        worst = ties.iloc[0]
        most = missing.iloc[int(missing["unmet_t"].astype(float).argmax())]
        if most["unmet_t"] <= worst["unmet_t"] * (1 + SAME):
            most = worst
        found.append(
            Short(
                demand=str(demand),
                commodity=str(worst["commodity"]),
                demand_class=str(worst["demand_class"]),
                country=str(worst["country"]),
                unmet_t=float((weight * rows["unmet_t"]).sum()),
                needed_t=float((weight * rows["needed_t"]).sum()),
                first=str(missing["node"].iloc[0]),
                worst=str(worst["node"]),
                worst_t=float(worst["unmet_t"]),
                worst_fraction=float(worst["unmet_fraction"]),
                worst_nodes=tuple(str(node) for node in ties["node"]),
                most=str(most["node"]),
                most_t=float(most["unmet_t"]),
                by_node={
                    str(node): float(tonnes)
                    for node, tonnes in zip(missing["node"], missing["unmet_t"], strict=True)
                },
            )
        )
    return tuple(sorted(found, key=lambda item: -item.unmet_t / item.needed_t))


def assumed_of(result: Result) -> Assumed | None:
    """Return which part of the plan is assumed, ``None`` where the problem names no assumption."""
    if not any(True for _ in assumptions(result.problem)):
        return None
    numbers, others = assumed_numbers(result.problem)
    paths = list(numbers)
    accounts = assumed_costs(result, paths)
    money = None
    if accounts is not None and (total := float(accounts["cost_usd"].abs().sum())):
        money = float(accounts["assumed_usd"].sum()) / total
    return Assumed(
        money=money,
        bought=assumed_bought(result, paths),
        needed=assumed_needed(result, paths),
        numbers=len(numbers) + len(others),
    )


def suppliers_of(result: Result) -> tuple[Supplier, ...]:
    """Return who supplies each commodity that is needed, the largest supplier first."""
    problem = result.problem
    chance = {node.id: node.probability for node in problem.nodes}
    period = {node.id: node.period.label for node in problem.nodes}
    ends = problem.nodes[0].period.label, problem.nodes[-1].period.label
    table = result.shares.assign(
        tonnes=lambda rows: (rows["bought_t"] + rows["made_t"]) * rows["node"].map(chance),
        period=lambda rows: rows["node"].map(period),
    )
    found = []
    for commodity in dict.fromkeys(demand.commodity for demand in problem.demand):
        own = table[table["commodity"] == commodity]
        whole = float(own["tonnes"].sum())
        sums = own.groupby("country")["tonnes"].sum().sort_values(ascending=False, kind="stable")
        for country, tonnes in sums.items():
            if tonnes <= NOTHING:
                continue
            parts: list[float | None] = []
            for label in ends:
                then = own[own["period"] == label]
                total = float(then["tonnes"].sum())
                part = float(then.loc[then["country"] == country, "tonnes"].sum())
                parts.append(part / total if total > NOTHING else None)
            found.append(
                Supplier(commodity, str(country), float(tonnes), float(tonnes) / whole, *parts)
            )
    return tuple(found)


def holdings_of(result: Result) -> tuple[Holding, ...]:
    """Return the stockpiles that hold anything, each where it is fullest."""
    found = []
    for store, rows in result.stocks.groupby("stockpile", sort=False):
        top = rows.iloc[int(rows["stock_t"].astype(float).argmax())]
        if top["stock_t"] <= NOTHING:
            continue
        days = top["cover_d"]
        found.append(
            Holding(
                str(store),
                str(top["commodity"]),
                str(top["node"]),
                float(top["stock_t"]),
                None if days is None or days != days else float(days),
            )
        )
    return tuple(found)
