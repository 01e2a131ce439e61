"""How much a tenant may use: jobs at a time, seconds of computing a day."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, Engine, func, select

from service.errors import Refusal
from service.jobs.database import reading, writing
from service.jobs.record import GOING, State
from service.jobs.tables import JOBS
from service.people.usage import use, used
from service.settings import Settings

RETRY_SECONDS = 10
RUN = (State.RUNNING, State.CANCELLING)


class Quotas:
    """Refuses tenants that use more than they may.

    Parameters
    ----------
    settings
        The limits.
    engine
        The database, of which the tables are there.
    """

    def __init__(self, settings: Settings, engine: Engine) -> None:
        self._settings = settings
        self._engine = engine

    def going(self, tenant: str) -> int:
        """Return how many jobs of a tenant wait or run."""
        with reading(self._engine) as connection:
            return counted(connection, tenant, GOING)

    def running(self, tenant: str) -> int:
        """Return how many jobs of a tenant run."""
        with reading(self._engine) as connection:
            return counted(connection, tenant, RUN)

    def seconds(self, tenant: str) -> float:
        """Return how many seconds were computed for a tenant today (UTC)."""
        with reading(self._engine) as connection:
            return used(connection, tenant)

    def note(self, tenant: str, seconds: float) -> None:
        """Note what was computed for a tenant outside of jobs."""
        with writing(self._engine) as connection:
            use(connection, tenant, seconds)

    def refuse_spent(self, tenant: str) -> None:
        """Return if more may be computed for a tenant today.

        Raises
        ------
        Refusal
            Its seconds of the day are used up.
        """
        if self._settings.tenant_seconds is not None:
            with reading(self._engine) as connection:
                self._refuse_spent(connection, tenant)

    def admit(self, connection: Connection, tenant: str) -> None:
        """Return if the job of a tenant that is being recorded may be queued.

        It is asked within the transaction that records the job, so that jobs posted at once are
        counted, too; what is answered from the record, or was posted before, never gets here.

        Raises
        ------
        Refusal
            As many wait or run as may, or the tenant's seconds of the day are used up.
        """
        if connection.dialect.name == "postgresql":
            # there two transactions would count without one another
            connection.execute(select(func.pg_advisory_xact_lock(func.hashtext(tenant))))
        self._refuse_spent(connection, tenant)
        most = self._settings.tenant_jobs
        # the one being recorded is among them
        others = counted(connection, tenant, GOING) - 1
        if others >= most:
            detail = f"{others:,} of {most:,} jobs wait or run."
            headers = {"Retry-After": str(RETRY_SECONDS)}
            raise Refusal("too-many-jobs", detail, headers=headers)

    def _refuse_spent(self, connection: Connection, tenant: str) -> None:
        most = self._settings.tenant_seconds
        if most is None:
            return
        spent = used(connection, tenant)
        if spent >= most:
            now = datetime.now(UTC)
            midnight = datetime(now.year, now.month, now.day, tzinfo=UTC) + timedelta(days=1)
            left = int((midnight - now).total_seconds()) + 1
            detail = f"{spent:,.0f} of {most:,.0f} s are used; the day ends at 0:00 UTC."
            raise Refusal("day-used-up", detail, headers={"Retry-After": str(left)})


def counted(connection: Connection, tenant: str, states: Collection[State]) -> int:
    """Return how many jobs of a tenant are in one of some states."""
    mine = (JOBS.c.tenant == tenant) & JOBS.c.state.in_(sorted(states))
    return int(connection.execute(select(func.count()).where(mine)).scalar_one())
