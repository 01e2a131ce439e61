"""Contracts: what is signed when, taken or paid for, and shared of a high price."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from models.due import Due
from models.horizon import Horizon, ends
from models.index import Index, Values, stacked
from models.offers import entitled, output

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pyomo.environ as pyo

    from instances.contract import Contract
    from instances.supply import Offer
    from models.frame import Frame
    from models.network import Members, Network

CONTRACT = ("contract",)
WAY = ("contract", "offer", "tranche")


def declare_contracts(frame: Frame, network: Network, time: Horizon) -> None:
    """Declare what is signed (a fraction), paid for and not taken (t), and shared (t)."""
    contracts = network.problem.contracts
    options = [item for item in contracts if item.optional]
    index = Index.of(CONTRACT, [item.id for item in options]).cross(time.index)
    frame.add_set("SIGN", index)
    frame.add_variable(
        "sign", "SIGN", index, stacked([_open(item, time) * time.likely for item in options])
    )
    whole = [item for item in options if item.commitment == "whole"]
    index = Index.of(CONTRACT, [item.id for item in whole]).cross(time.index)
    frame.add_set("SEAL", index)
    may = stacked([_open(item, time) * time.likely for item in whole])
    frame.add_variable("seal", "SEAL", index, may, binary=True)
    index = Index.of(CONTRACT, [item.id for item in contracts if item.take_or_pay > 0])
    frame.add_set("FORGO", index.cross(time.index))
    frame.add_variable("forgone", "FORGO", index.cross(time.index))
    sharing = [(item, offer) for item, offer, _ in network.contracts() if item.sharing > 0]
    index = Index.of(CONTRACT, [item.id for item, _ in sharing]).cross(time.index)
    most = [
        np.minimum(_uncapped(item, time), entitled(item, offer, time)) for item, offer in sharing
    ]
    frame.add_set("SHARING", index)
    frame.add_variable("shared", "SHARING", index, stacked(most))
    capped = Index.of(("contract", "node"), [key for key, _, _ in _capped(network, time)])
    frame.add_set("CAPPED", capped)
    frame.add_variable("capped", "CAPPED", capped, 1.0, binary=True)


def constrain_contracts(frame: Frame, network: Network, time: Horizon) -> None:
    """Add the rows of signing, of taking or paying, of the common output and of sharing."""
    ways = list(network.contracts())
    options = [way for way in ways if way[0].optional]
    keys, rights = [], []
    members: Members = {}
    for contract, offer, _ in options:
        for decided, node, tonnes in _along(contract, offer, time):
            if tonnes > 0:
                keys.append((contract.id, decided, node))
                rights.append(tonnes)
                members.setdefault((contract.id, node), []).append(decided)
    every = Index.of(CONTRACT, [contract.id for contract, _, _ in ways]).cross(time.index)
    frame.add_set("CONTRACT_NODE", every)
    frame.add_members("SIGNED", "CONTRACT_NODE", 1, members)
    frame.add_parameter("right", Index.of(("contract", "decided", "node"), keys), np.array(rights))
    frame.add_constraint(take_if_signed, _ways(options).cross(time.index))
    frame.add_constraint(
        signed_once, Index.of(CONTRACT, [item.id for item, _, _ in options]).cross(ends(time))
    )
    whole = [item.id for item, _, _ in options if item.commitment == "whole"]
    frame.add_constraint(signed_whole, Index.of(CONTRACT, whole).cross(time.index))
    _take_or_pay(frame, ways, time)
    _output(frame, network, time)
    _share(frame, network, time)


def take_if_signed(
    model: pyo.ConcreteModel, contract: str, offer: str, tranche: int, node: str
) -> Any:
    r"""A contract that is still to be decided delivers what has been signed of it.

    .. math:: buy_{o,k,n} \le \sum_{m} right_{c,m,n}\, sign_{c,m}

    For all: optional contract c, tranche k of its offer o, node n; m are the nodes on the way to
    n, right is what c lets take in n when it is signed at m: its maximum, or its priority share of
    the available output if that is less, within the dates.
    Units: t in the period of n.
    Source: forward contracts as first-stage decisions; Birge and Louveaux, Introduction to
    Stochastic Programming (2011).
    """
    return model.buy[offer, tranche, node] <= sum(
        model.right[contract, decided, node] * model.sign[contract, decided]
        for decided in model.SIGNED[contract, node]
    )


def signed_once(model: pyo.ConcreteModel, contract: str, node: str) -> Any:
    r"""No more than the whole of a contract is signed.

    .. math:: \sum_{m} sign_{c,m} \le 1

    For all: optional contract c, node n at which the horizon ends; m are the nodes on the way to
    n.
    Units: fraction.
    Source: the contract's record.
    """
    return sum(model.sign[contract, decided] for decided in model.PATH[node]) <= 1


def signed_whole(model: pyo.ConcreteModel, contract: str, node: str) -> Any:
    r"""A contract that cannot be divided is signed whole or not at all.

    .. math:: sign_{c,n} = seal_{c,n}

    For all: optional contract c that is not divisible, node n.
    Units: fraction.
    Source: the contract's record.
    """
    return model.sign[contract, node] == model.seal[contract, node]


def take_or_pay(
    model: pyo.ConcreteModel, contract: str, offer: str, tranche: int, node: str
) -> Any:
    r"""What a contract obliges to is taken, or paid for and forgone.

    .. math::
        buy_{o,k,n} + forgone_{c,n} \ge bound_{c,n}
        + take\_or\_pay_c \sum_{m} right_{c,m,n}\, sign_{c,m}

    For all: contract c that is taken or paid, tranche k of its offer o, node n; bound is the same
    fraction of what a contract that is signed already lets take, 0 for one still to be decided.
    Units: t in the period of n.
    Source: take-or-pay clauses; Masten and Crocker, American Economic Review 75 (1985) 1083.
    """
    return model.buy[offer, tranche, node] + model.forgone[contract, node] >= model.bound[
        contract, node
    ] + sum(
        model.obliged[contract, decided, node] * model.sign[contract, decided]
        for decided in model.SIGNED[contract, node]
    )


def offer_output(model: pyo.ConcreteModel, offer: str, node: str) -> Any:
    r"""What contracts take comes out of the same output as what the offer sells besides.

    .. math:: \sum_{k} buy_{o,k,n} \le output_{o,n}

    For all: offer o of limited capacity on which there is a contract, node n; k are its tranches
    and its contracts.
    Units: t in the period of n.
    Source: the offer's record.
    """
    return (
        sum(model.buy[offer, tranche, node] for tranche in model.TRANCHES[offer])
        <= model.output[offer, node]
    )


def shared_with_buyer(
    model: pyo.ConcreteModel, contract: str, offer: str, tranche: int, node: str
) -> Any:
    r"""The seller shares a high price on no more than the tonnes taken.

    .. math:: shared_{c,n} \le buy_{o,k,n}

    For all: contract c with sharing to the buyer, tranche k of its offer o, node n. The yearly cap
    bounds shared: it counts tonnes, the cap divided by what is shared on each.
    Units: t in the period of n.
    Source: the contract's record; the smaller of two, which the buyer wants large.
    """
    return model.shared[contract, node] <= model.buy[offer, tranche, node]


def shared_with_seller(
    model: pyo.ConcreteModel, contract: str, offer: str, tranche: int, node: str
) -> Any:
    r"""The buyer shares a high price on all tonnes taken, unless the cap is reached.

    .. math:: shared_{c,n} \ge buy_{o,k,n} - \sum beyond_{c,n}\, capped_{c,n}

    For all: contract c with sharing to the seller, tranche k of its offer o, node n; the sum is
    empty where all that can be taken lies below the cap; beyond is by how much it lies above.
    Units: t in the period of n.
    Source: the smaller of two, which the payer wants small: a concave cost, by a binary;
    Williams, Model Building in Mathematical Programming (2013).
    """
    return model.shared[contract, node] >= model.buy[offer, tranche, node] - sum(
        model.beyond[contract, at] * model.capped[contract, at]
        for at in model.CAPPED_AT[contract, node]
    )


def shared_up_to_cap(model: pyo.ConcreteModel, contract: str, node: str) -> Any:
    r"""Where the cap is reached, it is shared in full.

    .. math:: shared_{c,n} \ge cap_{c,n}\, capped_{c,n}

    For all: contract c with sharing to the seller, node n at which the cap can be reached; cap is
    in tonnes.
    Units: t in the period of n.
    Source: as `shared_with_seller`.
    """
    return model.shared[contract, node] >= model.cap[contract, node] * model.capped[contract, node]


def contract_dues(network: Network, time: Horizon) -> Iterator[Due]:
    """Yield what falls due under contracts beside the price of what they bring."""
    contracts = network.problem.contracts
    paid = [item for item in contracts if item.take_or_pay > 0]
    index = Index.of(CONTRACT, [item.id for item in paid]).cross(time.index)
    cost = stacked([time.price(item) for item in paid])
    yield Due("take_or_pay", "forgone_cost", "forgone", index, cost)
    options = [item for item in contracts if item.optional]
    index = Index.of(CONTRACT, [item.id for item in options]).cross(time.index)
    cost = stacked([np.full(len(time.nodes), item.signing_cost) for item in options])
    yield Due("signing", "signing_cost", "sign", index, cost)
    sharing = [item for item in contracts if item.sharing > 0]
    index = Index.of(CONTRACT, [item.id for item in sharing]).cross(time.index)
    sign = {"buyer": -1.0, "seller": 1.0}
    cost = stacked([sign[item.sharing_to] * _shared_on(item, time) for item in sharing])
    yield Due("sharing", "sharing_cost", "shared", index, cost)


def contract_cost(model: pyo.ConcreteModel) -> Any:
    """Everything that contracts are charged beside what they bring."""
    return forgone(model) + signing(model) + sharing(model)


def forgone(model: pyo.ConcreteModel) -> Any:
    """Tonnes paid for and not taken, at the price of their contract."""
    return sum(model.forgone_cost[c, n] * model.forgone[c, n] for c, n in model.FORGO)


def signing(model: pyo.ConcreteModel) -> Any:
    """Contracts signed, at what that costs once."""
    return sum(model.signing_cost[c, n] * model.sign[c, n] for c, n in model.SIGN)


def sharing(model: pyo.ConcreteModel) -> Any:
    """Tonnes on which a high price is shared: an income from the seller, or a cost."""
    return sum(model.sharing_cost[c, n] * model.shared[c, n] for c, n in model.SHARING)


def _ways(ways: list[tuple[Contract, Offer, int]]) -> Index:
    return Index.of(WAY, [(contract.id, offer.id, tranche) for contract, offer, tranche in ways])


def _open(contract: Contract, time: Horizon) -> Values:
    """Return 1 for nodes at whose first day a contract can be signed, else 0."""
    late = [day for day in (contract.sign_by, contract.end) if day is not None]
    return np.array([float(all(node.period.start < day for day in late)) for node in time.nodes])


def _along(contract: Contract, offer: Offer, time: Horizon) -> Iterator[tuple[str, str, float]]:
    """Yield where it is signed, a node from there on, and the tonnes it entitles to there."""
    first_days = {node.id: node.period.start for node in time.nodes}
    rights = {
        day: entitled(contract, offer, time, day).tolist()
        for day in dict.fromkeys(first_days.values())
    }
    for place, node in enumerate(time.nodes):
        for decided in time.way(node.id):
            yield decided, node.id, rights[first_days[decided]][place]


def _take_or_pay(frame: Frame, ways: list[tuple[Contract, Offer, int]], time: Horizon) -> None:
    bound = [way for way in ways if way[0].take_or_pay > 0]
    keys, tonnes = [], []
    for contract, offer, _ in bound:
        if contract.optional:
            for decided, node, most in _along(contract, offer, time):
                keys.append((contract.id, decided, node))
                tonnes.append(contract.take_or_pay * most)
    frame.add_parameter(
        "obliged", Index.of(("contract", "decided", "node"), keys), np.array(tonnes)
    )
    owed = [
        (0.0 if contract.optional else contract.take_or_pay) * entitled(contract, offer, time)
        for contract, offer, _ in bound
    ]
    index = Index.of(CONTRACT, [contract.id for contract, _, _ in bound]).cross(time.index)
    frame.add_parameter("bound", index, stacked(owed))
    frame.add_constraint(take_or_pay, _ways(bound).cross(time.index))


def _output(frame: Frame, network: Network, time: Horizon) -> None:
    offers = {
        offer.id: offer
        for _, offer, _ in network.contracts()
        if all(item.capacity is not None for item in offer.slices)
    }
    index = Index.of(("offer",), offers).cross(time.index)
    frame.add_parameter("output", index, stacked([output(item, time) for item in offers.values()]))
    frame.add_constraint(offer_output, index)


def _shared_on(contract: Contract, time: Horizon) -> Values:
    return np.array([contract.shared_on(node.period.start, node.branch) for node in time.nodes])


def _uncapped(contract: Contract, time: Horizon) -> Values:
    """Return the tonnes on which as much is shared as the cap allows; infinite without one."""
    each = _shared_on(contract, time)
    limit = np.full(len(time.nodes), np.inf)
    if contract.sharing_cap is not None:
        cap = time.over(contract.sharing_cap, 0.0) * time.years
        np.divide(cap, each, out=limit, where=each > 0)
    return limit


def _capped(network: Network, time: Horizon) -> list[tuple[tuple[str, str], float, float]]:
    """Return contract and node where the seller's share can reach its cap: that, and beyond it."""
    found = []
    for contract, offer, _ in network.contracts():
        if contract.sharing > 0 and contract.sharing_to == "seller":
            most = entitled(contract, offer, time).tolist()
            limits = _uncapped(contract, time).tolist()
            for node, all_tonnes, limit in zip(time.nodes, most, limits, strict=True):
                if limit < all_tonnes:
                    found.append(((contract.id, node.id), limit, all_tonnes - limit))
    return found


def _share(frame: Frame, network: Network, time: Horizon) -> None:
    shared = [way for way in network.contracts() if way[0].sharing > 0]
    to_buyer = [way for way in shared if way[0].sharing_to == "buyer"]
    to_seller = [way for way in shared if way[0].sharing_to == "seller"]
    capped = _capped(network, time)
    index = Index.of(("contract", "node"), [key for key, _, _ in capped])
    caps = np.array([limit for _, limit, _ in capped])
    some = np.flatnonzero(caps)
    frame.add_parameter("cap", index.take(some), caps[some])
    frame.add_parameter("beyond", index, np.array([more for _, _, more in capped]))
    at: Members = {key: [key[1]] for key, _, _ in capped}
    frame.add_members("CAPPED_AT", "CONTRACT_NODE", 1, at)
    frame.add_constraint(shared_with_buyer, _ways(to_buyer).cross(time.index))
    frame.add_constraint(shared_with_seller, _ways(to_seller).cross(time.index))
    frame.add_constraint(shared_up_to_cap, index.take(some))
