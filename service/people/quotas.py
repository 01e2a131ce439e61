"""How much a tenant may use: jobs at a time, seconds of computing a day."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine

from service.errors import Refusal
from service.jobs.database import reading, writing
from service.jobs.reader import JobReader
from service.jobs.record import FINAL
from service.people.usage import use, used
from service.settings import Settings

RETRY_SECONDS = 10


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
        self._reader = JobReader(engine)

    def going(self, tenant: str) -> int:
        """Return how many jobs of a tenant wait or run."""
        counts = self._reader.counts(tenant)
        return sum(number for (_, state), number in counts.items() if state not in FINAL)

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
        most = self._settings.tenant_seconds
        if most is None:
            return
        spent = self.seconds(tenant)
        if spent >= most:
            now = datetime.now(UTC)
            midnight = datetime(now.year, now.month, now.day, tzinfo=UTC) + timedelta(days=1)
            left = int((midnight - now).total_seconds()) + 1
            detail = f"{spent:,.0f} of {most:,.0f} s are used; the day ends at 0:00 UTC."
            raise Refusal("day-used-up", detail, headers={"Retry-After": str(left)})

    def refuse_crowd(self, tenant: str) -> None:
        """Return if one more job of a tenant may be queued.

        Raises
        ------
        Refusal
            As many wait or run as may.
        """
        most = self._settings.tenant_jobs
        going = self.going(tenant)
        if going >= most:
            detail = f"{going:,} of {most:,} jobs wait or run."
            headers = {"Retry-After": str(RETRY_SECONDS)}
            raise Refusal("too-many-jobs", detail, headers=headers)
