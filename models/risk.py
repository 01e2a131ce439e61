"""Risk: the cost of every branch, and what its tail, worst case and doubts come to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from models.cost import total_cost
from models.index import Index, MemberTable
from models.rows import THOUSAND

if TYPE_CHECKING:
    import pyomo.environ as pyo

    from instances.problem import Problem
    from models.frame import Frame
    from models.horizon import Horizon

CHARGED = (
    "BUY",
    "TOP_UP_COST",
    "SUPPORT_OF_RUN",
    "SUPPORT_OF_BUY",
    "FORGO",
    "SIGN",
    "SHARING",
    "RUN",
    "ON",
    "SAIL",
    "ORDER",
    "QUALIFY",
    "BUILD",
    "RECYCLE",
    "SUBSTITUTE",
    "DISPOSE",
    "SHIP",
    "AFLOAT_WORTH",
    "COMPLIANCE_COST",
    "TARIFF_COST",
    "ORIGIN_DUTY",
    "ADJUSTABLE_DUTY",
    "STORE",
    "HANDLING",
    "SHORT",
    "LATE",
    "EXCESS",
    "SELL",
    "LAST_STORE",
    "FUND",
    "FUNDED_STOCK",
    "FUNDED_STORE",
    "ALLOT",
)
"""Sets that the cost is summed over; the last label of each is the node of decision."""
WHOLE = "all"
"""The one label of what is not told apart."""


def add_risk(frame: Frame, problem: Problem, time: Horizon) -> None:
    """Declare branch costs and what is minimised of them; nothing where the mean is."""
    risk = problem.risk
    if risk is None or risk.neutral:
        nodes, ends = [], []
        weights = dict.fromkeys(("tail", "worst", "doubt", "mean"), 0.0)
        level, spread = 0.0, 0.0
    else:
        nodes = [node for node in time.nodes if node.probability > 0]
        ends = [node for node in nodes if node.last]
        mean, spread = risk.mean_weight, risk.probability_range
        weights = {"tail": risk.tail_weight, "worst": risk.worst_weight}
        weights |= {"doubt": mean if spread else 0.0, "mean": 0.0 if spread else mean}
        level = risk.level
    rows = Index.of(("node",), [node.id for node in nodes])
    branches = Index.of(("node",), [node.id for node in ends])
    chance = np.array([node.probability for node in ends], dtype=float)
    frame.add_set("CHARGED", rows)
    frame.add_variable("charged", "CHARGED", rows, free=True)
    _group(frame, rows)
    likely = np.array([node.probability for node in nodes], dtype=float)
    frame.add_parameter("thousands", rows, THOUSAND * likely)
    frame.add_constraint(node_charged, rows)

    frame.add_set("BRANCH", branches)
    frame.add_variable("branch_cost", "BRANCH", branches, free=True)
    frame.add_constraint(branch_charged, branches)
    frame.add_parameter("mean_weight", branches, THOUSAND * weights["mean"] * chance)

    tail = _some("TAIL", frame, weights["tail"])
    frame.add_variable("threshold", "TAIL", tail, free=True)
    frame.add_parameter("tail_weight", tail, THOUSAND * weights["tail"])
    behind = branches if weights["tail"] else branches.take(np.zeros(0, dtype=np.int64))
    frame.add_set("BEYOND", behind)
    frame.add_variable("tail_loss", "BEYOND", behind)
    part = chance[: len(behind)] / (1 - level)
    frame.add_parameter("tail_loss_weight", behind, THOUSAND * weights["tail"] * part)
    frame.add_constraint(beyond_threshold, behind)

    worst = _some("WORST", frame, weights["worst"])
    frame.add_variable("worst", "WORST", worst, free=True)
    frame.add_parameter("worst_weight", worst, THOUSAND * weights["worst"])
    below = branches if weights["worst"] else branches.take(np.zeros(0, dtype=np.int64))
    frame.add_constraint(worst_branch, below)

    doubt = _some("DOUBT", frame, weights["doubt"])
    frame.add_variable("doubt_level", "DOUBT", doubt, free=True)
    frame.add_parameter("doubt_weight", doubt, THOUSAND * weights["doubt"])
    doubted = branches if weights["doubt"] else branches.take(np.zeros(0, dtype=np.int64))
    chance = chance[: len(doubted)]
    frame.add_set("DOUBTED", doubted)
    frame.add_variable("raised", "DOUBTED", doubted)
    frame.add_variable("lowered", "DOUBTED", doubted)
    scale = THOUSAND * weights["doubt"]
    most = np.minimum(chance * (1 + spread), 1.0)
    frame.add_parameter("raised_weight", doubted, scale * most)
    frame.add_parameter("lowered_weight", doubted, scale * chance * (1 - spread))
    frame.add_constraint(doubted_branch, doubted)
    frame.add_objective(total_cost if risk is None or risk.neutral else risk_cost)


def _some(name: str, frame: Frame, weight: float) -> Index:
    index = Index.of(("what",), [WHOLE] if weight else [])
    frame.add_set(name, index)
    return index


def _group(frame: Frame, nodes: Index) -> None:
    """Declare, for each node, what of every set of the cost is decided there."""
    places = {name: place for place, name in enumerate(nodes.rows())}
    for name in CHARGED:
        index = frame.sets[name]
        owner = np.array([places.get(label, -1) for label in index.labels[-1]], dtype=np.int64)
        owners = owner[index.codes[-1]] if len(owner) else index.codes[-1]
        frame.add_members(
            f"{name}_AT", "CHARGED", len(index.dims), MemberTable.grouped(nodes, owners, index)
        )


class _At:
    """The model as the cost functions see it at one node: sets hold what is decided there."""

    def __init__(self, model: pyo.ConcreteModel, node: str) -> None:
        self._model, self._node = model, node

    def __getattr__(self, name: str) -> Any:
        if name.isupper():
            return getattr(self._model, f"{name}_AT")[self._node]
        return getattr(self._model, name)


def risk_cost(model: pyo.ConcreteModel) -> Any:
    """Weighted sum of expected cost (or its worst within the box), tail mean and worst branch."""
    return (
        sum(model.mean_weight[w] * model.branch_cost[w] for w in model.BRANCH)
        + sum(model.tail_weight[t] * model.threshold[t] for t in model.TAIL)
        + sum(model.tail_loss_weight[w] * model.tail_loss[w] for w in model.BEYOND)
        + sum(model.worst_weight[t] * model.worst[t] for t in model.WORST)
        + sum(model.doubt_weight[t] * model.doubt_level[t] for t in model.DOUBT)
        + sum(
            model.raised_weight[w] * model.raised[w] - model.lowered_weight[w] * model.lowered[w]
            for w in model.DOUBTED
        )
    )


def node_charged(model: pyo.ConcreteModel, node: str) -> Any:
    r"""What is decided at a node is charged there, wherever it falls due.

    .. math:: 1000\, p_n\, charged_n = \sum_{v} \sum_{i \in V_n} cost_{v,i}\, v_i

    with v over every variable that costs or earns, cost its coefficient in the expected cost:
    undiscounted price times discount factor times the probability of n.

    For all: node n of positive probability, where risk counts.
    Units: thousand USD of the first day.
    Source: nested form of a scenario tree, in which what follows a decision alike in all its
    branches counts where it is taken; Birge and Louveaux, Introduction to Stochastic Programming
    (2011), chapter 3.
    """
    cost = total_cost(_At(model, node))
    return cost == model.thousands[node] * model.charged[node]


def branch_charged(model: pyo.ConcreteModel, node: str) -> Any:
    r"""A branch costs what is charged on the way to its end.

    .. math:: C_w = \sum_{m} charged_m

    For all: last node w of a branch, where risk counts; m are the nodes on the way to w.
    Units: thousand USD of the first day.
    Source: Birge and Louveaux, Introduction to Stochastic Programming (2011), chapter 3.
    """
    return model.branch_cost[node] == sum(model.charged[earlier] for earlier in model.PATH[node])


def beyond_threshold(model: pyo.ConcreteModel, node: str) -> Any:
    r"""What a branch costs beyond the threshold of the tail counts in the tail.

    .. math::
        s_w \ge C_w - \eta, \qquad
        CVaR = \min_{\eta} \eta + \frac{1}{1 - \alpha} \sum_w p_w s_w

    For all: last node w of a branch, where the tail has a weight; alpha is its level.
    Units: thousand USD of the first day.
    Source: Rockafellar and Uryasev, Journal of Risk 2 (2000) 21.
    """
    return model.tail_loss[node] >= model.branch_cost[node] - sum(
        model.threshold[tail] for tail in model.TAIL
    )


def worst_branch(model: pyo.ConcreteModel, node: str) -> Any:
    r"""The worst case costs at least what every branch does.

    .. math:: \theta \ge C_w

    For all: last node w of a branch, where the worst case has a weight.
    Units: thousand USD of the first day.
    Source: minimax regret and cost under uncertainty; Wald, Statistical Decision Functions (1950).
    """
    return sum(model.worst[what] for what in model.WORST) >= model.branch_cost[node]


def doubted_branch(model: pyo.ConcreteModel, node: str) -> Any:
    r"""The worst expected cost within a box of probabilities, by the dual of its linear program.

    .. math::
        \eta + a_w - b_w \ge C_w, \qquad
        \max_{q} \sum_w q_w C_w = \min \eta + \sum_w (\bar q_w a_w - \underline q_w b_w)

    with q adding up to 1 and each within its bounds.

    For all: last node w of a branch, where probabilities have a range.
    Units: thousand USD of the first day.
    Source: Ben-Tal, El Ghaoui and Nemirovski, Robust Optimization (2009), chapter 1; linear
    programming duality.
    """
    return (
        sum(model.doubt_level[what] for what in model.DOUBT)
        + model.raised[node]
        - model.lowered[node]
        >= model.branch_cost[node]
    )
