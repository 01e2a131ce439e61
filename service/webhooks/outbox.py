"""The record of webhooks: due once their job is over, claimed, sent, done with.

A claim is a lease: whoever claims one and dies loses it, and another sends it again. A webhook is
thus sent once or more, never less, until it has arrived or was tried as often as is said.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Connection, Engine, func, insert, select, update

from service.jobs.database import reading, writing
from service.jobs.tables import JOBS
from service.webhooks.tables import WEBHOOKS

LEASE_SECONDS = 60.0
LONGER = 5
"""How many times as long each pause is as the one before."""
LONGEST_OUTCOME = 200


class WebhookState(StrEnum):
    """Where a webhook stands."""

    WAITING = "waiting"
    """Its job is not over."""
    DUE = "due"
    """It is being sent, or will be again."""
    DELIVERED = "delivered"
    GIVEN_UP = "given_up"


@dataclass(frozen=True, slots=True)
class Webhook:
    """A webhook as it is shown; ``outcome`` is what came of the last attempt."""

    url: str
    state: WebhookState
    attempts: int
    due: float | None
    outcome: str | None


@dataclass(frozen=True, slots=True)
class Claimed:
    """A webhook that is to be sent now: ``number`` says which attempt it is, from 1."""

    job: str
    tenant: str
    url: str
    number: int


def add(connection: Connection, job: str, url: str) -> None:
    """Record whom to tell of the end of a job, within the transaction that records the job."""
    values = {"job": job, "url": url, "state": WebhookState.WAITING, "attempts": 0}
    connection.execute(insert(WEBHOOKS).values(values))


def make_due(connection: Connection, job: str) -> None:
    """Have the webhook of a job sent, if it has one, within the transaction that ends the job."""
    waiting = (WEBHOOKS.c.job == job) & (WEBHOOKS.c.state == WebhookState.WAITING)
    values = {"state": WebhookState.DUE, "due": time.time()}
    connection.execute(update(WEBHOOKS).where(waiting).values(values))


class Outbox:
    """Claims webhooks and records what came of them.

    Parameters
    ----------
    engine
        The database, of which the tables are there.
    most_attempts
        How often one is sent.
    first_pause
        Seconds from the first attempt that fails to the next.
    """

    def __init__(self, engine: Engine, most_attempts: int, first_pause: float) -> None:
        self._engine = engine
        self._most_attempts = most_attempts
        self._first_pause = first_pause

    def get(self, job: str) -> Webhook | None:
        """Return the webhook of a job."""
        columns = [WEBHOOKS.c[name] for name in ("url", "state", "attempts", "due", "outcome")]
        with reading(self._engine) as connection:
            row = connection.execute(select(*columns).where(WEBHOOKS.c.job == job)).first()
        return None if row is None else Webhook(row[0], WebhookState(row[1]), *row[2:])

    def counts(self) -> dict[WebhookState, int]:
        """Return how many webhooks are in each state."""
        counted = select(WEBHOOKS.c.state, func.count()).group_by(WEBHOOKS.c.state)
        with reading(self._engine) as connection:
            return {WebhookState(state): count for state, count in connection.execute(counted)}

    def claim(self, most: int) -> list[Claimed]:
        """Return webhooks that are due, which nobody else is given while the lease lasts."""
        now = time.time()
        wanted = (
            select(WEBHOOKS.c.job, JOBS.c.tenant, WEBHOOKS.c.url, WEBHOOKS.c.attempts)
            .join(JOBS, JOBS.c.id == WEBHOOKS.c.job)
            .where(WEBHOOKS.c.due <= now)
            .order_by(WEBHOOKS.c.due)
            .limit(most)
        )
        # most of the time there is none, and no need to write
        with reading(self._engine) as connection:
            found = connection.execute(wanted).all()
        claimed = []
        for row in found:
            with writing(self._engine) as connection:
                # whoever comes first changes the number, or the time
                same = (WEBHOOKS.c.job == row.job) & (WEBHOOKS.c.attempts == row.attempts)
                mine = update(WEBHOOKS).where(same & (WEBHOOKS.c.due <= now))
                if row.attempts >= self._most_attempts:
                    # whoever sent it last has died with it
                    connection.execute(mine.values(state=WebhookState.GIVEN_UP, due=None))
                    continue
                number = row.attempts + 1
                values = {"attempts": number, "due": now + LEASE_SECONDS}
                if connection.execute(mine.values(values)).rowcount:
                    claimed.append(Claimed(row.job, row.tenant, row.url, number))
        return claimed

    def delivered(self, claimed: Claimed, outcome: str) -> None:
        """Record that a webhook has arrived."""
        self._note(claimed, WebhookState.DELIVERED, outcome, None)

    def failed(self, claimed: Claimed, outcome: str, *, for_good: bool = False) -> float | None:
        """Record that a webhook did not arrive; return the pause until the next attempt.

        ``None`` if there is none.
        """
        if for_good or claimed.number >= self._most_attempts:
            self._note(claimed, WebhookState.GIVEN_UP, outcome, None)
            return None
        pause: float = self._first_pause * LONGER ** (claimed.number - 1)
        self._note(claimed, WebhookState.DUE, outcome, time.time() + pause)
        return pause

    def _note(
        self, claimed: Claimed, state: WebhookState, outcome: str, due: float | None
    ) -> None:
        mine = (WEBHOOKS.c.job == claimed.job) & (WEBHOOKS.c.attempts == claimed.number)
        values = {"state": state, "due": due, "outcome": outcome[:LONGEST_OUTCOME]}
        with writing(self._engine) as connection:
            connection.execute(update(WEBHOOKS).where(mine).values(values))
