"""Sends webhooks: signed, to the address that was looked at, following nobody elsewhere."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import httpx2 as httpx
from sqlalchemy import Engine

from service.jobs.reader import JobReader
from service.jobs.record import Job
from service.jobs.schemas import shown, time_of
from service.logs import about
from service.settings import Settings
from service.versions import DISTRIBUTION, version_of
from service.webhooks.hosts import WrongUrlError, address_of, target_of
from service.webhooks.outbox import Claimed, Outbox
from service.webhooks.signing import secret_of, signed

logger = logging.getLogger(__name__)

LOOK_SECONDS = 1.0
"""Time between two looks at what is due."""
AT_ONCE = 8
ANSWER_SECONDS = 10.0
"""How long a receiver may take for its answer, or for a part of it."""
GONE = 410
"""What a receiver answers that wants to hear no more."""


class Sender:
    """Sends what is due.

    Parameters
    ----------
    outbox, reader
        The record of webhooks and of jobs.
    listed
        Hosts and networks that may be told.
    master
        The server's secret.
    """

    def __init__(
        self, outbox: Outbox, reader: JobReader, listed: Sequence[str], master: str
    ) -> None:
        self._outbox = outbox
        self._reader = reader
        self._listed = listed
        self._master = master
        self._threads = ThreadPoolExecutor(AT_ONCE, "webhooks")
        # those the system trusts, or those of SSL_CERT_FILE: ministries certify their own hosts
        self._certificates = httpx.create_ssl_context()

    def send_due(self) -> None:
        """Send all that is due now."""
        while claimed := self._outbox.claim(AT_ONCE):
            for _ in self._threads.map(self._send, claimed):
                pass

    def _send(self, claimed: Claimed) -> None:
        with about(job=claimed.job, tenant=claimed.tenant):
            job = self._reader.get(claimed.tenant, claimed.job)
            if job is None:
                return
            try:
                status = self._post(claimed, job)
            except (OSError, httpx.HTTPError, httpx.InvalidURL) as error:
                # without its words, which may hold the path
                self._failed(claimed, f"it said {type(error).__name__}")
            except WrongUrlError as error:
                self._failed(claimed, f"it {error}", for_good=True)
            else:
                if 200 <= status < 300:
                    self._outbox.delivered(claimed, f"{status}")
                    logger.info("webhook delivered (attempt %d: %d)", claimed.number, status)
                else:
                    self._failed(claimed, f"{status}", for_good=status == GONE)

    def _post(self, claimed: Claimed, job: Job) -> int:
        # the list may be another one than when the job was posted
        target = target_of(claimed.url, self._listed)
        address = address_of(target, self._listed)
        body = body_of(job)
        secret = secret_of(claimed.tenant, self._master)
        headers = {
            "Content-Type": "application/json",
            "Host": target.authority,
            "User-Agent": f"diversify/{version_of(DISTRIBUTION) or 'unreleased'}",
            **signed(claimed.job, int(time.time()), body, secret),
        }
        with (
            httpx.Client(
                verify=self._certificates,
                timeout=ANSWER_SECONDS,
                follow_redirects=False,
                # no proxy, and no password from a file
                trust_env=False,
            ) as client,
            # at the very address that was looked at: a name may mean another one a moment later
            client.stream(
                "POST",
                target.at(address),
                content=body,
                headers=headers,
                extensions={"sni_hostname": target.host},
            ) as answer,
        ):
            # what it says besides is not read
            return int(answer.status_code)

    def _failed(self, claimed: Claimed, outcome: str, *, for_good: bool = False) -> None:
        pause = self._outbox.failed(claimed, outcome, for_good=for_good)
        then = "given up" if pause is None else f"sent again in {pause:g} s"
        logger.warning("webhook not delivered (attempt %d: %s), %s", claimed.number, outcome, then)


def sender_of(settings: Settings, engine: Engine, master: str) -> Sender:
    """Return the sender of a server of these settings."""
    outbox = Outbox(engine, settings.webhook_attempts, settings.webhook_seconds)
    return Sender(outbox, JobReader(engine), settings.webhooks, master)


def body_of(job: Job) -> bytes:
    """Return what is told of a job that is over: the job as it is shown, without its answer."""
    assert job.finished is not None
    told = {
        "type": f"job.{job.state}",
        "timestamp": time_of(job.finished).isoformat(timespec="milliseconds"),
        "data": shown(job).model_dump(mode="json"),
    }
    return json.dumps(told).encode()
