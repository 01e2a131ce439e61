"""``diversify worker``: jobs run apart from the servers that take them."""

from __future__ import annotations

from service.cli.arguments import Data
from service.cli.edge import reported
from service.exits import Exit


@reported
def worker(data: Data = None) -> Exit:
    """Run the jobs of servers elsewhere, on the PostgreSQL database that they share, until Ctrl-C.

    Any number may run; one that dies leaves its jobs to the others. Settings come from DIVERSIFY_*
    variables. A server on a file needs none: it runs its jobs itself.
    """
    from service.jobs.folder import open_database, require_shared
    from service.jobs.leases import name_of
    from service.jobs.worker import work
    from service.logs import announce, start_logging
    from service.settings import from_environment
    from service.telemetry import start_telemetry
    from service.webhooks.signing import require_secret

    settings = from_environment(data=data)
    start_logging(settings, "worker")
    start_telemetry(settings, "worker")
    require_secret(settings)
    require_shared(settings, "A worker by itself")
    open_database(settings).dispose()
    name = name_of(settings)
    announce(settings, f"Worker {name} runs {settings.jobs} jobs at a time. Ctrl-C stops.")
    work(settings, name)
    return Exit.GOOD
