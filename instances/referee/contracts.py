"""Contracts: signed once and in time, taken or paid, out of the same output, shared as agreed.

For each node n and contract, signed(m) being the fraction signed at m (all of it, long ago, if it
is signed already) and m running over the nodes on the way to n,

    taken[n] <= sum of right(m, n) * signed(m)
    taken[n] + forgone[n] >= take-or-pay fraction * the same
    shared[n] = what lies above the threshold * taken[n], at most the yearly cap * years
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from instances.contract import Contract
from instances.referee.faults import TOLERANCE, Faults, figure, tolerance
from instances.referee.limits import within
from instances.referee.rights import rights
from instances.referee.sums import summed, totals

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from instances.referee.entries import Entries
    from instances.referee.terms import Terms

    Floats = NDArray[np.float64]


def check_contracts(terms: Terms, entries: Entries, faults: Faults) -> None:
    """Add to ``faults`` what is signed as it cannot be, and what is not taken as was agreed."""
    contracts = terms.problem.contracts
    node, number, share = entries.columns("signings", "node", "contract", "share")
    signed = summed((len(terms.nodes), len(contracts)), node, number, share)
    _signings(terms, entries, signed, faults)
    right = np.zeros_like(signed)
    for column, contract in enumerate(contracts):
        right[:, column] = _right(terms, contract, signed[:, column])
    taken = _taken(terms, entries)
    names = tuple(f"Contract {item.id!r}" for item in contracts)
    within(terms, faults, names, "delivers", taken, right)
    node, number, tonnes = entries.columns("forgone", "node", "contract", "tonnes")
    forgone = summed(signed.shape, node, number, tonnes)
    due = right * np.array([item.take_or_pay for item in contracts], dtype=float)

    def unpaid(position: int) -> str:
        row = divmod(position, len(contracts))
        return (
            f"{names[row[1]]} in {terms.nodes[row[0]].id}: {figure(taken[row])} t taken and "
            f"{figure(forgone[row])} t paid for without being taken are less than the "
            f"{figure(due[row])} t that it obliges to."
        )

    faults.where((taken + forgone < due - tolerance(due)).ravel(), unpaid)
    _output(terms, entries, faults)


def _signings(terms: Terms, entries: Entries, signed: Floats, faults: Faults) -> None:
    contracts = terms.problem.contracts
    node, number, share = entries.columns("signings", "node", "contract", "share")

    def row(position: int) -> str:
        return (
            f"Contract {contracts[number[position]].id!r} is signed to "
            f"{figure(share[position])} in {terms.nodes[node[position]].id}"
        )

    whole = np.array([item.commitment == "whole" for item in contracts], dtype=bool)
    options = np.array([item.optional for item in contracts], dtype=bool)
    late = np.array(
        [
            [
                any(
                    day is not None and item.period.start >= day
                    for day in (contract.sign_by, contract.end)
                )
                for contract in contracts
            ]
            for item in terms.nodes
        ],
        dtype=bool,
    ).reshape(signed.shape)
    part = np.minimum(np.abs(share), np.abs(share - 1))
    faults.where(whole[number] & (part > TOLERANCE), lambda at: f"{row(at)}; it is 0 or 1.")
    faults.where(~options[number], lambda at: f"{row(at)}, but it is signed already.")
    faults.where(late[node, number] & (share > TOLERANCE), lambda at: f"{row(at)}: too late.")
    known = terms.windows.lineage.T.astype(float) @ signed
    last = np.array([item.last for item in terms.nodes])

    def over(position: int) -> str:
        place = divmod(position, len(contracts))
        return (
            f"Contract {contracts[place[1]].id!r} is signed to {figure(known[place])} on the way "
            f"to {terms.nodes[place[0]].id}, more than 1."
        )

    faults.where(((known > 1 + TOLERANCE) & last[:, None]).ravel(), over)


def _right(terms: Terms, contract: Contract, signed: Floats) -> Floats:
    if not contract.optional:
        return rights(terms, contract)
    right = np.zeros(len(terms.nodes))
    for number in np.flatnonzero(signed):
        tonnes = rights(terms, contract, terms.nodes[number].period.start)
        right += signed[number] * tonnes * terms.windows.lineage[number]
    return right


def _taken(terms: Terms, entries: Entries) -> Floats:
    """Return the tonnes taken, by node and contract."""
    slices = terms.slices
    node, part, tonnes = entries.columns("purchases", "node", "tranche", "tonnes")
    bought = summed(slices.most.shape, node, part, tonnes)
    return bought[:, _columns(terms)]


def _columns(terms: Terms) -> NDArray[np.int64]:
    """Return the position of each contract among the slices."""
    place = {}
    for number, offer in enumerate(terms.problem.offers):
        parts = terms.problem.ways_to_buy[offer.id]
        for step, part in enumerate(parts[len(offer.slices) :], start=len(offer.slices)):
            assert isinstance(part, Contract)
            place[part.id] = terms.slices.first[number] + step
    return np.array([place[item.id] for item in terms.problem.contracts], dtype=np.int64)


def _output(terms: Terms, entries: Entries, faults: Faults) -> None:
    offers = terms.problem.offers
    slices = terms.slices
    node, part, tonnes = entries.columns("purchases", "node", "tranche", "tonnes")
    sold = summed((len(terms.nodes), len(offers)), node, slices.offer[part], tonnes)
    most = np.full_like(sold, np.inf)
    for number, offer in enumerate(offers):
        # without a contract each tranche has its own limit
        if len(terms.problem.ways_to_buy[offer.id]) > len(offer.slices):
            own = slice(slices.first[number], slices.first[number] + len(offer.slices))
            most[:, number] = slices.width[:, own].sum(axis=1)
    names = tuple(f"Offer {item.id!r} with its contracts" for item in offers)
    within(terms, faults, names, "sells", sold, most)


def contract_costs(terms: Terms, entries: Entries) -> dict[str, Floats]:
    """Return account to USD by node of what is forgone, shared and signed."""
    contracts, count = terms.problem.contracts, len(terms.nodes)
    price = terms.slices.price[:, _columns(terms)]
    node, number, tonnes = entries.columns("forgone", "node", "contract", "tonnes")
    forgone = totals(count, node, price[node, number] * tonnes)
    once = np.array([item.signing_cost for item in contracts], dtype=float)
    node, number, share = entries.columns("signings", "node", "contract", "share")
    signing = totals(count, node, once[number] * share)
    shared = np.zeros(count)
    taken = _taken(terms, entries)
    for column, contract in enumerate(contracts):
        each = np.array(
            [contract.shared_on(item.period.start, item.branch) for item in terms.nodes]
        )
        dollars = each * taken[:, column]
        cap = terms.per_period([contract.sharing_cap])[:, 0]
        dollars = np.minimum(dollars, cap)
        shared += dollars if contract.sharing_to == "seller" else -dollars
    return {"take_or_pay": forgone, "sharing": shared, "signing": signing}
