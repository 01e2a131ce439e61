"""Settings of the HTTP service: a flag, else an environment variable, else the default."""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

import platformdirs
from pydantic import BaseModel, ConfigDict, Field

from service.fields import read_fields

PREFIX = "DIVERSIFY_"
OF_THE_COMMAND_LINE = frozenset({"traceback", "server", "key"})
LISTS = frozenset({"allowed_hosts", "webhook_hosts"})
LOOPBACK_NAMES = ("localhost", "127.0.0.1", "::1")

Seconds = Annotated[float, Field(gt=0, le=86_400, allow_inf_nan=False)]
Count = Annotated[int, Field(ge=1)]


class Settings(BaseModel):
    """What the server listens on and what one request may use.

    Each is read from the environment: ``body_bytes`` from ``DIVERSIFY_BODY_BYTES``.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    host: str = "127.0.0.1"
    """Address to listen on."""
    port: Annotated[int, Field(ge=0, le=65_535)] = 8000
    """Port; 0 for any free one."""
    ask_keys: bool = False
    """Whether keys are asked for on loopback, too; where others can reach it they always are."""
    allowed_hosts: tuple[str, ...] = ()
    """Names in the Host header that are answered (in the environment: separated by commas); if not
    given, those of this machine when it listens on loopback only, else any."""
    running: Count = os.cpu_count() or 1
    """Requests that compute at the same time; one more is turned away with 503."""
    connections: Count = 64
    """Connections held at the same time."""
    body_bytes: Count = 10_000_000
    """Largest body."""
    body_seconds: Seconds = 30.0
    """Longest wait for a body to arrive."""
    answer_bytes: Count = 200_000_000
    """Largest answer."""
    variables: Count = 2_000_000
    """Largest problem, in variables (see `optimizer.size`)."""
    points: Count = 1000
    """Most points of a sweep or frontier, most plans of a search for alternatives."""
    solve_seconds: Seconds = 60.0
    """Longest ``time_limit`` of the solver, and of all solves of an analysis together; it is also
    the default."""
    wall_seconds: Seconds = 120.0
    """Longest time from the start of the child process to its answer."""
    cpu_seconds: Count = 240
    """Most processor time of the child process, over all threads."""
    memory_bytes: Annotated[int, Field(ge=128 * 2**20)] = 4 * 2**30
    """Most address space of the child process."""
    threads: Count = 1
    """Most threads of the solver."""
    log_format: Literal["text", "json"] = "text"
    """How the log is written: lines for people, or a JSON object a line."""
    log_level: Literal["info", "warning", "error"] = "warning"
    """What is logged, at least; ``info`` tells of each request and of each job's begin and end."""
    telemetry: bool = False
    """Whether spans of requests and jobs are sent, to ``OTEL_EXPORTER_OTLP_ENDPOINT``."""
    data: Path | None = None
    """Directory of the jobs and of what belongs to them; the user's own if not given."""
    database: str | None = Field(
        default=None,
        pattern=r"^postgresql://",
        examples=["postgresql://user@host/name"],
        repr=False,
        # it may hold a password
        json_schema_extra={"writeOnly": True},
    )
    """Database of the jobs, PostgreSQL by its address; a file in ``data`` if not given."""
    cluster: str | None = Field(
        default=None, pattern=r"^(tcp|tls)://\S+$", examples=["tcp://10.0.0.5:8786"]
    )
    """Address of a Dask scheduler on whose workers the points of sweeps are solved that are jobs;
    the job's own process solves them if not given, or if no scheduler answers."""
    embedded: bool = True
    """Whether a server runs jobs, too; if not, workers by themselves do (``diversify worker``)."""
    jobs: Count = os.cpu_count() or 1
    """Jobs that run at the same time; more wait in the queue."""
    tenant_jobs: Count = 1000
    """Most jobs of a tenant that wait or run; one more is turned away with 429."""
    tenant_running: Count | None = None
    """Most jobs of a tenant that run at the same time, on all workers together; any if not given.
    The worker that starts last says so for all."""
    tenant_seconds: Annotated[float, Field(gt=0, allow_inf_nan=False)] | None = None
    """Seconds of computing that a tenant has a day (UTC); any number if not given."""
    most_attempts: Count = 3
    """How often a job is begun that ends the worker each time."""
    cancel_seconds: Seconds = 10.0
    """How long a job that is cancelled may take to answer with what it holds."""
    worker: str | None = Field(
        default=None, pattern=r"^[A-Za-z0-9._-]{1,48}$", examples=["worker-1"]
    )
    """Name of the worker, the machine's if not given; each start adds a sign of its own."""
    lease_seconds: Seconds = 15.0
    """How long a worker may be silent before its jobs are queued again."""
    job_solve_seconds: Seconds = 3600.0
    """What ``solve_seconds`` is for a job."""
    job_wall_seconds: Seconds = 7200.0
    """What ``wall_seconds`` is for a job."""
    job_cpu_seconds: Count = 14_400
    """What ``cpu_seconds`` is for a job."""
    job_points: Count = 10_000
    """What ``points`` is for a job."""
    webhook_hosts: tuple[str, ...] = ()
    """Names, addresses and networks that may be told of the end of jobs (in the environment:
    separated by commas); an address that is not a public one only if it is listed itself."""
    webhook_secret: str | None = Field(
        default=None,
        pattern=r"^[\x21-\x7e]{32,}$",
        examples=["32 random signs or more"],
        repr=False,
        json_schema_extra={"writeOnly": True},
    )
    """From which the tenants' secrets for webhooks follow; needed where hosts are listed."""
    webhook_attempts: Count = 8
    """How often a webhook is sent that does not arrive."""
    webhook_seconds: Seconds = 5.0
    """Pause after the first attempt that fails; each is five times as long as the one before."""
    keep_days: Annotated[float, Field(gt=0, le=3650, allow_inf_nan=False)] = 30.0
    """How long a job is kept once it is final."""

    @property
    def webhooks(self) -> tuple[str, ...]:
        """Whom webhooks go to: nobody without a secret to sign them with."""
        return self.webhook_hosts if self.webhook_secret else ()

    @property
    def folder(self) -> Path:
        """Where the jobs and what belongs to them stand."""
        return self.data or Path(platformdirs.user_data_dir("diversify", appauthor=False))

    @property
    def for_jobs(self) -> Settings:
        """The same with the limits of a job in place of those of an answer at once."""
        return self.model_copy(
            update={
                "solve_seconds": self.job_solve_seconds,
                "wall_seconds": self.job_wall_seconds,
                "cpu_seconds": self.job_cpu_seconds,
                "points": self.job_points,
            }
        )

    @property
    def loopback(self) -> bool:
        """Whether only this machine can reach the server."""
        if self.host in LOOPBACK_NAMES:
            return True
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return False

    @property
    def keyed(self) -> bool:
        """Whether keys are asked for: where others can reach it, be it through a proxy."""
        beyond = any(name.lower() not in LOOPBACK_NAMES for name in self.allowed_hosts)
        return self.ask_keys or not self.loopback or beyond

    @property
    def names(self) -> tuple[str, ...]:
        """Names in the Host header that are answered; empty for any."""
        if self.allowed_hosts:
            return self.allowed_hosts
        return (*LOOPBACK_NAMES, self.host) if self.loopback else ()


def from_environment(environment: Mapping[str, str] | None = None, **flags: object) -> Settings:
    """Return the settings: each flag that is not ``None``, else the environment, else the default.

    Raises
    ------
    InputError
        Variables that name no setting, and values that do not fit.
    """
    given: dict[str, object] = {}
    for key, text in (os.environ if environment is None else environment).items():
        name = key.removeprefix(PREFIX).lower()
        if key.startswith(PREFIX) and name not in OF_THE_COMMAND_LINE:
            given[name] = text.replace(" ", "").split(",") if name in LISTS else text
    given |= {name: value for name, value in flags.items() if value is not None}

    def called(name: str) -> str:
        return f"--{name}" if flags.get(name) is not None else PREFIX + name.upper()

    return read_fields(Settings, given, called)


def to_environment(settings: Settings) -> dict[str, str]:
    """Return the variables from which a child process reads the same settings."""
    given = settings.model_dump(mode="json", exclude_unset=True, exclude_none=True)
    return {
        PREFIX + name.upper(): ",".join(value) if isinstance(value, list) else str(value)
        for name, value in given.items()
    }
