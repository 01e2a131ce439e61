"""Writes instances/data/rare-earths-basket/problem.yaml: what each tonne of ore gives of all rare earths, and what is used.

``python docs/make_basket.py``; a test holds the file to what this makes. README.md beside the file is written by hand.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from instances import dump, parse
from instances.facts import Fact, assumed, fact, facts, origins
from instances.facts.rare_earths import SYMBOLS
from instances.facts.stoichiometry import OXIDES

FILE = Path(__file__).parent.parent / "instances" / "data" / "rare-earths-basket" / "problem.yaml"
HEAD = "# Built from the facts by docs/make_basket.py. README.md beside this file says what each choice rests on.\n"
CLAY, BASTNAESITE = "Longnan ionic clay", "Mountain Pass"
LEFT_OUT = {"promethium": "no ore holds it"}
USED = {
    "lanthanum": 2300.0,
    "cerium": 2900.0,
    "praseodymium": 170.0,
    "neodymium": 512.0,
    "samarium": 50.0,
    "europium": 2.0,
    "gadolinium": 25.0,
    "terbium": 6.9,
    "dysprosium": 34.4,
    "holmium": 2.0,
    "erbium": 30.0,
    "thulium": 0.5,
    "ytterbium": 5.0,
    "lutetium": 3.0,
    "scandium": 5.0,
}
"""Tonnes of oxide a year of what no source tells the US use."""
MAGNETS = {"praseodymium", "neodymium", "terbium", "dysprosium"}
PRICED = {"thulium": 300_000.0, "scandium": 2_100_000.0}
"""USD a tonne of oxides of which no price was found, from memory."""
PART = 0.5


def price(element: str) -> tuple[float, str | None, str]:
    """Return the price of an oxide, USD/t, its source if it has one of its own, and what else it rests on."""
    if element in PRICED:
        return PRICED[element], None, "No price was found; from memory, the order of size: verify."
    where = {"form": "separated oxide", "source": "ultimat_longnan"}
    own = facts("prices", mineral=element, **where)
    yearly = facts("prices", mineral=element, source="mcs2025_ree", year="2024")
    row = (*own, *yearly, *facts("prices", mineral="ndpr", **where))[0]
    if row.row["mineral"] == element:
        return row.to("USD/t"), row.source, ""
    return row.to("USD/t"), None, f"That of the mixture with neodymium ({row.cited})."


def _outputs(rows: tuple[Fact, ...]) -> dict[str, float]:
    names = {oxide: element for element in SYMBOLS if (oxide := OXIDES.get(SYMBOLS[element]))}
    return {
        names[row.row["oxide"]]: round(float(row.row["pct_of_treo"]) / 100, 6)
        for row in rows
        if row.row["oxide"] in names
    }


def _facilities() -> list[dict[str, Any]]:
    clay = facts("rare_earth_basket", deposit=CLAY)
    rock = assumed("rare_earth_basket", deposit=BASTNAESITE)
    separation = fact("projects", name="Mountain Pass", stage="mine")
    return [
        {
            "id": "clay-separation",
            "country": "CHN",
            "capacity": 1000,
            "processes": [
                {
                    "id": "separate-clay",
                    "outputs": _outputs(clay),
                    "cost": 30_000,
                    "source": {"outputs": clay[0].source},
                    "assumption": {"cost": "No cost was found: a guess, of a kg of oxides in clay."},
                }
            ],
            "source": {"processes": clay[0].source},
            "assumption": {"capacity": "What of Chinese clay is separated for US users is not known: a round number."},
        },
        {
            "id": "mountain-pass",
            "country": "USA",
            "capacity": separation.value,
            "utilisation": PART,
            "processes": [
                {
                    "id": "separate-bastnaesite",
                    "outputs": _outputs(rock),
                    "cost": 8_000,
                    "assumption": "The Survey's table of contents, from memory: verify; the cost of a kg of oxides is a guess.",
                }
            ],
            "source": {"capacity": separation.source},
            "assumption": {
                "processes": "The Survey's table of contents, from memory: verify; the cost of a kg of oxides is a guess.",
                "utilisation": "Half of what is mined is separated at home.",
            },
        },
    ]  # fmt: skip


def _need(element: str) -> dict[str, Any]:
    cost = price(element)[0]
    need: dict[str, Any] = {
        "id": f"usa-{element}",
        "commodity": element,
        "country": "USA",
        "quantity": USED.get(element),
        "shortfall_cost": [
            {"share": 0.1, "cost": 3 * cost},
            {"share": 0.9, "cost": 20 * cost},
        ],
    }
    why = {
        "shortfall_cost": "Thrift at three times the price for a tenth, then users stop, at twenty times."
    }
    if element == "yttrium":
        row = fact("us_demand", mineral=element, metric="apparent_consumption")
        need["quantity"], need["source"] = row.value, {"quantity": row.source}
    elif element in MAGNETS:
        why["quantity"] = (
            "The use of magnets of 2026 as in rare-earths-usa, a quarter of Nd-Pr praseodymium."
        )
    else:
        why["quantity"] = (
            "No use by oxide was found: a part of the 6,600 t of all in 2024 (mcs2025_ree), shared out by guess."
        )
    return need | {"assumption": why}


def _outlet(element: str) -> list[dict[str, Any]]:
    worth = price(element)
    return [
        {
            "id": f"{code.lower()}-{element}-surplus",
            "commodity": element,
            "country": code,
            "price": round(PART * worth[0], 2),
            "assumption": f"Surplus finds buyers at half of its price. {worth[2]}".strip(),
        }
        for code in ("CHN", "USA")
    ]


def _spot(element: str) -> dict[str, Any]:
    cost = price(element)
    told = "A quarter above the price, of whoever has stock or separates other ore: "
    return {
        "id": f"spot-{element}",
        "supplier": "Spot",
        "country": "XOT",
        "commodity": element,
        "price": round(1.25 * cost[0], 2),
        "capacity": 20.0
        if element == "scandium"
        else round(PART * (USED.get(element) or 500.0), 3),
        "available": PART,
        "assumption": f"{told}half of use, half of it open. {cost[2]}".strip(),
    }


def problem_text() -> str:
    """Return what problem.yaml holds."""
    elements = [element for element in SYMBOLS if element not in LEFT_OUT]
    used = {"ultimat_longnan", "mcs2025_atlas", "mcs2025_ree", "ndfeb_projects"}
    plain = {
        "name": "rare-earths-basket",
        "about": "Sixteen of the seventeen rare earths for the United States (of promethium there is none): ore gives them together and users want "
        "them apart. How much clay and bastnaesite is separated, which oxide drives it, and what is left over?",
        "base_year": 2025,
        "buyers": ["USA"],
        "countries": [{"id": "XOT", "name": "countries not named"}],
        "sources": [
            {"id": key, "title": item.title, "publisher": item.publisher, "licence": item.licence}
            for key, item in origins().items()
            if key in used
        ],
        "periods": {
            "start": "2026-01-01",
            "count": 5,
            "length": "1 yr",
            "assumption": "The planner's choice; prices are taken as dollars of 2025.",
        },
        "discount": {
            "rate": 0.05,
            "assumption": "Real rate for public money; no source prescribes one.",
        },
        "commodities": [_commodity(element) for element in elements],
        "offers": [_spot(element) for element in elements],
        "facilities": _facilities(),
        "lanes": [
            {
                "id": f"{code.lower()}-usa",
                "origin": code,
                "destination": "USA",
                "commodities": elements if code == "XOT" else [e for e in elements if e != "scandium"],
                "assumption": "Without freight, which is a thousandth of these prices.",
            }
            for code in ("CHN", "XOT")
        ],
        "demand": [_need(element) for element in elements],
        "outlets": [item for element in elements if element != "scandium" for item in _outlet(element)],
        "rules": [
            {
                "id": "cn-cap",
                "kind": "share_cap",
                "of": "CHN",
                "commodity": {"each": ["dysprosium", "terbium", "yttrium"]},
                "denominator": "deliveries",
                "max_share": {"2026": 0.9, "2030": 0.75, "interpolate": True},
                "assumption": "The planner's choice: of heavy oxides that users receive 75 % from China by 2030.",
            }
        ],
    }  # fmt: skip
    return HEAD + dump(parse(plain))


def _commodity(element: str) -> dict[str, Any]:
    value, source, rests = price(element)
    stated = {"source": source} if source else {"assumption": rests}
    return {
        "id": element,
        "name": f"{element} oxide",
        "stage": "oxide",
        "basis": "REO",
        "market_price": value,
        **stated,
    }


def main() -> None:
    """Write the file."""
    FILE.parent.mkdir(exist_ok=True)
    FILE.write_text(problem_text(), encoding="utf-8")


if __name__ == "__main__":
    main()
