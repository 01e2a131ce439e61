"""Watching jobs: one poller asks the database, about the jobs that somebody follows and no others.

Nobody holds a connection to the database while waiting, and a hundred followers cost one short
query, ten times a second.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress

from service.errors import Refusal

logger = logging.getLogger(__name__)

POLL_SECONDS = 0.1
BACK_OFF_SECONDS = 1.0
"""Until the database is asked again when it could not be."""

LastEvents = Callable[[list[str]], Awaitable[dict[str, int]]]


class Follower:
    """Follows one job: woken when something happened to it.

    Parameters
    ----------
    job
        Its id.
    """

    def __init__(self, job: str) -> None:
        self.job = job
        self.told = 0
        self.ended = False
        """Whether the job is gone, or nobody watches any more."""
        self._news = asyncio.Event()

    def tell(self, last_event: int | None) -> None:
        """Wake it if there is an event that it was not told of, or the job is gone."""
        if last_event is None:
            self.ended = True
        elif last_event <= self.told:
            return
        else:
            self.told = last_event
        self._news.set()

    async def wait(self, seconds: float) -> bool:
        """Return whether there is news within ``seconds``; the next wait is for later news."""
        try:
            await asyncio.wait_for(self._news.wait(), seconds)
        except TimeoutError:
            return False
        self._news.clear()
        return True


class Watch:
    """Wakes those who follow jobs.

    Parameters
    ----------
    last_events
        Returns the number of the latest event of each of some jobs, nothing for one that is gone.
    """

    def __init__(self, last_events: LastEvents) -> None:
        self._last_events = last_events
        self._followers: dict[str, set[Follower]] = {}
        self._task: asyncio.Task[None] | None = None
        self._closed = False

    @property
    def count(self) -> int:
        """How many follow a job now."""
        return sum(map(len, self._followers.values()))

    @contextmanager
    def following(self, job: str) -> Iterator[Follower]:
        """Follow a job while the block lasts."""
        follower = Follower(job)
        follower.ended = self._closed
        self._followers.setdefault(job, set()).add(follower)
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._poll())
        try:
            yield follower
        finally:
            others = self._followers[job]
            others.discard(follower)
            if not others:
                del self._followers[job]

    async def close(self) -> None:
        """End all following."""
        self.end()
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    def end(self) -> None:
        """Let all who follow a job go, so that their connections close."""
        self._closed = True
        for followers in self._followers.values():
            for follower in followers:
                follower.tell(None)

    async def _poll(self) -> None:
        while self._followers:
            asked = list(self._followers)
            try:
                latest = await self._last_events(asked)
            except Refusal as refusal:
                # those who wait go on waiting: the database comes back, or they give up
                logger.warning("jobs cannot be watched: %s", refusal.detail)
                await asyncio.sleep(BACK_OFF_SECONDS)
                continue
            for job in asked:
                for follower in self._followers.get(job, ()):
                    follower.tell(latest.get(job))
            await asyncio.sleep(POLL_SECONDS)
