"""Large problems of a real shape: many minerals, from mines by way of two plants to one buyer.

Ore is bought in the countries of origin, separated and refined wherever there are plants, and
delivered to one buyer, which also keeps a stockpile of every metal. Rules ask for the country of
the ore, so that every lot is told apart by it to the end: that is what makes real problems large.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from instances.generate.draw import Draw

if TYPE_CHECKING:
    from instances.problem import Problem

SIZES = {
    "small": (6, 16, 10, 4),
    "medium": (8, 20, 15, 10),
    "large": (14, 28, 20, 11),
}
"""Minerals, origins, processors and years of about 50, 377 and 1,600 thousand columns."""
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def large_problem(
    minerals: int,
    origins: int,
    processors: int,
    periods: int,
    *,
    links: float = 0.5,
    seed: int = 0,
) -> Problem:
    """Return a problem whose columns grow with minerals x origins x processors^2 x periods.

    Parameters
    ----------
    minerals
        Ores, each with an oxide and a metal.
    origins
        Countries that sell ore.
    processors
        Countries with a separation plant and a refinery for every mineral; they
        sell no ore. There are codes for 676 countries in all.
    periods
        Years.
    links
        Share of the pairs of plants that a lane joins.
    """
    from instances.parse import parse

    return parse(large_data(minerals, origins, processors, periods, links=links, seed=seed))


def large_data(
    minerals: int,
    origins: int,
    processors: int,
    periods: int,
    *,
    links: float = 0.5,
    seed: int = 0,
) -> dict[str, Any]:
    """Return the problem of `large_problem` as plain data, as a file would hold it."""
    draw = Draw(seed)
    names = [f"m{number}" for number in range(minerals)]
    places = _codes(origins + processors)
    sellers, makers = places[:origins], places[origins:]
    years = {"start": "2026-01-01", "count": periods, "length": "1 yr"}
    return {
        "name": f"large-{minerals}-{origins}-{processors}-{periods}",
        "about": "Generated at random: none of its numbers is a fact.",
        "buyers": ["USA"],
        "periods": years,
        "countries": [{"id": code, "name": f"Country {code}"} for code in places],
        "discount": {"rate": 0.05},
        "commodities": [
            {"id": f"{name}-{stage}", "stage": stage, "basis": "contained metal"}
            for name in names
            for stage in ("ore", "oxide", "metal")
        ],
        "offers": _offers(draw, names, sellers),
        "facilities": _facilities(draw, names, makers),
        "expansions": _expansions(draw, names, makers),
        "lanes": _lanes(draw, names, sellers, makers, links),
        "demand": _demand(draw, names),
        "stockpiles": _stockpiles(draw, names),
        "rules": _rules(names, sellers, makers),
    }


def _codes(count: int) -> list[str]:
    """Return codes that ISO 3166 leaves to its users."""
    codes = [f"X{one}{other}" for one in LETTERS for other in LETTERS]
    if count > len(codes):
        raise ValueError(f"there are codes for {len(codes)} countries, not {count}")
    return codes[:count]


def _offers(draw: Draw, names: list[str], sellers: list[str]) -> list[dict[str, Any]]:
    """Return ore of every mineral from every seller, four times as much from the first."""
    return [
        {
            "id": f"{name}-{code}",
            "supplier": f"{code} mines",
            "country": code,
            "commodity": f"{name}-ore",
            "price": draw.amount(2e3, 2e4),
            "capacity": draw.amount(10, 60) * (4 if code == sellers[0] else 1),
        }
        for name in names
        for code in sellers
    ]


def _facilities(draw: Draw, names: list[str], makers: list[str]) -> list[dict[str, Any]]:
    """Return a separation plant and a refinery of every mineral in every country of makers."""
    return [
        plant
        for name in names
        for code in makers
        for plant in (
            _plant(draw, name, code, "separation", ("ore", "oxide"), code == makers[0]),
            _plant(draw, name, code, "refinery", ("oxide", "metal"), code == makers[0]),
        )
    ]


def _expansions(draw: Draw, names: list[str], makers: list[str]) -> list[dict[str, Any]]:
    """Return what may be added to every second refinery."""
    return [
        {
            "id": f"{name}-{code}-more",
            "facility": f"{name}-{code}-refinery",
            "size": draw.amount(5, 30),
            "capex": draw.amount(2e3, 2e4),
            "lead_time": 365,
        }
        for name in names
        for code in makers[1::2]
    ]


def _demand(draw: Draw, names: list[str]) -> list[dict[str, Any]]:
    """Return what is needed of every metal."""
    return [
        {
            "id": f"{name}-usa",
            "commodity": f"{name}-metal",
            "country": "USA",
            "quantity": draw.amount(80, 160),
            "shortfall_cost": draw.amount(3e5, 5e5),
        }
        for name in names
    ]


def _stockpiles(draw: Draw, names: list[str]) -> list[dict[str, Any]]:
    """Return a store of every metal."""
    return [
        {
            "id": f"{name}-vault",
            "commodity": f"{name}-metal",
            "country": "USA",
            "capacity": draw.amount(40, 80),
            "holding_cost": draw.amount(100, 1000),
        }
        for name in names
    ]


def _rules(names: list[str], sellers: list[str], makers: list[str]) -> list[dict[str, Any]]:
    """Return caps on ore and on refining by country, and a target for every store."""
    return [
        {
            "id": "ore-cap",
            "kind": "share_cap",
            "of": {"each": sellers},
            "commodity": {"each": [f"{name}-metal" for name in names]},
            "denominator": "deliveries",
            "origin": "traced",
            "max_share": 0.4,
        },
        {
            "id": "refining-cap",
            "kind": "share_cap",
            "of": {"each": makers},
            "commodity": {"each": [f"{name}-metal" for name in names]},
            "denominator": "demand",
            "max_share": 0.45,
            "penalty": 1e5,
        },
        *(
            {
                "id": f"{name}-target",
                "kind": "stock_target",
                "stockpile": f"{name}-vault",
                "tonnes": 20,
                "penalty": 5e5,
            }
            for name in names
        ),
    ]


def _plant(
    draw: Draw, name: str, code: str, kind: str, goods: tuple[str, str], large: bool
) -> dict[str, Any]:
    source, product = goods
    return {
        "id": f"{name}-{code}-{kind}",
        "country": code,
        "capacity": draw.amount(20, 80) * (3 if large else 1),
        "processes": [
            {
                "id": kind,
                "inputs": {f"{name}-{source}": draw.amount(1.04, 1.16)},
                "outputs": {f"{name}-{product}": 1},
                "cost": draw.amount(1e3, 1e4),
            }
        ],
    }


def _lanes(
    draw: Draw, names: list[str], sellers: list[str], makers: list[str], links: float
) -> list[dict[str, Any]]:
    """Return lanes for ore to every plant, for oxide between some, for metal to the buyer."""
    routes = [(one, other, "ore") for one in sellers for other in makers]
    routes += [
        (one, other, "oxide")
        for one in makers
        for other in makers
        if one != other and draw.chance(links)
    ]
    routes += [(one, "USA", "metal") for one in makers]
    return [
        {
            "id": f"{stage}-{one}-{other}",
            "origin": one,
            "destination": other,
            "commodities": [f"{name}-{stage}" for name in names],
            "freight": draw.amount(50, 500),
        }
        for one, other, stage in routes
    ]
