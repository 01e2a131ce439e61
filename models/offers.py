"""Offers: what a tranche sells, prices that fall, lots, and qualifying before the first tonne."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import numpy as np

from instances.contract import Contract
from models.due import Due
from models.horizon import Horizon, ends
from models.index import Index, Values, stacked

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    import pyomo.environ as pyo

    from instances.supply import Offer
    from models.frame import Frame
    from models.network import Members, Network

OFFER = ("offer",)
TRANCHE = ("offer", "tranche")


def open_part(offer: Offer, time: Horizon) -> Values:
    """Return the fraction of an offer's capacity that is expected, and open to the buyers."""
    return time.over(offer.available, 0.0) * offer.delivery_probability


def width(offer: Offer, tranche: int, time: Horizon) -> Values:
    """Return the tonnes of one tranche in each period; infinite where it has no limit."""
    part = open_part(offer, time) * time.years_within(offer.start, offer.end)
    capacity = offer.slices[tranche].capacity
    if capacity is None:
        return np.where(part > 0, np.inf, 0.0)
    return time.over(capacity, 0.0) * part


def up_to(offer: Offer, tranche: int, time: Horizon) -> Values:
    """Return the tonnes of a tranche and of all before it in each period."""
    return sum(
        (width(offer, number, time) for number in range(tranche)), width(offer, tranche, time)
    )


def most_bought(network: Network, time: Horizon) -> Values:
    """Return the most that each tranche sells: all tonnes, where its price holds for all."""
    ways = network.problem.ways_to_buy
    return stacked(
        [
            entitled(way, offer, time)
            if isinstance(way := ways[offer.id][tranche], Contract)
            else _most(offer, tranche, time)
            for offer, tranche in network.offers()
        ]
    )


def output(offer: Offer, time: Horizon) -> Values:
    """Return the tonnes that an offer can sell in each period, contracts included."""
    return up_to(offer, len(offer.slices) - 1, time)


def entitled(
    contract: Contract, offer: Offer, time: Horizon, decided: date | None = None
) -> Values:
    """Return the tonnes that a contract, signed on a day, lets take in each period."""
    opens = [day for day in (contract.start, offer.start, decided) if day is not None]
    closes = [day for day in (contract.end, offer.end) if day is not None]
    years = time.years_within(max(opens, default=None), min(closes, default=None))
    available = open_part(offer, time) * contract.priority_share
    rate = time.over(contract.maximum, 0.0)
    if all(item.capacity is not None for item in offer.slices):
        whole = sum((time.over(item.capacity, 0.0) for item in offer.slices), 0.0 * rate)
        rate = np.minimum(rate, available * whole)
    return np.where(available > 0, rate, 0.0) * years


def _most(offer: Offer, tranche: int, time: Horizon) -> Values:
    size = up_to if offer.pricing == "all_units" else width
    return size(offer, tranche, time)


def declare_offers(frame: Frame, network: Network, time: Horizon) -> None:
    """Declare whether tranches are reached, offers ordered and offers qualified (0 or 1)."""
    offers = network.problem.offers
    reach = Index.of(TRANCHE, [(offer.id, tranche) for offer, tranche in _steps(network)])
    frame.add_set("REACH", reach.cross(time.index))
    frame.add_variable("reach", "REACH", reach.cross(time.index), 1.0, binary=True)
    chosen = Index.of(OFFER, [offer.id for offer in offers if offer.chooses]).cross(time.index)
    frame.add_set("ORDER", chosen)
    frame.add_variable("order", "ORDER", chosen, 1.0, binary=True)
    tested = Index.of(OFFER, [offer.id for offer in offers if offer.qualifies]).cross(time.index)
    frame.add_set("QUALIFY", tested)
    may = np.tile(time.likely, len(tested) // len(time.nodes))
    frame.add_variable("qualify", "QUALIFY", tested, may, binary=True)


def constrain_offers(frame: Frame, network: Network, time: Horizon) -> None:
    """Add the rows of falling prices, of lots and of qualifying."""
    index = Index.of(OFFER, [offer.id for offer in network.problem.offers])
    frame.add_set("OFFER", index)
    tranches: Members = {}
    for offer, tranche in network.offers():
        tranches.setdefault(offer.id, []).append(tranche)
    frame.add_members("TRANCHES", "OFFER", 1, tranches)
    own: Members = {item.id: list(range(len(item.slices))) for item in network.problem.offers}
    frame.add_members("PRICES", "OFFER", 1, own)
    _add_steps(frame, network, time)
    _add_orders(frame, network, time)
    _add_qualifying(frame, network, time)


def offer_dues(network: Network, time: Horizon) -> Iterator[Due]:
    """Yield what ordering and qualifying cost."""
    offers = [item for item in network.problem.offers if item.chooses]
    index = Index.of(OFFER, [item.id for item in offers]).cross(time.index)
    fixed = [
        time.over(item.fixed_cost, 0.0) * time.years_within(item.start, item.end)
        for item in offers
    ]
    yield Due("fixed", "ordering_cost", "order", index, stacked(fixed))
    offers = [item for item in network.problem.offers if item.qualifies]
    index = Index.of(OFFER, [item.id for item in offers]).cross(time.index)
    once = [np.full(len(time.nodes), item.qualification_cost) for item in offers]
    yield Due("qualification", "qualifying_cost", "qualify", index, stacked(once))


def tranche_if_reached(model: pyo.ConcreteModel, offer: str, tranche: int, node: str) -> Any:
    r"""A tranche of an offer of falling price sells only when it is reached.

    .. math:: buy_{o,k,n} \le widest_{o,k,n}\, reach_{o,k,n}

    For all: incremental offer o and tranche k after its first, all-units offer o and tranche k,
    node n; widest is the width of k, and of all tranches up to k where one price holds for all.
    Units: t in the period of n.
    Source: quantity discounts by binaries; Chaudhry, Forst and Zydiak, European J. Operational
    Research 70 (1993) 52.
    """
    return (
        model.buy[offer, tranche, node]
        <= model.widest[offer, tranche, node] * model.reach[offer, tranche, node]
    )


def tranche_earned(
    model: pyo.ConcreteModel, offer: str, tranche: int, filled: int, node: str
) -> Any:
    r"""A tranche that is reached has been earned by the tonnes that come before it.

    .. math:: buy_{o,j,n} \ge earning_{o,k,j,n}\, reach_{o,k,n}

    For all: offer o of falling price, tranche k after its first, node n; an incremental offer
    fills every tranche j before k in full, an all-units offer buys the widths of all tranches
    before k at the price of j = k.
    Units: t in the period of n.
    Source: incremental and all-units discounts; Munson and Rosenblatt, Production and Operations
    Management 7 (1998) 352.
    """
    return (
        model.buy[offer, filled, node]
        >= model.earning[offer, tranche, filled, node] * model.reach[offer, tranche, node]
    )


def one_price(model: pyo.ConcreteModel, offer: str, node: str) -> Any:
    r"""An all-units offer sells all tonnes of a period at one price.

    .. math:: \sum_{k} reach_{o,k,n} \le 1

    For all: all-units offer o, node n.
    Units: count.
    Source: multiple-choice form of a piecewise linear cost; Croxton, Gendron and Magnanti,
    Management Science 49 (2003) 1268.
    """
    return sum(model.reach[offer, tranche, node] for tranche in model.PRICES[offer]) <= 1


def buy_if_ordered(model: pyo.ConcreteModel, offer: str, node: str) -> Any:
    r"""An offer whose ordering is a choice sells only when it is ordered.

    .. math:: \sum_{k} buy_{o,k,n} \le most_{o,n}\, order_{o,n}

    For all: offer o with a minimum lot or a fixed cost, node n; most is all its tranches.
    Units: t in the period of n.
    Source: fixed-charge model; Balinski, Naval Research Logistics Quarterly 8 (1961) 41.
    """
    return (
        sum(model.buy[offer, tranche, node] for tranche in model.TRANCHES[offer])
        <= model.most_ordered[offer, node] * model.order[offer, node]
    )


def minimum_lot(model: pyo.ConcreteModel, offer: str, node: str) -> Any:
    r"""An offer that is ordered sells at least its minimum lot.

    .. math:: \sum_{k} buy_{o,k,n} \ge minimum\_lot_o\, years_{o,n}\, order_{o,n}

    For all: offer o with a minimum lot, node n; years within the dates of the offer.
    Units: t in the period of n.
    Source: the offer's record; semi-continuous order.
    """
    return (
        sum(model.buy[offer, tranche, node] for tranche in model.TRANCHES[offer])
        >= model.least_ordered[offer, node] * model.order[offer, node]
    )


def buy_if_qualified(model: pyo.ConcreteModel, offer: str, node: str) -> Any:
    r"""An offer that has to be qualified sells from the day on which it is.

    .. math:: \sum_{k} buy_{o,k,n} \le \sum_{m} opened_{o,m,n}\, qualify_{o,m}

    For all: offer o with a qualification, node n; m are the nodes on the way to n, opened all that
    the offer sells in n from the day on which a qualification decided at m ends.
    Units: t in the period of n.
    Source: supplier qualification before the first order; the offer's record.
    """
    return sum(model.buy[offer, tranche, node] for tranche in model.TRANCHES[offer]) <= sum(
        model.opened[offer, decided, node] * model.qualify[offer, decided]
        for decided in model.QUALIFIED[offer, node]
    )


def qualified_once(model: pyo.ConcreteModel, offer: str, node: str) -> Any:
    r"""An offer is qualified at most once.

    .. math:: \sum_{m} qualify_{o,m} \le 1

    For all: offer o with a qualification, node n at which the horizon ends; m are the nodes on the
    way to n.
    Units: count.
    Source: the offer's record.
    """
    return sum(model.qualify[offer, decided] for decided in model.PATH[node]) <= 1


def _steps(network: Network) -> Iterator[tuple[Offer, int]]:
    """Yield the tranches that have to be reached."""
    first = {"incremental": 1, "all_units": 0}
    for offer in network.problem.offers:
        if offer.pricing in first:
            for tranche in range(first[offer.pricing], len(offer.slices)):
                yield offer, tranche


def _add_steps(frame: Frame, network: Network, time: Horizon) -> None:
    steps = list(_steps(network))
    index = Index.of(TRANCHE, [(offer.id, tranche) for offer, tranche in steps])
    widest = [_most(offer, tranche, time) for offer, tranche in steps]
    frame.add_parameter("widest", index.cross(time.index), stacked(widest))
    frame.add_constraint(tranche_if_reached, index.cross(time.index))
    earned = list(_earned(steps, time))
    index = Index.of(("offer", "tranche", "filled"), [key for key, _ in earned]).cross(time.index)
    earning = stacked([row for _, row in earned])
    # a tranche of no width asks for nothing
    some = np.flatnonzero(earning)
    frame.add_parameter("earning", index.take(some), earning[some])
    frame.add_constraint(tranche_earned, index.take(some))
    whole = [offer.id for offer in network.problem.offers if offer.pricing == "all_units"]
    frame.add_constraint(one_price, Index.of(OFFER, whole).cross(time.index))


def _earned(
    steps: list[tuple[Offer, int]], time: Horizon
) -> Iterator[tuple[tuple[str, int, int], Values]]:
    """Yield offer, tranche and the tranche that has to be filled for it, with the tonnes."""
    for offer, tranche in steps:
        if offer.pricing == "all_units" and tranche > 0:
            yield (offer.id, tranche, tranche), up_to(offer, tranche - 1, time)
        elif offer.pricing == "incremental":
            for filled in range(tranche):
                yield (offer.id, tranche, filled), width(offer, filled, time)


def _add_orders(frame: Frame, network: Network, time: Horizon) -> None:
    chosen = [offer for offer in network.problem.offers if offer.chooses]
    index = Index.of(OFFER, [offer.id for offer in chosen]).cross(time.index)
    most = [output(offer, time) for offer in chosen]
    frame.add_parameter("most_ordered", index, stacked(most))
    frame.add_constraint(buy_if_ordered, index)
    lots = [offer for offer in chosen if offer.minimum_lot > 0]
    index = Index.of(OFFER, [offer.id for offer in lots]).cross(time.index)
    years = [time.years_within(offer.start, offer.end) for offer in lots]
    least = stacked([offer.minimum_lot * open_ for offer, open_ in zip(lots, years, strict=True)])
    some = np.flatnonzero(least)
    frame.add_parameter("least_ordered", index.take(some), least[some])
    frame.add_constraint(minimum_lot, index.take(some))


def _add_qualifying(frame: Frame, network: Network, time: Horizon) -> None:
    tested = [offer for offer in network.problem.offers if offer.qualifies]
    index = Index.of(OFFER, [offer.id for offer in tested])
    keys, tonnes = [], []
    members: Members = {}
    for offer in tested:
        for decided, node, part in _opened(offer, time):
            keys.append((offer.id, decided, node))
            tonnes.append(part)
            members.setdefault((offer.id, node), []).append(decided)
    frame.add_parameter("opened", Index.of(("offer", "decided", "node"), keys), np.array(tonnes))
    frame.add_set("TESTED", index.cross(time.index))
    frame.add_members("QUALIFIED", "TESTED", 1, members)
    frame.add_constraint(buy_if_qualified, index.cross(time.index))
    frame.add_constraint(qualified_once, index.cross(ends(time)))


def _opened(offer: Offer, time: Horizon) -> Iterator[tuple[str, str, float]]:
    """Yield the node of decision, a later node, and the tonnes that can be bought in it then."""
    most = output(offer, time).tolist()
    years = time.years_within(offer.start, offer.end).tolist()
    delay = timedelta(days=round(offer.qualification_time))
    for node, all_tonnes, all_years in zip(time.nodes, most, years, strict=True):
        for decided in time.way(node.id):
            first = time.node(decided).period.start + delay
            start = first if offer.start is None else max(first, offer.start)
            part = node.period.years_within(start, offer.end)
            if part > 0 and all_tonnes > 0:
                yield decided, node.id, all_tonnes * part / all_years
