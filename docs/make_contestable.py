"""Writes docs/contestable.md: what it does to every instance that others want the supply, too.

``python docs/make_contestable.py [NAME ...]`` solves each instance (all, if none is named) as it
ships, and once more as if all that foreign suppliers make were for sale to its buyers and all that
is announced were there. Rows of others are kept. A test holds the page to what is shipped.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from instances import Problem, instance_names, load, parse
from instances.words import percent
from optimizer import solve

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from optimizer import Result

PAGE = Path(__file__).parent / "contestable.md"
HEAD = """# Contestable supply

Written by `docs/make_contestable.py`. If a buyer may take all that a supplier makes, every cap looks cheap. So every offer says what of
its capacity is `available` to the buyers, or that its capacity is `allotted` to them, and announced plants have a `delivery_probability`.
The second column is the optimum as if nobody else wanted the goods (all that foreign suppliers make is for sale, all that is announced is
delivered; stops and bans stay), the third is the optimum as shipped. The rule that binds most is the one with the largest sum of shadow
prices; a plan with yes/no choices prices them as they are.

What is open to US buyers in instances built from the facts is a named assumption: what a country sells to US users now (its share of US
imports times what is imported of use), and a twentieth of its output that a buyer who pays can win; two thirds of its output at most. Where no
output was found, its present sales and a quarter more are allotted. In `kazakhstan-tungsten` it is three times the part that US use is of
the world's output.

{moved}

| instance | nobody else wants it, USD | as shipped, USD | difference | binds most, before | binds most, shipped | suppliers beyond a half | reason |
|---|---|---|---|---|---|---|---|
"""
MOVED = """Stating it anew for this page moved two optima and turned one answer:

- `kazakhstan-tungsten`: 5,464.5 to 5,586.2 million USD (+2.2 %). Bolivia, Rwanda, Spain and Portugal sold 50 to 60 % of their output to
  US buyers and sell 40 %: of cheap metal 600 t a year less is on offer, and the Kazakh plant, which was worth 50 million less than
  it costs, is worth 46 million more and is built.
- `graphite-natural-usa`: 1,249.11 to 1,249.38 million USD. Mexico sold all of its output and sells 66 %, China makes up for it.
- `vanadium-usa`: 712,682,498.54 USD before and after. Canada sells 66 % of its output and not all; Czechia and others make up for it at the same price.
- `rare-earths-usa`, `magnets-usa` and `price-floor-refinery` let China sell without a limit. Its output now has one (1,500 t of dysprosium, 300 of
  terbium, 116,000 of magnets, 73,757 of Nd-Pr oxide) with a part open to US buyers. Caps and needs lie below it: the optimum stays to the cent.
- `partners-pool`, `japan-reserve`, `korea-reserve` and `australia-reserve` had Chinese dysprosium all to themselves; now it is half of it, 21 %, 2 % and
  40 %, which is more than their plans take: the optimum stays."""
REASONS = {
    "australia-reserve": "If all that China makes were for sale, more would be stored before a stop; Costerfield, taken whole, is Australia's own.",
    "eu-crma": "Its offers had a stated part from the start.",
    "export-controls": "If all that China makes were for sale until a control comes back, it would be stored; a twentieth is too little for that.",
    "gallium-usa": "US use is 2 % of China's capacity; caps and dates decide, not what others leave.",
    "japan-reserve": "What China sells to Japan does not bind; what Malaysia and France have open does.",
    "kazakhstan-tungsten": "Small mines that others want as well leave room for the plant.",
    "korea-reserve": "A release on its way decides what is unmet, not the volume on offer.",
    "magnets-controls": "Plants outside China and its licences bind; Viet Nam's magnets and Chinese oxide are mostly others'.",
    "magnets-usa": "Plants outside China and its licences bind; Viet Nam's magnets and Chinese oxide are mostly others'.",
    "partners-pool": "The pool is filled from what China leaves; half of its output is more than that.",
    "price-floor-refinery": "One refinery against one seller: the cap on China binds far below a tenth of its output.",
    "project-vault": "If all that China makes were for sale, it would be stored before the stop; what is open is used up by then.",
    "rare-earths-controls": "Plants outside China are bound to Japan and Europe: their part binds.",
    "tungsten-instruments": "Small mines that others want as well leave more to China and to a stop of it; no plant is built as shipped.",
    "rare-earths-basket": "Half of what is sold on the spot is others': more clay and bastnaesite has to be separated for it.",
    "rare-earths-usa": "Plants outside China are bound to Japan and Europe: their part binds.",
}
LOW = 0.0005
ROW = re.compile(r"^\| ([a-z0-9-]+) \|.*$", re.M)


def foreign(problem: Problem) -> bool:
    """Return whether buyers buy abroad."""
    return bool(problem.buyers) and any(o.country not in problem.buyers for o in problem.offers)


def uncontested(problem: Problem) -> Problem:
    """Return the problem as if all that foreign suppliers make were for sale to its buyers."""
    plain = problem.to_plain()
    for offer in plain["offers"]:
        if offer["country"] not in problem.buyers and not offer.get("allotted"):
            offer["available"] = _all(offer.get("available", 1.0))
        offer.pop("delivery_probability", None)
    return parse(plain)


def _all(available: float | Mapping[str, Any]) -> Any:
    """Return 1 wherever anything is for sale; what is closed stays closed."""
    if isinstance(available, int | float):
        return 1.0 if available > 0 else 0.0
    return {
        key: value if isinstance(value, bool) else _all(value) for key, value in available.items()
    }


def binding(result: Result) -> str:
    """Return the rule with the largest sum of shadow prices, or a word for none."""
    if not result.has_plan:
        return "-"
    table = result.rules
    price = table["shadow_price_usd"].astype(float).fillna(0.0).groupby(table["rule"]).sum()
    return "none" if price.empty or price.max() <= 0 else str(price.idxmax())


def shortfall(result: Result) -> float:
    """Return the fraction of all that is needed that goes unmet."""
    return float(result.unmet["unmet_t"].sum() / result.unmet["needed_t"].sum())


def row(name: str) -> str:
    """Solve an instance as if nobody else wanted its goods, and as shipped; return its row."""
    from instances.contestable import taken_holds

    problem = load(name)
    shipped, before = solve(problem), solve(uncontested(problem))
    if shipped.objective is None or before.objective is None:
        raise SystemExit(f"{name}: no plan")
    part = shipped.objective / before.objective - 1
    holds = ", ".join(
        f"{hold.supplier} {percent(hold.share)}" for hold in taken_holds(problem, shipped.plan)[:3]
    )
    unmet, spared = shortfall(shipped), shortfall(before)
    reason = REASONS.get(name)
    if reason is None and unmet > spared + LOW:
        reason = f"What is open falls short of use: {percent(round(unmet, 3))} go unmet, not {percent(round(spared, 3))}."
    elif reason is None:
        reason = (
            "What others want is not what limits it."
            if abs(part) < LOW
            else "Cheap sellers keep most of their output for others; dearer ones or a dearer mix make up for it."
        )
    return (
        f"| {name} | {before.objective:,.0f} | {shipped.objective:,.0f} | {100 * part:+.2f} % | "
        f"{binding(before)} | {binding(shipped)} | {holds or 'none'} | {reason} |"
    )


def held() -> dict[str, str]:
    """Return the rows of the page by name of the instance."""
    text = PAGE.read_text(encoding="utf-8") if PAGE.is_file() else ""
    return {match[1]: match[0] for match in ROW.finditer(text) if match[1] != "instance"}


def main() -> None:
    """Write the rows of the instances named, or of all that buy abroad."""
    rows = held()
    names = [name for name in instance_names() if foreign(load(name))]
    for name in sys.argv[1:] or names:
        rows[name] = row(name)
        print(rows[name], file=sys.stderr, flush=True)
        lines = "\n".join(rows[known] for known in names if known in rows)
        PAGE.write_text(HEAD.format(moved=MOVED) + lines + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
