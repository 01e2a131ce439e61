"""Concentration caps: the cone of the index, held from outside by cuts."""

from __future__ import annotations

from math import sqrt
from typing import TYPE_CHECKING, Any

import numpy as np

from instances.rules.hhi_cap import HHICap
from models.index import Index
from models.rows import ROW, Row, family_rows
from models.sellers import sellers_of

if TYPE_CHECKING:
    import pyomo.environ as pyo

    from models.frame import Frame
    from models.network import Network

CUT = (*ROW, "cut")
ROUNDING = 1e-9
"""Coefficients below this are 0: what is left when two equal numbers are subtracted."""


def risks(network: Network, row: Row[HHICap]) -> dict[str, float]:
    """Return the weight of each seller's squared share."""
    directory = network.problem.directory
    return {seller: row.rule.risk(directory, seller) for seller in sellers_of(network, row)}


def slope(weight: float, limit: float) -> float:
    """Return the coefficient of a seller in a cut: its weight less the root of the limit."""
    number = weight - sqrt(limit)
    return number if abs(number) > ROUNDING else 0.0


def add_hhi_caps(frame: Frame, network: Network) -> None:
    """Add the first cuts of every cap: at the least concentrated mix and at each seller alone.

    `optimizer.cuts` adds those that a plan turns out to need.
    """
    keys, weights = [], []
    cuts = []
    for row in family_rows(network.problem, HHICap):
        known = risks(network, row)
        for number, cut in enumerate(row.rule.first_cuts(known) if known else ()):
            cuts.append((*row.key, number))
            for seller in known:
                keys.append((*row.key, number, seller))
                weights.append(slope(cut.get(seller, 0.0), row.limit))
    index = Index.of((*CUT, "seller"), keys)
    frame.add_parameter("cut_weight", index, np.array(weights))
    frame.add_constraint(hhi_cut, Index.of(CUT, cuts))


def hhi_cut(model: pyo.ConcreteModel, rule: str, who: str, goods: str, node: str, cut: int) -> Any:
    r"""The mix lies on the allowed side of a plane that touches the cone of the cap.

    .. math::
        \sum_{v} \left( \frac{w_v\, \hat q_{k,v}}{\lVert \sqrt{w}\, \hat q_k \rVert}
        - \sqrt{H_{r,n}} \right) sold_{r,g,v,n} - excess_{r,w,g,n} \le 0

    For all: concentration cap r, goods g, node n at which it holds, cut k; q-hat is the mix it was
    made at (Cauchy-Schwarz makes it valid for all), w the weight of a seller, 1 or its risk.
    Units: t in the period of n.
    Source: Hirschman, American Economic Review 54 (1964) 761, for the index; outer cuts of a
    convex set after Kelley, SIAM J. 8 (1960) 703.
    """
    return (
        sum(
            model.cut_weight[rule, who, goods, node, cut, seller]
            * model.sold[rule, goods, seller, node]
            for seller in model.SELLERS[rule, who, goods]
        )
        - model.excess[rule, who, goods, node]
        <= 0
    )
