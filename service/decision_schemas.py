"""Bodies of requests for the decision analyses and of their answers, as the API documents them."""

from __future__ import annotations

from service.asks import InstrumentsAsk, PartnersAsk, PurseAsk, SheetAsk
from service.decision_bodies import InstrumentsBody, PartnersBody, PurseBody
from service.schemas import Described
from service.sheet_bodies import SheetBody
from service.solve_schemas import AnalysisStatus, Task


class SheetTask(SheetAsk, Task):
    """A problem whose decision sheet is asked for: within 300 s unless `options` say otherwise."""


class SheetAnswer(Described):
    """The answer to what a decision sheet says: one page of a plan."""

    status: AnalysisStatus
    result: SheetBody


class PartnersTask(PartnersAsk, Task):
    """A problem, and the partners whose worth is asked for."""


class PartnersAnswer(Described):
    """The answer to what partners are worth."""

    status: AnalysisStatus
    result: PartnersBody


class PurseTask(PurseAsk, Task):
    """A problem, and the sums whose best use is asked for."""


class PurseAnswer(Described):
    """The answer to what a purse buys."""

    status: AnalysisStatus
    result: PurseBody


class InstrumentsTask(InstrumentsAsk, Task):
    """A problem, and the instruments that are compared at one outlay."""


class InstrumentsAnswer(Described):
    """The answer to what instruments buy."""

    status: AnalysisStatus
    result: InstrumentsBody


REQUESTS = (SheetTask, PartnersTask, PurseTask, InstrumentsTask)
ANSWERS = (SheetAnswer, PartnersAnswer, PurseAnswer, InstrumentsAnswer)
