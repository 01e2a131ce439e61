"""The decision analyses of a server: each a job, waited for, its answer read field by field.

with Client() as client:
told = client.decisions.partners("gallium-usa", coalitions=True)
told.losses[0].partners, told.losses[0].dearer_usd
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import BaseModel

from service.decision_bodies import InstrumentsBody, PartnersBody, PurseBody
from service.sheet_bodies import SheetBody

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from instances import Problem
    from service.client import Client
    from service.jobs.record import JobKind

    Source = Problem | Mapping[str, Any] | str

Body = TypeVar("Body", bound=BaseModel)


class Decisions:
    """Asks them of a server.

    Each takes what `Client.submit` does besides (``edits``, ``options``, ``label``, ``fresh``),
    and raises `Refused` for an order that cannot be done or a job without an answer, and
    `Unreachable`. To watch or to stop one, submit it and take its `document`.
    """

    def __init__(self, client: Client) -> None:
        self._client = client

    def sheet(self, source: Source, **order: Any) -> SheetBody:
        """Return the decision sheet, as `optimizer.sheet` finds it."""
        return self._found(SheetBody, source, "sheet", order)

    def partners(
        self, source: Source, of: Sequence[str] = (), *, coalitions: bool = False, **order: Any
    ) -> PartnersBody:
        """Return what partners are worth, as `optimizer.partners` finds it."""
        asked = {"of": list(of), "coalitions": coalitions}
        return self._found(PartnersBody, source, "partners", order | asked)

    def purse(
        self,
        source: Source,
        budgets: Sequence[float | str] = (),
        goals: Sequence[str] = ("unmet", "reliance", "cover"),
        **order: Any,
    ) -> PurseBody:
        """Return what sums of money buy, in USD or as text, as `optimizer.purse` finds it."""
        asked = {"budgets": list(budgets), "goals": list(goals)}
        return self._found(PurseBody, source, "purse", order | asked)

    def instruments(
        self, source: Source, turn: Sequence[str], outlay: float | str, **order: Any
    ) -> InstrumentsBody:
        """Return what instruments buy at one outlay, as `optimizer.instruments` finds it.

        Parameters
        ----------
        turn
            Path, value at which it is off, and the most: 'expansions[plant].grant=0,1'.
        outlay
            In USD, or as text.
        """
        asked = {"turn": list(turn), "outlay": outlay}
        return self._found(InstrumentsBody, source, "instruments", order | asked)

    def _found(
        self, body: type[Body], source: Source, kind: JobKind, order: Mapping[str, Any]
    ) -> Body:
        job = self._client.submit(source, kind, **order).wait()
        return body.model_validate(job.answer()["result"])
