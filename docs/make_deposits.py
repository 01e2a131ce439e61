"""Writes instances/data/lithium-deposits/problem.yaml: lithium deposits, none mined beyond what it holds.

``python docs/make_deposits.py``; a test holds the file to what this makes. README.md beside the file is written by hand.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from instances import dump, parse
from instances.facts import Fact, facts, origins

FILE = Path(__file__).parent.parent / "instances" / "data" / "lithium-deposits" / "problem.yaml"
HEAD = "# Built from the facts by docs/make_deposits.py. README.md beside this file says what each choice rests on.\n"
KILO = 1000.0
CHOICE = "The planner's choice; prices are taken as dollars of 2022, none is deflated."
CUT = (
    "Licences of July 2025 for Chinese lithium techniques (from memory: verify), withheld in 2028 to 2032; a quarter dearer and a year "
    "longer with those of others, assumed."
)
ODDS = "No source gives odds: 30 % as for other controls of China in rare-earths-controls."


def _id(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")


def _number(row: Fact, column: str) -> float:
    return round(float(row.row[column]) * KILO, 1)


def deposits() -> list[Fact]:
    """Return the deposits whose reserves and cost a technical report states."""
    return [row for row in facts("lithium_deposits") if float(row.row["reserve_kt_li"]) > 0]


def _facility(row: Fact) -> dict[str, Any]:
    first, last = _number(row, "capacity_2025_kt_li"), _number(row, "capacity_2030_kt_li")
    path = first if first == last else {"2026": first, "2030": last, "interpolate": True}
    name = _id(row.row["name"])
    process = {"id": f"mine-{name}", "outputs": {"lithium": 1}, "cost": row.value}
    return {
        "id": name,
        "country": row.row["country"],
        "capacity": path,
        "processes": [process],
        "source": row.source,
    }


def _expansion(row: Fact) -> dict[str, Any]:
    size = _number(row, "max_ramp_kt_li_per_yr2")
    opening = float(row.row["opening_cost_musd"]) * 1e6 / size
    return {
        "id": f"open-{_id(row.row['name'])}",
        "facility": _id(row.row["name"]),
        "size": size,
        "capex": round(float(row.row["expansion_usd_per_t_li_per_yr"]) + opening, 1),
        "life": 25,
        "lead_time": 365 * int(row.row["delay_years"]),
        "ramp": [0.5],
        "assumption": "As in lithium-world: the most that busch_li lets it add in a year, what that costs and how long it takes; half of "
        "it in its first year.",
    }


def _limit(row: Fact) -> dict[str, Any]:
    name = _id(row.row["name"])
    return {
        "id": f"{name}-reserves",
        "kind": "reserve_limit",
        "of": name,
        "commodity": "lithium",
        "reserves": _number(row, "reserve_kt_li"),
        "source": row.source,
    }


def _countries(mined: set[str]) -> list[dict[str, Any]]:
    held = facts("reserves", mineral="lithium", source="mcs2026")
    return [
        {
            "id": f"{row.row['country'].lower()}-reserves",
            "kind": "reserve_limit",
            "of": row.row["country"],
            "commodity": "lithium",
            "reserves": row.value,
            "source": row.source,
        }
        for row in held
        if row.row["country"] in mined
    ]


def problem_text() -> str:
    """Return what problem.yaml holds."""
    rows = deposits()
    countries = {row.row["country"] for row in rows}
    sources = [
        {
            "id": key,
            "title": origin.title,
            "publisher": origin.publisher,
            "licence": origin.licence,
        }
        for key, origin in origins().items()
        if key in ("busch_li", "mcs2026")
    ]
    plain = {
        "name": "lithium-deposits",
        "about": f"{len(rows)} lithium deposits of {len(countries)} countries, 2026-2050, none of which gives more than its reserves: which are "
        "used up, what is built, and what it costs if Chinese equipment is withheld from 2028 on.",
        "base_year": 2022,
        "buyers": ["XWD"],
        "countries": [{"id": "XWD", "name": "World"}],
        "groups": {"abroad": sorted(countries - {"CHN"})},
        "sources": sources,
        "periods": {"start": "2026-01-01", "count": 25, "length": "1 yr", "assumption": CHOICE},
        "discount": {"rate": 0.07, "assumption": "As in lithium-world: what miners ask for."},
        "commodities": [
            {"id": "lithium", "name": "lithium", "stage": "mine", "basis": "contained Li"}
        ],
        "facilities": [_facility(row) for row in rows],
        "expansions": [_expansion(row) for row in rows],
        "lanes": [
            {
                "id": f"{code.lower()}-xwd",
                "origin": code,
                "destination": "XWD",
                "commodities": ["lithium"],
                "assumption": "Without freight: what is asked is what is dug.",
            }
            for code in sorted(countries)
        ],
        "demand": [
            {
                "id": "deposits-lithium",
                "commodity": "lithium",
                "country": "XWD",
                "quantity": {
                    "2026": 2e5, "2030": 2.6e5, "2040": 4.5e5, "2050": 6e5, "interpolate": True,
                },
                "shortfall_cost": [
                    {"share": 0.1, "cost": 150_000}, {"share": 0.9, "cost": 400_000},
                ],
                "assumption": {
                    "quantity": "About half of the need of lithium-world: these deposits make two thirds of what its 160 make today.",
                    "shortfall_cost": "As in lithium-world: twice and five times the price of 2024.",
                },
            }
        ],
        "rules": [*(_limit(row) for row in rows), *_countries(countries)],
        "events": [
            {
                "id": "equipment",
                "of": "abroad",
                "capex": 1.25,
                "lead_time": 365,
                "start": "2028-01-01",
                "length": "5 yr",
                "assumption": CUT,
            }
        ],
        "scenarios": [
            {"id": "open", "probability": 0.7, "assumption": ODDS},
            {"id": "withheld", "probability": 0.3, "events": ["equipment"], "assumption": ODDS},
        ],
    }  # fmt: skip
    return HEAD + dump(parse(plain))


def main() -> None:
    """Write the file."""
    FILE.parent.mkdir(exist_ok=True)
    FILE.write_text(problem_text(), encoding="utf-8")


if __name__ == "__main__":
    main()
