"""Sellers: what each seller of a commodity sells or makes, for the rules that tell them apart."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import numpy as np

from instances.rules import HHICap, MaxNewSellers, MinSuppliers
from instances.tags import UNKNOWN, belongs, read_tag
from models.capacity import most_run
from models.horizon import Horizon, horizon
from models.index import Index, Values
from models.network import Members, Network, tagged
from models.rows import Row, family_rows

if TYPE_CHECKING:
    import pyomo.environ as pyo

    from instances.rules.sellers import SellerRule
    from models.frame import Frame

FAMILIES: tuple[type[SellerRule], ...] = (MinSuppliers, MaxNewSellers, HHICap)
HEAD = ("rule", "who", "goods")
SOLD = ("rule", "goods", "seller", "node")


@dataclass(eq=False)
class Goods:
    """What a seller's goods are: offers with their tranches, blends with an output, deliveries."""

    offers: list[tuple[str, int]] = field(default_factory=list)
    made: list[tuple[str, str, str, str]] = field(default_factory=list)
    delivered: list[tuple[str, str]] = field(default_factory=list)


def seller_rows(network: Network) -> list[Row[SellerRule]]:
    """Return the rows of all rules that tell sellers apart."""
    return [row for family in FAMILIES for row in family_rows(network.problem, family)]


def sellers_of(network: Network, row: Row[SellerRule]) -> dict[str, Goods]:
    """Return the goods of each seller that a row counts."""
    rule, problem, party = row.rule, network.problem, row.line.party
    (goods,) = row.line.commodities
    found: dict[str, Goods] = {}

    def whose(country: str, supplier: str) -> Goods:
        name = rule.seller(problem.directory, country, supplier)
        return found.setdefault(name, Goods())

    if rule.delivered:
        for demand, tag in tagged(network, [d for d in problem.demand if d.commodity == goods]):
            if party is None or belongs(tag, party):
                country, _, supplier = (read_tag(tag).seller or UNKNOWN).partition("/")
                known = country != UNKNOWN
                whole = (
                    whose(country, unquote(supplier))
                    if known
                    else found.setdefault(UNKNOWN, Goods())
                )
                whole.delivered.append((demand, tag))
        return found
    for offer, tranche in network.offers():
        if offer.commodity == goods and (
            party is None or party.includes(offer.country, offer.supplier)
        ):
            whose(offer.country, offer.supplier).offers.append((offer.id, tranche))
    for blend in network.blends:
        facility = blend.facility
        if goods in blend.made and (
            party is None or party.includes(facility.country, facility.id)
        ):
            whose(facility.country, facility.id).made.append((*blend.key, goods))
    return found


def declare_sellers(frame: Frame, network: Network) -> None:
    """Declare ``sold``: tonnes by rule, goods, seller and node."""
    keys = [
        (row.rule.id, row.line.goods, seller, row.node)
        for row in seller_rows(network)
        for seller in sellers_of(network, row)
    ]
    index = Index.of(SOLD, keys)
    frame.add_set("SOLD", index)
    frame.add_variable("sold", "SOLD", index)


def constrain_sellers(frame: Frame, network: Network) -> None:
    """Add the rows that count what each seller sells."""
    heads = {row.head: sellers_of(network, row) for row in seller_rows(network)}
    frame.add_set("COUNT", Index.of(HEAD, heads))
    names: Members = {head: list(sellers) for head, sellers in heads.items()}
    frame.add_members("SELLERS", "COUNT", 1, names)
    goods = {
        (rule, commodity, seller): found
        for (rule, _, commodity), sellers in heads.items()
        for seller, found in sellers.items()
    }
    frame.add_set("SELLER", Index.of(("rule", "goods", "seller"), goods))
    for name, dimen, part in (
        ("SOLD_OFFERS", 2, "offers"),
        ("SOLD_MADE", 4, "made"),
        ("SOLD_DELIVERED", 2, "delivered"),
    ):
        members: Members = {key: getattr(found, part) for key, found in goods.items()}
        frame.add_members(name, "SELLER", dimen, members)
    frame.add_constraint(seller_sold, frame.variables["sold"])


def seller_sold(model: pyo.ConcreteModel, rule: str, goods: str, seller: str, node: str) -> Any:
    r"""What a seller sells or makes; or, where deliveries are counted, what users get of it.

    .. math::
        sold_{r,g,v,n} = \sum_{(o,k) \in O} buy_{o,k,n}
        + \sum_{(f,p,b) \in M} given_{p,g,n}\, run_{f,p,b,n}
        + \sum_{(d,\tau) \in D} deliver_{d,\tau,n}

    For all: rule r that tells sellers apart, goods g, seller v, node n at which r holds; O and M
    are empty where deliveries are counted, D elsewhere.
    Units: t in the period of n.
    Source: purchases by supplier, as market shares are counted in US Department of Justice and
    Federal Trade Commission, Merger Guidelines (2023).
    """
    return model.sold[rule, goods, seller, node] == (
        sum(
            model.buy[offer, tranche, node]
            for offer, tranche in model.SOLD_OFFERS[rule, goods, seller]
        )
        + sum(
            model.given[facility, process, blend, commodity, node]
            * model.run[facility, process, blend, node]
            for facility, process, blend, commodity in model.SOLD_MADE[rule, goods, seller]
        )
        + sum(
            model.deliver[demand, tag, node]
            for demand, tag in model.SOLD_DELIVERED[rule, goods, seller]
        )
    )


def most_sold(frame: Frame, network: Network, found: Goods) -> Values:
    """Return by node the tonnes that a seller can sell or make at most; infinite without a limit.

    A facility's processes share its capacity: what it gives is at most the largest of its outputs.
    """
    time = horizon(network.problem)
    most = np.zeros(len(time.nodes))
    upper = frame.limits["buy"].upper.reshape(-1, len(time.nodes))
    offers = dict(zip(_pairs(frame, time), upper, strict=True))
    for pair in found.offers:
        most = most + offers[pair]
    ratios: dict[str, Values] = {}
    for facility, process, _, goods in found.made:
        recipe = next(
            item.outputs[goods] * time.over(item.yields, 0.0)
            for owner in network.problem.facilities
            if owner.id == facility
            for item in owner.processes
            if item.id == process
        )
        ratios[facility] = np.maximum(ratios.get(facility, 0.0), recipe)
    for owner in network.problem.facilities:
        if owner.id in ratios:
            most = most + ratios[owner.id] * most_run(owner, network.problem.expansions, time)
    return most


def _pairs(frame: Frame, time: Horizon) -> list[tuple[str, int]]:
    index = frame.variables["buy"]
    pairs = zip(index.column("offer"), index.column("tranche"), strict=True)
    return [(str(o), int(str(k))) for o, k in list(pairs)[:: len(time.nodes)]]
