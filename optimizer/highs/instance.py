"""One instance of HiGHS for a model: changes are patches, and a run keeps the basis before it."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

import highspy
import numpy as np

from instances.errors import SolverFailed
from optimizer.answer import Answer, Watch
from optimizer.highs.model import model_of, power_of_ten
from optimizer.highs.threads import THREADS
from optimizer.options import Options, Progress
from optimizer.status import Point, Status, Stop

if TYPE_CHECKING:
    from collections.abc import Callable

    from optimizer.compile import Floats, Matrices, Positions

LOG_LINES = 2000
BRIEF = 0.05
"""Seconds: where the run before took less, the next one needs no thread to stay stoppable."""
FINEST = 1e-10
"""The least distance from whole numbers that HiGHS can be told to keep."""
_STOPS = {
    highspy.HighsModelStatus.kOptimal: Status(Stop.FINISHED, Point.OPTIMAL),
    highspy.HighsModelStatus.kModelEmpty: Status(Stop.FINISHED, Point.OPTIMAL),
    highspy.HighsModelStatus.kInfeasible: Status(Stop.FINISHED, Point.INFEASIBLE),
    highspy.HighsModelStatus.kUnbounded: Status(Stop.FINISHED, Point.UNBOUNDED),
    highspy.HighsModelStatus.kTimeLimit: Status(Stop.TIME_LIMIT, Point.NONE),
    highspy.HighsModelStatus.kInterrupt: Status(Stop.CANCELLED, Point.NONE),
    highspy.HighsModelStatus.kMemoryLimit: Status(Stop.MEMORY, Point.NONE),
}


class Instance:
    """One loaded model. Costs are scaled by a power of ten towards 1; answers are in USD again."""

    def __init__(self, matrices: Matrices, options: Options, *, quiet: bool = False) -> None:
        self._options = options
        self._scale = power_of_ten(matrices.cost)
        self._offset = matrices.offset
        self._integer = bool(matrices.integer.any())
        self._quiet = quiet
        self._took = np.inf
        self.log: list[str] = []
        self._bound: float | None = None
        self._incumbent: float | None = None
        solver = self._solver = highspy.Highs()
        for name, value in (
            ("log_to_console", False),
            # without output HiGHS neither logs nor tells of plans found
            ("output_flag", not quiet),
            ("threads", options.threads),
            ("random_seed", options.seed),
            ("mip_rel_gap", options.gap),
        ):
            self._demand(solver.setOptionValue(name, value), f"option {name}")
        solver.HandleUserInterrupt = True
        if not quiet:
            solver.cbLogging += self._on_log
        if self._integer and not quiet:
            solver.cbMipLogging += self._on_bound
            solver.cbMipImprovingSolution += self._on_plan
        self._demand(solver.passModel(model_of(matrices, self._scale)), "the model")

    def change_bounds(self, columns: Positions, lower: Floats, upper: Floats) -> None:
        """Replace the bounds of ``columns``."""
        status = self._solver.changeColsBounds(
            len(columns), columns.astype(np.int32), lower.astype(float), upper.astype(float)
        )
        self._demand(status, "column bounds")

    def change_rows(self, rows: Positions, lower: Floats, upper: Floats) -> None:
        """Replace the bounds of ``rows``."""
        # the stubs of highspy 1.15 do not know this one
        status = self._solver.changeRowsBounds(  # type: ignore[attr-defined]
            len(rows), rows.astype(np.int32), lower.astype(float), upper.astype(float)
        )
        self._demand(status, "row bounds")

    def change_cost(self, cost: Floats, offset: float = 0.0) -> None:
        """Replace the cost of every column, and the constant."""
        self._scale, self._offset = power_of_ten(cost), offset
        columns = np.arange(len(cost), dtype=np.int32)
        status = self._solver.changeColsCost(len(cost), columns, cost / self._scale)
        self._demand(status, "costs")
        self._demand(self._solver.changeObjectiveOffset(offset / self._scale), "the constant")

    def change_some_costs(self, columns: Positions, cost: Floats) -> None:
        """Replace the cost of ``columns``; the scale stays."""
        status = self._solver.changeColsCost(
            len(columns), columns.astype(np.int32), cost / self._scale
        )
        self._demand(status, "costs")

    def change_offset(self, offset: float) -> None:
        """Replace the constant part of the cost."""
        if offset != self._offset:
            self._offset = offset
            status = self._solver.changeObjectiveOffset(offset / self._scale)
            self._demand(status, "the constant")

    def change_coefficients(self, rows: Positions, columns: Positions, numbers: Floats) -> None:
        """Replace entries of the matrix; those that are not there are added."""
        change = self._solver.changeCoeff
        for row, column, number in zip(
            rows.tolist(), columns.tolist(), numbers.tolist(), strict=True
        ):
            self._demand(change(row, column, number), "a coefficient")

    def begin_like(self, other: Instance) -> None:
        """Start the next run from the basis of a model with as many columns and rows."""
        self._demand(self._solver.setBasis(other._solver.getBasis()), "a basis")
        self._took = other._took

    def proof(self) -> Floats | None:
        """Return weights of the rows that prove that they cannot all be kept, if there are any."""
        # the stubs of highspy 1.15 do not know this one
        _, found, weights = self._solver.getDualRay()  # type: ignore[attr-defined]
        return np.array(weights) if found else None

    def forget(self) -> None:
        """Forget basis and point: the next run starts from nothing."""
        self._demand(self._solver.clearSolver(), "to forget its basis")

    def drop_integrality(self, columns: Positions) -> None:
        """Let integer ``columns`` take any value within their bounds."""
        kinds = np.full(len(columns), highspy.HighsVarType.kContinuous.value, dtype=np.uint8)
        status = self._solver.changeColsIntegrality(len(columns), columns.astype(np.int32), kinds)
        self._demand(status, "integrality")
        self._integer = False

    def want_whole_choices(self) -> None:
        """Hold integers to their values as closely as HiGHS can."""
        status = self._solver.setOptionValue("mip_feasibility_tolerance", FINEST)
        self._demand(status, "option mip_feasibility_tolerance")

    def add_column(self, cost: float, lower: float = 0.0, upper: float = np.inf) -> int:
        """Add a column with ``cost`` USD per unit and return its position."""
        position = int(self._solver.getNumCol())
        self._demand(self._solver.addCol(cost / self._scale, lower, upper, 0, [], []), "a column")
        return position

    def add_row(self, lower: float, upper: float, columns: Positions, numbers: Floats) -> int:
        """Add a row and return its position."""
        position = int(self._solver.getNumRow())
        status = self._solver.addRow(
            lower, upper, len(columns), columns.astype(np.int32), numbers.astype(float)
        )
        self._demand(status, "a row")
        return position

    def run(self, watch: Watch) -> Answer:
        """Solve within the watch's deadline.

        The solver runs in a thread of its own, so that Ctrl-C in the caller's stops it softly and
        what is held is kept; a second Ctrl-C is raised.

        Raises
        ------
        SolverFailed
            HiGHS reports an error.
        """
        start = time.monotonic()
        status = self._run_once(watch, start)
        if status == highspy.HighsModelStatus.kUnboundedOrInfeasible:
            self._demand(self._solver.setOptionValue("presolve", "off"), "option presolve")
            status = self._run_once(watch, start)
            self._demand(self._solver.setOptionValue("presolve", "choose"), "option presolve")
        return self._answer(status, time.monotonic() - start)

    def _run_once(self, watch: Watch, start: float) -> highspy.HighsModelStatus:
        solver = self._solver
        # the limit counts all runs of the instance so far
        left = max(watch.left(), 0.0)
        limit = highspy.kHighsInf if left == np.inf else solver.getRunTime() + left
        self._demand(solver.setOptionValue("time_limit", limit), "option time_limit")
        if watch.cancel.is_set():
            return highspy.HighsModelStatus.kInterrupt
        outcome: list[highspy.HighsStatus] = []
        THREADS.enter(self._options.threads)
        try:
            if self._quiet and self._took < BRIEF:
                outcome.append(solver.run())
            else:
                thread = threading.Thread(target=lambda: outcome.append(solver.run()), daemon=True)
                thread.start()
                self._wait(thread, watch, start)
        finally:
            THREADS.leave()
            self._took = time.monotonic() - start
        if not outcome or outcome[0] == highspy.HighsStatus.kError:
            raise SolverFailed(
                "HiGHS reports an error. Its last words: " + " / ".join(self.log[-5:])
            )
        return solver.getModelStatus()

    def _wait(self, thread: threading.Thread, watch: Watch, start: float) -> None:
        told = start
        while thread.is_alive():
            try:
                thread.join(0.02)
                if watch.cancel.is_set():
                    self._solver.cancelSolve()
                    thread.join(0.1)
                elif watch.progress is not None and time.monotonic() - told >= 1.0:
                    told = time.monotonic()
                    self._tell(watch.progress, told - start, thread)
            except KeyboardInterrupt:
                if watch.cancel.is_set():
                    raise
                watch.cancel.set()

    def _tell(
        self, progress: Callable[[Progress], None], seconds: float, thread: threading.Thread
    ) -> None:
        try:
            progress(self._progress(seconds))
        except Exception:
            # the caller's own error goes back to it, but not while the solver runs on
            self._solver.cancelSolve()
            thread.join()
            raise

    def _progress(self, seconds: float) -> Progress:
        bound, incumbent = self._bound, self._incumbent
        gap = None
        if bound is not None and incumbent is not None:
            gap = abs(incumbent - bound) / max(abs(incumbent), 1e-12)
        return Progress(seconds, bound, incumbent, gap)

    def _answer(self, status: highspy.HighsModelStatus, seconds: float) -> Answer:
        held = _STOPS.get(status, Status(Stop.ERROR, Point.NONE))
        solver = self._solver
        info, solution = solver.getInfo(), solver.getSolution()
        primal = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
        if held.point is Point.NONE and self._integer and primal and solution.value_valid:
            held = Status(held.stop, Point.FEASIBLE)
        if not held.has_plan:
            return Answer(held, None, None, None, None, None, None, seconds)
        objective = self._usd(info.objective_function_value)
        bound: float | None = objective
        gap: float | None = 0.0
        if self._integer:
            bound = self._usd(info.mip_dual_bound) if np.isfinite(info.mip_dual_bound) else None
            gap = None if bound is None else abs(objective - bound) / max(abs(objective), 1e-12)
        # a model without columns has a point and duals, all empty
        duals = not self._integer and (solution.dual_valid or solver.getNumCol() == 0)
        return Answer(
            status=held,
            values=_floats(solution.col_value),
            objective=objective,
            bound=bound,
            gap=gap,
            row_dual=_floats(solution.row_dual) * self._scale if duals else None,
            column_dual=_floats(solution.col_dual) * self._scale if duals else None,
            seconds=seconds,
        )

    def _usd(self, scaled: float) -> float:
        return float(scaled) * self._scale

    def _on_log(self, event: highspy.HighsCallbackEvent) -> None:
        self.log += event.message.splitlines()
        del self.log[:-LOG_LINES]

    def _on_bound(self, event: highspy.HighsCallbackEvent) -> None:
        bound = event.data_out.mip_dual_bound
        self._bound = self._usd(bound) if np.isfinite(bound) else None

    def _on_plan(self, event: highspy.HighsCallbackEvent) -> None:
        self._incumbent = self._usd(event.data_out.objective_function_value)

    def _demand(self, status: highspy.HighsStatus, what: str) -> None:
        if status == highspy.HighsStatus.kError:
            raise SolverFailed(
                f"HiGHS refuses {what}. Its last words: " + " / ".join(self.log[-5:])
            )


def _floats(some: list[float]) -> Floats:
    # highspy hands out lists: told the type of what is in it, numpy reads one in half the time
    return np.fromiter(some, float, len(some))
