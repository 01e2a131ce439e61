"""The result: what was asked, what was found, and the proof of it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Self

from instances.errors import NoPlan

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping

    import pandas as pd

    from instances.check import Verdict
    from instances.plan import Plan
    from instances.problem import Problem
    from optimizer.elastic import Break
    from optimizer.explain import Explanation
    from optimizer.options import Options
    from optimizer.plot import Plots
    from optimizer.sheet import Sheet
    from optimizer.status import Status


@dataclass(frozen=True, eq=False)
class Result:
    """The outcome of a solve; without a plan still an answer: `status` and `broken` say which.

    Parameters
    ----------
    problem
        What was asked.
    status
        Why the solver stopped and what we hold.
    objective, bound, gap
        Least cost found and proven lower bound, USD discounted to the first day under the
        problem's perspective, and their relative distance; ``None`` where there is none.
    decisions
        The plan, ``None`` without one; `plan` raises instead.
    prices
        Shadow price of every row of every rule; ``None`` without duals.
    intervals
        Least and most that shares can be where lots mix, if that was asked for.
    rule_prices
        What a step of every number of a rule is worth, if that was asked for.
    goals
        What was reached of each goal, if the cost was not the only one.
    broken
        Without a plan: the demands and rules that an elastic re-solve had to break.
    warnings
        What a reader of the numbers should know.
    record
        What repeats the run: schema, versions, hash of the inputs, options, timings, size of the
        model.
    """

    problem: Problem
    status: Status
    objective: float | None
    bound: float | None
    gap: float | None
    decisions: Plan | None
    prices: pd.DataFrame | None
    intervals: pd.DataFrame | None = None
    rule_prices: pd.DataFrame | None = None
    goals: pd.DataFrame | None = None
    broken: tuple[Break, ...] = ()
    warnings: tuple[str, ...] = ()
    record: Mapping[str, Any] = field(default_factory=dict)

    @property
    def has_plan(self) -> bool:
        """Whether a plan is held."""
        return self.decisions is not None

    @property
    def plan(self) -> Plan:
        """The plan.

        Raises
        ------
        NoPlan
            There is none; the message says why.
        """
        if self.decisions is None:
            raise NoPlan(
                f"the solve ended {self.status}: there is no plan. Call explain() for why."
            )
        return self.decisions

    @property
    def custody(self) -> str:
        """How far lots are followed, in words."""
        from optimizer.custody import custody_of

        return custody_of(self.problem)

    @cached_property
    def verdict(self) -> Verdict:
        """The referee's recount of the plan."""
        from instances.check import check

        return check(self.problem, self.plan)

    @property
    def _data(self) -> Problem:
        """The problem of what may come about, with what holds in each branch."""
        return self.problem.realised.without_cut_offs

    @cached_property
    def _plan(self) -> Plan:
        """What is decided where things may come about: what tables show."""
        if not self.problem.cut_offs:
            return self.plan
        return self.plan.at({node.id for node in self._data.nodes})

    @cached_property
    def nodes(self) -> pd.DataFrame:
        """The tree: every node with its parent, period, probability and scenarios."""
        from optimizer.node_table import node_table

        return node_table(self._data)

    @cached_property
    def offers(self) -> pd.DataFrame:
        """What is for sale at every node, bought or not, t and USD."""
        from optimizer.offer_table import offers

        return offers(self._data, self._plan)

    @cached_property
    def purchases(self) -> pd.DataFrame:
        """What is bought, t and USD."""
        from optimizer import tables

        return tables.purchases(self._data, self._plan)

    @cached_property
    def contracts(self) -> pd.DataFrame:
        """What contracts are signed, taken and paid for without being taken, t."""
        from optimizer import tables

        return tables.contracts(self._data, self._plan)

    @cached_property
    def production(self) -> pd.DataFrame:
        """What facilities make, t."""
        from optimizer import tables

        return tables.production(self._data, self._plan)

    @cached_property
    def builds(self) -> pd.DataFrame:
        """What capacity is decided on, t/yr."""
        from optimizer import tables

        return tables.builds(self._data, self._plan)

    @cached_property
    def producers(self) -> pd.DataFrame:
        """What guaranteed facilities, and those that must pay, earn and owe; break-even prices."""
        from optimizer.producers import producers

        return producers(self._data, self._plan)

    @cached_property
    def shipments(self) -> pd.DataFrame:
        """What moves, t and USD."""
        from optimizer.shipment_table import shipments

        return shipments(self._data, self._plan)

    @cached_property
    def deliveries(self) -> pd.DataFrame:
        """What the users get, t."""
        from optimizer import tables

        return tables.deliveries(self._data, self._plan)

    @cached_property
    def stocks(self) -> pd.DataFrame:
        """What the stockpiles hold, t and days of cover."""
        from optimizer import tables
        from optimizer.cover import cover_days

        days = cover_days(self._data, self._plan)
        return tables.stocks(self._data, self._plan, lambda store, node: days[store, node])

    @cached_property
    def funds(self) -> pd.DataFrame:
        """The ledger of every fund, USD, as the referee keeps it."""
        return self._seen(self.verdict.funds)

    @cached_property
    def reserves(self) -> pd.DataFrame:
        """What the money of funds buys, by stockpile: t, days of cover, USD."""
        from optimizer.reserves import reserves

        return reserves(self._data, self._plan, self.stocks)

    @cached_property
    def members(self) -> pd.DataFrame:
        """What members of shared stockpiles draw, may draw, owe and pay, t and USD."""
        from optimizer.members import members

        return members(self._data, self._plan)

    @cached_property
    def shares(self) -> pd.DataFrame:
        """Who supplies, by country, as fractions."""
        from optimizer.share_table import shares

        return shares(self._data, self._plan)

    @cached_property
    def unmet(self) -> pd.DataFrame:
        """What is needed and what is left short, t and USD."""
        from optimizer import tables

        return tables.unmet(self._data, self._plan)

    @cached_property
    def indices(self) -> pd.DataFrame:
        """Concentration, governance risk, import reliance and cover, by node and commodity."""
        from optimizer.index_table import index_table

        return index_table(self._data, self._plan)

    @cached_property
    def costs(self) -> pd.DataFrame:
        """Cost by account and node under every perspective, USD, as the referee counts it."""
        return self._seen(self.verdict.costs)

    @cached_property
    def scenarios(self) -> pd.DataFrame:
        """What each scenario costs and leaves unmet, from when on and for how long."""
        from optimizer.scenario_table import scenario_table

        return scenario_table(self._data, self._plan, self.verdict)

    @cached_property
    def survival(self) -> pd.DataFrame:
        """What is met in every cut-off that survival rules ask about, and what that costs."""
        from optimizer.survival_table import survival_table

        return survival_table(self.problem, self.verdict, self.prices)

    @cached_property
    def rules(self) -> pd.DataFrame:
        """Every row of every rule: limit, value, slack, excess and shadow price."""
        from optimizer.rule_table import rule_table

        return rule_table(self.problem, self.verdict, self.prices)

    def tables(self) -> dict[str, pd.DataFrame]:
        """Return every table by name; none without a plan."""
        if not self.has_plan:
            return {}
        names = (
            "nodes",
            "offers",
            "purchases",
            "contracts",
            "production",
            "builds",
            "producers",
            "shipments",
            "deliveries",
            "stocks",
            "funds",
            "reserves",
            "members",
            "shares",
            "unmet",
            "indices",
            "costs",
            "rules",
        )
        found = {name: getattr(self, name) for name in names}
        asked = {
            "goals": self.goals,
            "share_intervals": self.intervals,
            "rule_prices": self.rule_prices,
        }
        if len(self.problem.branches) > 1:
            asked["scenarios"] = self.scenarios
        if self.problem.cut_offs:
            asked["survival"] = self.survival
        return found | {name: table for name, table in asked.items() if table is not None}

    def _seen(self, table: pd.DataFrame) -> pd.DataFrame:
        """Return the rows of a table that are about what may come about."""
        if not self.problem.cut_offs:
            return table
        here = table["node"].isin({node.id for node in self._data.nodes})
        return table[here].reset_index(drop=True)

    def explain(self, options: Options | None = None) -> Explanation:
        """Return why there is no plan and what would restore one, or what binds in the plan."""
        from optimizer.explain import explain

        return explain(self, options)

    def sheet(self, options: Options | None = None) -> Sheet:
        """Return the decision sheet: one page for whoever has to decide."""
        from optimizer.sheet import sheet

        return sheet(self, options)

    def summary(self) -> str:
        """Return the answer as text for people."""
        from optimizer.summary import summary

        return summary(self)

    def __repr__(self) -> str:
        return self.summary()

    def to_plain(self) -> dict[str, Any]:
        """Return the result as plain data for JSON: absent is null, tables are lists of rows."""
        from optimizer.saved import result_to_plain

        return result_to_plain(self)

    def to_json(self) -> str:
        """Return the result as JSON text."""
        return json.dumps(self.to_plain(), ensure_ascii=False, allow_nan=False)

    @property
    def plot(self) -> Plots:
        """Pictures, drawn by matplotlib: ``result.plot.suppliers()`` and the like."""
        from optimizer.plot import Plots

        return Plots(self)

    def to_excel(self, path: str | os.PathLike[str], force: bool = False) -> None:
        """Write the result as an Excel workbook: a sheet per table, and one on what it rests on.

        Parameters
        ----------
        path
            Where to.
        force
            Whether a file that is there may be replaced.

        Raises
        ------
        InputError
            There is something of that name, nothing can be written there, or a table is too long
            for a sheet.
        """
        from instances.write import write_bytes
        from optimizer.workbook import workbook_bytes

        write_bytes(workbook_bytes(self), path, force)

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Self:
        """Return the result that `to_plain` was made from; its tables are made anew."""
        from optimizer.saved import result_fields

        return cls(**result_fields(plain))
