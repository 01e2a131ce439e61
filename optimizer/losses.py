"""Losses: the least cost, and what stays unmet, in a problem in which partners never supply.

A partner that is lost sells nothing and makes nothing, from the first day on, and everything is
planned anew without it: contracts are not signed with it, nor plants built there. That is what it
is worth to have it (a cut-off while a plan stands is `optimizer.stress`).
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal

from instances.check import check
from instances.errors import CheckFailed
from instances.record import with_fields
from instances.rules import HHICap
from instances.scenarios.event import Event
from instances.scenarios.hits import hits_of
from instances.schedule import Schedule
from instances.words import listed
from models.build import build
from optimizer.charges import charged_of
from optimizer.compile import compile_frame
from optimizer.elastic import breaks
from optimizer.engine.program import Program
from optimizer.extract import plan_of
from optimizer.status import Point

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from instances.plan import Plan
    from instances.problem import Problem
    from optimizer.answer import Answer, Watch
    from optimizer.compile import Matrices
    from optimizer.options import Options

Held = Literal["optimal", "feasible", "infeasible", "missing"]
"""What is held of a loss: a least cost, a plan that may not be the cheapest, proof that there is
no plan, or nothing since time ran out."""
NOTHING = 1e-6
"""Tonnes that are no shortfall."""
ROUNDING = 1e-9
"""Part of the cost that is no change."""


@dataclass(frozen=True, slots=True)
class Loss:
    """What it costs to do without partners.

    Parameters
    ----------
    partners
        Countries that are lost.
    commodities
        Goods that they no longer supply; all of theirs if empty.
    held
        What is known.
    cost_usd
        Least cost without them, shortfall at what it is said to cost; ``None`` without a plan.
    dearer_usd
        That less the least cost with them.
    unmet_t
        Commodity to tonnes unmet beyond those unmet with them, expected over scenarios.
    charged_usd
        What of the difference is charged for shortfall, delay and fines, and not paid.
    gap_usd
        How far above the least either cost may lie: 0 for a linear program.
    reason
        Why there is no cost.
    """

    partners: tuple[str, ...]
    commodities: tuple[str, ...]
    held: Held
    cost_usd: float | None = None
    dearer_usd: float | None = None
    charged_usd: float | None = None
    unmet_t: Mapping[str, float] = field(default_factory=dict)
    gap_usd: float = 0.0
    reason: str | None = None

    @property
    def told_apart(self) -> bool:
        """Whether the difference is larger than the gaps to the best plans."""
        return self.dearer_usd is not None and abs(self.dearer_usd) > self.gap_usd

    @property
    def weight(self) -> float:
        """Return by what losses are ranked: no plan first, then by cost, unknown ones last."""
        if self.held == "infeasible":
            return float("inf")
        return float("-inf") if self.dearer_usd is None else self.dearer_usd

    def to_plain(self) -> dict[str, Any]:
        """Return the loss as plain data."""
        told = {"partners": list(self.partners), "commodities": list(self.commodities)}
        return asdict(self) | told | {"unmet_t": dict(self.unmet_t)}


def without(problem: Problem, partners: Sequence[str], commodities: Sequence[str] = ()) -> Problem:
    """Return the problem in which countries sell and make none of some goods, or of any.

    A facility that makes one of the goods makes nothing at all.
    """
    event = Event(
        id="lost",
        of=tuple(partners),
        commodities=tuple(commodities) or None,
        availability=0.0,
        start=problem.nodes[0].period.start,
    )
    changed: dict[str, list[Any]] = {
        "offers": list(problem.offers),
        "facilities": list(problem.facilities),
    }
    none = Schedule.always(0.0)
    for hit in hits_of(problem, event):
        records = changed[hit.table]
        records[hit.place] = with_fields(records[hit.place], **{str(hit.path[0]): none})
    return with_fields(problem, **{name: tuple(records) for name, records in changed.items()})


class Losses:
    """The solves that price losses: one loaded program, moved from loss to loss.

    Parameters
    ----------
    problem
        With every partner in it.
    options
        How to solve.
    watch
        Whose deadline holds for everything together.
    """

    def __init__(self, problem: Problem, options: Options, watch: Watch) -> None:
        self.problem = problem
        self._options = options.model_copy(update={"tie_break": False, "time_limit": None})
        self._watch = watch
        self._program: Program | None = None
        self._cost: float | None = None
        self._gap = 0.0
        self._unmet: Mapping[str, float] = {}
        self._charged = 0.0
        # rules that are kept by cuts cut off other points when numbers move
        self._curved = any(isinstance(rule, HHICap) for rule in problem.rules)

    def start(self, cost: float, gap: float | None, plan: Plan) -> None:
        """Take a plan of least cost for what is to be had with every partner."""
        self._cost, self._gap = cost, (gap or 0.0) * abs(cost)
        self._unmet = unmet_by_commodity(self.problem, plan)
        self._charged = charged_of(self.problem, check(self.problem, plan).costs)

    def started(self) -> Loss:
        """Solve the problem with every partner in it, and start from that."""
        loss, plan, answer = self._solved(self.problem, Loss((), (), "missing"))
        if plan is not None and loss.cost_usd is not None:
            self.start(loss.cost_usd, answer.gap, plan)
        return loss

    @property
    def over(self) -> bool:
        """Whether nothing more is solved."""
        return self._watch.over

    def of(self, partners: Sequence[str], commodities: Sequence[str] = ()) -> Loss:
        """Return what the loss of partners costs; the referee judges the plan without them.

        Raises
        ------
        CheckFailed
            The referee disagrees with the plan: a bug of ours.
        """
        blank = Loss(tuple(partners), tuple(commodities), "missing", reason="time ran out")
        if self.over:
            return blank
        loss, plan, answer = self._solved(without(self.problem, partners, commodities), blank)
        if plan is None or loss.cost_usd is None or self._cost is None:
            return loss
        unmet = unmet_by_commodity(self.problem, plan)
        more = {name: amount - self._unmet.get(name, 0.0) for name, amount in unmet.items()}
        dearer = loss.cost_usd - self._cost
        return replace(
            loss,
            dearer_usd=0.0 if abs(dearer) <= ROUNDING * abs(self._cost) else dearer,
            charged_usd=(loss.charged_usd or 0.0) - self._charged,
            unmet_t={name: amount for name, amount in more.items() if abs(amount) > NOTHING},
            gap_usd=self._gap + (answer.gap or 0.0) * abs(loss.cost_usd),
        )

    def planned(self, partners: Sequence[str]) -> tuple[Loss, Plan | None]:
        """Return what the problem costs without partners, or nobody left out, and its plan."""
        blank = Loss(tuple(partners), (), "missing", reason="time ran out")
        if self.over:
            return blank, None
        problem = without(self.problem, partners) if partners else self.problem
        loss, plan, _ = self._solved(problem, blank)
        return loss, plan

    def _solved(self, problem: Problem, blank: Loss) -> tuple[Loss, Plan | None, Answer]:
        matrices = compile_frame(build(problem))
        program = self._loaded(problem, matrices)
        answer = program.run(self._watch)
        if answer.values is None or answer.objective is None:
            if answer.status.point is not Point.INFEASIBLE:
                return blank, None, answer
            gives = breaks(problem.realised, matrices, self._options, self._watch)
            reason = listed(tuple(item.sentence.rstrip(".") for item in gives[:1]))
            more = f" (and {len(gives) - 1} more)" if len(gives) > 1 else ""
            reason = f"{reason}{more}" if gives else "no plan keeps every rule"
            return replace(blank, held="infeasible", reason=reason), None, answer
        plan = plan_of(problem.realised, program.base, answer.values)
        verdict = check(problem, plan, answer.objective)
        if verdict.faults:
            raise CheckFailed(verdict.faults)
        held: Held = "optimal" if answer.status.point is Point.OPTIMAL else "feasible"
        charged = charged_of(problem, verdict.costs)
        found = replace(
            blank, held=held, cost_usd=answer.objective, charged_usd=charged, reason=None
        )
        return found, plan, answer

    def _loaded(self, problem: Problem, matrices: Matrices) -> Program:
        """Return the loaded program, moved; a program of its own where it does not fit."""
        kept = self._program
        if kept is not None and not self._curved and kept.fits(matrices):
            kept.move(matrices)
            return kept
        self._program = Program.of(problem.realised, matrices, self._options)
        return self._program


def unmet_by_commodity(problem: Problem, plan: Plan) -> dict[str, float]:
    """Return the tonnes unmet of each commodity, expected over scenarios."""
    goods = {demand.id: demand.commodity for demand in problem.demand}
    chance = {node.id: node.probability for node in problem.nodes}
    found: dict[str, float] = {}
    short = plan.shortfalls[["node", "demand", "tonnes"]]
    for node, demand, amount in short.itertuples(index=False):
        found[goods[demand]] = found.get(goods[demand], 0.0) + chance[node] * float(amount)
    return found
