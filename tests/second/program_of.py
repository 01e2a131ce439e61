"""The second program: least cost of a problem file, from its text alone, with scipy.

Nothing of the product is used: not its reader, not its units and dates, not its model. What the
file may hold is what `texts` and `ground` draw.
"""

from __future__ import annotations

from itertools import product
from math import inf
from typing import Any

import yaml

from tests.program import Program, Terms
from tests.second.limits import Sale, at_least, cap, keep_in_ground
from tests.second.pits import dig
from tests.second.raw import Data, day, number, on, years
from tests.second.tree import Node, closes, hit, tree, worth, worth_at_end


def least_cost(text: str) -> float:
    """Return the least expected discounted cost, infinite without a plan."""
    plain = yaml.safe_load(text)
    return _program(plain, tree(plain), {}).least()


def least_cost_by_trying(text: str) -> float:
    """Return the least cost over every pattern of what is ordered and when, each a linear one."""
    plain = yaml.safe_load(text)
    nodes = tree(plain)
    places = [(item["id"], node.time) for item in plain["offers"] for node in nodes]
    return min(
        _program(plain, nodes, dict(zip(places, pattern, strict=True))).least()
        for pattern in product((False, True), repeat=len(places))
    )


def _sells(plain: Data, offer: Data, node: Node) -> float:
    """Return for how many years of a node an offer sells all that is available."""
    start = max(node.start, day(offer["start"])) if "start" in offer else node.start
    whole = years(start, node.end)
    for event in plain.get("events", ()):
        if closes(event, offer["commodity"], offer["country"]):
            whole -= (1 - number(event["availability"])) * hit(event, node, start)
    part = on(offer.get("available", 1), node.start)
    return whole * part * number(offer.get("delivery_probability", 1))


def _program(plain: Data, nodes: list[Node], ordered: dict[Any, bool]) -> Program:
    made = Program()
    runs = dig(made, plain, nodes)
    everything: list[Sale] = []
    for node in nodes:
        places = _Places(plain)
        sales = _buy(made, plain, node, ordered)
        sales += [sale for sale in runs if sale.node is node]
        for sale in sales:
            places.add(sale.good, sale.seller["country"], {sale.column: sale.tonnes})
        _ship(made, plain, node, places)
        _deliver(made, plain, node, places)
        _store(made, plain, node, places, last=node.last)
        for terms in places.balances.values():
            made.row(terms, 0, 0)
        cap(made, plain, node, sales)
        everything += sales
    keep_in_ground(made, plain, everything)
    return made


class _Places:
    """The balance of every good in every country; what no lane names is at once wherever it is."""

    def __init__(self, plain: Data) -> None:
        self._shipped = {good for lane in plain.get("lanes", ()) for good in lane["commodities"]}
        self.balances: dict[tuple[str, str], Terms] = {}

    def add(self, good: str, country: str, terms: Terms) -> None:
        place = (good, country if good in self._shipped else "anywhere")
        self.balances.setdefault(place, {}).update(terms)


def _buy(
    made: Program,
    plain: Data,
    node: Node,
    ordered: dict[Any, bool],
) -> list[Sale]:
    sales = []
    for offer in plain["offers"]:
        yes = ordered.get((offer["id"], node.time), True)
        every: Terms = {}
        for place, part in enumerate(offer.get("tranches", [offer])):
            most = on(part["capacity"], node.start) * _sells(plain, offer, node) if yes else 0.0
            price = on(part["price"], node.start) * worth(plain, node)
            name = ("buy", offer["id"], place, node)
            made.column(name, price, most)
            every[name] = 1.0
            sales.append(Sale(offer, offer["commodity"], name, 1.0, node))
        if yes and "minimum_lot" in offer:
            made.row(every, low=number(offer["minimum_lot"]) * node.years)
            fee = number(offer["fixed_cost"]) * node.years * worth(plain, node)
            made.column(("fee", offer["id"], node), fee)
            made.row({("fee", offer["id"], node): 1.0}, 1, 1)
    return sales


def _ship(made: Program, plain: Data, node: Node, places: _Places) -> None:
    values = {item["id"]: number(item.get("customs_value", 0)) for item in plain["commodities"]}
    for lane in plain.get("lanes", ()):
        every: Terms = {}
        for good in lane["commodities"]:
            arrives = 1 - number(lane.get("loss", 0))
            duty = number(lane.get("tariff", 0)) * values[good] * arrives
            cost = (on(lane["freight"], node.start) + duty) * worth(plain, node)
            name = ("ship", lane["id"], good, node)
            made.column(name, cost)
            every[name] = 1.0
            places.add(good, lane["origin"], {name: -1.0})
            places.add(good, lane["destination"], {name: arrives})
        if "capacity" in lane:
            made.row(every, high=number(lane["capacity"]) * node.years)


def _needed(demand: Data, node: Node) -> float:
    return on(demand["quantity"], node.start) * node.years


def _deliver(made: Program, plain: Data, node: Node, places: _Places) -> None:
    for demand in plain["demand"]:
        given, short = ("give", demand["id"], node), ("short", demand["id"], node)
        made.column(given)
        made.column(short, on(demand["shortfall_cost"], node.start) * worth(plain, node))
        needed = _needed(demand, node)
        made.row({given: 1.0, short: 1.0}, needed, needed)
        places.add(demand["commodity"], demand["country"], {given: -1.0})


def _store(
    made: Program,
    plain: Data,
    node: Node,
    places: _Places,
    last: bool,
) -> None:
    targets = {item["stockpile"]: item for item in plain["rules"] if "stockpile" in item}
    for store in plain["stockpiles"]:
        kept = (1 - number(store.get("decay", 0))) ** node.years
        cost = number(store["holding_cost"]) * node.years * worth(plain, node)
        if last:
            cost -= number(store.get("terminal_value", 0)) * worth_at_end(plain, node)
        held, put, taken = (
            (word, store["id"], node.time, node.happened) for word in ("held", "put", "taken")
        )
        made.column(held, cost, number(store["capacity"]) if "capacity" in store else inf)
        for name, rate in ((put, "fill_rate"), (taken, "draw_rate")):
            made.column(name, 0, number(store[rate]) * node.years if rate in store else inf)
        opening = number(store.get("opening", 0)) * kept if node.before is None else 0.0
        terms: Terms = {held: 1.0, put: -1.0, taken: 1.0}
        if node.before is not None:
            terms["held", store["id"], node.before.time, node.before.happened] = -kept
        made.row(terms, opening, opening)
        places.add(store["commodity"], store["country"], {put: -1.0, taken: 1.0})
        if store["id"] in targets:
            target = targets[store["id"]]
            at_least(made, plain, node, target, {held: 1.0}, on(target["tonnes"], node.start))
