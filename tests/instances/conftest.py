"""Tiny problems and plans worked by hand."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest
import yaml

from instances.plan import COLUMNS, Plan
from instances.problem import Problem

if TYPE_CHECKING:
    from collections.abc import Callable

Data = dict[str, Any]


DEPOT = """
name: depot
periods: {start: 2026-01-01, count: 2, length: 1 yr}
commodities:
  - {id: metal, stage: metal, basis: product, customs_value: 1000}
  - {id: slag, stage: waste, basis: product}
offers:
  - {id: cn, supplier: Red, country: CHN, commodity: metal, price: 100, capacity: 80}
  - id: au
    supplier: Roo
    country: AUS
    commodity: metal
    tranches: [{price: 150, capacity: 30}, {price: 200, capacity: 40}]
    start: 2027-01-01
lanes:
  - id: cn-us
    origin: CHN
    destination: USA
    commodities: [metal]
    freight: 10
    tariff: 0.25
    loss: 0.1
    capacity: 70
  - {id: au-us, origin: AUS, destination: USA, commodities: [metal], freight: 20}
demand:
  - id: us
    commodity: metal
    country: USA
    quantity: 45
    shortfall_cost: [{share: 0.2, cost: 5000}, {share: 0.3, cost: 9000}]
outlets:
  - {id: scrap, commodity: metal, country: USA, price: 50, capacity: 5}
stockpiles:
  - id: vault
    commodity: metal
    country: USA
    opening: 10
    capacity: 40
    fill_rate: 30
    draw_rate: 20
    decay: 0.1
    holding_cost: 2
    terminal_value: 60
rules:
  - id: cap
    kind: share_cap
    of: CHN
    commodity: metal
    max_share: 0.8
    denominator: deliveries
    penalty: 100
  - {id: reserve, kind: stock_target, stockpile: vault, tonnes: 10}
  - {id: sellers, kind: min_suppliers, commodity: metal, count: 1, min_share: 0.5}
"""

TRADE = """
name: trade
periods: {start: 2026-01-01, count: 1, length: 1 yr}
groups: {partners: [AUS, KAZ]}
commodities:
  - {id: metal, stage: metal, basis: product}
offers:
  - {id: red, supplier: Red, country: CHN, commodity: metal, price: 10}
  - {id: blue, supplier: Blue, country: CHN, commodity: metal, price: 20}
  - {id: roo, supplier: Roo, country: AUS, commodity: metal, price: 40}
demand:
  - {id: us, commodity: metal, country: USA, quantity: 55, shortfall_cost: 1000}
  - id: navy
    commodity: metal
    country: USA
    quantity: 30
    demand_class: defence
    shortfall_cost: 1000
  - {id: jp, commodity: metal, country: JPN, quantity: 20, shortfall_cost: 1000}
outlets:
  - {id: scrap, commodity: metal, country: JPN, price: 1}
stockpiles:
  - {id: vault, commodity: metal, country: USA, opening: 10}
rules:
  - id: tagged
    kind: share_cap
    of: CHN
    commodity: metal
    max_share: 1
    denominator: deliveries
"""


REFINERY = (Path(__file__).parent / "refinery.yaml").read_text(encoding="utf-8")


@cache
def _read(text: str) -> Data:
    data: Data = yaml.safe_load(text)
    return data


def _plan(**rows: list[tuple[Any, ...]]) -> Plan:
    unknown = rows.keys() - COLUMNS.keys()
    assert not unknown, unknown
    return Plan(
        **{
            name: pd.DataFrame(rows.get(name, []), columns=list(columns))
            for name, columns in COLUMNS.items()
        }
    )


def _tampered(plan: Plan, table: str, row: int, **values: Any) -> Plan:
    changed: pd.DataFrame = getattr(plan, table).astype(object)
    for column, value in values.items():
        changed.loc[row, column] = value
    return replace(plan, **{table: changed})


@pytest.fixture(scope="session")
def plan_of() -> Callable[..., Plan]:
    """Make a plan of rows in the order of its columns; a table that is not named is empty."""
    return _plan


@pytest.fixture(scope="session")
def tampered() -> Callable[..., Plan]:
    """Copy a plan with values of one row of one table changed (a row may be added at the end)."""
    return _tampered


@pytest.fixture
def depot_data() -> Data:
    """A buyer with a vault, a cheap seller far away behind a tariff, and a dear one from 2027."""
    return deepcopy(_read(DEPOT))


@pytest.fixture(scope="session")
def depot() -> Problem:
    """Return the problem of `depot_data`."""
    return Problem.model_validate(_read(DEPOT))


@pytest.fixture(scope="session")
def depot_plan() -> Plan:
    """Return a right plan for `depot`.

    2026: 60 t loaded in China, 54 arrive: 40 delivered, 12 stored, 2 sold; of the opening stock
    9 t are left, 3 are delivered; 2 t of demand stay unmet. All 43 t delivered may be Chinese (the
    seller of the opening stock is unknown), 0.8 * 43 = 34.4 are allowed: 8.6 t too many.
    2027: 40 t come from Australia, 5 t of the 10.8 t left of the Chinese stock are delivered.
    """
    return _plan(
        purchases=[("2026", "cn", 0, 60.0), ("2027", "au", 0, 30.0), ("2027", "au", 1, 10.0)],
        shipments=[
            ("2026", "cn-us", "metal", "CHN", 60.0),
            ("2027", "au-us", "metal", "AUS", 40.0),
        ],
        deliveries=[
            ("2026", "us", "CHN", 40.0),
            ("2026", "us", "unknown", 3.0),
            ("2027", "us", "AUS", 40.0),
            ("2027", "us", "CHN", 5.0),
        ],
        shortfalls=[("2026", "us", 0, 2.0), ("2026", "us", 1, 0.0), ("2026", "us", 2, 0.0)],
        sales=[("2026", "scrap", "CHN", 2.0)],
        stocks=[
            ("2026", "vault", "CHN", 12.0, 0.0, 12.0),
            ("2026", "vault", "unknown", 0.0, 3.0, 6.0),
            ("2027", "vault", "CHN", 0.0, 5.0, 5.8),
            ("2027", "vault", "unknown", 0.0, 0.0, 5.4),
        ],
        handling=[("2026", "vault", 0.0, 0.0, 0.0)],
        choices=[
            ("2026", "sellers", "metal", "Red", 1.0),
            ("2026", "sellers", "metal", "Roo", 0.0),
            ("2027", "sellers", "metal", "Red", 0.0),
            ("2027", "sellers", "metal", "Roo", 1.0),
        ],
        excesses=[("2026", "cap", "CHN", "metal", 8.6), ("2027", "cap", "CHN", "metal", 0.0)],
    )


@pytest.fixture
def refinery_data() -> Data:
    """Ore, its voyage, a separator that can grow, recycling, a substitute, cargo under way."""
    return deepcopy(_read(REFINERY))


@pytest.fixture(scope="session")
def refinery() -> Problem:
    """Return the problem of `refinery_data`."""
    return Problem.model_validate(_read(REFINERY))


@pytest.fixture(scope="session")
def refinery_plan() -> Plan:
    """Return a right plan for `refinery`.

    2026: 100 t of ore loaded, 0.9 * 0.8 * 100 = 72 arrive, 18 were under way: 90 make 45 t of
    oxide and 27 of slag; with 2 t recycled 47 are delivered; 6 t of ferrite serve the other 3.
    2027: 140 t loaded, 0.9 * (0.8 * 140 + 0.2 * 100) = 118.8 arrive and make 59.4 and 35.64; the
    wing adds 0.5 * 50 = 25 to 100 t; of 65 t 59.4 + 5.1 recycled (2 + 0.1 * 47 = 6.7 could be) are
    delivered and 0.5 unmet.
    """
    step = ("works", "crack", "any")
    return _plan(
        purchases=[
            ("2026", "pit", 0, 100.0),
            ("2027", "pit", 0, 140.0),
            ("2026", "fe", 0, 6.0),
        ],
        shipments=[
            ("2026", "au-us", "ore", "any", 100.0),
            ("2027", "au-us", "ore", "any", 140.0),
        ],
        deliveries=[("2026", "us", "any", 47.0), ("2027", "us", "any", 64.5)],
        shortfalls=[("2027", "us", 0, 0.5)],
        runs=[("2026", *step, 90.0), ("2027", *step, 118.8)],
        uses=[("2026", *step, "ore", "any", 90.0), ("2027", *step, "ore", "any", 118.8)],
        disposals=[
            ("2026", "slag", "any", "USA", 27.0),
            ("2027", "slag", "any", "USA", 35.64),
        ],
        recoveries=[("2026", "urban", 2.0), ("2027", "urban", 5.1)],
        substitutes=[("2026", "swap", "any", 3.0)],
        builds=[("2026", "wing", 50.0)],
        running=[("2026", "works", 1.0), ("2027", "works", 1.0)],
        sailing=[("2026", "au-us", 1.0), ("2027", "au-us", 1.0)],
    )


@pytest.fixture
def trade_data() -> Data:
    """Two buyers, one with a defence need and a vault, and sellers in China and Australia.

    Whatever rule is added to it, lots carry the country of their seller: the rule `tagged` asks
    for that, and never binds.
    """
    data: Data = yaml.safe_load(TRADE)
    return data


@pytest.fixture(scope="session")
def trade_plan() -> Plan:
    """Return a right plan for `trade_data`, in tonnes of 2026.

    bought     120: Red 60, Blue 20, Roo 40, for 600 + 400 + 1,600 = 2,600 USD
    delivered  100: us CHN 45 and unknown 5, 5 short of 55; navy CHN 6, AUS 24; jp CHN 12, AUS 8
    vault      CHN 12 and AUS 8 put in, 5 of the 10 of unknown seller drawn
    sold       CHN 5, in Japan
    """
    return _plan(
        purchases=[
            ("2026", "red", 0, 60.0),
            ("2026", "blue", 0, 20.0),
            ("2026", "roo", 0, 40.0),
        ],
        shipments=[
            ("2026", "free.CHN.USA", "metal", "CHN", 63.0),
            ("2026", "free.CHN.JPN", "metal", "CHN", 17.0),
            ("2026", "free.AUS.USA", "metal", "AUS", 32.0),
            ("2026", "free.AUS.JPN", "metal", "AUS", 8.0),
        ],
        deliveries=[
            ("2026", "us", "CHN", 45.0),
            ("2026", "us", "unknown", 5.0),
            ("2026", "navy", "CHN", 6.0),
            ("2026", "navy", "AUS", 24.0),
            ("2026", "jp", "CHN", 12.0),
            ("2026", "jp", "AUS", 8.0),
        ],
        shortfalls=[("2026", "us", 0, 5.0)],
        sales=[("2026", "scrap", "CHN", 5.0)],
        stocks=[
            ("2026", "vault", "CHN", 12.0, 0.0, 12.0),
            ("2026", "vault", "AUS", 8.0, 0.0, 8.0),
            ("2026", "vault", "unknown", 0.0, 5.0, 5.0),
        ],
    )
