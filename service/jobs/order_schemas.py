"""Bodies of orders for jobs, as the API documents them; loaded when the API is described."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, RootModel

from service.decision_schemas import InstrumentsTask, PartnersTask, PurseTask, SheetTask
from service.jobs.schemas import (
    LONGEST_LABEL,
    AnsweredJob,
    JobAnswer,
    JobBody,
    JobList,
    JobLog,
    WebhookBody,
)
from service.schemas import Described
from service.solve_schemas import (
    AlternativesTask,
    CompareTask,
    ExplainTask,
    FrontierTask,
    SolveTask,
    StressTask,
    SweepTask,
    Task,
    WorthTask,
)
from service.webhooks.hosts import LONGEST_URL


class _Order(Described):
    """What an order says besides the request of its kind."""

    label: str | None = Field(
        default=None,
        min_length=1,
        max_length=LONGEST_LABEL,
        description="A word of the caller's own, by which jobs can be listed.",
    )
    fresh: bool = Field(
        default=False, description="Compute it although the answer to the same is known."
    )
    webhook: str | None = Field(
        default=None,
        max_length=LONGEST_URL,
        description="URL that is told when the job is over, of a host that this server tells.",
    )


class SolveOrder(_Order, SolveTask):
    """A solve as a job."""

    kind: Literal["solve"]


class SweepOrder(_Order, SweepTask):
    """A sweep as a job."""

    kind: Literal["sweep"]


class FrontierOrder(_Order, FrontierTask):
    """A frontier as a job."""

    kind: Literal["frontier"]


class StressOrder(_Order, StressTask):
    """A stress test as a job."""

    kind: Literal["stress"]


class AlternativesOrder(_Order, AlternativesTask):
    """A search for alternatives as a job."""

    kind: Literal["alternatives"]


class ExplainOrder(_Order, ExplainTask):
    """An explanation as a job."""

    kind: Literal["explain"]


class CompareOrder(_Order, CompareTask):
    """A comparison as a job."""

    kind: Literal["compare"]


class WorthOrder(_Order, WorthTask):
    """What knowing is worth as a job."""

    kind: Literal["worth"]


class SheetOrder(_Order, SheetTask):
    """A decision sheet as a job."""

    kind: Literal["sheet"]


class PartnersOrder(_Order, PartnersTask):
    """What partners are worth as a job."""

    kind: Literal["partners"]


class PurseOrder(_Order, PurseTask):
    """What a purse buys as a job."""

    kind: Literal["purse"]


class InstrumentsOrder(_Order, InstrumentsTask):
    """What instruments buy as a job."""

    kind: Literal["instruments"]


class ValidateOrder(_Order, Task):
    """A check of a problem as a job."""

    kind: Literal["validate"]


class JobOrder(
    RootModel[
        Annotated[
            SolveOrder
            | SweepOrder
            | FrontierOrder
            | StressOrder
            | AlternativesOrder
            | ExplainOrder
            | CompareOrder
            | WorthOrder
            | SheetOrder
            | PartnersOrder
            | PurseOrder
            | InstrumentsOrder
            | ValidateOrder,
            Field(discriminator="kind"),
        ]
    ]
):
    """A job: its kind, and the request of that kind."""


REQUESTS = (JobOrder,)
ANSWERS = (JobBody, AnsweredJob, JobAnswer, JobList, JobLog, WebhookBody)
