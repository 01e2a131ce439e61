"""What the second program digs and builds: capacity of pits, their expansions, what both cost."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from tests.second.limits import Sale
from tests.second.raw import Data, number, on, years
from tests.second.tree import Node, closes, effect, way, worth, worth_at_end

if TYPE_CHECKING:
    from tests.program import Program, Terms


def dig(made: Program, plain: Data, nodes: list[Node]) -> list[Sale]:
    """Add what pits run and what is built; return what they give."""
    sales = []
    for pit in plain.get("facilities", ()):
        (recipe,) = pit["processes"]
        (good,) = recipe["outputs"]
        more = [item for item in plain["expansions"] if item["facility"] == pit["id"]]
        for node in nodes:
            run = ("run", pit["id"], node)
            made.column(run, on(recipe["cost"], node.start) * worth(plain, node))
            given = recipe["outputs"][good] * number(recipe.get("yields", 1))
            sales.append(Sale(pit, good, run, given, node))
            used = on(pit.get("utilisation", 1), node.start)
            for event in plain.get("events", ()):
                if closes(event, good, pit["country"]):
                    used *= effect(event, node, "availability", 1)
            terms: Terms = {run: 1.0}
            for expansion in more:
                for decided in way(node):
                    share = _served(plain, expansion, decided, node) * used
                    share *= number(expansion.get("delivery_probability", 1))
                    terms["build", expansion["id"], decided] = -share
            room = on(pit["capacity"], node.start) * node.years * used
            made.row(terms, high=room * number(pit.get("delivery_probability", 1)))
        for expansion in more:
            _build(made, plain, nodes, expansion)
    return sales


def _build(made: Program, plain: Data, nodes: list[Node], expansion: Data) -> None:
    size = number(expansion["size"])
    for decided in nodes:
        after = [node for node in nodes if decided in way(node)]
        cost = sum(_due(plain, expansion, decided, node) for node in after)
        name = ("build", expansion["id"], decided)
        made.column(name, cost)
        if expansion["lumpy"]:
            yes = ("yes", expansion["id"], decided)
            made.column(yes, upper=1, whole=True)
            made.row({name: 1.0, yes: -size}, 0, 0)
    for node in nodes:
        if node.end == nodes[-1].end:
            made.row({("build", expansion["id"], item): 1.0 for item in way(node)}, high=size)


def _days(plain: Data, expansion: Data, decided: Node) -> float:
    """Return how long what is decided at a node takes."""
    late = (effect(event, decided, "lead_time", 0) for event in _hit(plain, expansion))
    return number(expansion["lead_time"]) + sum(late)


def _hit(plain: Data, expansion: Data) -> list[Data]:
    """Return the events that hit building, of the pit or of its country."""
    pit = next(item for item in plain["facilities"] if item["id"] == expansion["facility"])
    return [item for item in plain.get("events", ()) if item["of"] in (pit["id"], pit["country"])]


def _opens(plain: Data, expansion: Data, decided: Node) -> date:
    return decided.start + timedelta(days=round(_days(plain, expansion, decided)))


def _served(plain: Data, expansion: Data, decided: Node, node: Node) -> float:
    """Return the years of a node in which a tonne a year decided before can be used."""
    opens = _opens(plain, expansion, decided)
    served = 0.0
    for stage, share in enumerate([*expansion.get("ramp", ()), 1]):
        first, then = _later(opens, stage), _later(opens, stage + 1)
        end = node.end if stage == len(expansion.get("ramp", ())) else min(node.end, then)
        served += number(share) * years(max(first, node.start), end)
    return served


def _later(when: date, count: int) -> date:
    if (when.month, when.day) == (2, 29) and count % 4:
        return date(when.year + count, 3, 1)
    return when.replace(year=when.year + count)


def _due(plain: Data, expansion: Data, decided: Node, node: Node) -> float:
    """Return the cost at a node of a tonne a year decided at another: what is granted is not."""
    price = on(expansion["capex"], decided.start) * (1 - number(expansion.get("grant", 0)))
    for event in _hit(plain, expansion):
        price *= effect(event, decided, "capex", 1)
    opens, life = _opens(plain, expansion, decided), number(expansion["life"])
    if expansion["capex_mode"] == "annual":
        rate = number(expansion["rate"])
        yearly = rate / (1 - (1 + rate) ** -life) if rate else 1 / life
        lent = float(price * (1 + rate) ** (_days(plain, expansion, decided) / 365))
        # no horizon here is as long as a life
        return lent * yearly * years(max(opens, node.start), node.end) * worth(plain, node)
    due = price * worth(plain, node) if node is decided else 0.0
    if node.last:
        left = expansion["salvage"]
        if left == "straight_line":
            left = max(0.0, 1 - years(opens, node.end) / life)
        due -= price * number(left) * worth_at_end(plain, node)
    return due
